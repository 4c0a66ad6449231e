import * as l10n from "@vscode/l10n";
import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { AUDIT_FOLDER } from "../audit/log.ts";
import type { ChangedFile } from "../git/carry.ts";
import type { Problem } from "../errors.ts";
import { findRepository } from "../git/repository.ts";
import type { Git } from "../git/run.ts";
import { readStatus } from "../restore/status.ts";

/** Nobody is held up by it: a person has just asked for something that takes a moment. */
const STATUS_MS = 10_000;

/** The uncommitted files of a repository at one moment. */
export interface Uncommitted {
  /** The repository's top folder. */
  readonly root: string;
  readonly files: ReadonlyMap<string, StampedFile>;
}

interface StampedFile extends ChangedFile {
  /** Differs when the file, or what is staged of it, does. */
  readonly stamp: string;
}

/** What a folder's repository has in no commit; null without one, and where git can't say it. */
export async function readUncommitted(git: Git, folder: string): Promise<Uncommitted | null> {
  const root = (await findRepository(folder))?.root;
  if (root === undefined) return null;
  const asked = { root, folder: root, paths: null, literal: false, untracked: true, ignored: false };
  const status = await readStatus(git, { ...asked, timeoutMs: STATUS_MS });
  if (status === null) return null;
  const files = new Map<string, StampedFile>();
  for (const { path, index, worktree, submodule } of status.entries) {
    if (submodule || path.startsWith(`${AUDIT_FOLDER}/`)) continue;
    const staged = index !== "." || files.get(path)?.staged === true;
    files.set(path, { path, staged, stamp: `${index}${worktree} ${await stampOf(join(root, path))}` });
  }
  return { root, files };
}

/** What of it is new against an earlier moment; all of it where that isn't known. */
export function changedSince(before: Uncommitted | null, now: Uncommitted): readonly ChangedFile[] {
  const earlier = before?.root === now.root ? before.files : new Map<string, StampedFile>();
  return [...now.files.values()].filter(({ path, stamp }) => earlier.get(path)?.stamp !== stamp);
}

async function stampOf(path: string): Promise<string> {
  const info = await lstat(path).catch(() => null);
  return info === null ? "" : `${info.ino} ${info.size} ${info.mtimeMs} ${info.mode}`;
}

/** Names that a notice lists. */
const LISTED = 5;

/** What could not come along into a new worktree. */
export function notCarried(left: readonly string[]): Problem {
  const names = left.slice(0, LISTED).join(", ");
  return {
    code: "worktree.left",
    message:
      left.length > LISTED
        ? l10n.t("Not carried over into the worktree: {0} and {1} more.", names, left.length - LISTED)
        : l10n.t("Not carried over into the worktree: {0}.", names),
    next: l10n.t("They are where they were; copy what is needed by hand."),
  };
}

export function unknownChanges(): Problem {
  return {
    code: "worktree.unknown-changes",
    message: l10n.t("git could not say in time what is changed here, so no worktree was made."),
    next: l10n.t("Try it again, or make a branch by hand."),
  };
}
