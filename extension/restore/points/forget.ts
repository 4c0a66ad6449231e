import { access, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { withLock } from "../../state/lock.ts";
import { type Point, readPoint } from "./point.ts";
import { pointFiles } from "./store.ts";

const VAULTS = "vaults";

/**
 * Removes the points of folders that are gone, such as worktrees, when the newest of them is from before `since`, and then the
 * objects that were kept for such folders alone. While a folder is there its newest point stays.
 */
export async function forgetGone(stateDirectory: string, since: number): Promise<void> {
  const all = join(stateDirectory, "restore");
  const stores = (await readdir(all).catch(() => [])).filter((name) => name !== VAULTS);
  for (const store of stores) {
    const folder = join(all, store);
    if (!(await isForgotten(folder, since))) continue;
    await withLock(join(folder, "lock"), async () => {
      if (await isForgotten(folder, since)) await rm(folder, { recursive: true, force: true });
    });
  }
  const left = new Set(await readdir(all).catch(() => []));
  for (const vault of await readdir(join(all, VAULTS)).catch(() => [])) {
    const users = await readdir(join(all, VAULTS, vault, "users")).catch(() => []);
    if (users.length > 0 && !users.some((user) => left.has(user)))
      await rm(join(all, VAULTS, vault), { recursive: true, force: true });
  }
}

async function isForgotten(folder: string, since: number): Promise<boolean> {
  const newest = await newestPoint(join(folder, "points"));
  if (newest === null || newest.time >= since) return false;
  return access(newest.root).then(
    () => false,
    () => true,
  );
}

async function newestPoint(folder: string): Promise<Point | null> {
  const name = (await pointFiles(folder)).at(-1);
  return name === undefined ? null : readPoint(await readFile(join(folder, name), "utf8").catch(() => ""));
}
