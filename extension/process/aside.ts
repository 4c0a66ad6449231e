import { readlink } from "node:fs/promises";
import { basename } from "node:path";
import { listOf, processIds } from "./shown.ts";

/** Runners of hooks that hide what isn't staged while they run, and bring it back afterwards. */
const RUNNERS = /^(-m)?(pre[-_]commit|prek|lint-staged|lefthook)(\.[cm]?js)?$/;
/** Before the runner's own name: an interpreter, `-m`, and options. */
const MAX_WORDS = 5;

/** Whether such a runner works in a folder. On systems that don't show processes, none is seen (proc(5)). */
export async function putsAside(folder: string): Promise<boolean> {
  const all = await Promise.all((await processIds()).map((pid) => isRunnerIn(pid, folder)));
  return all.includes(true);
}

async function isRunnerIn(pid: number, folder: string): Promise<boolean> {
  const words = (await listOf(pid, "cmdline")).slice(0, MAX_WORDS);
  if (!words.some((word) => RUNNERS.test(basename(word)))) return false;
  const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => null);
  return cwd !== null && `${cwd}/`.startsWith(`${folder}/`);
}
