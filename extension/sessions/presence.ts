import type { AgentDefinition } from "../acp/agents.ts";
import type { SessionEvent } from "../events/event.ts";
import { findRepository } from "../git/repository.ts";
import type { LiveSessions } from "../state/liveSessions.ts";
import type { SessionPlace } from "./host.ts";

interface Attended {
  readonly id: string;
  readonly agent: Pick<AgentDefinition, "name">;
  readonly place: Pick<SessionPlace, "tree">;
  listen(listener: (event: SessionEvent) => void): () => void;
}

/** Tells the other hosts which sessions work in which trees, as long as they do. */
export class Presence {
  readonly #live: LiveSessions;

  constructor(live: LiveSessions) {
    this.#live = live;
  }

  attend(session: Attended): void {
    const { id, agent, place } = session;
    let name = agent.name;
    let told: Promise<unknown> = Promise.resolve();
    const folders = new Set([place.tree]);
    // One after the other: the last word is the newest. What can't be told keeps nobody from working.
    const next = (work: () => Promise<void>): void => {
      told = told.then(work).catch(() => {});
    };
    session.listen((event) => {
      if (event.type === "session.title") name = event.title;
      if (event.type === "session.worktree") folders.add(event.folder);
      if (event.type === "session.state" && event.state.name === "ended")
        next(() => this.#end(id, [...folders]));
      else if (TELLING.has(event.type)) next(() => this.#tell(id, name, [...folders]));
    });
  }

  async #tell(session: string, name: string, folders: readonly string[]): Promise<void> {
    const found = await Promise.all(folders.map((folder) => findRepository(folder)));
    const repositories = found.filter((each) => each !== null);
    for (const { commonDir } of repositories) {
      const own = repositories.filter((each) => each.commonDir === commonDir);
      await this.#live.announce(commonDir, { session, name, trees: own.map(({ root }) => root) });
    }
  }

  async #end(session: string, folders: readonly string[]): Promise<void> {
    const found = await Promise.all(folders.map((folder) => findRepository(folder)));
    for (const each of found) if (each !== null) await this.#live.end(each.commonDir, session);
  }
}

/** What changes what the others see of a session. */
const TELLING: ReadonlySet<SessionEvent["type"]> = new Set([
  "session.opened",
  "session.title",
  "session.worktree",
]);
