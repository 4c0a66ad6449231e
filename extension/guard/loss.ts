/** One file that an act would change for the worse. Paths are relative to `Loss.root`. */
export interface LostFile {
  readonly path: string;
  /** `modified`: uncommitted changes of a tracked file; `staged`: content only in the index; `untracked`: never committed. */
  readonly state: "modified" | "staged" | "untracked";
  /** Lines that would be gone, or come back (a deletion undone); null for binary or unreadable files. */
  readonly added: number | null;
  readonly removed: number | null;
  /** Of an untracked file whether git ignores it; left out where that wasn't looked at. */
  readonly ignored?: boolean | undefined;
}

/** A commit that nothing would reach afterwards, or an entry of the stash. */
export interface LostRevision {
  readonly kind: "commit" | "stash";
  /** The absolute path of a folder in which git knows it. */
  readonly root: string;
  /** Its whole hash. */
  readonly id: string;
  /** At most `SUBJECT_CHARACTERS` of its first line. */
  readonly subject: string;
}

/** What an act would destroy that exists nowhere else, as far as could be seen in time. */
export interface Loss {
  /** The absolute path of the repository's top folder, or of the folder looked at where there is none. */
  readonly root: string;
  /** At most `LOSS_FILES_SHOWN` entries; `fileCount` has the true number. */
  readonly files: readonly LostFile[];
  readonly fileCount: number;
  /** Commits that no branch, tag or remote would reach afterwards. */
  readonly commits: number;
  readonly stashes: number;
  /** At most `LOSS_REVISIONS_SHOWN` of each kind, newest first; `commits` and `stashes` have the true numbers. Left out where there is none. */
  readonly revisions?: readonly LostRevision[];
  /** False where the state couldn't be read in time: then the counts are at least, not exactly. */
  readonly complete: boolean;
}

export const LOSS_FILES_SHOWN = 50;
export const LOSS_REVISIONS_SHOWN = 20;
/** A subject is one line, but nobody bounds it. */
export const SUBJECT_CHARACTERS = 200;

/** Nothing would be lost, as far as was looked. */
export function noLoss(root: string): Loss {
  return { root, files: [], fileCount: 0, commits: 0, stashes: 0, complete: true };
}

/** Two losses of one act together. A file that both name counts once; a revision stands once. */
export function addLoss(a: Loss, b: Loss): Loss {
  const known = new Set(a.files.map((file) => file.path));
  const more = b.files.filter((file) => !known.has(file.path));
  return {
    root: a.root,
    files: [...a.files, ...more].slice(0, LOSS_FILES_SHOWN),
    fileCount: a.fileCount + b.fileCount - (b.files.length - more.length),
    commits: a.commits + b.commits,
    stashes: a.stashes + b.stashes,
    ...revisionsOf([...(a.revisions ?? []), ...(b.revisions ?? [])]),
    complete: a.complete && b.complete,
  };
}

/** The list of a loss, bounded; nothing where it would be empty. */
export function revisionsOf(all: readonly LostRevision[]): Pick<Loss, "revisions"> {
  const distinct = [...new Map(all.map((each) => [`${each.kind} ${each.id}`, each])).values()];
  const shown = (["commit", "stash"] as const).flatMap((kind) =>
    distinct.filter((each) => each.kind === kind).slice(0, LOSS_REVISIONS_SHOWN),
  );
  return shown.length === 0 ? {} : { revisions: shown };
}
