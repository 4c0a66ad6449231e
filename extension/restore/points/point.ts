import * as z from "zod/mini";
import type { BytePath } from "./bytePath.ts";

export const POINT_VERSION = 1;

/** SHA-256 of content, as lower-case hexadecimal. */
export type Hash = string;

/** Why a point was taken. */
export const REASONS = ["turn", "after", "command", "saves", "restore", "asked"] as const;
export type Reason = (typeof REASONS)[number];

/** Why a file is not in a point. */
export type Uncovered = "size" | "total" | "count" | "unreadable" | "special";

/** `path` is relative to the area; `mode` are permission bits; a link's content is its target. */
export interface Entry {
  readonly path: BytePath;
  readonly kind: "file" | "link" | "gone";
  readonly state: EntryState;
  readonly mode: number;
  readonly size: number;
  readonly blob: Hash | null;
}

/**
 * `hidden`: tracked, and git was told not to look. `line-ends`: unchanged for git, but not as a checkout would write it.
 * `git`: a file of git's own.
 */
export type EntryState = "changed" | "untracked" | "ignored" | "hidden" | "line-ends" | "git";

export interface NotCovered {
  readonly path: BytePath;
  readonly size: number;
  readonly why: Uncovered;
}

/** The repository's own files, raw. Its objects lie in the vault. */
export interface GitState {
  /** The commit that is checked out; null before the first one. */
  readonly head: string | null;
  /** Content of `.git` where that is a file. */
  readonly gitFile: string | null;
  readonly gitDir: string;
  readonly commonDir: string;
  /** Files of the folder with HEAD and index. */
  readonly own: readonly Entry[];
  /** Files of the folder that worktrees share, where that is another one. */
  readonly common: readonly Entry[];
}

/** A working tree as it was. */
export interface TreeState {
  readonly v: typeof POINT_VERSION;
  /** `head`: a tracked file without an entry was as HEAD has it. `none`: a file without an entry is not covered. */
  readonly base: "head" | "none";
  readonly git: GitState | null;
  readonly entries: readonly Entry[];
  readonly notCovered: readonly NotCovered[];
  /** Submodules and embedded repositories: a state of their own each. */
  readonly nested: readonly { readonly path: BytePath; readonly state: Hash }[];
}

/** Of a folder that isn't there. */
export const NOTHING: TreeState = {
  v: POINT_VERSION,
  base: "none",
  git: null,
  entries: [],
  notCovered: [],
  nested: [],
};

export interface Point {
  readonly v: typeof POINT_VERSION;
  /** Sorts by time. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly root: string;
  readonly session: string | null;
  readonly turn: number | null;
  readonly reason: Reason;
  /** What it was taken for, shortened: the turn's prompt, or the command that was about to run. */
  readonly about: string | null;
  readonly state: Hash;
  readonly branch: string | null;
  readonly head: string | null;
  /** False where not all of the repository's objects could be kept beside it. */
  readonly history: boolean;
  readonly counts: {
    readonly changed: number;
    readonly untracked: number;
    readonly ignored: number;
    readonly gone: number;
    readonly notCovered: number;
  };
}

const entry = z.object({
  path: z.string(),
  kind: z.enum(["file", "link", "gone"]),
  state: z.enum(["changed", "untracked", "ignored", "hidden", "line-ends", "git"]),
  mode: z.number(),
  size: z.number(),
  blob: z.nullable(z.string()),
});

const treeState = z.object({
  v: z.literal(POINT_VERSION),
  base: z.enum(["head", "none"]),
  git: z.nullable(
    z.object({
      head: z.nullable(z.string()),
      gitFile: z.nullable(z.string()),
      gitDir: z.string(),
      commonDir: z.string(),
      own: z.array(entry),
      common: z.array(entry),
    }),
  ),
  entries: z.array(entry),
  notCovered: z.array(
    z.object({
      path: z.string(),
      size: z.number(),
      why: z.enum(["size", "total", "count", "unreadable", "special"]),
    }),
  ),
  nested: z.array(z.object({ path: z.string(), state: z.string() })),
});

const point = z.object({
  v: z.literal(POINT_VERSION),
  id: z.string(),
  time: z.number(),
  root: z.string(),
  session: z.nullable(z.string()),
  turn: z.nullable(z.number()),
  reason: z.enum(REASONS),
  // Older points don't say.
  about: z._default(z.nullable(z.string()), null),
  state: z.string(),
  branch: z.nullable(z.string()),
  head: z.nullable(z.string()),
  history: z.boolean(),
  counts: z.object({
    changed: z.number(),
    untracked: z.number(),
    ignored: z.number(),
    gone: z.number(),
    notCovered: z.number(),
  }),
});

/** Null for what is no point of this version. */
export function readPoint(text: string): Point | null {
  const read = point.safeParse(parseJson(text));
  return read.success ? read.data : null;
}

export function readState(text: string): TreeState | null {
  const read = treeState.safeParse(parseJson(text));
  return read.success ? read.data : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
