import { mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";

import { temporaryFolders } from "../../extension/process/machine.ts";
import { isInside } from "../../extension/shell/path.ts";
import { cacheRoot } from "../../scripts/boot/cache.mjs";

/** What a helper needs of a test: to be told when it is over. */
export interface Owner {
  after(work: () => Promise<void> | void): void;
}

/** An empty folder that goes when the test is over. Its path has no symbolic link in it. */
export async function tempDir(t: Owner): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "interlock-test-")));
  t.after(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

/** The same, but not among temporary files: there Codex runs no command, and what agents write is no write outside. */
export async function lastingDir(t: Owner): Promise<string> {
  const isTemporary = temporaryFolders(process.env).some((each) => isInside(each, cacheRoot()));
  const parent = isTemporary ? join(homedir(), ".cache", "interlock-dev") : cacheRoot();
  await mkdir(join(parent, "homes"), { recursive: true });
  const folder = await realpath(await mkdtemp(join(parent, "homes", "home-")));
  t.after(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}
