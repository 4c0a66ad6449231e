import type { Doorway } from "../audit/record.ts";
import { ENFORCEMENT_OF } from "../audit/record.ts";
import type { CallKind, CallPatch, CallStatus, EventBody } from "../events/event.ts";
import { partsFor, partsOf, type RunningPart, type ShellPart, textFor } from "../shell/parts.ts";
import { parseShell } from "../shell/parse.ts";
import { comes } from "./comes.ts";

/** One tool call, however many doorways see it. */
export interface Call {
  readonly id: string;
  readonly turn: number;
  /** The call whose question covered this act among others: what a person said yes to there holds here. */
  readonly partOf: string | undefined;
  /** The acts that a doorway saw last: as a rule one, but a question may name several files. */
  readonly acts: Set<string>;
  /** The agent's name of it; undefined until it is told. */
  readonly toolCallId: string | undefined;
  /** The act in canonical form (key.ts); null while it isn't known. */
  key: string | null;
  /** Another key by which the agent may come to tell of it. */
  alias: string | undefined;
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
  /** The call whose program started it, where it was not the agent itself. */
  readonly within: Call | undefined;
  /** What its program started: each ends with it. */
  readonly inner: Set<Call>;
  /** The agent's program does it for itself. */
  readonly own: boolean;
  /** A person has it run as asked, wherever its project would send it. */
  unrouted: boolean;
}

type Writable = { -readonly [Key in keyof Call]: Call[Key] };

export interface Sighting {
  readonly doorway: Doorway;
  readonly toolCallId?: string | undefined;
  readonly kind: CallKind;
  readonly title: string;
  readonly key: string;
  /** The same act as the agent may have named it: a path before links were followed, or one of Interlock's own tools. */
  readonly alias?: string | undefined;
  /** True for one more act of the same question. */
  readonly more?: boolean | undefined;
  readonly cwd: string;
  /** Set where it was seen by itself as it was about to run, whatever the agent had asked for. */
  readonly running?: RunningPart | undefined;
  readonly own?: boolean;
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

/** What a program says without waiting may be heard this much after the agent told that it ended. */
const LATE_MS = 1_000;
/** After so many programs in a row of which an agent told nothing, it isn't expected to. */
const MAX_UNHEARD = 3;

/** Doorways that see the end of what passes them. */
const SEES_END: ReadonlySet<Doorway> = new Set<Doorway>(["terminal", "fs", "mcp"]);

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

/** True where Interlock itself knows how the call ends. */
export function seesEnd(call: Call): boolean {
  return call.doorways.some((doorway) => SEES_END.has(doorway));
}

/** Where a call comes from, where it is not the agent's own telling. */
interface Origin {
  readonly partOf?: Call;
  readonly within?: Call | undefined;
  readonly own?: boolean;
}

/** The calls of one session. Every sighting joins a call, or begins one. */
export class Calls {
  readonly #emit: (event: EventBody) => void;
  readonly #turn: () => number;
  readonly #onEnd: (call: Call) => void;
  readonly #open = new Map<string, Call>();
  /** Open calls by the agent's id, and those without one: an agent may have thousands open at once. */
  readonly #named = new Map<string, Call>();
  readonly #nameless = new Set<Call>();
  /** Ended calls by the agent's id: agents go on reporting on them. */
  readonly #ended = new Map<string, Call>();
  /** What the lines of calls run. */
  readonly #parts = new WeakMap<
    Call,
    { readonly line: string; readonly cwd: string; readonly parts: readonly ShellPart[] }
  >();
  readonly #listeners = new Set<() => void>();
  /** The command of the agent's that ended last, and when. */
  #over: { readonly call: Call; readonly at: number } | undefined;
  /** Programs in a row of which the agent had told nothing. */
  #unheard = 0;
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
    return this.#named.get(toolCallId);
  }

  /** Whether the agent tells of a call, by its own name of it or by what it does: it may come later than the call itself. */
  isTold(toolCallId: string | undefined, key: string): Promise<boolean> {
    const told = (): boolean =>
      (toolCallId !== undefined && this.#named.has(toolCallId)) ||
      this.open().some((call) => call.toolCallId !== undefined && call.key === key);
    return comes(this.#listeners, told);
  }

  /**
   * Resolves once the agent has told of the call by which something is about to run: what it says and what it does come by
   * different ways, and either may be first. An agent that doesn't tell isn't waited for any more.
   */
  async heard(running: RunningPart): Promise<void> {
    if (this.#around(running) !== undefined || this.#unheard >= MAX_UNHEARD) return;
    const told = await comes(this.#listeners, () => this.#around(running) !== undefined);
    this.#unheard = told ? 0 : this.#unheard + 1;
  }

  /** The command that ended just now, where none goes on: what is told late of a program belongs to it. */
  overJustNow(): Call | undefined {
    const goes = this.open().some(({ kind, own }) => kind === "command" && !own);
    const { call, at } = this.#over ?? { at: 0 };
    return goes || Date.now() - at > LATE_MS ? undefined : call;
  }

  /** What something that is about to run is given to read, where the line that it is a part of says so. */
  inputOf(running: RunningPart): string | undefined {
    const around = this.#around(running);
    return around === undefined ? undefined : (textFor(this.#partsOf(around), running) ?? undefined);
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
    this.#name(call, toolCallId);
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
    const known = this.#part(sighting) ?? this.#match(sighting);
    const call = known ?? this.#begin(kind, this.#originOf(sighting));
    if (call.toolCallId === undefined && sighting.toolCallId !== undefined) {
      this.#name(call, sighting.toolCallId);
    }
    call.key = sighting.key;
    call.alias = sighting.alias;
    if (sighting.more !== true) call.acts.clear();
    call.acts.add(sighting.key);
    call.cwd = sighting.cwd;
    call.inDoor = true;
    if (!call.doorways.includes(doorway)) call.doorways = [...call.doorways, doorway];
    const origin = {
      ...(call.within === undefined ? {} : { within: call.within.id }),
      ...(call.own ? { own: true as const } : {}),
    };
    this.#describe(call, kind, title, { ...(known === undefined ? origin : {}), doorways: call.doorways });
    return call;
  }

  update(call: Call, patch: CallPatch): void {
    if (!this.#open.has(call.id) && call.within?.inner.has(call) !== true) return;
    if (patch.status !== undefined) call.status = patch.status;
    if (patch.exit !== undefined) call.exit = patch.exit;
    const command = patch.edited === true ? patch.run : patch.asked;
    if (command !== undefined && call.kind === "command") call.command = command;
    this.#emit({ type: "call", turn: call.turn, call: call.id, patch });
    for (const look of this.#listeners) look();
    if (!hasEnded(call)) return;
    this.#open.delete(call.id);
    this.#nameless.delete(call);
    call.within?.inner.delete(call);
    for (const inner of call.inner) this.#close(inner);
    if (call.kind === "command" && !call.own && call.within === undefined)
      this.#over = { call, at: Date.now() };
    if (call.toolCallId !== undefined) {
      this.#named.delete(call.toolCallId);
      this.#remember(call.toolCallId, call);
    }
    this.#onEnd(call);
  }

  /** What the agent says of its call. While a doorway has it in hand, and where Interlock ran it, that knows better. */
  report(call: Call, status: "pending" | "in_progress" | "completed" | "failed"): void {
    if (hasEnded(call) || call.inDoor || status === "pending") return;
    if (seesEnd(call)) return;
    const before = call.doorways.some((doorway) => ENFORCEMENT_OF[doorway] !== "observed");
    const ended = status === "failed" ? "failed" : before ? "done" : "seen";
    const next = status === "in_progress" ? "running" : ended;
    if (next === call.status) return;
    const first = call.doorways.length === 0;
    if (first) call.doorways = ["observed"];
    this.update(call, { ...(first ? { doorways: call.doorways } : {}), status: next });
  }

  /** The turn is over: what was only announced will not happen any more. */
  endTurn(): void {
    for (const call of this.open()) if (!call.inDoor) this.#close(call);
  }

  /** The agent is gone, and so is its way of numbering calls. */
  endAll(): void {
    for (const call of this.open()) this.update(call, { status: "cancelled" });
    this.#ended.clear();
  }

  /** Nothing more will be heard of it: what was let through ran, and the rest did not. */
  #close(call: Call): void {
    if (call.inDoor) return;
    const ran = call.status === "running" && call.doorways.includes("shim");
    this.update(call, { status: ran ? "done" : "cancelled" });
  }

  #remember(toolCallId: string, call: Call): void {
    this.#ended.delete(toolCallId);
    this.#ended.set(toolCallId, call);
    const [oldest] = this.#ended.keys();
    if (this.#ended.size > ENDED_CALLS && oldest !== undefined) this.#ended.delete(oldest);
  }

  #begin(kind: CallKind, { partOf, within, own = false }: Origin = {}): Call {
    const call: Call = {
      id: `c${++this.#count}`,
      turn: this.#turn(),
      partOf: partOf?.id,
      acts: new Set(),
      toolCallId: undefined,
      key: null,
      alias: undefined,
      titleKey: null,
      cwd: null,
      command: null,
      kind,
      title: null,
      doorways: [],
      status: "pending",
      exit: undefined,
      inDoor: false,
      within,
      inner: new Set(),
      own,
      unrouted: false,
    };
    if (within === undefined) {
      this.#open.set(call.id, call);
      this.#nameless.add(call);
    } else within.inner.add(call);
    return call;
  }

  #name(call: Writable, toolCallId: string): void {
    call.toolCallId = toolCallId;
    this.#named.set(toolCallId, call);
    this.#nameless.delete(call);
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

  /** One of the several acts that a call named: it has an end of its own, and leaves the others to come. */
  #part({ toolCallId, key, alias, doorway, kind }: Sighting): Call | undefined {
    if (toolCallId !== undefined) return undefined;
    const names = ({ acts }: Call): boolean => acts.size > 1 && (acts.has(key) || acts.has(alias ?? key));
    const whole = this.open().find((call) => !call.inDoor && !call.doorways.includes(doorway) && names(call));
    return whole === undefined ? undefined : this.#begin(kind, { partOf: whole });
  }

  #match(sighting: Sighting): Call | undefined {
    const { toolCallId, key, alias, cwd, doorway, kind } = sighting;
    if (toolCallId !== undefined) return this.named(toolCallId) ?? this.#unnamed(key, cwd);
    // The same doorway sees an act once: the same command there again is another act. And what still waits for an
    // answer at one doorway is not yet done at another.
    if (sighting.own === true) return undefined;
    const open = this.open().filter((call) => !call.inDoor && !call.doorways.includes(doorway));
    const here = open.filter((call) => call.cwd === null || call.cwd === cwd);
    const same =
      here.find((call) => call.key !== null && (call.key === key || call.key === alias)) ??
      here.find((call) => call.key === null && call.titleKey === key);
    if (same !== undefined) return same;
    const waiting = open.filter((call) => call.key === null && call.kind === kind && !isKnown(call));
    return waiting.length === 1 ? waiting[0] : undefined;
  }

  #originOf({ own = false, running }: Sighting): Origin {
    return { own, within: own || running === undefined ? undefined : this.#around(running) };
  }

  /** The call by whose program an act was started: one that has it in its line, or the only one that goes on. */
  #around(running: RunningPart): Call | undefined {
    const going = this.open().filter(({ kind, own }) => kind === "command" && !own);
    const isPart = partsFor(running);
    const saying = going.find((call) => this.#partsOf(call).some(isPart));
    return saying ?? (going.length === 1 ? going[0] : undefined);
  }

  #partsOf(call: Call): readonly ShellPart[] {
    const { command, cwd } = call;
    if (command === null || cwd === null) return [];
    const known = this.#parts.get(call);
    if (known?.line === command && known.cwd === cwd) return known.parts;
    const parts = partsOf(parseShell(command, { cwd }));
    this.#parts.set(call, { line: command, cwd, parts });
    return parts;
  }

  /** A call that a doorway saw before the agent named it. */
  #unnamed(key: string | undefined, cwd: string | undefined): Call | undefined {
    if (key === undefined) return undefined;
    const is = (call: Call): boolean => call.key === key || call.alias === key;
    return [...this.#nameless].find((call) => is(call) && (cwd === undefined || call.cwd === cwd));
  }
}
