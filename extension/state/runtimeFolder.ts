import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { existsSync } from "node:fs";
import { basename, delimiter, dirname, join } from "node:path";
import { PRIVATE_FOLDER } from "./directory.ts";
import { isRunning } from "./lock.ts";

/** How the names of such folders begin; the host's process id follows. */
export const RUNTIME_PREFIX = "il-";

/** A folder of this host's own for pipes and sockets, below `parent`. What hosts left that could not tidy up goes. */
export async function makeRuntimeFolder(parent: string): Promise<string> {
  await mkdir(parent, { recursive: true, mode: PRIVATE_FOLDER });
  await sweep(parent);
  return mkdtemp(join(parent, `${RUNTIME_PREFIX}${process.pid}-`));
}

/** True where programs of a host that still runs stand on a PATH: what is started with it is guarded by that one. */
export function isGuardedPath(path: string): boolean {
  return path.split(delimiter).some((folder) => {
    const host = hostOf(basename(dirname(folder)));
    return host !== null && isRunning(host) && existsSync(join(dirname(folder), "tickets"));
  });
}

/** The host whose folder has this name; null for other folders. */
function hostOf(name: string): number | null {
  const host = name.startsWith(RUNTIME_PREFIX)
    ? /^(\d+)-/.exec(name.slice(RUNTIME_PREFIX.length))?.[1]
    : undefined;
  return host === undefined ? null : Number(host);
}

async function sweep(parent: string): Promise<void> {
  const names = await readdir(parent);
  const left = names.filter((name) => {
    const host = hostOf(name);
    return host !== null && !isRunning(host);
  });
  await Promise.all(left.map((name) => rm(join(parent, name), { recursive: true, force: true })));
}
