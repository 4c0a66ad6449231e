// @ts-check
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

import { withLock } from "./lock.mjs";

/** Written last into a finished folder: one without it is the remains of an interrupted run. */
const FINISHED = ".ok";

/** Where fetched tools live: outside the clone, so that a clean checkout starts warm and `git clean` is harmless. */
export function cacheRoot() {
  const { env, platform } = process;
  if (env.INTERLOCK_DEV_CACHE) return env.INTERLOCK_DEV_CACHE;
  if (env.XDG_CACHE_HOME) return join(env.XDG_CACHE_HOME, "interlock-dev");
  if (platform === "win32")
    return join(env.LOCALAPPDATA ?? join(homedir(), "AppData", "Local"), "interlock-dev");
  if (platform === "darwin") return join(homedir(), "Library", "Caches", "interlock-dev");
  return join(homedir(), ".cache", "interlock-dev");
}

/** @param {string} name */
const finished = (name) => existsSync(join(cacheRoot(), name, FINISHED));

/**
 * The folder `name` of the cache, made by `make` on first use. It is filled under another name and renamed when it is
 * whole, so a run that dies half-way, or two runs at once, never leave a folder that looks ready.
 *
 * @param {string} name Carries the version: another version is another folder.
 * @param {(folder: string) => Promise<void>} make
 * @returns {Promise<string>}
 */
export async function provide(name, make) {
  const root = cacheRoot();
  const folder = join(root, name);
  if (finished(name)) return folder;
  await mkdir(root, { recursive: true });
  return withLock(join(root, `.${name}.lock`), async () => {
    if (finished(name)) return folder;
    for (const entry of await readdir(root)) {
      if (entry.startsWith(`.${name}-`)) await rm(join(root, entry), { recursive: true, force: true });
    }
    const unfinished = await mkdtemp(join(root, `.${name}-`));
    try {
      await make(unfinished);
      await writeFile(join(unfinished, FINISHED), "");
      await rm(folder, { recursive: true, force: true });
      await rename(unfinished, folder);
    } catch (error) {
      await rm(unfinished, { recursive: true, force: true });
      throw error;
    }
    return folder;
  });
}
