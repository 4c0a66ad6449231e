import { join } from "node:path";
import type { FactQuery } from "../guard/facts.ts";
import { placeOf } from "../guard/places.ts";
import { findRepository } from "../git/repository.ts";
import { type Git, succeeded } from "../git/run.ts";

/** What steers tools, the editor, CI or agents, or tells them how to work. */
const STEERS: ReadonlySet<string> = new Set(["protected", "policy", "instructions"]);

/**
 * The files that steer something and would be written as a commit has them, relative to the top of the working tree.
 * Null where git couldn't say.
 */
export async function arrivingFiles(
  git: Git,
  { folder, from, paths, removes }: Extract<FactQuery, { fact: "arriving" }>,
  signal: AbortSignal,
): Promise<readonly string[] | null> {
  const repository = await findRepository(folder);
  // Outside a repository git writes nothing: the command fails.
  if (repository === null) return [];
  const { root } = repository;
  const steers = (path: string): boolean =>
    STEERS.has(placeOf(join(root, path), { roots: [root], home: undefined, temporary: [] }));
  const list = async (args: readonly string[]): Promise<readonly string[] | null> => {
    const result = await git.run({ folder, args: [...args, "--", ...(paths ?? [":/"])], signal });
    return succeeded(result) ? result.stdout.split("\0").filter((path) => path !== "" && steers(path)) : null;
  };
  // Of a commit that can't be told any file that is there may come otherwise.
  if (from === null) return list(["ls-files", "--full-name", "-z"]);
  if (from.startsWith("-")) return null;
  const tree = await git.run({
    folder,
    args: ["rev-parse", "--verify", "--quiet", `${from}^{tree}`],
    signal,
  });
  // What is no commit writes nothing: the word names a path, or git says so and ends.
  if (!succeeded(tree)) return tree.code === 1 && !tree.timedOut && !from.includes(":") ? [] : null;
  const kinds = removes ? [] : ["--diff-filter=a"];
  return list([
    "diff",
    "--name-only",
    "--no-renames",
    "--no-relative",
    "--no-ext-diff",
    "--ignore-submodules=all",
    "-z",
    ...kinds,
    tree.stdout.trim(),
  ]);
}
