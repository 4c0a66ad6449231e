import type { CallPatch, CallStatus, SessionEvent } from "../../events/event.ts";

/** Paths that are remembered of one session: the newest. */
const MAX_TOUCHED = 500;
/** What was done a moment ago: the editor tells of a file later than the agent does, and some agents of a command. */
const JUST_NOW_MS = 3_000;

/** A call of these has changed its files. */
const CHANGED: ReadonlySet<CallStatus> = new Set(["done", "seen", "failed"]);
const OVER: ReadonlySet<CallStatus> = new Set([...CHANGED, "rejected", "refused", "cancelled"]);

/** What one session has changed, and what it is at, as its calls tell. Absolute paths. */
export class Touched {
  readonly #calls = new Map<string, CallPatch>();
  readonly #paths = new Map<string, number>();
  #commandEnded = 0;

  /** The files that are changed by now, by this event. */
  heed(event: SessionEvent): readonly string[] {
    if (event.type !== "call") return [];
    const { call, patch, at } = event;
    const known = { ...this.#calls.get(call), ...patch };
    this.#calls.set(call, known);
    const { status = "pending", kind, diffs = [] } = known;
    if (!OVER.has(status)) return [];
    this.#calls.delete(call);
    if (kind === "command") this.#commandEnded = at;
    if (!CHANGED.has(status)) return [];
    const paths = diffs.map(({ path }) => path);
    this.note(paths, at);
    return paths;
  }

  note(paths: readonly string[], at: number): void {
    for (const path of paths) {
      this.#paths.delete(path);
      this.#paths.set(path, at);
    }
    for (const path of this.#paths.keys()) {
      if (this.#paths.size <= MAX_TOUCHED) break;
      this.#paths.delete(path);
    }
  }

  get paths(): ReadonlyMap<string, number> {
    return this.#paths;
  }

  has(path: string): boolean {
    return this.#paths.has(path);
  }

  /** Whether a change of a file that was seen now may be its own. */
  isAt(path: string, now: number): boolean {
    const at = this.#paths.get(path);
    if (at !== undefined && now - at < JUST_NOW_MS) return true;
    const writes = [...this.#calls.values()].some(({ diffs }) => diffs?.some((diff) => diff.path === path));
    return writes || this.runs(now);
  }

  /** Whether a command of it runs, or ended a moment ago: it can have done anything. */
  runs(now: number): boolean {
    // Of a command that an agent runs by itself it isn't always told that it began.
    const running = [...this.#calls.values()].some(
      ({ kind, status }) => kind === "command" && status !== "held",
    );
    return running || now - this.#commandEnded < JUST_NOW_MS;
  }
}
