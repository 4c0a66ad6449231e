import { createHash } from "node:crypto";
import { readdir, readlink } from "node:fs/promises";
import { join, posix } from "node:path";
import { type Git, succeeded } from "../git/run.ts";
import { MAX_WALK } from "./folders.ts";
import { inParallel } from "./points/parallel.ts";
import type { StatusEntry } from "./status.ts";

/** A file that git was told not to look at, and that differs from its entry in the index. */
export interface MarkedFile {
  /** Relative to the repository's top folder. */
  readonly path: string;
  readonly mark: Mark;
  readonly submodule: boolean;
}

/** `believed`: assume-unchanged, which `reset` and `stash` overwrite all the same. `skipped`: skip-worktree alone. */
type Mark = "believed" | "skipped";

interface MarkedRequest {
  /** The repository's top folder. */
  readonly root: string;
  /** Pathspecs are seen from here. */
  readonly folder: string;
  readonly paths: readonly string[] | null;
  readonly literal: boolean;
  readonly signal?: AbortSignal;
}

/** Folders that are read at the same time. */
const PARALLEL = 32;
const GITLINK = "160000";
const LINK = "120000";

/**
 * Edits that `git status` keeps quiet about: those of files marked `assume-unchanged` or `skip-worktree`. Where no
 * file is marked, this is one call of git; content is read of marked files alone. Null where it couldn't be told.
 */
export async function readMarked(git: Git, request: MarkedRequest): Promise<readonly MarkedFile[] | null> {
  const { root, folder, paths, literal, signal } = request;
  const stop = signal === undefined ? {} : { signal };
  const listed = await git.run({
    folder,
    args: [
      ...(literal ? ["--literal-pathspecs"] : []),
      "ls-files",
      "-v",
      "-z",
      "--full-name",
      "--",
      // Without paths git would list what lies below the folder alone.
      ...(paths ?? [":/"]),
    ],
    ...stop,
  });
  if (!succeeded(listed)) return null;
  const marks = marksOf(listed.stdout);
  const there = await present(root, marks);
  if (there === null || there.length > MAX_WALK) return null;
  if (there.length === 0) return [];
  const names = there.map(({ path }) => path);
  const [staged, hashed] = await Promise.all([
    git.run({ folder: root, args: ["--literal-pathspecs", "ls-files", "-s", "-z", "--", ...names], ...stop }),
    hashFiles(
      git,
      root,
      there.filter(({ isFile }) => isFile).map(({ path }) => path),
      signal,
    ),
  ]);
  if (!succeeded(staged) || hashed === null) return null;
  const entries = entriesOf(staged.stdout);
  const files = await Promise.all(
    there.map(async ({ path, isFile }): Promise<MarkedFile | null> => {
      const entry = entries.get(path);
      const now = isFile && entry?.mode !== LINK ? hashed.get(path) : await hashOther(root, path, entry);
      if (entry !== undefined && now === entry.hash) return null;
      return { path, mark: marks.get(path) ?? "believed", submodule: entry?.mode === GITLINK };
    }),
  );
  return files.filter((file) => file !== null);
}

/** An edit as git's own status would show it. */
export function asEntry({ path, submodule }: MarkedFile): StatusEntry {
  return { path, index: ".", worktree: "M", kind: "changed", submodule };
}

/** Marked paths of `git ls-files -v -z`: small letters are assume-unchanged, `S` is skip-worktree. */
function marksOf(output: string): ReadonlyMap<string, Mark> {
  const found = new Map<string, Mark>();
  for (const [, letter = "", path = ""] of output.matchAll(/(?:^|\0)([a-zS]) ([^\0]+)/g))
    found.set(path, letter === "S" ? "skipped" : "believed");
  return found;
}

/** Those that are on the disk, looked up a folder at a time: a sparse checkout marks thousands that are not. */
async function present(
  root: string,
  marks: ReadonlyMap<string, Mark>,
): Promise<readonly { path: string; isFile: boolean }[] | null> {
  const folders = [...new Set([...marks.keys()].map((path) => posix.dirname(path)))];
  let unknown = false;
  const found = await inParallel(folders, PARALLEL, async (folder) => {
    const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(
      (error: NodeJS.ErrnoException) => {
        unknown ||= error.code !== "ENOENT" && error.code !== "ENOTDIR";
        return [];
      },
    );
    return entries
      .map((entry) => ({ path: posix.join(folder, entry.name), isFile: entry.isFile() }))
      .filter(({ path }) => marks.has(path));
  });
  return unknown ? null : found.flat();
}

function entriesOf(output: string): ReadonlyMap<string, { readonly mode: string; readonly hash: string }> {
  const entries = output.matchAll(/(?:^|\0)(\d+) ([0-9a-f]+) \d\t([^\0]+)/g);
  return new Map([...entries].map(([, mode = "", hash = "", path = ""]) => [path, { mode, hash }]));
}

/** The names of files' contents as git would keep them, line ends included. */
async function hashFiles(
  git: Git,
  root: string,
  paths: readonly string[],
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, string> | null> {
  if (paths.length === 0) return new Map();
  const result = await git.run({
    folder: root,
    args: ["hash-object", "--stdin-paths"],
    input: Buffer.from(paths.map((path) => `${quoted(path)}\n`).join("")),
    ...(signal === undefined ? {} : { signal }),
  });
  if (!succeeded(result)) return null;
  const hashes = result.stdout.split("\n");
  return new Map(paths.map((path, index) => [path, hashes[index] ?? ""]));
}

/** A path for one line of git's input, quoted as in C where it would not be one line otherwise. */
function quoted(path: string): string {
  if (!/["\n]/.test(path)) return path;
  return `"${path.replace(/[\\"]/g, "\\$&").replaceAll("\n", "\\n")}"`;
}

/** What lies where a link or a submodule should be. Null where it can't be the same. */
async function hashOther(
  root: string,
  path: string,
  entry: { readonly mode: string; readonly hash: string } | undefined,
): Promise<string | null> {
  const full = join(root, path);
  if (entry?.mode === LINK) {
    const target = await readlink(full, { encoding: "buffer" }).catch(() => null);
    if (target === null) return null;
    const hash = createHash(entry.hash.length > 40 ? "sha256" : "sha1");
    return hash.update(`blob ${target.length}\0`).update(target).digest("hex");
  }
  if (entry?.mode !== GITLINK) return null;
  // An empty folder is a submodule that isn't checked out; what another holds isn't known here.
  const inside = await readdir(full).catch(() => null);
  return inside?.length === 0 ? entry.hash : null;
}
