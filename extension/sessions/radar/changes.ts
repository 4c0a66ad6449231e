import { type Git, succeeded } from "../../git/run.ts";

/** After a turn nobody waits for it. */
const GIT_MS = 10_000;
const MAX_PATHS = 500;

/** What a working tree has otherwise than a commit, committed since or not, untracked files too. Empty where git couldn't say. */
export async function changedSince(git: Git, root: string, commit: string): Promise<readonly string[]> {
  const diff = ["diff", "--name-only", "-z", "--no-renames", "--no-ext-diff", "--no-textconv"];
  const asked = [
    [...diff, "--ignore-submodules=all", commit, "--"],
    ["ls-files", "--others", "--exclude-standard", "-z"],
  ];
  const told = await Promise.all(asked.map((args) => git.run({ folder: root, args, timeoutMs: GIT_MS })));
  const paths = told.flatMap((result) => (succeeded(result) ? result.stdout.split("\0") : []));
  return paths.filter((path) => path !== "").slice(0, MAX_PATHS);
}
