import * as l10n from "@vscode/l10n";
import { randomUUID } from "node:crypto";
import type { AgentDefinition } from "../acp/agents.ts";
import { AgentStartError } from "../acp/connection.ts";
import type { AgentEnd } from "../acp/process.ts";
import { Grants } from "../approvals/grants.ts";
import { Calls } from "../door/calls.ts";
import { Door } from "../door/door.ts";
import { InterlockError, type Problem } from "../errors.ts";
import type {
  BroughtBack,
  LostWork,
  SessionEvent,
  SessionState,
  StopReason as Ending,
} from "../events/event.ts";
import { isMarked } from "../process/group.ts";
import { MadeFiles } from "../restore/made.ts";
import { Doorways } from "./doorways.ts";
import { Budget } from "./budget.ts";
import { Gestures } from "./gestures.ts";
import { linkAgent } from "./link.ts";
import { Questions } from "./questions.ts";
import { promptedInTerminal, TerminalAgent } from "./terminal.ts";
import type { SessionLink } from "./sessionLink.ts";
import type { GateKeeper, Ground, SessionHost, SessionOptions, SessionPlace } from "./host.ts";
import { type FollowUp, FollowUps } from "./followUps.ts";
import { Granted } from "./granted.ts";
import { tellLimits } from "./limits.ts";
import type { McpServer } from "./mcp.ts";
import { Messages } from "./messages.ts";
import { FirstRoute } from "./firstRoute.ts";
import { notReady, startFailed } from "./problems.ts";
import { SecondTries } from "./secondTries.ts";
import { Turns, type TurnsParts } from "./turns.ts";
import { EditorLink, promptedElsewhere } from "./editorLink.ts";
import { EventStream } from "./stream.ts";
import { GuardSwitch, TrustNote } from "./switches.ts";
import { pruneTranscripts, Transcript, transcriptFolder } from "./transcript.ts";
import { Protection } from "./protection.ts";
import { OpenEnvironment } from "./openEnvironment.ts";
import { Trees } from "./trees.ts";

/** One agent at work: its process, its doorways, its calls and its events. It builds its parts and disposes them. */
export class Session {
  readonly id: string = randomUUID();
  readonly agent: AgentDefinition;
  readonly place: SessionPlace;
  readonly guard: GuardSwitch;
  readonly trust: TrustNote;
  readonly budget: Budget;
  readonly granted: Granted;
  readonly again: SecondTries;
  readonly inTerminal: boolean;
  readonly #host: SessionHost;
  readonly #stream = new EventStream(this.id);
  /** Tells of something that happened around it, and that a person should know with it. */
  readonly note = this.#stream.notice;
  readonly #calls: Calls;
  readonly #messages: Messages;
  readonly #doorways: Doorways;
  readonly #transcript: Transcript;
  readonly #protection: Protection;
  readonly #followUps = new FollowUps(() => this.#followUp());
  readonly #environment: OpenEnvironment;
  readonly #trees: Trees;
  readonly #questions: Questions;
  readonly #turns = new Turns();
  readonly #grants = new Grants();
  /** Where the editor prompts the agent. */
  readonly #editor: EditorLink | undefined;
  readonly #closing: (() => void)[] = [];
  readonly #end = new AbortController();
  #state: SessionState = { name: "starting", waitsFor: "" };
  #link: SessionLink | undefined;
  #connecting: Promise<void> | undefined;
  /** An agent that ended: what it left is being ended. */
  #leaving: Promise<void> | undefined;
  #crash: SessionState | undefined;
  #closed: Promise<void> | undefined;

  constructor(agent: AgentDefinition, place: SessionPlace, host: SessionHost, options: SessionOptions = {}) {
    const [{ environment, terminal }, { cwd }, { approvals }] = [options, place, host];
    this.inTerminal = terminal !== undefined;
    this.agent = agent;
    if (agent.ofEditor === true) this.#editor = new EditorLink(() => this.#runTurn(""));
    this.place = place;
    this.#host = host;
    const { emit, notice } = this.#stream;
    const turn = (): number => this.#turns.count;
    const stopped = (): AbortSignal => this.#turns.stopped;
    const stop = (): void => void this.cancel();
    const warn = (problem: Problem): void => notice("warning", problem);
    const transcripts = transcriptFolder(host.stateDirectory, place.root);
    this.#transcript = new Transcript(transcripts, this.id, warn);
    this.#closing.push(this.#stream.listen((event) => this.#transcript.append(event)));
    const calls = (this.#calls = new Calls(emit, turn, (call) => this.#doorways.ended(call)));
    this.#messages = new Messages(emit, turn);
    this.#protection = new Protection({
      points: host.restorePoints,
      alarms: host.alarms,
      session: this.id,
      agent: agent.name,
      turn,
      onProblem: warn,
      onLoss: (problem, loss) => notice("error", problem, { loss }),
    });
    const gestures = new Gestures({ session: this.id, turn, cwd, audit: place.audit });
    this.again = new SecondTries({
      grants: this.#grants,
      gestures,
      followUps: this.#followUps,
      emit: (call, patch) => emit({ type: "call", turn: turn(), call, patch }),
      takesPrompts: () => this.#link !== undefined && this.#editor === undefined,
      inTerminal: this.inTerminal,
    });
    this.granted = new Granted(gestures, this.#grants, (problem) => notice("info", problem));
    this.#environment = new OpenEnvironment(environment, gestures);
    const firstRoute = new FirstRoute(host.stateDirectory, place.root, (problem, call) =>
      notice("info", problem, { call }),
    );
    this.guard = new GuardSwitch(gestures, (problem, off) => notice(off ? "error" : "info", problem));
    this.trust = new TrustNote(gestures);
    this.#trees = new Trees({
      place,
      host,
      emit,
      agent: agent.id,
      canMove: agent.ofEditor !== true,
      onFolder: (folder) => this.#protection.begin(folder),
      tell: (asked, { branch, folder }, carried) => this.#followUps.moved(asked, branch, folder, carried),
      onProblem: warn,
    });
    const ground = (): Ground => {
      return { project: place.root, trees: this.#trees.roots, environment: this.#environment.name };
    };
    this.budget = new Budget({
      session: this.id,
      agent,
      free: agent.free === true,
      ledger: host.spend,
      limits: () => host.spendLimits(ground()),
      gestures,
      onHeld: (problem) => this.#held(problem),
      onNotice: warn,
      stop,
    });
    const door = new Door({
      session: this.id,
      isOff: () => this.guard.off,
      calls,
      approvals,
      grants: this.#grants,
      audit: place.audit,
      made: new MadeFiles(isMarked),
      considering: (signal) => host.considering(ground(), signal),
      why: () => this.#messages.lastSentence(),
      stopped,
      excuse: (call, places) => this.#protection.excuse(call, places.length === 0 ? [cwd] : places),
      explain: (call) => this.#protection.explain(call),
      protect: (folder, act) => this.#protection.beforeAct(folder === "" ? cwd : folder, act),
      elsewhere: this.#trees,
      locks: () => this.#doorways.locks,
      swaps: () => this.#doorways.swaps,
      onSent: (call, considered) => firstRoute.announce(call.id, considered),
    });
    const parts = { session: this.id, host, place, terminal, door, calls, transcripts, emit, turn, stopped };
    this.#doorways = new Doorways({
      ...parts,
      deciding: { ground, gestures, grants: this.#grants, followUps: this.#followUps },
      trees: this.#trees,
      messages: this.#messages,
      protection: this.#protection,
      during: this.#editor?.during,
      onClosed: () => this.#questions.end(),
      onNotice: warn,
    });
    const isOver = (): boolean => this.#end.signal.aborted;
    const asking = { session: this.id, approvals, followUps: this.#followUps, emit, stop, isOver };
    this.#questions = new Questions(asking);
    this.#closing.push(
      this.#questions.close,
      place.audit.onChange((state) => {
        if (!state.writable) notice("error", state.problem);
      }),
    );
    this.listen((event) => {
      this.#trees.heed(event);
      if (event.type === "session.state") this.#protection.heed(event.state);
      if (event.type === "session.usage") this.budget.usage(event.cost);
    });
  }

  get gates(): GateKeeper {
    return this.#trees.gates;
  }

  /** Interlock's own tools, as this session has them. */
  get tools(): Pick<McpServer, "call" | "forEditor"> {
    return this.#doorways.mcp;
  }

  get state(): SessionState {
    return this.#state;
  }

  /** Tells what the terminal of a session that runs in one is to be opened with; undefined before it is armed. */
  get terminal(): Pick<TerminalAgent, "forCommand" | "shell"> | undefined {
    return this.#link instanceof TerminalAgent ? this.#link : undefined;
  }

  /** Counts from 1; 0 before the first. */
  get turn(): number {
    return this.#turns.count;
  }

  listen(listener: (event: SessionEvent) => void): () => void {
    return this.#stream.listen(listener);
  }

  /** Starts the agent and opens its session. Failure is a state, not an exception. */
  start(): Promise<void> {
    const [{ cwd, root }, { id, name }] = [this.place, this.agent];
    void pruneTranscripts(transcriptFolder(this.#host.stateDirectory, root), Date.now());
    const where = { cwd, ...this.#environment.told, ...(this.inTerminal ? { terminal: true as const } : {}) };
    this.#stream.emit({ type: "session.opened", agent: { id, name }, ...where });
    this.#trees.begin();
    this.#connecting = tellLimits(this.#host, this.place, this.#stream).then(() => this.#connect());
    this.#protection.begin(cwd);
    return this.#connecting;
  }

  /** Starts the agent anew after it ended. What was said stays, but the agent does not remember it. */
  async restart(): Promise<void> {
    if (this.#closed !== undefined || this.#state.name !== "crashed") return;
    this.#connecting = this.#connect();
    await this.#connecting;
  }

  /** Sends a prompt and resolves when its turn has ended. Only a ready session takes one. */
  async prompt(text: string, origin?: FollowUp["origin"]): Promise<Ending> {
    if (this.#editor !== undefined) throw new InterlockError(promptedElsewhere());
    if (this.inTerminal) throw new InterlockError(promptedInTerminal());
    const held = this.#state.name === "ready" ? this.budget.check() : null;
    if (held !== null) {
      this.#followUps.keep({ text, origin });
      throw new InterlockError(held);
    }
    return this.#runTurn(text, origin);
  }

  async #runTurn(text: string, origin?: FollowUp["origin"]): Promise<Ending> {
    const link = this.#link;
    if (this.#state.name !== "ready" || link === undefined) throw new InterlockError(notReady());
    const parts: TurnsParts = {
      agent: this.agent.name,
      stream: this.#stream,
      messages: this.#messages,
      calls: this.#calls,
      protection: this.#protection,
      questions: this.#questions,
      doorways: this.#doorways,
      budget: this.budget,
      followUps: this.#followUps,
      leaving: () => this.#leaving,
      onBegun: () => this.#become({ name: "working" }),
      onEnded: () => this.#settle(),
    };
    return this.#turns.run(parts, link, text, origin);
  }

  /** Stops the turn. An agent that doesn't stop within the grace period is ended. */
  async cancel(graceMs?: number): Promise<void> {
    const link = this.#link;
    const running = this.#turns.running;
    if (link === undefined || running === undefined || this.#state.name !== "working") return;
    this.#become({ name: "cancelling" });
    this.#turns.stop();
    await link.cancel(running, graceMs);
    await running;
  }

  /** A person brought back what was lost, or undid that: kept with the session where its alarm was. */
  noteRestored(loss: LostWork, restored: BroughtBack | null): void {
    this.#stream.emit({ type: "loss.restored", loss, restored });
  }

  /** Resolves when the gates have said what they think of the edits so far. */
  checked(): Promise<void> {
    return this.#doorways.checks.settled();
  }

  /** Ends the session with everything that it started. `reason`: what a person reads of it afterwards. */
  close(reason = l10n.t("The session was closed.")): Promise<void> {
    this.#closed ??= this.#close(reason);
    return this.#closed;
  }

  async #close(reason: string): Promise<void> {
    const link = this.#link;
    this.#link = undefined;
    this.#doorways.checks.close();
    this.#end.abort();
    this.#questions.end();
    this.#turns.stop();
    await Promise.allSettled([link?.close(), this.#connecting, this.#leave()]);
    await this.#turns.running;
    await this.#doorways.close();
    if (this.inTerminal) this.#protection.afterTurn();
    await Promise.allSettled([this.guard.end(), this.trust.end(), this.budget.kept()]);
    await this.#protection.end();
    // A branch goes with its empty worktree: that is no loss.
    if (await this.#trees.close()) await this.#host.alarms.explain(this.place.root);
    this.#become({ name: "ended", reason });
    for (const undo of this.#closing) undo();
    await this.#transcript.close();
  }

  async #connect(): Promise<void> {
    this.#become({ name: "starting", waitsFor: l10n.t("starting its program") });
    await this.#leaving;
    this.#leaving = undefined;
    const unopened = await this.#environment.openWith(this.place.audit);
    if (unopened !== null) this.#stream.notice("error", unopened);
    this.#messages.interrupt();
    // A new agent begins guarded.
    await this.guard.end();
    if (this.#end.signal.aborted) return;
    this.budget.agentStarted();
    try {
      const link = await linkAgent({
        agent: this.agent,
        place: this.place,
        host: this.#host,
        doorways: this.#doorways,
        editor: this.#editor,
        inTerminal: this.inTerminal,
        onProgress: (waitsFor) => this.#become({ name: "starting", waitsFor }),
        signal: this.#end.signal,
      });
      // What a turn is to others, the terminal as a whole is to it.
      if (this.inTerminal)
        await this.#protection.watching().then(() => this.#protection.beforeTurn(this.agent.name));
      if (this.#end.signal.aborted) return await link.close();
      this.#link = link;
      if (this.#editor !== undefined) this.#held(null);
      if (this.#host.baseline) this.gates.baseline();
      this.#crash = undefined;
      void link.ended.then((end) => this.#agentEnded(link, end));
      this.#settle();
    } catch (error) {
      if (this.#end.signal.aborted) return;
      const stderr = error instanceof AgentStartError ? error.stderr : [];
      this.#become({ name: "crashed", problem: startFailed(error), stderr });
    }
  }

  async #agentEnded(link: SessionLink, { problem, stderr }: AgentEnd): Promise<void> {
    if (this.#link !== link) return;
    this.#link = undefined;
    this.#crash = { name: "crashed", problem, stderr };
    this.#leaving = this.#leave().then(() => this.guard.end());
    await this.#leaving;
    // Its turn ends first.
    if (this.#turns.running === undefined) this.#settle();
  }

  /** What comes of a session when nothing is going on. */
  #settle(): void {
    if (this.#closed !== undefined) return;
    if (this.#link !== undefined) this.#become({ name: "ready" });
    else if (this.#crash !== undefined) this.#become(this.#crash);
    this.#followUp();
  }

  /** Sends what an answer left to be said, as soon as the agent can take it. */
  #followUp(): void {
    if (this.#state.name !== "ready" || this.#editor !== undefined) return;
    const next = this.#followUps.take();
    if (next !== undefined) void this.prompt(next.text, next.origin).catch(() => {});
  }

  #held(problem: Problem | null): void {
    this.#stream.emit({ type: "session.held", problem: this.#editor ? promptedElsewhere() : problem });
    if (problem === null) this.#followUp();
  }

  /** The agent is gone: ends what it left, and resolves when every row says so. */
  async #leave(): Promise<void> {
    this.#questions.end();
    this.#calls.endTurn();
    await this.#doorways.leave();
    this.#calls.endAll();
  }

  #become(state: SessionState): void {
    this.#state = state;
    this.#stream.emit({ type: "session.state", state });
  }
}
