import { readlink, realpath } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { listOf, statOf } from "./shown.ts";

/** Programs that run what others write. */
const SHELLS = /^(ba|da|z|k|mk|a|fi|tc|c|ya)?sh$|^busybox$/;
/** Generations that are looked at. */
const MAX_GENERATIONS = 64;

/**
 * The shell furthest up between a process and `ancestor`, to which it belongs: what a program gave that one to do, and no
 * more, is below it. Null where there is none; undefined where that can't be told: on systems that don't show it, and where
 * the process sees other ids than we do.
 */
export async function topShell(pid: number, ancestor: number): Promise<number | null | undefined> {
  let found: number | null = null;
  let at = pid;
  for (let generation = 0; generation < MAX_GENERATIONS; generation++) {
    if (at === ancestor) return found;
    const [program, { parent }] = await Promise.all([programOf(at), statOf(at)]);
    if (program === null || !(parent > 1)) return undefined;
    if (SHELLS.test(program)) found = at;
    at = parent;
  }
  return undefined;
}

/** The variables that a process was started with; none where that isn't shown. */
export async function startEnvironment(pid: number): Promise<Readonly<Record<string, string>>> {
  const variables = (await listOf(pid, "environ")).map((line): [string, string] => {
    const sign = line.indexOf("=");
    return [line.slice(0, sign), line.slice(sign + 1)];
  });
  return Object.fromEntries(variables);
}

/** The file of commands that a shell reads, links followed; null for another program, and for one that reads a line. */
export async function scriptOf(pid: number): Promise<string | null> {
  const program = await programOf(pid);
  if (program === null || !SHELLS.test(program)) return null;
  const [, script] = await listOf(pid, "cmdline");
  if (script === undefined || script.startsWith("-")) return null;
  const folder = await readlink(`/proc/${pid}/cwd`).catch(() => null);
  return folder === null ? null : realpath(resolve(folder, script)).catch(() => null);
}

async function programOf(pid: number): Promise<string | null> {
  return readlink(`/proc/${pid}/exe`).then(
    (path) => basename(path),
    () => null,
  );
}
