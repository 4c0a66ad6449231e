import type { Doorway } from "../audit/record.ts";
import { ENFORCEMENT_OF } from "../audit/record.ts";
import type { CallKind, CallPatch, CallStatus, EventBody } from "../events/event.ts";

/** One tool call, however many doorways see it. */
export interface Call {
  readonly id: string;
  readonly turn: number;
  toolCallId: string | undefined;
  /** The act in canonical form (key.ts); null while it isn't known. */
  key: string | null;
  /** Its title, read as a command: some agents say the command nowhere else. */
  titleKey: string | null;
  cwd: string | null;
  /** The command as the agent said it, or as a person changed it; null while it isn't known. */
  command: string | null;
  kind: CallKind;
  title: string | null;
  doorways: readonly Doorway[];
  status: CallStatus;
  /** Null after a signal; undefined while it isn't known. */
  exit: number | null | undefined;
  /** A doorway decides or runs it now: it ends with what comes of that, and not before. */
  inDoor: boolean;
}

export interface Sighting {
  readonly doorway: Doorway;
  readonly toolCallId?: string | undefined;
  readonly kind: CallKind;
  readonly title: string;
  readonly key: string;
  /** The same act as the agent may have named it: a path before links were followed. */
  readonly alias?: string | undefined;
  readonly cwd: string;
}

export interface Announcement {
  readonly toolCallId: string;
  /** False where the agent only adds to what it said: then a call that is over may be meant. */
  readonly begins: boolean;
  readonly kind?: CallKind | undefined;
  readonly title?: string | undefined;
  readonly titleKey?: string | undefined;
  readonly key?: string | undefined;
  readonly cwd?: string | undefined;
}

/** Ended calls that are remembered, so that a late report joins its call instead of beginning another one. */
const ENDED_CALLS = 1_000;

const ENDED: ReadonlySet<CallStatus> = new Set([
  "done",
  "failed",
  "rejected",
  "refused",
  "cancelled",
  "seen",
]);

export function hasEnded(call: Call): boolean {
  return ENDED.has(call.status);
}

/** True once a doorway saw the act itself: from then on what the agent says of it is no news. */
export function isKnown(call: Call): boolean {
  return call.doorways.some((doorway) => doorway !== "observed");
}

/** The calls of one session. Every sighting joins a call, or begins one. */
export class Calls {
  readonly #emit: (event: EventBody) => void;
  readonly #turn: () => number;
  readonly #onEnd: (call: Call) => void;
  readonly #open = new Map<string, Call>();
  /** Ended calls by the agent's id: agents go on reporting on them. */
  readonly #ended = new Map<string, Call>();
  #count = 0;

  constructor(emit: (event: EventBody) => void, turn: () => number, onEnd: (call: Call) => void) {
    this.#emit = emit;
    this.#turn = turn;
    this.#onEnd = onEnd;
  }

  open(): readonly Call[] {
    return [...this.#open.values()];
  }

  /** The open call that the agent calls by this name. */
  named(toolCallId: string): Call | undefined {
    return this.open().find((call) => call.toolCallId === toolCallId);
  }

  /** The agent names a tool call; nothing happened yet as far as Interlock knows. */
  announce(announced: Announcement): Call {
    const { toolCallId, key, titleKey, cwd, kind, title } = announced;
    const known = this.named(toolCallId);
    if (known === undefined) {
      const over = this.#ended.get(toolCallId);
      // Some agents count their calls anew in each turn.
      if (over !== undefined && (!announced.begins || over.turn === this.#turn())) return over;
    }
    const call = known ?? this.#unnamed(key, cwd) ?? this.#begin(kind ?? "tool");
    call.toolCallId = toolCallId;
    // What a doorway saw is a fact; what the agent says is a hint, and its latest hint the best one.
    if (isKnown(call)) return call;
    call.key = key ?? call.key;
    call.titleKey = titleKey ?? call.titleKey;
    call.cwd = cwd ?? call.cwd;
    this.#describe(call, kind ?? call.kind, title ?? call.title);
    return call;
  }

  /** A doorway sees an act, and takes it in hand. */
  sight(sighting: Sighting): Call {
    const { doorway, kind, title } = sighting;
    const call = this.#match(sighting) ?? this.#begin(kind);
    call.toolCallId ??= sighting.toolCallId;
    call.key = sighting.key;
    call.cwd = sighting.cwd;
    call.inDoor = true;
    if (!call.doorways.includes(doorway)) call.doorways = [...call.doorways, doorway];
    this.#describe(call, kind, title, { doorways: call.doorways });
    return call;
  }

  update(call: Call, patch: CallPatch): void {
    if (!this.#open.has(call.id)) return;
    if (patch.status !== undefined) call.status = patch.status;
    if (patch.exit !== undefined) call.exit = patch.exit;
    const command = patch.edited === true ? patch.run : patch.asked;
    if (command !== undefined && call.kind === "command") call.command = command;
    this.#emit({ type: "call", turn: call.turn, call: call.id, patch });
    if (!hasEnded(call)) return;
    this.#open.delete(call.id);
    if (call.toolCallId !== undefined) this.#remember(call.toolCallId, call);
    this.#onEnd(call);
  }

  /** What the agent says of its call. While a doorway has it in hand, and where Interlock ran it, that knows better. */
  report(call: Call, status: "pending" | "in_progress" | "completed" | "failed"): void {
    if (hasEnded(call) || call.inDoor || status === "pending") return;
    const reached = new Set(call.doorways.map((doorway) => ENFORCEMENT_OF[doorway]));
    if (reached.has("through")) return;
    const ended = status === "failed" ? "failed" : reached.has("checked") ? "done" : "seen";
    const next = status === "in_progress" ? "running" : ended;
    if (next === call.status) return;
    const first = call.doorways.length === 0;
    if (first) call.doorways = ["observed"];
    this.update(call, { ...(first ? { doorways: call.doorways } : {}), status: next });
  }

  /** The turn is over: what was only announced will not happen any more. */
  endTurn(): void {
    for (const call of this.open()) if (!call.inDoor) this.update(call, { status: "cancelled" });
  }

  /** The agent is gone, and so is its way of numbering calls. */
  endAll(): void {
    for (const call of this.open()) this.update(call, { status: "cancelled" });
    this.#ended.clear();
  }

  #remember(toolCallId: string, call: Call): void {
    this.#ended.delete(toolCallId);
    this.#ended.set(toolCallId, call);
    const [oldest] = this.#ended.keys();
    if (this.#ended.size > ENDED_CALLS && oldest !== undefined) this.#ended.delete(oldest);
  }

  #begin(kind: CallKind): Call {
    const call: Call = {
      id: `c${++this.#count}`,
      turn: this.#turn(),
      toolCallId: undefined,
      key: null,
      titleKey: null,
      cwd: null,
      command: null,
      kind,
      title: null,
      doorways: [],
      status: "pending",
      exit: undefined,
      inDoor: false,
    };
    this.#open.set(call.id, call);
    return call;
  }

  /** Tells what is new of it; its kind at its first mention, too. */
  #describe(call: Call, kind: CallKind, title: string | null, more: CallPatch = {}): void {
    const patch: CallPatch = {
      ...(kind === call.kind && call.title !== null ? {} : { kind }),
      ...(title === null || title === call.title ? {} : { title }),
      ...more,
    };
    call.kind = kind;
    call.title = title;
    if (Object.keys(patch).length > 0) this.update(call, patch);
  }

  #match(sighting: Sighting): Call | undefined {
    const { toolCallId, key, alias, cwd, doorway, kind } = sighting;
    if (toolCallId !== undefined) return this.named(toolCallId) ?? this.#unnamed(key, cwd);
    // The same doorway sees an act once: the same command there again is another act. And what still waits for an
    // answer at one doorway is not yet done at another.
    const open = this.open().filter((call) => !call.inDoor && !call.doorways.includes(doorway));
    const here = open.filter((call) => call.cwd === null || call.cwd === cwd);
    const same =
      here.find((call) => call.key !== null && (call.key === key || call.key === alias)) ??
      here.find((call) => call.key === null && call.titleKey === key);
    if (same !== undefined) return same;
    const waiting = open.filter((call) => call.key === null && call.kind === kind && !isKnown(call));
    return waiting.length === 1 ? waiting[0] : undefined;
  }

  /** A call that a doorway saw before the agent named it. */
  #unnamed(key: string | undefined, cwd: string | undefined): Call | undefined {
    if (key === undefined) return undefined;
    return this.open().find(
      (call) => call.toolCallId === undefined && call.key === key && (cwd === undefined || call.cwd === cwd),
    );
  }
}
