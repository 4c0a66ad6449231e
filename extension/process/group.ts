import { closeSync, existsSync, openSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { systemCode } from "../errors.ts";
import { listOf, processIds, statOf } from "./shown.ts";
import { sharedLook } from "./sharedLook.ts";

/**
 * The variable that marks every process which Interlock started, with the group's own id. A process that left
 * the group (a daemon calls setsid) still carries it, and is found by it where the system shows environments.
 */
export const GROUP_MARKER = "INTERLOCK_GROUP";

/** Between asking a tree to end and ending it. Long enough for a test runner to write its report. */
export const END_GRACE_MS = 2_000;
/** A process that was killed is gone at once, unless the machine is busy or it waits for a device. */
const KILLED_MS = 1_000;
const POLL_MS = 20;

/**
 * Ends a whole process tree: politely, then, after `graceMs`, for good. Resolves when nothing of it is left. `group`: null
 * where the group is empty; its id may be another's by now, but what left it may still run.
 */
export async function endGroup(
  group: number | null,
  marker: string,
  graceMs: number = END_GRACE_MS,
): Promise<void> {
  if (process.platform === "win32") {
    if (group !== null) await endTreeOnWindows(group);
    return;
  }
  if (group !== null) signalGroup(group, "SIGTERM");
  const asked = await straysOf(marker, group);
  signalAll(asked, "SIGTERM");
  await untilGone(group, asked, graceMs);
  if (group !== null) signalGroup(group, "SIGKILL");
  const killed = await straysOf(marker, group);
  signalAll(killed, "SIGKILL");
  await untilGone(group, killed, KILLED_MS);
}

async function untilGone(group: number | null, strays: readonly number[], withinMs: number): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (Date.now() < deadline && (await anyRuns(group, strays))) await sleep(POLL_MS);
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
 * True while a member of the group or one of the strays runs. One that has ended, and that nobody asked how, does not:
 * where the first process asks nobody, as in many containers, it stays in the table for ever.
 */
async function anyRuns(group: number | null, strays: readonly number[]): Promise<boolean> {
  const lives = group !== null && groupLives(group);
  if (process.platform !== "linux") return lives;
  if (!lives && strays.length === 0) return false;
  const stats = lives ? await allStats() : await Promise.all(strays.map(statOf));
  return stats.some((stat) => (stat.group === group || strays.includes(stat.pid)) && stat.runs);
}

/** A host that ends many trees looks for all of them at once. */
const allStats = sharedLook(async () => Promise.all((await processIds()).map(statOf)));

/** The processes that carry the marker but left the group: those in it have had the signal. */
async function straysOf(marker: string, group: number | null): Promise<readonly number[]> {
  const carriers = (await markedProcesses()).filter((each) => each.marker === marker);
  const groups = await Promise.all(carriers.map(async ({ pid }) => (await statOf(pid)).group));
  return carriers
    .map(({ pid }) => pid)
    .filter((pid, index) => groups[index] !== group && pid !== process.pid);
}

function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // It ended meanwhile.
    }
  }
}

interface MarkedProcess {
  readonly pid: number;
  readonly marker: string;
}

/** Every process that carries a marker, with it. Only Linux shows environments of other processes. */
export const markedProcesses = sharedLook(async (): Promise<readonly MarkedProcess[]> => {
  if (process.platform !== "linux") return [];
  const found = await Promise.all(
    (await processIds()).map(async (pid) => {
      const marker = await markerOf(pid);
      return marker === undefined ? [] : [{ pid, marker }];
    }),
  );
  return found.flat();
});

/** Whether the system shows what processes carry the marker: then what is in no group of ours is ended, too. */
export function isFoundByMarker(): boolean {
  return process.platform === "linux" && existsSync("/proc/self/environ");
}

/** Whether a terminal sends its signals to the group of this process. */
export function hasTerminal(): boolean {
  try {
    closeSync(openSync("/dev/tty", "r"));
    return true;
  } catch {
    return false;
  }
}

/** Whether a process was started by Interlock, or by what it started; false where the system doesn't say. */
export async function isMarked(pid: number): Promise<boolean> {
  return (await markerOf(pid)) !== undefined;
}

async function markerOf(pid: number): Promise<string | undefined> {
  const prefix = `${GROUP_MARKER}=`;
  const line = (await listOf(pid, "environ")).find((each) => each.startsWith(prefix));
  return line === prefix ? undefined : line?.slice(prefix.length);
}

async function endTreeOnWindows(pid: number): Promise<void> {
  // Loaded for this alone: the supervisor stays small and starts fast.
  const { execa } = await import("execa");
  await execa("taskkill", ["/PID", String(pid), "/T", "/F"], { reject: false, windowsHide: true });
}
