import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { PRIVATE_FOLDER } from "./directory.ts";
import { isRunning } from "./lock.ts";

/** A folder of this host's own for pipes and sockets, below `parent`. What hosts left that could not tidy up goes. */
export async function makeRuntimeFolder(parent: string): Promise<string> {
  await mkdir(parent, { recursive: true, mode: PRIVATE_FOLDER });
  await sweep(parent);
  return mkdtemp(join(parent, `il-${process.pid}-`));
}

async function sweep(parent: string): Promise<void> {
  const names = await readdir(parent);
  const left = names.filter((name) => {
    const host = Number(/^il-(\d+)-/.exec(name)?.[1]);
    return Number.isSafeInteger(host) && !isRunning(host);
  });
  await Promise.all(left.map((name) => rm(join(parent, name), { recursive: true, force: true })));
}
