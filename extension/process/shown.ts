import { readdir, readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { isRunning } from "../state/lock.ts";

const ENDED_POLL_MS = 100;

/** What Linux shows of a process, and no other system does (proc(5)). */
export interface ProcessStat {
  readonly pid: number;
  /** False once it has ended, also while nobody has asked how. */
  readonly runs: boolean;
  /** True while it is stopped, as by Ctrl+Z. */
  readonly stopped: boolean;
  /** Not a number where there is no such process, as `group`. */
  readonly parent: number;
  readonly group: number;
}

export async function statOf(pid: number): Promise<ProcessStat> {
  const stat = await readFile(`/proc/${pid}/stat`, "latin1").catch(() => "");
  // The program's name stands in parentheses and may hold any character; state, parent and group follow it.
  const [state = "", parent, group] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return {
    pid,
    runs: !/^[ZX]?$/.test(state),
    stopped: state === "T",
    parent: Number(parent),
    group: Number(group),
  };
}

/** All processes; none where they aren't shown. */
export async function processIds(): Promise<readonly number[]> {
  const names = await readdir("/proc").catch(() => []);
  return names.filter((name) => /^\d+$/.test(name)).map(Number);
}

/** The variables that a process was started with, or its words; none where they aren't shown. */
export async function listOf(pid: number, what: "environ" | "cmdline"): Promise<readonly string[]> {
  const text = await readFile(`/proc/${pid}/${what}`, "utf8").catch(() => "");
  return text.split("\0").filter((each) => each !== "");
}

/** Resolves when a process that isn't ours to wait for is gone. */
export async function untilEnded(pid: number): Promise<void> {
  while (isRunning(pid) && (process.platform !== "linux" || (await statOf(pid)).runs))
    await sleep(ENDED_POLL_MS, undefined, { ref: false });
}
