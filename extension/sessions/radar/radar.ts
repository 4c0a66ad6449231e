import { join, relative } from "node:path";
import type { AgentDefinition } from "../../acp/agents.ts";
import type { Problem } from "../../errors.ts";
import type { SessionEvent } from "../../events/event.ts";
import { findRepository, type Repository } from "../../git/repository.ts";
import type { Git } from "../../git/run.ts";
import type { LiveSession, LiveSessions } from "../../state/liveSessions.ts";
import type { SessionPlace } from "../host.ts";
import { changedSince } from "./changes.ts";
import { type Head, headText, HeadWatch } from "./heads.ts";
import { Overlaps } from "./overlaps.ts";
import { headMoved, personEdits, unsavedHere } from "./texts.ts";
import { Touched } from "./touched.ts";

/** Edits come in bursts: what they come to is looked at when there is a pause. */
const PAUSE_MS = 500;

interface Attended {
  readonly id: string;
  readonly agent: Pick<AgentDefinition, "name">;
  readonly place: Pick<SessionPlace, "tree">;
  listen(listener: (event: SessionEvent) => void): () => void;
  /** Something that happened around the session, which a person should know with it. */
  note(level: "info" | "warning", problem: Problem): void;
}

interface Watched {
  readonly session: Attended;
  readonly touched: Touched;
  readonly overlaps: Overlaps;
  /** The repositories of its trees, by the trees' top folders. */
  readonly trees: Map<string, Repository>;
  readonly heads: Map<string, HeadWatch>;
  /** Those of them that nobody else works in: all that changes there is its own. */
  readonly own: Set<string>;
  name: string;
  working: boolean;
  /** It is about to be told to the others. */
  announcing: boolean;
  /** Files that both it and the person changed in this turn, told already. */
  readonly told: Set<string>;
}

/**
 * Sees who else works where a session works: other sessions, also of other hosts, the person, and whatever moves HEAD. What it
 * can't see it doesn't tell, and what a session did itself is told of it to none but the others.
 */
export class Radar {
  readonly #git: Git;
  readonly #live: LiveSessions;
  readonly #watched = new Set<Watched>();
  /** By the repository's shared folder: ends the watching for what other hosts tell. */
  readonly #watching = new Map<string, Promise<() => void>>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  /** What goes on, one after the other. */
  #work: Promise<unknown> = Promise.resolve();
  /** The files that the person has changed in an editor, and not saved. */
  readonly #unsaved: () => readonly string[];

  constructor(git: Git, live: LiveSessions, unsaved: () => readonly string[]) {
    this.#git = git;
    this.#live = live;
    this.#unsaved = unsaved;
  }

  attend(session: Attended): void {
    const watched: Watched = {
      session,
      touched: new Touched(),
      overlaps: new Overlaps(this.#git),
      trees: new Map(),
      heads: new Map(),
      own: new Set(),
      name: session.agent.name,
      working: false,
      announcing: false,
      told: new Set(),
    };
    this.#watched.add(watched);
    session.listen((event) => this.#heed(watched, event));
  }

  /** The person has saved files in the editor, or the editor has for a session. Absolute paths. */
  saved(paths: readonly string[]): void {
    const now = Date.now();
    const own = paths.filter((path) => ![...this.#watched].some(({ touched }) => touched.isAt(path, now)));
    for (const watched of this.#watched) {
      if (!watched.working) continue;
      const both = own.filter((path) => watched.touched.has(path) && !watched.told.has(path));
      for (const path of both) watched.told.add(path);
      if (both.length > 0) watched.session.note("warning", personEdits(namesOf(watched, both)));
    }
  }

  async dispose(): Promise<void> {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    for (const { heads } of this.#watched) for (const head of heads.values()) head.stop();
    await this.#work;
    for (const stop of await Promise.all(this.#watching.values())) stop();
  }

  #heed(watched: Watched, event: SessionEvent): void {
    const { session } = watched;
    if (event.type === "session.opened") this.#enter(watched, session.place.tree, false);
    else if (event.type === "session.worktree") this.#enter(watched, event.folder, true);
    else if (event.type === "session.title") {
      watched.name = event.title;
      this.#tell(watched);
    } else if (event.type === "turn.started") watched.told.clear();
    else if (event.type === "turn.ended") this.#next(() => this.#lookAt(watched));
    else if (event.type === "session.state") {
      watched.working = event.state.name === "working";
      if (event.state.name === "ended") this.#leave(watched);
    }
    const paths = watched.touched.heed(event);
    if (paths.length === 0) return;
    this.#tell(watched);
    const unsaved = this.#unsaved();
    const both = paths.filter((path) => unsaved.includes(path) && !watched.told.has(path));
    for (const path of both) watched.told.add(path);
    if (both.length > 0) session.note("warning", unsavedHere(namesOf(watched, both)));
  }

  #enter(watched: Watched, folder: string, isOwn: boolean): void {
    this.#next(async () => {
      const repository = await findRepository(folder);
      if (repository === null) return;
      if (isOwn) watched.own.add(repository.root);
      if (watched.trees.has(repository.root)) return;
      watched.trees.set(repository.root, repository);
      const { root } = repository;
      const head = new HeadWatch(this.#git, root, (from, to) => this.#headMoved(watched, root, from, to));
      watched.heads.set(root, head);
      const { commonDir } = repository;
      if (!this.#watching.has(commonDir))
        this.#watching.set(
          commonDir,
          this.#live.watch(commonDir, () => this.#soon(commonDir)),
        );
      await head.begin();
      await this.#announce(watched);
    });
  }

  /** What commands have changed in a worktree of its own, which no call tells. */
  async #lookAt(watched: Watched): Promise<void> {
    const fresh: string[] = [];
    for (const root of watched.own) {
      const first = watched.heads.get(root)?.first?.commit;
      const changed = first ? await changedSince(this.#git, root, first) : [];
      fresh.push(...changed.map((path) => join(root, path)).filter((path) => !watched.touched.has(path)));
    }
    if (fresh.length === 0) return;
    watched.touched.note(fresh, Date.now());
    await this.#announce(watched);
  }

  #leave(watched: Watched): void {
    this.#watched.delete(watched);
    for (const head of watched.heads.values()) head.stop();
    this.#next(async () => {
      for (const commonDir of repositoriesOf(watched)) await this.#live.end(commonDir, watched.session.id);
    });
  }

  #tell(watched: Watched): void {
    if (watched.announcing) return;
    watched.announcing = true;
    this.#next(() => this.#announce(watched));
  }

  /** Others, and this host itself, hear of it by the folder that they watch. */
  async #announce(watched: Watched): Promise<void> {
    watched.announcing = false;
    if (!this.#watched.has(watched)) return;
    for (const commonDir of repositoriesOf(watched)) {
      await this.#live.announce(commonDir, seen(watched, commonDir));
      this.#soon(commonDir);
    }
  }

  #soon(commonDir: string): void {
    if (this.#timers.has(commonDir)) return;
    const timer = setTimeout(() => {
      this.#timers.delete(commonDir);
      this.#next(() => this.#compare(commonDir));
    }, PAUSE_MS);
    timer.unref();
    this.#timers.set(commonDir, timer);
  }

  async #compare(commonDir: string): Promise<void> {
    const all = await this.#live.list(commonDir);
    for (const watched of this.#watched) {
      if (!repositoriesOf(watched).includes(commonDir)) continue;
      const own = seen(watched, commonDir);
      for (const other of all) {
        if (other.session === own.session) continue;
        for (const { level, problem } of await watched.overlaps.with(own, other))
          watched.session.note(level, problem);
      }
    }
  }

  /** By the session itself it is nothing to tell; by another one that one is named, where only that can have been it. */
  #headMoved(watched: Watched, root: string, from: Head, to: Head): void {
    const now = Date.now();
    if (watched.touched.runs(now)) return;
    // A commit of somebody else is of no concern to an agent that does nothing; another branch is.
    if (!watched.working && from.branch === to.branch) return;
    const movers = [...this.#watched].filter(({ trees, touched }) => trees.has(root) && touched.runs(now));
    const name = movers.length === 1 ? (movers[0]?.name ?? null) : null;
    watched.session.note("warning", headMoved(name, headText(from), headText(to)));
  }

  #next(work: () => Promise<unknown>): void {
    // What can't be told keeps nobody from working.
    this.#work = this.#work.then(work).catch(() => {});
  }
}

function repositoriesOf({ trees }: Watched): readonly string[] {
  return [...new Set([...trees.values()].map(({ commonDir }) => commonDir))];
}

/** A session as the others see it. */
function seen(
  { session, name, trees, touched }: Watched,
  commonDir: string,
): Pick<LiveSession, "session" | "name" | "trees" | "touched"> {
  const roots = [...trees.values()].flatMap((each) => (each.commonDir === commonDir ? [each.root] : []));
  const files = [...touched.paths].flatMap(([path, at]) => {
    const tree = roots.find((root) => path.startsWith(`${root}/`));
    return tree === undefined ? [] : [{ tree, path: relative(tree, path), at }];
  });
  return { session: session.id, name, trees: roots, touched: files };
}

function namesOf({ trees }: Watched, paths: readonly string[]): readonly string[] {
  return paths.map((path) => {
    const root = [...trees.keys()].find((each) => path.startsWith(`${each}/`));
    return root === undefined ? path : relative(root, path);
  });
}
