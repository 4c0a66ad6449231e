import { randomUUID } from "node:crypto";
import { link, open, readFile, rename, rm, stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { PRIVATE_FILE } from "./directory.ts";

/** How long a lock is waited for, and how often it is looked at. */
const WAIT_MS = 10_000;
const POLL_MS = 5;
/** A holder that can't be told from another process of the same number is believed so long. */
const OLD_MS = 5 * 60_000;

/**
 * Runs work that one host at a time may do. The lock is a file that names its holder by process id and start time:
 * the lock of a host that was killed is taken over. Throws where the lock is held for longer than it is waited for.
 */
export async function withLock<Value>(path: string, work: () => Promise<Value>): Promise<Value> {
  const content = JSON.stringify({ v: 1, pid: process.pid, started: await startOf(process.pid) });
  const end = Date.now() + WAIT_MS;
  while (!(await acquire(path, content))) {
    if (await isStale(path)) await takeAway(path);
    else if (Date.now() > end) throw Object.assign(new Error(`${path} is held`), { code: "EBUSY" });
    else await sleep(POLL_MS);
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

async function acquire(path: string, content: string): Promise<boolean> {
  try {
    const file = await open(path, "wx", PRIVATE_FILE);
    await file.writeFile(content);
    await file.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

async function isStale(path: string): Promise<boolean> {
  const [content, info] = await Promise.all([
    readFile(path, "utf8").catch(() => null),
    stat(path).catch(() => null),
  ]);
  if (content === null || info === null) return false;
  const old = Date.now() - info.mtimeMs > OLD_MS;
  const { pid, started } = readHolder(content);
  // Empty for a moment while its holder writes it.
  if (pid === undefined) return old;
  const now = await startOf(pid);
  if (now === null) return !isRunning(pid) || old;
  return now !== started;
}

function readHolder(content: string): { readonly pid?: number; readonly started?: string | null } {
  try {
    const { pid, started } = JSON.parse(content) as { pid?: unknown; started?: unknown };
    return typeof pid === "number" ? { pid, started: typeof started === "string" ? started : null } : {};
  } catch {
    return {};
  }
}

/** Of two hosts that take the same stale lock away, the second must not take the first one's new lock. */
async function takeAway(path: string): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch {
    return;
  }
  if (!(await isStale(aside))) await link(aside, path).catch(() => {});
  await rm(aside, { force: true });
}

/** True while there is a process of this number, whoever's it is. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** When a process started, in the system's own ticks (proc(5), field 22). Null where the system doesn't say. */
export async function startOf(pid: number): Promise<string | null> {
  const text = await readFile(`/proc/${pid}/stat`, "latin1").catch(() => null);
  return text?.slice(text.lastIndexOf(")") + 2).split(" ")[19] ?? null;
}
