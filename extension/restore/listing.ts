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

/** What the index says of paths that git's status passes over. */
export interface Listing {
  readonly marked: readonly MarkedFile[];
  /** Folders of submodules, checked out or not. */
  readonly submodules: readonly string[];
}

interface ListingRequest {
  /** The repository's top folder. */
  readonly root: string;
  /** Pathspecs are seen from here. */
  readonly folder: string;
  readonly paths: readonly string[] | null;
  readonly literal: boolean;
  readonly signal?: AbortSignal;
}

interface IndexEntry {
  readonly mark: Mark | null;
  readonly mode: string;
  readonly hash: string;
}

/** Enough for the index of 200,000 files. */
const MAX_LISTING = 32 * 1024 * 1024;
/** Folders that are read at the same time. */
const PARALLEL = 32;
const GITLINK = "160000";
const LINK = "120000";

/**
 * Submodules, and edits that `git status` keeps quiet about: those of files marked `assume-unchanged` or
 * `skip-worktree`. Where no file is marked, this is one call of git; content is read of marked files alone. Null
 * where it couldn't be told.
 */
export async function readListing(git: Git, request: ListingRequest): Promise<Listing | null> {
  const { root, folder, paths, literal, signal } = request;
  const listed = await git.run({
    folder,
    args: [
      ...(literal ? ["--literal-pathspecs"] : []),
      "ls-files",
      "-v",
      "-s",
      "-z",
      "--full-name",
      "--",
      // Without paths git would list what lies below the folder alone.
      ...(paths ?? [":/"]),
    ],
    maxBytes: MAX_LISTING,
    ...(signal === undefined ? {} : { signal }),
  });
  if (!succeeded(listed)) return null;
  const entries = entriesOf(listed.stdout);
  const submodules = [...entries].flatMap(([path, { mode }]) => (mode === GITLINK ? [path] : []));
  const marked = await editedAmong(git, root, entries, signal);
  return marked === null ? null : { marked, submodules };
}

async function editedAmong(
  git: Git,
  root: string,
  entries: ReadonlyMap<string, IndexEntry>,
  signal: AbortSignal | undefined,
): Promise<readonly MarkedFile[] | null> {
  const marked = [...entries].flatMap(([path, { mark }]) => (mark === null ? [] : [path]));
  const there = await present(root, marked);
  if (there === null || there.length > MAX_WALK) return null;
  const files = there.filter(({ path, isFile }) => isFile && entries.get(path)?.mode !== LINK);
  const hashed = await hashFiles(
    git,
    root,
    files.map(({ path }) => path),
    signal,
  );
  if (hashed === null) return null;
  const edits = await Promise.all(
    there.map(async ({ path }): Promise<MarkedFile | null> => {
      const entry = entries.get(path);
      const now = hashed.get(path) ?? (await hashOther(root, path, entry));
      if (entry === undefined || now === entry.hash) return null;
      return { path, mark: entry.mark ?? "believed", submodule: entry.mode === GITLINK };
    }),
  );
  return edits.filter((file) => file !== null);
}

/** An edit as git's own status would show it. */
export function asEntry({ path, submodule }: MarkedFile): StatusEntry {
  return { path, index: ".", worktree: "M", kind: "changed", submodule };
}

/**
 * Entries of `git ls-files -v -s -z` that are marked, or submodules: small letters are assume-unchanged, `S` is
 * skip-worktree.
 */
function entriesOf(output: string): ReadonlyMap<string, IndexEntry> {
  const found = new Map<string, IndexEntry>();
  const lines = output.matchAll(/(?:^|\0)([a-zS](?= )|[A-Z](?= 160000)) (\d+) ([0-9a-f]+) \d\t([^\0]+)/g);
  for (const [, letter = "", mode = "", hash = "", path = ""] of lines) {
    const mark = letter === "S" ? "skipped" : /[a-z]/.test(letter) ? "believed" : null;
    found.set(path, { mark, mode, hash });
  }
  return found;
}

/** Those that are on the disk, looked up a folder at a time: a sparse checkout marks thousands that are not. */
async function present(
  root: string,
  paths: readonly string[],
): Promise<readonly { path: string; isFile: boolean }[] | null> {
  const wanted = new Set(paths);
  const folders = [...new Set(paths.map((path) => posix.dirname(path)))];
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
      .filter(({ path }) => wanted.has(path));
  });
  return unknown ? null : found.flat();
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
async function hashOther(root: string, path: string, entry: IndexEntry | undefined): Promise<string | null> {
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
