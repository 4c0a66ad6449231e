import { readFile, readdir } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { systemCode } from "../errors.ts";

/**
 * The variable that marks every process which Interlock started, with the group's own id. A process that left
 * the group (a daemon calls setsid) still carries it, and is found by it where the system shows environments.
 */
export const GROUP_MARKER = "INTERLOCK_GROUP";

/** Between asking a tree to end and ending it. Long enough for a test runner to write its report. */
export const END_GRACE_MS = 2_000;
const POLL_MS = 20;

/** Ends a whole process tree: politely, then, after `graceMs`, for good. Resolves when nothing of it is left. */
export async function endGroup(pid: number, marker: string, graceMs: number = END_GRACE_MS): Promise<void> {
  if (process.platform === "win32") {
    await endTreeOnWindows(pid);
    return;
  }
  signalGroup(pid, "SIGTERM");
  await signalMarked(marker, pid, "SIGTERM");
  const deadline = Date.now() + graceMs;
  while (Date.now() < deadline && (await groupRuns(pid))) await sleep(POLL_MS);
  signalGroup(pid, "SIGKILL");
  await signalMarked(marker, pid, "SIGKILL");
}

/** Sends a signal to every member of a group. False when there is none. */
export function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-pid, signal);
    return true;
  } catch (error) {
    // EPERM: members exist, but none is ours to signal (a setuid program).
    return systemCode(error) === "EPERM";
  }
}

export function groupLives(pid: number): boolean {
  return signalGroup(pid, 0);
}

/**
 * True while a member of a group runs. One that has ended, and that nobody asked how, does not: where the first
 * process asks nobody, as in many containers, it stays in the table for ever.
 */
async function groupRuns(pid: number): Promise<boolean> {
  if (!groupLives(pid)) return false;
  if (process.platform !== "linux") return true;
  const stats = await Promise.all(
    (await processIds()).map((id) => readFile(`/proc/${id}/stat`, "latin1").catch(() => "")),
  );
  // The program's name stands in parentheses and may hold any character; state, parent and group follow it.
  return stats.some((stat) => {
    const [state, , group] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return group === String(pid) && state !== "Z" && state !== "X";
  });
}

async function processIds(): Promise<readonly string[]> {
  const names = await readdir("/proc").catch(() => []);
  return names.filter((name) => /^\d+$/.test(name));
}

/** Signals processes that carry the marker but left the group. Only Linux shows environments of other processes. */
async function signalMarked(marker: string, leader: number, signal: NodeJS.Signals): Promise<void> {
  if (process.platform !== "linux") return;
  for (const pid of await markedProcesses(marker)) {
    if (pid === leader || pid === process.pid) continue;
    try {
      process.kill(pid, signal);
    } catch {
      // It ended meanwhile.
    }
  }
}

/** Pids of the processes whose environment holds the marker's value. */
export async function markedProcesses(marker: string): Promise<readonly number[]> {
  const needle = `${GROUP_MARKER}=${marker}`;
  const found = await Promise.all(
    (await processIds()).map(async (id) => {
      const environment = await readFile(`/proc/${id}/environ`, "latin1").catch(() => "");
      return environment.split("\0").includes(needle) ? Number(id) : null;
    }),
  );
  return found.filter((pid) => pid !== null);
}

async function endTreeOnWindows(pid: number): Promise<void> {
  // Loaded for this alone: the supervisor stays small and starts fast.
  const { execa } = await import("execa");
  await execa("taskkill", ["/PID", String(pid), "/T", "/F"], { reject: false, windowsHide: true });
}
