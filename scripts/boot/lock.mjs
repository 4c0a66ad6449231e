// @ts-check
import { readFile, rm, stat, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

/** A lock is written in one call; one that is still empty after this long lost its writer. */
const EMPTY_LOCK_MS = 10_000;
const POLL_MS = 250;

/** @param {string} lock */
async function isStale(lock) {
  try {
    const pid = Number(await readFile(lock, "utf8"));
    if (!pid) return Date.now() - (await stat(lock)).mtimeMs > EMPTY_LOCK_MS;
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === "ESRCH";
  }
}

/**
 * Runs `work` while no other process does. The lock saves double work and nothing depends on it for safety (finished
 * folders are renamed into place), so taking over a dead owner's lock may race without harm.
 *
 * @template T
 * @param {string} lock A file that exists while the work is on.
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(lock, work) {
  for (let waited = false; ;) {
    try {
      await writeFile(lock, String(process.pid), { flag: "wx" });
      break;
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EEXIST") throw error;
    }
    if (await isStale(lock)) {
      await rm(lock, { force: true });
      continue;
    }
    if (!waited) console.log("  waiting for another run that is installing the same thing …");
    waited = true;
    await sleep(POLL_MS);
  }
  try {
    return await work();
  } finally {
    await rm(lock, { force: true });
  }
}
