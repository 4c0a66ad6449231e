import { relative } from "node:path";
import { findRepository } from "./repository.ts";
import { type Git, succeeded } from "./run.ts";

/** The committed content of a file, as HEAD has it. Null where HEAD has none. */
export async function committedText(git: Git, path: string): Promise<string | null> {
  const repository = await findRepository(path);
  if (repository === null) return null;
  const name = relative(repository.root, path).replaceAll("\\", "/");
  const result = await git.run({
    folder: repository.root,
    args: ["cat-file", "blob", `HEAD:${name}`],
  });
  return succeeded(result) ? result.stdout : null;
}
