import type { Doorway } from "../audit/record.ts";
import { ENFORCEMENT_OF } from "../audit/record.ts";
import type { CallKind, CallPatch, CallStatus, EventBody } from "../events/event.ts";
import type { ShellScript } from "../shell/command.ts";

/** One tool call, however many doorways see it. */
export interface Call {
  readonly id: string;
  readonly turn: number;
  toolCallId: string | undefined;
  /** The command in canonical form; null while it isn't known. */
  key: string | null;
  cwd: string | null;
  /** The command as the agent said it; null while it isn't known. */
  command: string | null;
  kind: CallKind;
  readonly doorways: Doorway[];
  status: CallStatus;
  /** Null after a signal; undefined while it isn't known. */
  exit: number | null | undefined;
}

export interface Sighting {
  readonly doorway: Doorway;
  readonly toolCallId?: string | undefined;
  readonly kind: CallKind;
  readonly title: string;
  readonly key: string;
  readonly cwd: string;
}

export interface Announcement {
  readonly toolCallId: string;
  readonly kind?: CallKind | undefined;
  readonly title?: string | undefined;
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

/** The same act has the same key at every doorway, whether it arrives as a line or as an argument list. */
export function callKey(script: ShellScript): string {
  const commands = script.commands.map((command) => command.words.map((word) => word.text).join("\0"));
  return commands.length === 0 ? script.text.trim() : commands.join("\n");
}

/** The calls of one session. Every sighting joins a call, or begins one. */
export class Calls {
  readonly #emit: (event: EventBody) => void;
  readonly #turn: () => number;
  readonly #onEnd: (call: Call) => void;
  readonly #calls = new Map<string, Call>();
  /** Ended calls by the agent's id: agents go on reporting on them. */
  readonly #ended = new Map<string, Call>();
  #count = 0;

  constructor(emit: (event: EventBody) => void, turn: () => number, onEnd: (call: Call) => void) {
    this.#emit = emit;
    this.#turn = turn;
    this.#onEnd = onEnd;
  }

  open(): readonly Call[] {
    return [...this.#calls.values()];
  }

  byToolCall(toolCallId: string): Call | undefined {
    return this.open().find((call) => call.toolCallId === toolCallId);
  }

  /** The agent names a tool call; nothing happened yet as far as Interlock knows. */
  announce(announced: Announcement): Call {
    const { toolCallId, key, cwd, kind, title } = announced;
    const over = this.#ended.get(toolCallId);
    if (over !== undefined) return over;
    const known = this.byToolCall(toolCallId) ?? this.#unnamed(key, cwd);
    const call = known ?? this.#begin(kind ?? "tool");
    call.toolCallId = toolCallId;
    if (kind !== undefined) call.kind = kind;
    call.key ??= key ?? null;
    call.cwd ??= cwd ?? null;
    this.update(call, {
      ...(kind === undefined ? {} : { kind }),
      ...(title === undefined || call.doorways.length > 0 ? {} : { title }),
    });
    return call;
  }

  /** A doorway sees an act. */
  sight(sighting: Sighting): Call {
    const call = this.#match(sighting) ?? this.#begin(sighting.kind);
    call.toolCallId ??= sighting.toolCallId;
    call.key = sighting.key;
    call.cwd = sighting.cwd;
    call.kind = sighting.kind;
    if (!call.doorways.includes(sighting.doorway)) call.doorways.push(sighting.doorway);
    this.update(call, { kind: sighting.kind, title: sighting.title, doorways: [...call.doorways] });
    return call;
  }

  update(call: Call, patch: CallPatch): void {
    if (hasEnded(call) && !this.#calls.has(call.id)) return;
    if (patch.status !== undefined) call.status = patch.status;
    if (patch.exit !== undefined) call.exit = patch.exit;
    if (patch.asked !== undefined && call.kind === "command") call.command = patch.asked;
    this.#emit({ type: "call", turn: call.turn, call: call.id, patch });
    if (!hasEnded(call)) return;
    this.#calls.delete(call.id);
    if (call.toolCallId !== undefined) this.#remember(call.toolCallId, call);
    this.#onEnd(call);
  }

  /** What the agent says of its call. Where Interlock ran it, or said no, its own word stands. */
  report(call: Call, status: "pending" | "in_progress" | "completed" | "failed"): void {
    if (hasEnded(call) || call.status === "held") return;
    const through = call.doorways.some((doorway) => ENFORCEMENT_OF[doorway] === "through");
    if (through || status === "pending") return;
    if (call.doorways.length === 0) call.doorways.push("observed");
    const checked = call.doorways.some((doorway) => ENFORCEMENT_OF[doorway] === "checked");
    const ended = status === "failed" ? "failed" : checked ? "done" : "seen";
    this.update(call, {
      doorways: [...call.doorways],
      status: status === "in_progress" ? "running" : ended,
    });
  }

  /** The turn or the session is over: what is still open will not happen any more. */
  endAll(): void {
    for (const call of this.open()) this.update(call, { status: "cancelled" });
  }

  #remember(toolCallId: string, call: Call): void {
    this.#ended.set(toolCallId, call);
    const [oldest] = this.#ended.keys();
    if (this.#ended.size > ENDED_CALLS && oldest !== undefined) this.#ended.delete(oldest);
  }

  #begin(kind: CallKind): Call {
    const id = `c${++this.#count}`;
    const call: Call = {
      id,
      turn: this.#turn(),
      toolCallId: undefined,
      key: null,
      cwd: null,
      command: null,
      kind,
      doorways: [],
      status: "pending",
      exit: undefined,
    };
    this.#calls.set(id, call);
    return call;
  }

  #match(sighting: Sighting): Call | undefined {
    const { toolCallId, key, cwd, doorway, kind } = sighting;
    if (toolCallId !== undefined) {
      const named = this.byToolCall(toolCallId);
      if (named !== undefined) return named;
    }
    // The same doorway sees an act once: the same command there again is another act.
    const open = this.open().filter((call) => !call.doorways.includes(doorway));
    const same = open.filter((call) => call.key === key && (call.cwd === null || call.cwd === cwd));
    if (same[0] !== undefined) return same[0];
    const waiting = open.filter(
      (call) => call.key === null && call.kind === kind && call.doorways.length === 0,
    );
    return waiting.length === 1 ? waiting[0] : undefined;
  }

  #unnamed(key: string | undefined, cwd: string | undefined): Call | undefined {
    if (key === undefined) return undefined;
    return this.open().find(
      (call) => call.toolCallId === undefined && call.key === key && (cwd === undefined || call.cwd === cwd),
    );
  }
}
