import type { Loss } from "./loss.ts";

/**
 * What must be known of the disk before an effect can be judged. The guard only asks; `restore/` answers, in
 * bounded time and for the named paths alone. Folders and paths are absolute.
 */
export type FactQuery =
  /** What would be gone if changes of tracked files were discarded. Null paths mean the whole working tree. */
  | {
      readonly fact: "changes";
      readonly folder: string;
      /**
       * `worktree`: against the index. `index`: staged content that is nowhere else. `both`: against HEAD.
       * `believed`: files marked assume-unchanged, which git takes for unchanged where it looks before it overwrites.
       */
      readonly against: "worktree" | "index" | "both" | "believed";
      readonly paths: readonly string[] | null;
      /** Where this names a commit, the words switch branches and discard nothing. */
      readonly unlessRef?: string;
      /** Where this names no commit, the words name a path, and the working tree as a whole stays. */
      readonly onlyIfRef?: string;
      /** A commit whose files are written: untracked files in their way are gone too. */
      readonly from?: string;
      /** Only where git is set to stash and bring back by itself around one of these. */
      readonly onlyIfAutostash?: readonly Autostash[];
      /** Submodules among the paths go with all that they hold. */
      readonly removesSubmodules?: true;
    }
  /** What would be gone if untracked files were removed. */
  | {
      readonly fact: "untracked";
      readonly folder: string;
      readonly paths: readonly string[] | null;
      readonly ignored: "keep" | "too" | "only";
      readonly folders: boolean;
      /** True where repositories of their own go too, as with a second `-f`. */
      readonly repositories: boolean;
    }
  /** What would be gone if these files or folders were removed or overwritten. Paths may hold patterns. */
  | {
      readonly fact: "files";
      readonly folder: string;
      readonly paths: readonly string[];
      /** Writing goes through a symbolic link; removing takes the link itself. */
      readonly act: "remove" | "write";
      readonly recursive: boolean;
      /** Only files whose own name matches one of these patterns. */
      readonly names?: readonly string[];
      /** Only files that hold this text. */
      readonly containing?: string;
      /** A folder of such a name goes with all that it holds. */
      readonly wholeFolders?: boolean;
    }
  /** Which files that steer tools, the editor, CI or agents are written by it otherwise than they lie there. */
  | {
      readonly fact: "arriving";
      readonly folder: string;
      /** The commit that the files are taken from; null where it is known at run time only. */
      readonly from: string | null;
      /** Null where they are known at run time only, or mean the whole working tree. */
      readonly paths: readonly string[] | null;
      /** Files that the commit lacks go. */
      readonly removes: boolean;
    }
  /** Commits that no branch, tag or remote reached any more once a ref is deleted, or moved to another commit. */
  | {
      readonly fact: "commits";
      readonly folder: string;
      readonly ref: string;
      /** Where it moves to; null when it is deleted. */
      readonly to: string | null;
      /** Refs that are deleted or moved before it: they keep nothing of what they keep now. */
      readonly before?: readonly { readonly ref: string; readonly to: string | null }[];
      /** Only where no branch is checked out: HEAD alone keeps the commits then. */
      readonly onlyIfDetached?: true;
    }
  /** Commits of submodules that nothing reached any more once other commits are checked out there. */
  | { readonly fact: "submodules"; readonly folder: string }
  /** Stash entries that would be gone: one, or all. */
  | { readonly fact: "stashes"; readonly folder: string; readonly entry: string | null }
  /** Content that was staged otherwise than it lay in its file, and goes with a stash entry that is popped. */
  | { readonly fact: "popped"; readonly folder: string; readonly entry: string }
  /** What would go with a working tree of the repository, named by its path or the end of it. */
  | { readonly fact: "worktree"; readonly folder: string; readonly name: string; readonly forced: boolean }
  /** What would be gone if a merge, rebase or the like that stopped halfway were given up. */
  | { readonly fact: "halfway"; readonly folder: string }
  /** Whether each of these processes was started by an agent: by its number, or by the file that holds it. */
  | {
      readonly fact: "processes";
      readonly folder: string;
      readonly ids: readonly string[];
      readonly files: readonly string[];
    }
  /** The branch that is checked out, or the one that was before it. */
  | { readonly fact: "branch"; readonly folder: string; readonly before?: true };

/** What git can be set to stash for by itself: `rebase.autostash`, `merge.autostash`. */
export type Autostash = "rebase" | "merge";

export type Fact =
  | { readonly known: true; readonly loss: Loss }
  /** Null branch: none is checked out. `defaultBranches`: which the remotes call their own. */
  | { readonly known: true; readonly branch: string | null; readonly defaultBranches: readonly string[] }
  /** Files by their paths in the repository. */
  | { readonly known: true; readonly arriving: readonly string[] }
  | { readonly known: false; readonly why: "time" | "failed" };

/** Facts by `factKey` of their query. */
export type Facts = ReadonlyMap<string, Fact>;

export function factKey(query: FactQuery): string {
  return JSON.stringify(query);
}
