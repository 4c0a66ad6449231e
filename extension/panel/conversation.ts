import type { Approval, RuleOffers } from "../approvals/approval.ts";
import type { CallPatch, EventBody, SessionEvent, SessionState } from "../events/event.ts";
import { GATES, type GateReport } from "../gates/gate.ts";
import { appendOutput, fitText, fitted, headOf, titleOf } from "./bounds.ts";
import { InnerCalls } from "../sessions/innerCalls.ts";
import { emptyCall, patchCall, problemFields } from "./callrow.ts";
import { cardOf, proposalOf } from "./card.ts";
import { Cards } from "./cards.ts";
import { Losses } from "./losses.ts";
import type { Folder } from "./places.ts";
import type { ApprovalCard, CommandChoice, GateChip, Header, PlanStep, Row } from "./protocol.ts";
import { Rows } from "./rows.ts";
import { stepsDone, turnRow } from "./turn.ts";

/** Lines of an agent's stderr that the page shows after a crash, and their length. */
const STDERR_LINES = 20;
const STDERR_CHARACTERS = 500;
/** Steps of a plan, and commands of an agent, that the page lists. Agents seen offer under 100. */
const PLAN_STEPS = 200;
const COMMANDS = 500;
export type HeadPart = "header" | "approvals" | "gates" | "plan" | "commands";

/** What an event changed, small enough to be sent as it is. */
export type Change =
  | { readonly type: "row"; readonly index: number }
  | { readonly type: "text"; readonly index: number; readonly text: string; readonly cut: boolean }
  | { readonly type: "thought"; readonly index: number; readonly ms: number }
  | { readonly type: "output"; readonly index: number; readonly text: string }
  | { readonly type: "head"; readonly part: HeadPart };

/** Whether what a question is about can be brought back, by the effects of its call. */
type UndoOf = (approval: Approval, effects: readonly string[]) => ApprovalCard["undo"];

/** A command as an agent asked for it. */
export interface AskedCommand {
  readonly line: string;
  /** Absolute. */
  readonly cwd: string;
}

type Of<Type extends EventBody["type"]> = Extract<SessionEvent, { readonly type: Type }>;

/**
 * What a person sees of one session, made from its events alone, in their order. Rows are replaced, never changed
 * in place, so what was handed out stays as it was. One for each open session; `Feed` shows one of them at a time.
 */
export class Conversation {
  readonly rows = new Rows();
  #folders: readonly Folder[];
  readonly #undoOf: UndoOf;
  #header: Header;
  #agent = "";
  readonly #cards = new Cards(() => this.#changed({ type: "head", part: "approvals" }));
  #gates: GateChip[] = GATES.map(unknownGate);
  #plan: PlanStep[] = [];
  /** The turn that the plan is of. */
  #planned = 0;
  /** True once nobody goes on with the plan: it was carried out, or its turn was broken off. */
  #planOver = false;
  /** True once no restore point could be kept: then nothing is said to come back. */
  #unprotected = false;
  #commands: CommandChoice[] = [];
  #turnCalls = new Set<number>();
  readonly #inner = new InnerCalls();
  /** By call. */
  readonly #asked = new Map<string, Partial<AskedCommand>>();
  /** By call: the rules that would answer its question. */
  readonly #rules = new Map<string, RuleOffers>();
  /** What its notices say is gone, and what was brought back of it. */
  readonly losses = new Losses(this.rows, (index) => this.#changed({ type: "row", index }));
  #openThought: number | undefined;
  #watcher: ((change: Change) => void) | undefined;

  constructor(session: string, folders: readonly Folder[], undoOf: UndoOf = () => undefined) {
    this.#folders = folders;
    this.#undoOf = undoOf;
    this.#header = { session, agent: "", state: "starting", stderr: [], since: 0 };
  }

  get header(): Header {
    return this.#header;
  }
  /** What waits for an answer. */
  get approvals(): ApprovalCard[] {
    return this.cards.filter((card) => card.over !== true);
  }
  /** Those, and the last ones that nobody waits for any more. */
  get cards(): ApprovalCard[] {
    const { title } = this.#header;
    return title === undefined ? this.#cards.all : this.#cards.all.map((card) => ({ ...card, title }));
  }
  get gates(): GateChip[] {
    return this.#gates;
  }
  get plan(): PlanStep[] {
    return this.#plan;
  }
  get commands(): CommandChoice[] {
    return this.#commands;
  }

  /** One watcher at a time: the feed that shows this conversation. */
  watch(watcher: ((change: Change) => void) | undefined): void {
    this.#watcher = watcher;
  }

  /** The call of a row, for intents that name a row. */
  callOf(row: string): string | undefined {
    return row.startsWith("c:") && this.rows.indexOf(row) !== undefined ? row.slice(2) : undefined;
  }

  /** The whole command of a call and its folder; undefined for what is no command. */
  commandOf(call: string): AskedCommand | undefined {
    const { line, cwd } = this.#asked.get(call) ?? {};
    return line === undefined || cwd === undefined ? undefined : { line, cwd };
  }

  /** The command that was judged last. */
  lastCommand(): AskedCommand | undefined {
    for (const index of this.rows.calls.toReversed()) {
      const row = this.rows.at(index);
      const isJudged = row?.type === "call" && row.call.kind === "command" && row.call.verdict !== undefined;
      const command = isJudged ? this.commandOf(row.id.slice(2)) : undefined;
      if (command !== undefined) return command;
    }
    return undefined;
  }

  /** The rules that would answer the question of a call, also once it was answered. */
  rulesOf(call: string): RuleOffers | undefined {
    return this.#rules.get(call);
  }

  /** The message of a row, for intents that name a row. */
  messageOf(row: string): string | undefined {
    return row.startsWith("m:") && this.rows.indexOf(row) !== undefined ? row.slice(2) : undefined;
  }

  apply(event: SessionEvent): void {
    switch (event.type) {
      case "session.opened":
        this.#agent = event.agent.name;
        return this.#head({
          ...this.#header,
          agent: event.agent.name,
          since: event.at,
          ...(event.environment === undefined ? {} : { environment: event.environment }),
          ...(event.terminal === undefined ? {} : { terminal: true }),
        });
      case "session.worktree": {
        const { branch, folder } = event;
        this.#folders = [...this.#folders, { name: branch.split("/").at(-1) ?? branch, path: folder }];
        return this.#head({ ...this.#header, worktree: { branch, folder } });
      }
      case "session.held": {
        const { held: _, ...header } = this.#header;
        return this.#head(
          event.problem === null ? header : { ...header, held: problemFields(event.problem) },
        );
      }
      case "session.state":
        return this.#state(event.state, event.at);
      case "session.inside":
        return;
      case "session.tools":
        return this.#head({ ...this.#header, tools: event.state });
      case "session.title":
        return this.#head({ ...this.#header, title: event.title });
      case "session.usage":
        return this.#usage(event);
      case "session.commands":
        this.#commands = event.commands.slice(0, COMMANDS);
        return this.#changed({ type: "head", part: "commands" });
      case "plan":
        return this.#showPlan(event.entries.slice(0, PLAN_STEPS), event.turn);
      case "turn.started":
        this.#endThought(event.at);
        this.#turnCalls = new Set();
        this.#cards.dropOver();
        if (this.#planOver) this.#showPlan([], event.turn);
        if (event.prompt === "") return;
        // Until the agent has a title for it, a session is known by what it was first asked.
        if (this.#header.title === undefined) this.#head({ ...this.#header, title: titleOf(event.prompt) });
        return this.#append({
          type: "user",
          id: `u:${event.turn}`,
          at: event.at,
          ...fitted(event.prompt),
          ...(event.origin === undefined ? {} : { origin: event.origin }),
        });
      case "turn.ended":
        return this.#turnEnded(event);
      case "message":
        return this.#message(event);
      case "call":
        return this.#call(event.call, event.patch, event.at);
      case "output":
        return this.#output(event);
      case "approval.opened":
        return this.#opened(event.approval);
      case "approval.settled":
        return this.#cards.settled(event.approval, event.settlement);
      case "gate":
        return this.#gate(event.report);
      case "loss.restored":
        return this.losses.restored(event.loss, event.restored, event.at);
      case "notice":
        this.#unprotected ||= event.loss === undefined && event.problem.code.startsWith("restore.");
        return this.#append({
          type: "notice",
          id: `n:${event.seq}`,
          at: event.at,
          level: event.level,
          problem: problemFields(event.problem),
          ...this.#restorable(event),
          ...(event.call === undefined ? {} : { routed: `c:${event.call}` }),
        });
    }
  }

  #restorable({ seq, loss }: Of<"notice">): { readonly restorable?: true } {
    if (loss === undefined) return {};
    this.losses.note(`n:${seq}`, loss);
    return { restorable: true };
  }

  #state(state: SessionState, at: number): void {
    const { detail: _detail, problem: _problem, ...kept } = this.#header;
    const header: Header = { ...kept, state: state.name, stderr: [], since: at };
    if (state.name === "starting") header.detail = state.waitsFor;
    if (state.name === "ended") header.detail = state.reason;
    if (state.name === "crashed") {
      header.problem = problemFields(state.problem);
      header.stderr = state.stderr.slice(-STDERR_LINES).map((line) => headOf(line, STDERR_CHARACTERS));
    }
    if (state.name === "ended" || state.name === "crashed") {
      this.#endThought(at);
      this.#cards.dropOver();
    }
    this.#head(header);
  }

  #usage(event: Of<"session.usage">): void {
    const { used, size, cost } = event;
    this.#head({
      ...this.#header,
      usage: { used, size, ...(cost === undefined ? {} : { cost: { ...cost } }) },
    });
  }

  #message(event: Of<"message">): void {
    const id = `m:${event.message}`;
    const index = this.rows.indexOf(id);
    if (index === undefined || index !== this.#openThought) this.#endThought(event.at);
    if (index === undefined) {
      this.#append({ type: event.role, id, at: event.at, ...fitted(event.text) });
      if (event.role === "thought") this.#openThought = this.rows.total - 1;
      return;
    }
    const row = this.rows.at(index);
    if (row === undefined || !("text" in row) || row.cut === true) return;
    const fit = fitText(row.text.length, event.text);
    this.rows.replace(index, { ...row, text: row.text + fit.text, ...(fit.cut ? { cut: true } : {}) });
    this.#changed({ type: "text", index, ...fit });
  }

  #call(call: string, told: CallPatch, at: number): void {
    const patch = this.#inner.take(call, told);
    if (patch === null) return;
    const id = `c:${call}`;
    this.#noteCommand(call, patch);
    const index = this.rows.indexOf(id);
    if (patch.problem?.code === "told-to-retry") this.#cards.dropRow(id);
    if (index === undefined) {
      this.#endThought(at);
      this.#append({ type: "call", id, at, call: patchCall(emptyCall(), patch, this.#folders) });
      this.#turnCalls.add(this.rows.total - 1);
      return;
    }
    const row = this.rows.at(index);
    if (row?.type !== "call") return;
    this.#turnCalls.add(index);
    const proposes = patch.proposes && proposalOf(this.#rules.get(call), patch.proposes);
    const changed = patchCall(row.call, patch, this.#folders);
    this.rows.replace(index, { ...row, call: proposes === undefined ? changed : { ...changed, proposes } });
    this.#changed({ type: "row", index });
  }

  #noteCommand(call: string, { asked, cwd }: CallPatch): void {
    if (asked === undefined && cwd === undefined) return;
    const known = this.#asked.get(call);
    this.#asked.set(call, {
      ...known,
      ...(asked === undefined ? {} : { line: asked }),
      ...(cwd === undefined ? {} : { cwd }),
    });
  }

  #output(event: Of<"output">): void {
    const index = this.rows.indexOf(`c:${event.call}`);
    const row = index === undefined ? undefined : this.rows.at(index);
    if (index === undefined || row?.type !== "call") return;
    const { output, cut } = appendOutput(row.call.output, event.text);
    this.rows.replace(index, { ...row, call: { ...row.call, output, outputCut: cut || row.call.outputCut } });
    this.#changed({ type: "output", index, text: event.text });
  }

  #turnEnded(event: Of<"turn.ended">): void {
    this.#endThought(event.at);
    const calls = [...this.#turnCalls].flatMap((index) => {
      const row = this.rows.at(index);
      return row?.type === "call" ? [row.call] : [];
    });
    const plan = this.#planned === event.turn ? this.#plan : [];
    this.#append(turnRow(event, calls, plan));
    this.#turnCalls = new Set();
    // One that was left open may be what the next turn goes on with.
    this.#planOver ||= event.stop !== "end_turn";
  }

  /** It stays pinned until it is carried out; with the next prompt that one is left to the row of its turn. */
  #showPlan(plan: PlanStep[], turn: number): void {
    if (plan.length === 0 && this.#plan.length === 0) return;
    this.#plan = plan;
    this.#planned = turn;
    this.#planOver = stepsDone(plan) === plan.length;
    this.#changed({ type: "head", part: "plan" });
  }

  #opened(approval: Approval): void {
    const index = this.rows.indexOf(`c:${approval.call}`);
    const row = index === undefined ? undefined : this.rows.at(index);
    const effects = row?.type === "call" ? row.call.effects : [];
    if (approval.rules !== undefined) this.#rules.set(approval.call, approval.rules);
    const undo = this.#unprotected ? undefined : this.#undoOf(approval, effects);
    this.#cards.opened(cardOf(approval, this.#agent, this.#folders, undo));
  }

  /** The person has seen that a question is over. */
  dismiss(approval: string): void {
    this.#cards.dismiss(approval);
  }

  #gate(report: GateReport): void {
    this.#gates = this.#gates.map((chip) =>
      chip.gate === report.gate ? { ...report, tools: [...report.tools] } : chip,
    );
    this.#changed({ type: "head", part: "gates" });
  }

  /** A thought ends when something else follows. */
  #endThought(at: number): void {
    const index = this.#openThought;
    this.#openThought = undefined;
    const row = index === undefined ? undefined : this.rows.at(index);
    if (index === undefined || row?.type !== "thought") return;
    const ms = Math.max(0, at - row.at);
    this.rows.replace(index, { ...row, ms });
    this.#changed({ type: "thought", index, ms });
  }

  #append(row: Row): void {
    this.#changed({ type: "row", index: this.rows.append(row) });
  }

  #head(header: Header): void {
    this.#header = header;
    this.#changed({ type: "head", part: "header" });
  }

  #changed(change: Change): void {
    this.#watcher?.(change);
  }
}

/** A gate that has said nothing yet. */
function unknownGate(gate: GateChip["gate"]): GateChip {
  return { gate, state: "unknown", findings: 0, tools: [], at: 0, ms: 0 };
}
