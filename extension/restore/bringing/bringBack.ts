import { join, relative } from "node:path";
import { fail, ok, type Result } from "../../errors.ts";
import { Merging } from "../../git/merging.ts";
import { findRepository } from "../../git/repository.ts";
import type { Git } from "../../git/run.ts";
import { noRepository } from "../../git/worktreeProblems.ts";
import type { KnownWorktree, Worktrees } from "../../git/worktrees.ts";
import type { LiveSession, LiveSessions } from "../../state/liveSessions.ts";
import type { PlannedIncoming } from "../points/planner.ts";
import type { Incoming, IncomingOptions, Restored, RestorePoints } from "../points/restorePoints.ts";
import { type Holdings, holdingsOf, isEmpty } from "./holdings.ts";
import { Lander, type Landing, type Planned } from "./landing.ts";
import {
  holds,
  insideItself,
  inUse,
  noSuchWorktree,
  notRemoved,
  notThere,
  unknownHoldings,
  unrelated,
} from "./problems.ts";

/** A worktree with what a person asks before they do something with it. */
export interface HeldWorktree extends KnownWorktree {
  /** Null where git couldn't say it in time. */
  readonly holdings: Holdings | null;
  /** What works in it at this moment. */
  readonly sessions: readonly Pick<LiveSession, "session" | "name">[];
}

/** Nothing in it would be missed, and nobody is in it. */
export function canGo({ holdings, sessions, state }: HeldWorktree): boolean {
  return holdings !== null && isEmpty(holdings) && sessions.length === 0 && state !== "making";
}

/** Brings back what sessions did in worktrees of their own, and clears those away that hold nothing. */
export class BringBack {
  readonly #git: Git;
  readonly #worktrees: Worktrees;
  readonly #points: RestorePoints;
  readonly #live: LiveSessions;

  constructor(git: Git, worktrees: Worktrees, points: RestorePoints, live: LiveSessions) {
    this.#git = git;
    this.#worktrees = worktrees;
    this.#points = points;
    this.#live = live;
  }

  /** Those of a folder's repository. */
  async list(folder: string): Promise<Result<readonly HeldWorktree[]>> {
    const repository = await findRepository(folder);
    if (repository === null) return fail(noRepository());
    const listed = await this.#worktrees.list(repository.root);
    if (!listed.ok) return listed;
    const live = await this.#live.list(repository.commonDir);
    const held = listed.value.map(async (each) => this.#held(repository.root, each, live));
    return ok(await Promise.all(held));
  }

  /** By its name or its branch. */
  async find(folder: string, name: string): Promise<Result<HeldWorktree>> {
    const listed = await this.list(folder);
    if (!listed.ok) return listed;
    const found = listed.value.find((each) => each.name === name || each.branch === name);
    return found === undefined
      ? fail(
          noSuchWorktree(
            name,
            listed.value.map((each) => each.name),
          ),
        )
      : ok(found);
  }

  /** All that was changed there, and what would become of it in the person's own tree. Nothing is touched. */
  async plan(
    folder: string,
    worktree: KnownWorktree,
    options: IncomingOptions = {},
  ): Promise<Result<PlannedIncoming>> {
    const incoming = await this.#incoming(folder, worktree);
    return incoming.ok ? this.#points.planIncoming(folder, incoming.value, options) : incoming;
  }

  /** File by file into the person's own tree, by a journal, after a restore point. */
  async bring(
    folder: string,
    worktree: KnownWorktree,
    options: IncomingOptions = {},
  ): Promise<Result<Restored>> {
    const incoming = await this.#incoming(folder, worktree);
    return incoming.ok ? this.#points.bring(folder, incoming.value, options) : incoming;
  }

  /** As commits of the person's branch. What would not go is told, and nothing is touched. */
  async planLanding(
    folder: string,
    worktree: KnownWorktree,
    how: Landing,
    message: string,
  ): Promise<Result<Planned>> {
    const incoming = await this.#incoming(folder, worktree);
    if (!incoming.ok) return incoming;
    const changed = await this.#points.planIncoming(folder, incoming.value);
    if (!changed.ok) return changed;
    return new Lander(this.#git, folder).plan(how, incoming.value, changed.value.files, message);
  }

  async land(folder: string, planned: Planned): Promise<Result<void>> {
    const taken = await (await this.#points.take({ root: folder, reason: "restore" })).settled;
    return taken.ok ? new Lander(this.#git, folder).land(planned) : taken;
  }

  /**
   * Removes one, after a restore point of it. Never while it holds files that lie nowhere else, or commits that no branch has;
   * where its commits are its branch's alone, that stays, and is told.
   */
  async remove(folder: string, name: string): Promise<Result<{ readonly branchLeft: string | null }>> {
    const found = await this.find(folder, name);
    if (!found.ok) return found;
    const { value: worktree } = found;
    const { holdings, sessions, branch, state } = worktree;
    const [session] = sessions;
    if (session !== undefined) return fail(inUse(worktree.name, session.name));
    if (holdings === null || state === "making") return fail(unknownHoldings(worktree.name));
    if (!isEmpty({ ...holdings, landed: branch !== null || holdings.landed }))
      return fail(holds(worktree.name));
    if (relative(worktree.root, folder) === "") return fail(insideItself());
    if (state === "there") {
      const taken = await (await this.#points.take({ root: worktree.root, reason: "restore" })).settled;
      if (!taken.ok) return taken;
    }
    const { removed, branchLeft } = await this.#worktrees.remove(folder, worktree);
    return removed ? ok({ branchLeft: branchLeft ? branch : null }) : fail(notRemoved(worktree.name));
  }

  async #held(folder: string, worktree: KnownWorktree, live: readonly LiveSession[]): Promise<HeldWorktree> {
    const holdings = await holdingsOf(this.#git, this.#worktrees, folder, worktree);
    return { ...worktree, holdings, sessions: live.filter(({ trees }) => trees.includes(worktree.root)) };
  }

  /** From where on the changes are the worktree's own: what it was made from, or what both have since then. */
  async #incoming(folder: string, worktree: KnownWorktree): Promise<Result<Incoming>> {
    const { root, head, branch, base, name, state } = worktree;
    if (root === folder || folder.startsWith(join(root, "/"))) return fail(insideItself());
    if (head === null || state !== "there") return fail(notThere(name));
    const merging = new Merging(this.#git, folder);
    const own = await merging.commitOf("HEAD");
    const common = own === null ? null : await merging.base(own, head);
    const isNearer =
      base !== null &&
      (await merging.isAncestor(base, head)) &&
      (common === null || (await merging.isAncestor(common, base)));
    const from = isNearer ? base : common;
    return from === null ? fail(unrelated(name)) : ok({ root, base: from, name: branch ?? name });
  }
}
