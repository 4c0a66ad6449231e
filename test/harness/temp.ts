import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

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
