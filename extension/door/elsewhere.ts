import * as l10n from "@vscode/l10n";
import type { Problem } from "../errors.ts";
import { branchesOf } from "../guard/branches.ts";
import type { Considered } from "./considered.ts";

/** A worktree of its own for what an agent may not do where it is. */
export interface Elsewhere {
  /** True where one can be made of a folder's repository, and wasn't yet. */
  offers(folder: string): Promise<boolean>;
  /**
   * Makes it, and resolves with what the agent is to know. `answered`: it reads that in the answer to what it asked; else it
   * must be told otherwise.
   */
  move(folder: string, asked: string, answered: boolean): Promise<Problem>;
}

/** The code of a call that a person has sent on to a worktree. */
export const MOVED = "moved-to-worktree";

/** The folder in which an act would commit to a protected branch, where that is what is asked about; null where it isn't. */
export function protectedCommit({ act, judgement, basis }: Considered): string | null {
  const { verdict, rule } = judgement;
  if (act.kind !== "command" || verdict !== "ask" || rule !== "git.commit.protected") return null;
  const { analysis, facts } = basis;
  const folders = analysis.effects
    .filter((effect) => effect.rule === "git.commit.protected")
    .flatMap((effect) => branchesOf(effect, facts)?.folders ?? []);
  const [folder, ...others] = new Set(folders);
  return others.length === 0 ? (folder ?? null) : null;
}

/** What the agent reads once the worktree is there. */
export function moved(branch: string, folder: string, carried: number): Problem {
  return {
    code: MOVED,
    message: l10n.t("This goes on branch {0}, in a worktree of its own: {1}.", branch, folder),
    next:
      carried === 0
        ? l10n.t("Work there from now on: begin with `cd {0}`.", folder)
        : l10n.t(
            "What was changed in this session is there already ({0} files). Work there from now on: begin with `cd {1}`.",
            carried,
            folder,
          ),
  };
}

/** What the agent reads where it could not be made. */
export function notMoved({ message }: Problem): Problem {
  return {
    code: "worktree.failed",
    message: l10n.t("The person wants this on a branch of its own, but: {0}", message),
    next: l10n.t("Don't commit here; ask the person how to go on."),
  };
}
