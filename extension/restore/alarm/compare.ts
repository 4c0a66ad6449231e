/** A file whose content no commit held, as it was at a point and as it is now. */
export interface WatchedFile {
  readonly path: string;
  readonly was: Held;
  /** The committed text that it was changed from; null for a file that was never committed, or is no text. */
  readonly base: string | null;
  /** The committed content itself; null for a file that was never committed. */
  readonly committed: string | null;
  /** Null where it is gone. */
  readonly is: Held | null;
}

export interface Held {
  readonly blob: string;
  /** The names that git would give to this content. */
  readonly oids: readonly string[];
  /** Null where it is no text, or too large to be read. */
  readonly text: string | null;
}

/** Everything that a comparison looks at; gathered by evidence.ts. */
export interface Evidence {
  readonly files: readonly WatchedFile[];
  /** Content that only the index held, and that was taken out of it. */
  readonly staged: readonly WatchedFile[];
  /** Content that came since, anywhere in the folder. */
  readonly others: readonly Held[];
  /** Objects that commits and stash entries made since hold. */
  readonly carried: ReadonlySet<string>;
  /** Refs whose commits nothing reaches any more. */
  readonly refs: readonly WatchedRef[];
  readonly stashes: readonly WatchedStash[];
  /** False where the repository itself is gone. */
  readonly repository: boolean;
  /** True for what the person or a seen edit changed. */
  readonly explained: (path: string) => boolean;
}

/** A branch, a tag, or a `HEAD` that was on none. */
export interface WatchedRef {
  readonly name: string;
  readonly commits: number;
  /** True where merging it into what is left would change nothing, as after a squash. */
  readonly merged: boolean;
  /** What moved it, by its log: `commit (amend)`, `rebase (finish)`, `reset`; null where it is gone. */
  readonly movedBy: string | null;
  /** What its commits changed. */
  readonly oids: readonly string[];
}

export interface WatchedStash {
  readonly message: string;
  readonly files: readonly StashedFile[];
}

export interface StashedFile {
  readonly oid: string;
  /** Null where it is no text, or was not read. */
  readonly text: string | null;
  /** What it was changed from; null for a new file. */
  readonly base: string | null;
}

/** Something that existed nowhere else, and is gone. `folder`: of a repository inside of the one that is watched. */
export type AlarmLoss =
  | { readonly what: "repository"; readonly folder?: string }
  | { readonly what: "file"; readonly path: string; readonly how: "removed" | "reverted" | "replaced" }
  /** What was staged and lay in no file. */
  | { readonly what: "staged"; readonly path: string }
  | {
      readonly what: "ref";
      readonly name: string;
      readonly commits: number;
      readonly folder?: string;
    }
  | { readonly what: "stash"; readonly message: string; readonly folder?: string };

/** Half of what was new in a file: an edit or a formatter leaves more of it, a reset nothing. */
const KEPT_SHARE = 0.5;
/** Actions of git that put commits in the place of others. */
const REWRITES = /^(commit|rebase|pull|merge|cherry-pick|revert|am)\b/;

/** What was lost between a point and now, and is explained by nothing ordinary. */
export function lossesBetween(evidence: Evidence): readonly AlarmLoss[] {
  const files = evidence.files.flatMap((file): readonly AlarmLoss[] => {
    const how = howLost(file, evidence);
    return how === null ? [] : [{ what: "file", path: file.path, how }];
  });
  const staged = evidence.staged
    .filter((file) => isStagedLost(file, evidence))
    .map(({ path }) => ({ what: "staged", path }) as const);
  const known = new Set([...evidence.carried, ...evidence.others.flatMap(({ oids }) => oids)]);
  const isElsewhere = (oids: readonly string[]): boolean => oids.every((oid) => known.has(oid));
  const texts = evidence.others.flatMap(({ text }) => text ?? []);
  // It was brought back, and edited since.
  const isKept = ({ text, base }: StashedFile): boolean =>
    text !== null && (keptShare(text, base ?? "", texts) ?? 0) >= KEPT_SHARE;
  const refs = evidence.refs
    .filter(
      ({ movedBy, oids, merged }) =>
        !merged && (movedBy === null || !REWRITES.test(movedBy)) && !isElsewhere(oids),
    )
    .map(({ name, commits }) => ({ what: "ref", name, commits }) as const);
  const stashes = evidence.stashes
    .filter(({ files: held }) => !held.every((file) => known.has(file.oid) || isKept(file)))
    .map(({ message }) => ({ what: "stash", message }) as const);
  const gone = evidence.repository ? [] : [{ what: "repository" } as const];
  return [...gone, ...files, ...staged, ...refs, ...stashes];
}

function howLost(file: WatchedFile, evidence: Evidence): "removed" | "reverted" | "replaced" | null {
  const { was, is, base, path } = file;
  if (evidence.explained(path) || isStillThere(file, evidence)) return null;
  const how = is === null ? "removed" : is.blob === file.committed ? "reverted" : "replaced";
  if (was.text === null) return how === "replaced" ? null : how;
  const texts = [is, ...evidence.others].flatMap((held) => held?.text ?? []);
  const kept = keptShare(was.text, base ?? "", texts);
  if (kept !== null) return kept < KEPT_SHARE ? how : null;
  // It had no word of its own, such as after lines were moved or taken out.
  const plain = (text: string): string => text.replace(/\s+/g, "");
  if (how === "removed") return how;
  return how === "reverted" && plain(was.text) !== plain(base ?? "") ? how : null;
}

/** Saving a file changes nothing of what is staged: what the person did to the file explains nothing here. */
function isStagedLost(file: WatchedFile, evidence: Evidence): boolean {
  if (isStillThere(file, evidence)) return false;
  const { was, base, is } = file;
  if (was.text === null) return true;
  const kept = keptShare(
    was.text,
    base ?? "",
    [is, ...evidence.others].flatMap((held) => held?.text ?? []),
  );
  return kept !== null && kept < KEPT_SHARE;
}

/** The very content is in the folder, or in what was committed or stashed since; or there was none. */
function isStillThere({ was, is }: WatchedFile, evidence: Evidence): boolean {
  return (
    is?.blob === was.blob ||
    was.oids.some((oid) => evidence.carried.has(oid)) ||
    evidence.others.some(({ blob }) => blob === was.blob) ||
    was.text?.trim() === ""
  );
}

/** How much of what a text had beyond its base is in others, from 0 to 1. Null where it had nothing beyond. */
export function keptShare(text: string, base: string, others: readonly string[]): number | null {
  const common = words(base);
  const own = [...words(text)].filter((word) => !common.has(word));
  if (own.length === 0) return null;
  // What is found in the one that has most of it: a moved file is one file.
  const shares = others.map((other) => {
    const there = words(other);
    return own.filter((word) => there.has(word)).length / own.length;
  });
  return Math.max(0, ...shares);
}

/** Words survive a formatter that breaks lines anew and changes quotes. */
function words(text: string): ReadonlySet<string> {
  return new Set(text.match(/[\p{L}\p{N}_]+/gu) ?? []);
}
