import type { BytePath } from "./bytePath.ts";
import type { Entry, Hash } from "./point.ts";

/** What lies under a path. */
export interface Content {
  readonly kind: "file" | "link" | "gone";
  readonly mode: number;
  readonly blob: Hash | null;
  /** True for content of a commit, which knows of no mode but whether a file can be executed. */
  readonly plainMode?: boolean;
}

export const GONE: Content = { kind: "gone", mode: 0, blob: null };

/** One file that a restore changes. `from` is what must lie there for that; anything else stays. */
export interface Change {
  /** Absolute: a working tree, or a folder of git's own. */
  readonly folder: string;
  readonly path: BytePath;
  readonly from: Content;
  readonly to: Content;
  /** `git`: replaced the way git does it, under a lock file. */
  readonly area: "tree" | "git";
  /** True where what the person changed since was merged in. */
  readonly merged: boolean;
}

/** Why a file stays as it is though the point has it otherwise. */
export type KeptWhy =
  /** It came since, and no commit holds it. */
  | "new"
  /** Changed since in the same lines. */
  | "conflict"
  /** Changed since the loss, and not touched by it. */
  | "yours"
  /** A folder or a link is in its way. */
  | "blocked"
  /** It changed between the plan and its turn. */
  | "meanwhile"
  /** Another program holds git's lock on it. */
  | "locked"
  /** The point doesn't hold it. */
  | "not-covered";

export interface Kept {
  readonly folder: string;
  readonly path: BytePath;
  readonly why: KeptWhy;
}

export function contentOf({ kind, mode, blob }: Entry): Content {
  return kind === "gone" ? GONE : { kind, mode, blob };
}

const EXECUTABLE = 0o111;

export function isSameContent(one: Content, other: Content): boolean {
  if (one.kind !== other.kind || one.blob !== other.blob) return false;
  if (one.kind !== "file") return true;
  const plain = one.plainMode === true || other.plainMode === true;
  return plain ? isExecutable(one) === isExecutable(other) : one.mode === other.mode;
}

/** The mode that a file gets: a commit's leaves alone who may read what is there. */
export function modeFor(to: Content, from: Content): number {
  if (to.plainMode !== true || from.kind !== "file") return to.mode;
  return isExecutable(to) ? from.mode | EXECUTABLE : from.mode & ~EXECUTABLE;
}

function isExecutable({ mode }: Content): boolean {
  return (mode & EXECUTABLE) !== 0;
}
