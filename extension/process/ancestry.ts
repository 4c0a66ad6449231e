import { readFile, readlink } from "node:fs/promises";
import { basename } from "node:path";

/** Programs that run what others write. */
const SHELLS = /^(ba|da|z|k|mk|a|fi|tc|c|ya)?sh$|^busybox$/;
/** Generations that are looked at. */
const MAX_GENERATIONS = 64;

/**
 * Whether a shell stands between a process and a program further up, `ancestor`, whose process it belongs to. Null where
 * that can't be told: on systems that don't show it, and where the process sees other ids than we do.
 */
export async function hasShellAbove(pid: number, ancestor: number): Promise<boolean | null> {
  let at = pid;
  for (let generation = 0; generation < MAX_GENERATIONS; generation++) {
    if (at === ancestor) return false;
    const [program, parent] = await Promise.all([programOf(at), parentOf(at)]);
    if (program === null || parent === null || parent <= 1) return null;
    if (SHELLS.test(program)) return true;
    at = parent;
  }
  return null;
}

async function programOf(pid: number): Promise<string | null> {
  return readlink(`/proc/${pid}/exe`).then(
    (path) => basename(path),
    () => null,
  );
}

async function parentOf(pid: number): Promise<number | null> {
  const stat = await readFile(`/proc/${pid}/stat`, "latin1").catch(() => "");
  // The program's name stands in parentheses and may hold any character; state and parent follow it.
  const [, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return parent === undefined ? null : Number(parent);
}
