import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { findRepository } from "./repository.ts";
import { type Git, succeeded } from "./run.ts";

const GIT_MS = 30_000;

/**
 * A commit with some files as they lie in a working tree, as a tree of git's: by an index of our own, so that the tree's stays as
 * it is. `paths`: one character a byte. Null where git couldn't make it.
 */
export async function snapshotTree(
  git: Git,
  root: string,
  commit: string,
  paths: readonly string[],
): Promise<string | null> {
  const gitDir = (await findRepository(root))?.gitDir;
  if (gitDir === undefined) return null;
  const env = { GIT_INDEX_FILE: join(gitDir, `interlock-index-${randomUUID()}`) };
  const run = async (args: readonly string[], input?: Buffer): Promise<string | null> => {
    const more = input === undefined ? {} : { input };
    const result = await git.run({ folder: root, args, env, timeoutMs: GIT_MS, ...more });
    return succeeded(result) ? result.stdout.trim() : null;
  };
  try {
    if ((await run(["read-tree", commit])) === null) return null;
    const input = Buffer.from(paths.map((path) => `${path}\0`).join(""), "latin1");
    if ((await run(["update-index", "--add", "--remove", "-z", "--stdin"], input)) === null) return null;
    return await run(["write-tree"]);
  } finally {
    await rm(env.GIT_INDEX_FILE, { force: true });
  }
}
