import { listTranscripts, readTranscript, transcriptFolder } from "./transcript.ts";
import type { SessionEvent } from "../events/event.ts";

/** What an agent is given so that it asks: Interlock's own tools, a hook before each command, programs on its PATH. */
export const WAYS = ["mcp", "hook", "shim"] as const;
export type Way = (typeof WAYS)[number];

/** What became of one of them with one agent. Times are milliseconds since the epoch. */
export interface WayReport {
  readonly way: Way;
  readonly agent: string;
  /** The newest session that was given it; null where it came by itself, as the editor's agent does. */
  readonly given: number | null;
  /** When it was last seen to be used; null: never. */
  readonly used: number | null;
  /** What the agent's client calls itself, where it says so. */
  readonly client?: string;
}

/** Sessions that are looked at, the newest: what was given before them is no answer to what is so now. */
const MAX_LOOKED = 20;

/** What the transcripts of a project tell of it. `folders`: the names under which the project may have been opened. */
export async function waysOf(
  stateDirectory: string,
  folders: readonly string[],
): Promise<readonly WayReport[]> {
  const lists = await Promise.all(
    [...new Set(folders)].map((folder) => listTranscripts(transcriptFolder(stateDirectory, folder))),
  );
  const newest = lists.flat().toSorted((one, other) => other.modified - one.modified);
  const found = new Map<string, WayReport>();
  // One after the other: a transcript may be large.
  for (const { path } of newest.slice(0, MAX_LOOKED)) {
    for (const report of waysIn(await readTranscript(path).catch(() => []))) {
      const key = `${report.way} ${report.agent}`;
      found.set(key, merged(found.get(key), report));
    }
  }
  return [...found.values()].toSorted((one, other) => WAYS.indexOf(one.way) - WAYS.indexOf(other.way));
}

/** What one session tells. */
function waysIn(events: readonly SessionEvent[]): readonly WayReport[] {
  let agent = "";
  const found = new Map<Way, WayReport>();
  const note = (way: Way, more: Partial<WayReport>): void => {
    found.set(way, { way, agent, given: null, used: null, ...found.get(way), ...more });
  };
  for (const event of events) {
    switch (event.type) {
      case "session.opened":
        agent = event.agent.name;
        break;
      case "session.inside":
        if (event.hook) note("hook", { given: event.at });
        if (event.shims) note("shim", { given: event.at });
        break;
      case "session.tools":
        if (event.state === "offered") note("mcp", { given: event.at });
        else note("mcp", { used: event.at, ...(event.client === undefined ? {} : { client: event.client }) });
        break;
      case "call":
        for (const way of WAYS) if (event.patch.doorways?.includes(way)) note(way, { used: event.at });
        break;
      default:
        break;
    }
  }
  return [...found.values()];
}

function merged(one: WayReport | undefined, other: WayReport): WayReport {
  if (one === undefined) return other;
  const [newer, older] = (one.used ?? 0) >= (other.used ?? 0) ? [one, other] : [other, one];
  return { ...older, ...newer, given: later(one.given, other.given), used: later(one.used, other.used) };
}

function later(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.max(one, other);
}
