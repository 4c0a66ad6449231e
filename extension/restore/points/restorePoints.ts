import { rmdir } from "node:fs/promises";
import { fail, ok, type Result } from "../../errors.ts";
import { findRepository } from "../../git/repository.ts";
import type { Git } from "../../git/run.ts";
import { applyChange, temporaryName } from "./apply.ts";
import type { BytePath } from "./bytePath.ts";
import type { Change, Kept } from "./change.ts";
import { forgetGone } from "./forget.ts";
import type { FileOptions } from "./filePlan.ts";
import { isUnfinished, type Journal, JOURNAL_VERSION, readJournals, writeJournal } from "./journal.ts";
import { type Planned, type PlannedIncoming, Planner } from "./planner.ts";
import type { Point, TreeState } from "./point.ts";
import { type Keep, KEEP, prune } from "./prune.ts";
import { type Keeper, type Named, newId, PointTaker } from "./points.ts";
import { damaged, noSuchPoint, storeProblem, unreadable } from "./problems.ts";
import type { Limits } from "./limits.ts";

export interface RestoreOptions {
  /** Below the point's folder; all where it is left out. Then index, HEAD, refs and stash entries come back too. */
  readonly paths?: readonly BytePath[];
  /** Removes what came since as well. */
  readonly exact?: boolean;
  readonly onConflict?: FileOptions["onConflict"];
  /** A point taken right after the loss: what changed since is the person's, and stays. */
  readonly lossPoint?: string;
}

/** Another worktree of a folder's repository, whose change is to come to that folder. */
export interface Incoming {
  /** Its top folder. */
  readonly root: string;
  /** The commit from which on the changes are its own. */
  readonly base: string;
  /** What it is called: its branch. */
  readonly name: string;
}

/** `point`: where both changed the same lines, the other worktree's are taken. */
export type IncomingOptions = Pick<RestoreOptions, "paths" | "onConflict">;

/** What came of a restore. */
export interface Restored {
  readonly journal: string;
  /** The point that was taken before. */
  readonly before: string;
  readonly changes: readonly Change[];
  readonly kept: readonly Kept[];
}

/** Folders of submodules that a restore had made, and that are empty now. */
async function removeEmptied({ root, changes }: Journal): Promise<void> {
  const folders = new Set(changes.filter(({ area }) => area === "tree").map(({ folder }) => folder));
  for (const folder of folders) if (folder !== root) await rmdir(folder).catch(() => {});
}

/** The restore points of all folders, for one host. */
export class RestorePoints extends PointTaker {
  readonly #git: Git;

  constructor(git: Git, stateDirectory: string, limits: Partial<Limits> = {}, named?: Named) {
    super(git, stateDirectory, limits, named);
    this.#git = git;
  }

  /** The points of a folder, the oldest first. */
  async list(folder: string): Promise<readonly Point[]> {
    return (await this.#open(folder)).store.points();
  }

  /** Restores that were interrupted: to be finished or undone. */
  async unfinished(folder: string): Promise<readonly Journal[]> {
    const { store } = await this.#open(folder);
    return (await readJournals(store.journals)).filter((journal) => isUnfinished(journal));
  }

  /** Restores that were done and can still be undone, the oldest first. */
  async done(folder: string): Promise<readonly Journal[]> {
    const { store } = await this.#open(folder);
    return (await readJournals(store.journals)).filter(({ state }) => state === "done");
  }

  /** A point with everything that it holds. */
  async show(
    folder: string,
    id: string,
  ): Promise<Result<{ readonly point: Point; readonly state: TreeState }>> {
    const { store } = await this.#open(folder);
    const point = (await store.points()).find((each) => each.id === id);
    if (point === undefined) return fail(noSuchPoint(id));
    const state = await store.readState(point.state);
    return state === null ? fail(damaged(id)) : ok({ point, state });
  }

  /** Content that a point or a plan names. Null where it is gone. */
  async content(folder: string, blob: string): Promise<Buffer | null> {
    return (await this.#open(folder)).store.read(blob);
  }

  /** What a restore would change and what it would leave, without changing anything. */
  async plan(folder: string, id: string, options: RestoreOptions = {}): Promise<Result<Planned>> {
    const keeper = await this.#open(folder);
    try {
      const now = await this.observe(keeper);
      return await this.#plan(keeper, id, now.state, options);
    } catch (error) {
      return fail(storeProblem(error));
    }
  }

  /** Takes a point, and then brings back what another one holds. */
  async apply(folder: string, id: string, options: RestoreOptions = {}): Promise<Result<Restored>> {
    const keeper = await this.#open(folder);
    const base = await this.#base(keeper, id, options);
    return this.#journaled(keeper, id, (now) => this.#plan(keeper, id, now, options, base));
  }

  /** What another worktree has changed, and what would become of it here. Changes nothing. */
  async planIncoming(
    folder: string,
    incoming: Incoming,
    options: IncomingOptions = {},
  ): Promise<Result<PlannedIncoming>> {
    const keeper = await this.#open(folder);
    try {
      const now = await this.observe(keeper);
      return await this.#planIncoming(keeper, now.state, incoming, options);
    } catch (error) {
      return fail(storeProblem(error));
    }
  }

  /** Takes a point, and then brings here what another worktree has changed. Git's index stays as it is. */
  async bring(folder: string, incoming: Incoming, options: IncomingOptions = {}): Promise<Result<Restored>> {
    const keeper = await this.#open(folder);
    return this.#journaled(keeper, incoming.name, (now) =>
      this.#planIncoming(keeper, now, incoming, options),
    );
  }

  async #planIncoming(
    keeper: Keeper,
    now: TreeState,
    { root, base, name }: Incoming,
    { paths, onConflict = "keep" }: IncomingOptions,
  ): Promise<Result<PlannedIncoming>> {
    const { state: theirs } = await this.observe(keeper, root);
    const states = { root: keeper.root, theirs, base };
    const options = { paths: paths ?? null, onConflict };
    const planned = await new Planner(this.#git, this, keeper).planIncoming(states, now, options);
    return planned === null ? fail(unreadable(name)) : ok(planned);
  }

  /** Takes a point, and makes the changes that are planned from it, by a journal. `what`: what they bring back. */
  async #journaled(
    keeper: Keeper,
    what: string,
    plan: (now: TreeState) => Promise<Result<Planned>>,
  ): Promise<Result<Restored>> {
    const { settled } = await this.take({ root: keeper.root, reason: "restore" });
    const before = await settled;
    if (!before.ok) return before;
    try {
      const now = await keeper.store.readState(before.value.state);
      if (now === null) return fail(damaged(before.value.id));
      const planned = await plan(now);
      if (!planned.ok) return planned;
      const journal: Journal = {
        v: JOURNAL_VERSION,
        id: newId(),
        time: Date.now(),
        root: keeper.root,
        point: what,
        before: before.value.id,
        state: "applying",
        changes: planned.value.changes,
        objects: planned.value.objects,
        kept: planned.value.kept,
      };
      await writeJournal(keeper.store.journals, journal);
      return ok(await this.#run(keeper, journal));
    } catch (error) {
      return fail(storeProblem(error));
    }
  }

  /** Ends an interrupted restore, in the direction in which it went. */
  async finish(folder: string, journal: string): Promise<Result<Restored>> {
    const keeper = await this.#open(folder);
    const found = (await readJournals(keeper.store.journals)).find(({ id }) => id === journal);
    if (found === undefined || !isUnfinished(found)) return fail(noSuchPoint(journal));
    return this.#attempt(keeper, found);
  }

  /** Takes a restore back, whether it was interrupted or not. What was changed since stays. */
  async undo(folder: string, journal: string): Promise<Result<Restored>> {
    const keeper = await this.#open(folder);
    const found = (await readJournals(keeper.store.journals)).find(({ id }) => id === journal);
    if (found === undefined || found.state === "undone") return fail(noSuchPoint(journal));
    // What was brought back may go away by this: it is kept first, and is no loss.
    if (found.state === "done") {
      const taken = await (await this.take({ root: keeper.root, reason: "restore" })).settled;
      if (!taken.ok) return taken;
    }
    const undoing: Journal = { ...found, state: "undoing" };
    try {
      await writeJournal(keeper.store.journals, undoing);
    } catch (error) {
      return fail(storeProblem(error));
    }
    return this.#attempt(keeper, undoing);
  }

  /** Forgets the oldest points of a folder, and those of folders that are gone. */
  async prune(folder: string, keep: Partial<Keep> = {}): Promise<void> {
    const keeper = await this.#open(folder);
    const kept = { ...KEEP, ...keep };
    const now = Date.now();
    const repository = await findRepository(folder);
    const vault = repository === null ? null : this.vault(repository.commonDir);
    await prune(keeper.store, kept, now, (await vault?.overfull(kept.bytes, now)) ?? 0);
    await forgetGone(this.stateDirectory, now - kept.ageMs);
    await vault?.prune(now);
  }

  async #attempt(keeper: Keeper, journal: Journal): Promise<Result<Restored>> {
    try {
      return ok(await this.#run(keeper, journal));
    } catch (error) {
      return fail(storeProblem(error));
    }
  }

  /** Makes the changes of a journal, those that are made already left out, and marks it as done. */
  async #run(keeper: Keeper, journal: Journal): Promise<Restored> {
    const { store } = keeper;
    const undoing = journal.state === "undoing";
    if (!undoing) {
      for (const commonDir of journal.objects) await this.vault(commonDir).give();
    }
    const kept: Kept[] = undoing ? [] : [...journal.kept];
    const made: Change[] = [];
    const steps = journal.changes.map((change, index) => ({
      change,
      name: temporaryName(journal.id, index),
    }));
    for (const { change, name } of undoing ? steps.toReversed() : steps) {
      const step = undoing ? { ...change, from: change.to, to: change.from } : change;
      const applied = await applyChange(step, name, (blob) => store.read(blob));
      if (applied.done) made.push(step);
      else kept.push({ folder: step.folder, path: step.path, why: applied.why });
    }
    if (undoing) await removeEmptied(journal);
    const state = undoing ? "undone" : "done";
    await writeJournal(store.journals, { ...journal, state, kept });
    return { journal: journal.id, before: journal.before, changes: made, kept };
  }

  async #plan(
    keeper: Keeper,
    id: string,
    now: TreeState,
    options: RestoreOptions,
    known?: Point | null,
  ): Promise<Result<Planned>> {
    const shown = await this.show(keeper.root, id);
    if (!shown.ok) return shown;
    const base = known === undefined ? await this.#base(keeper, id, options) : known;
    const planned = await new Planner(this.#git, this, keeper).plan(
      {
        root: keeper.root,
        point: shown.value.state,
        now,
        base: base === null ? null : await keeper.store.readState(base.state),
      },
      {
        paths: options.paths ?? null,
        exact: options.exact ?? false,
        onConflict: options.onConflict ?? "keep",
        baseIsLoss: options.lossPoint !== undefined,
      },
      options.paths === undefined,
    );
    return planned === null ? fail(damaged(id)) : ok(planned);
  }

  /** What was changed after the newest point is taken for the person's; points of the person's own saves don't count. */
  async #base(keeper: Keeper, id: string, { lossPoint, exact }: RestoreOptions): Promise<Point | null> {
    if (exact) return null;
    const points = await keeper.store.points();
    if (lossPoint !== undefined) return points.find((each) => each.id === lossPoint) ?? null;
    const later = points.filter((each) => each.id > id && each.reason !== "saves");
    return later.at(-1) ?? null;
  }

  async #open(folder: string): Promise<Keeper> {
    const keeper = this.keeper(await this.rootOf(folder));
    await keeper.opened;
    return keeper;
  }
}
