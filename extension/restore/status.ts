import { type Git, succeeded } from "../git/run.ts";
import { asEntry, type MarkedFile, readListing } from "./listing.ts";

/** One entry of `git status --porcelain=v2 -z`. Paths are relative to the repository's top folder. */
export interface StatusEntry {
  readonly path: string;
  /** Index against HEAD, and working tree against index, as git's letters; `.` is unchanged. */
  readonly index: string;
  readonly worktree: string;
  readonly kind: "changed" | "unmerged" | "untracked" | "ignored";
  /** `S` where the entry is a submodule. */
  readonly submodule: boolean;
}

export interface StatusRequest {
  /** The repository's top folder. */
  readonly root: string;
  /** Folder inside the repository; pathspecs are seen from it. */
  readonly folder: string;
  readonly paths: readonly string[] | null;
  /** Take paths as they are, without git's patterns. */
  readonly literal: boolean;
  readonly untracked: boolean;
  readonly ignored: boolean;
  readonly signal?: AbortSignal;
  /** Where more time is to be had than for a fact. */
  readonly timeoutMs?: number;
}

export interface Status {
  /** Edits included that git was told not to look at. Of submodules only which commit they are at. */
  readonly entries: readonly StatusEntry[];
  /** Folders of submodules among the paths, checked out or not. */
  readonly submodules: readonly string[];
}

/** The state of a repository, or of some paths in it. Null where git couldn't say in time. */
export async function readStatus(git: Git, request: StatusRequest): Promise<Status | null> {
  const [entries, listing] = await Promise.all([seenByGit(git, request), readListing(git, request)]);
  if (entries === null || listing === null) return null;
  return { entries: withMarked(entries, listing.marked), submodules: listing.submodules };
}

/** A marked file whose index differs from HEAD is in the status already, as unchanged in the working tree. */
function withMarked(entries: readonly StatusEntry[], marked: readonly MarkedFile[]): readonly StatusEntry[] {
  if (marked.length === 0) return entries;
  const edited = new Map(marked.map((file) => [file.path, file]));
  const known = entries.map((entry) => {
    const isEdited = entry.kind === "changed" && edited.delete(entry.path);
    return isEdited ? { ...entry, worktree: "M" } : entry;
  });
  return [...known, ...[...edited.values()].map(asEntry)];
}

async function seenByGit(git: Git, request: StatusRequest): Promise<readonly StatusEntry[] | null> {
  const result = await git.run({
    folder: request.folder,
    args: [
      ...(request.literal ? ["--literal-pathspecs"] : []),
      "status",
      "--porcelain=v2",
      "-z",
      "--no-renames",
      // Configured away, changes of submodules would be lost unseen. Looking into one, git would start another git
      // there, which runs the programs of that one's own configuration.
      "--ignore-submodules=dirty",
      `--untracked-files=${request.untracked ? "all" : "no"}`,
      ...(request.ignored ? ["--ignored=matching"] : []),
      "--",
      ...(request.paths ?? []),
    ],
    ...(request.signal === undefined ? {} : { signal: request.signal }),
    ...(request.timeoutMs === undefined ? {} : { timeoutMs: request.timeoutMs }),
  });
  return succeeded(result) ? parseStatus(result.stdout) : null;
}

export function parseStatus(output: string): readonly StatusEntry[] {
  return output.split("\0").flatMap((line): StatusEntry[] => {
    const [kind = ""] = line;
    const rest = line.slice(2);
    if (kind === "?" || kind === "!") {
      const state = kind === "?" ? "untracked" : "ignored";
      return [{ path: rest, index: ".", worktree: ".", kind: state, submodule: false }];
    }
    // `1 XY sub mH mI mW hH hI path`, and for unmerged entries `u XY sub m1 m2 m3 mW h1 h2 h3 path`.
    const fields = kind === "1" ? 7 : kind === "u" ? 9 : 0;
    if (fields === 0) return [];
    const parts = rest.split(" ");
    const [xy = "..", sub = "N"] = parts;
    return [
      {
        path: parts.slice(fields).join(" "),
        index: xy[0] ?? ".",
        worktree: xy[1] ?? ".",
        kind: kind === "u" ? "unmerged" : "changed",
        submodule: sub.startsWith("S"),
      },
    ];
  });
}

/** Lines added and removed by path, against `base` or the index. Null values are binary files. */
export async function readCounts(
  git: Git,
  root: string,
  base: string | null,
  paths: readonly string[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, { added: number | null; removed: number | null }>> {
  const result = await git.run({
    folder: root,
    args: [
      "--literal-pathspecs",
      "diff",
      "--numstat",
      "-z",
      "--no-ext-diff",
      "--no-textconv",
      "--no-renames",
      "--ignore-submodules=dirty",
      ...(base === null ? [] : [base]),
      "--",
      ...paths,
    ],
    ...(signal === undefined ? {} : { signal }),
  });
  const counts = new Map<string, { added: number | null; removed: number | null }>();
  if (!succeeded(result)) return counts;
  for (const line of result.stdout.split("\0")) {
    const match = /^(\d+|-)\t(\d+|-)\t(.+)$/s.exec(line);
    if (!match) continue;
    const count = (text: string | undefined): number | null => (text === "-" ? null : Number(text));
    counts.set(match[3] ?? "", { added: count(match[1]), removed: count(match[2]) });
  }
  return counts;
}
