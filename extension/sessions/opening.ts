import * as l10n from "@vscode/l10n";
import type { Git } from "../git/run.ts";
import type { Worktrees } from "../git/worktrees.ts";
import { InterlockError, type Problem } from "../errors.ts";
import { environmentsOf } from "../policy/merged.ts";
import type { PolicyState } from "../policy/source.ts";
import type { SessionPlace } from "./host.ts";
import type { Places } from "./places.ts";
import { changedSince, readUncommitted, unknownChanges } from "./uncommitted.ts";

interface Rooms {
  readonly git: Git;
  readonly places: Places;
  readonly worktrees: Pick<Worktrees, "create">;
}

interface Wanted {
  readonly environment?: string;
  readonly worktree?: boolean;
  readonly words?: string;
  readonly carry?: boolean;
}

/**
 * Where a session is to work: the project's folder, or a worktree where the person or the policy wants one. What can't be had
 * throws: a session that is somewhere else than it should be is worse than none.
 */
export async function openPlace(
  { git, places, worktrees }: Rooms,
  project: SessionPlace,
  agent: string,
  policy: PolicyState,
  { environment, worktree, words = "", carry = false }: Wanted,
): Promise<SessionPlace> {
  if (environment !== undefined && !environmentsOf(policy).has(environment))
    throw new InterlockError(noEnvironment(environment, [...environmentsOf(policy).keys()]));
  if (worktree !== true && policy.settings.where === "folder") return project;
  const now = carry ? await readUncommitted(git, project.cwd) : null;
  if (carry && now === null) throw new InterlockError(unknownChanges());
  const made = await worktrees.create({
    folder: project.cwd,
    project: project.root,
    words: [words, agent],
    carry: now === null ? [] : changedSince(null, now),
  });
  if (!made.ok) throw new InterlockError(made.error);
  return places.inWorktree(project, made.value);
}

function noEnvironment(name: string, known: readonly string[]): Problem {
  return {
    code: "environment.unknown",
    message: l10n.t("The policy names no hosts for an environment “{0}”.", name),
    next:
      known.length === 0
        ? l10n.t("Name its hosts under “environments” in the policy.")
        : l10n.t("There are: {0}.", known.join(", ")),
  };
}
