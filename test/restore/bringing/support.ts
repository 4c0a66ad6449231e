import { mkdirSync } from "node:fs";
import { realpath } from "node:fs/promises";
import { join } from "node:path";
import { type NewWorktree, Worktrees } from "../../../extension/git/worktrees.ts";
import { BringBack } from "../../../extension/restore/bringing/bringBack.ts";
import { RestorePoints } from "../../../extension/restore/points/restorePoints.ts";
import { LiveSessions } from "../../../extension/state/liveSessions.ts";
import { type Owner, tempDir } from "../../harness/temp.ts";
import { personGit, testGit } from "../../git/support.ts";
import { commitSome, must } from "../points/support.ts";

export interface Apart {
  /** The person's own working tree, on `main`. */
  readonly repo: string;
  readonly state: string;
  readonly worktrees: Worktrees;
  readonly points: RestorePoints;
  readonly live: LiveSessions;
  readonly back: BringBack;
  readonly make: (words?: string) => Promise<NewWorktree>;
}

const git = testGit({
  ...process.env,
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
});

/** A repository with worktrees of Interlock's beside it. */
export async function apart(t: Owner): Promise<Apart> {
  const base = await realpath(await tempDir(t));
  const [repo, state] = [join(base, "shop"), join(base, "state")];
  mkdirSync(repo);
  commitSome(repo);
  personGit(repo, "config", "user.name", "Person");
  personGit(repo, "config", "user.email", "person@example.com");
  const worktrees = new Worktrees(git, state);
  const points = new RestorePoints(git, state);
  const live = new LiveSessions(state);
  const back = new BringBack(git, worktrees, points, live);
  const make = async (words = "Fix it"): Promise<NewWorktree> =>
    must(await worktrees.create({ folder: repo, words: [words], carry: [] }));
  return { repo, state, worktrees, points, live, back, make };
}
