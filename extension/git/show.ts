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

/** A diff of a person's own asking may take longer than a fact. */
const SHOW_TIMEOUT_MS = 10_000;
const HASH = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;
const SUBMODULE = "160000";

/** What a commit has under a path. */
export interface CommittedFile {
  /** Git's, such as `100644`. */
  readonly mode: string;
  /** Of the blob; of a submodule the commit. */
  readonly id: string;
}

/** One file that a commit changes; null where it is not there. */
export interface CommittedChange {
  readonly path: string;
  readonly before: CommittedFile | null;
  readonly after: CommittedFile | null;
}

/**
 * What a commit changes against its first parent; of an entry of the stash also the untracked files that it keeps.
 * Null where git couldn't say.
 */
export async function committedChanges(
  git: Git,
  { root, id, kind }: { readonly root: string; readonly id: string; readonly kind: "commit" | "stash" },
): Promise<readonly CommittedChange[] | null> {
  const ask = async (...args: readonly string[]): Promise<string | null> => {
    const result = await git.run({ folder: root, args, timeoutMs: SHOW_TIMEOUT_MS });
    return succeeded(result) ? result.stdout : null;
  };
  const parents = HASH.test(id) ? await ask("rev-parse", `${id}^@`) : null;
  if (parents === null) return null;
  const [first, , untracked = ""] = parents.split("\n");
  const trees = [first === "" || first === undefined ? ["--root", id] : [first, id]];
  if (kind === "stash" && untracked !== "") trees.push(["--root", untracked]);
  const args = ["diff-tree", "-r", "-z", "--raw", "--no-abbrev", "--no-renames", "--no-commit-id"];
  const printed = await Promise.all(trees.map((tree) => ask(...args, "--ignore-submodules=none", ...tree)));
  return printed.includes(null) ? null : printed.flatMap((text) => changesIn(text ?? ""));
}

/** Of each file git prints `:MODE MODE ID ID STATUS` and the path. */
function changesIn(printed: string): readonly CommittedChange[] {
  const parts = printed.split("\0");
  return parts.flatMap((part, at) => {
    if (at % 2 === 1 || part === "") return [];
    const [oldMode = "", newMode = "", oldId = "", newId = ""] = part.slice(1).split(" ");
    const side = (mode: string, id: string) => (/^0+$/.test(id) ? null : { mode, id });
    return [{ path: parts[at + 1] ?? "", before: side(oldMode, oldId), after: side(newMode, newId) }];
  });
}

/** A committed file's content as it is stored; of a larger one than `most` bytes only its size. Null where it isn't there. */
export async function committedContent(
  git: Git,
  root: string,
  { mode, id }: CommittedFile,
  most: number,
): Promise<{ readonly bytes: number; readonly data: Buffer | null } | null> {
  if (!HASH.test(id)) return null;
  if (mode === SUBMODULE) {
    const data = Buffer.from(`Subproject commit ${id}\n`);
    return { bytes: data.length, data };
  }
  const ask = (...args: readonly string[]) =>
    git.run({ folder: root, args, timeoutMs: SHOW_TIMEOUT_MS, encoding: "latin1", maxBytes: most });
  const size = await ask("cat-file", "-s", id);
  if (!succeeded(size)) return null;
  const bytes = Number(size.stdout);
  if (bytes > most) return { bytes, data: null };
  const content = await ask("cat-file", "blob", id);
  return succeeded(content) ? { bytes, data: Buffer.from(content.stdout, "latin1") } : null;
}
