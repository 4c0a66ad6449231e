import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { AgentDefinition } from "../acp/agents.ts";
import type { Approval } from "../approvals/approval.ts";
import type { OpenOptions } from "../app.ts";
import { InterlockError, ok, type Result } from "../errors.ts";
import type { BroughtBack, LostWork, SessionEvent, SessionState } from "../events/event.ts";
import { CallArchive } from "../panel/archive.ts";
import { Conversation } from "../panel/conversation.ts";
import type { ApprovalCard } from "../panel/protocol.ts";
import { closingEvents, windowGone } from "../sessions/replay.ts";
import type { TerminalTree } from "../sessions/inside.ts";
import { undoOf } from "../sessions/undo.ts";
import type { Session } from "../sessions/session.ts";
import { readTranscript, transcriptFolder } from "../sessions/transcript.ts";
import { stateDirectory } from "../state/directory.ts";
import { folderNamed, workspaceFolders } from "./folders.ts";
import type { LazyApp } from "./lazyApp.ts";

/** A session as the window knows it: alive, or only its transcript after a reload. */
export interface Entry {
  readonly id: string;
  readonly agentId: string;
  /** The project's folder, by its real path. */
  readonly root: string;
  readonly conversation: Conversation;
  readonly archive: CallArchive;
  /** Undefined for one that ended with an earlier window. */
  readonly session: Session | undefined;
}

/** One that this window opened. */
export interface LiveEntry extends Entry {
  readonly session: Session;
}

/** What is remembered of open sessions over a reload. */
interface Remembered {
  readonly id: string;
  readonly agentId: string;
  readonly root: string;
}
const REMEMBERED = "interlock.openSessions";
/** Sessions that come back after a reload: the newest. Transcripts of older ones stay on the disk for their time. */
const MAX_REMEMBERED = 30;

/** Events after which a list, a count or a name may be out of date. */
const LISTED: ReadonlySet<SessionEvent["type"]> = new Set([
  "session.state",
  "session.title",
  "session.held",
  "session.worktree",
  "turn.started",
  "approval.opened",
  "approval.settled",
]);

/** The sessions of a window, in the order in which they were opened, and which one is shown. */
export class SessionBook implements vscode.Disposable {
  readonly #app: LazyApp;
  readonly #memory: vscode.Memento;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #entries: Entry[] = [];
  #shown: Entry | undefined;
  readonly #opened = new vscode.EventEmitter<Session>();
  /** A session's agent was started, or failed to. */
  readonly onOpened = this.#opened.event;
  /** Something that lists, counts or names sessions may be out of date. */
  readonly onChange = this.#changed.event;

  constructor(app: LazyApp, memory: vscode.Memento) {
    this.#app = app;
    this.#memory = memory;
  }

  get entries(): readonly Entry[] {
    return this.#entries;
  }

  get shown(): Entry | undefined {
    return this.#shown;
  }

  get shownState(): SessionState["name"] | "none" {
    return this.#shown?.conversation.header.state ?? "none";
  }

  show(entry: Entry): void {
    this.#shown = entry;
    this.#changed.fire();
  }

  /** A list or a count may be out of date by what was done beside the events. */
  refresh(): void {
    this.#changed.fire();
  }

  /** The card of a question, as the panel shows it. */
  cardOf({ id, session }: Approval): ApprovalCard | undefined {
    return this.byId(session)?.conversation.approvals.find((card) => card.id === id);
  }

  byId(id: string): Entry | undefined {
    return this.#entries.find((entry) => entry.id === id);
  }

  /**
   * Opens a session and shows it. Its agent is started, which is not waited for: failing is a state of the session.
   * Throws an `InterlockError` where the workspace is not trusted.
   */
  async open(
    agent: AgentDefinition,
    folder: vscode.WorkspaceFolder,
    options: OpenOptions = {},
  ): Promise<Entry> {
    const entry = await this.#add(agent, folder, options);
    this.show(entry);
    void this.#start(entry.session);
    await this.#remember();
    return entry;
  }

  /**
   * The same for one that nobody asked to see: it is shown where no other is, and goes with its window. Resolves when it has started, or
   * failed to.
   */
  async openBehind(agent: AgentDefinition, folder: vscode.WorkspaceFolder): Promise<Session> {
    const entry = await this.#add(agent, folder, {});
    this.show(this.#shown ?? entry);
    await this.#start(entry.session);
    return entry.session;
  }

  /**
   * Opens a session whose agent runs in a terminal, and resolves when it is armed. Throws an `InterlockError` where nothing would ask.
   */
  async openTerminal(
    name: string,
    folder: vscode.WorkspaceFolder,
    terminal: TerminalTree,
  ): Promise<LiveEntry> {
    const { terminalAgent } = await import("../sessions/terminal.ts");
    const entry = await this.#add(terminalAgent(name), folder, { terminal });
    const { session } = entry;
    this.show(entry);
    await this.#remember();
    await this.#start(session);
    if (session.state.name !== "crashed") return entry;
    const { problem } = session.state;
    await this.close(entry);
    throw new InterlockError(problem);
  }

  async #start(session: Session): Promise<void> {
    await session.start();
    this.#opened.fire(session);
  }

  async #add(
    agent: AgentDefinition,
    folder: vscode.WorkspaceFolder,
    options: OpenOptions,
  ): Promise<LiveEntry> {
    requireTrust();
    const app = await this.#app.load();
    const session = await app.openSession(agent, folder.uri.fsPath, options);
    const { id, place } = session;
    const entry: LiveEntry = {
      id,
      agentId: agent.id,
      root: place.root,
      conversation: new Conversation(id, workspaceFolders(), (approval, effects) =>
        undoOf(approval, effects, place.tree),
      ),
      archive: new CallArchive(),
      session,
    };
    session.listen((event) => this.#apply(entry, event));
    // Whether the record can be written is said above the conversation, as long as it is so.
    const stop = place.audit.onChange(() => this.#changed.fire());
    session.listen((event) => {
      if (event.type === "session.state" && event.state.name === "ended") stop();
    });
    this.#entries.push(entry);
    return entry;
  }

  /** Keeps in the record of each session that is alive that the window trusts them, or doesn't any more. */
  async noteTrust(trusting: boolean, by: "person" | "nobody"): Promise<Result<void>> {
    const alive = this.#entries.flatMap(({ session }) =>
      session === undefined || session.state.name === "ended" ? [] : [session],
    );
    const noted = await Promise.all(alive.map((session) => session.trust.note(trusting, by)));
    return noted.find(({ ok }) => !ok) ?? ok(undefined);
  }

  /** What was lost is back, or that was undone: the alarm's rows say so, and go on saying so after a reload. */
  noteRestored(loss: LostWork, restored: BroughtBack | null): void {
    for (const { session, conversation } of this.#entries) {
      if (session === undefined || session.state.name === "ended")
        conversation.losses.restored(loss, restored, Date.now());
      else session.noteRestored(loss, restored);
    }
  }

  /** What a row says was brought back by this restore. */
  lossBackBy(journal: string): LostWork | undefined {
    for (const { conversation } of this.#entries) {
      const loss = conversation.losses.backBy(journal);
      if (loss !== undefined) return loss;
    }
    return undefined;
  }

  async close(entry: Entry): Promise<void> {
    const at = this.#entries.indexOf(entry);
    if (at < 0) return;
    this.#entries.splice(at, 1);
    if (this.#shown === entry) this.#shown = this.#entries[Math.min(at, this.#entries.length - 1)];
    this.#changed.fire();
    await this.#remember();
    await entry.session?.close();
  }

  /**
   * Starts the agent of an ended session again. After a reload that is a new session of the same agent: the old one stays
   * in the list, to be read.
   */
  async restart(entry: Entry): Promise<void> {
    requireTrust();
    if (entry.session !== undefined) return entry.session.restart();
    const { agents } = (await this.#app.load()).agents();
    const agent = agents.find((each) => each.id === entry.agentId);
    const folder = folderNamed(entry.root);
    if (agent === undefined) throw agentGone(entry);
    if (folder === undefined) throw folderGone(entry);
    await this.open(agent, folder);
  }

  /** Rebuilds, from their transcripts, the sessions that were open when the window was last closed. */
  async restore(): Promise<void> {
    const remembered = this.#memory.get<readonly Remembered[]>(REMEMBERED) ?? [];
    for (const each of remembered) {
      const entry = await restored(each);
      if (entry !== undefined) this.#entries.push(entry);
    }
    this.#shown ??= this.#entries.at(-1);
    this.#changed.fire();
  }

  async dispose(): Promise<void> {
    await Promise.allSettled(this.#entries.map(async ({ session }) => session?.close(windowGone())));
    this.#changed.dispose();
    this.#opened.dispose();
  }

  #apply(entry: Entry, event: SessionEvent): void {
    entry.conversation.apply(event);
    entry.archive.apply(event);
    if (LISTED.has(event.type)) this.#changed.fire();
  }

  async #remember(): Promise<void> {
    const newest = this.#entries
      .filter(({ session }) => session?.agent.ofEditor !== true)
      .slice(-MAX_REMEMBERED);
    const open = newest.map(({ id, agentId, root }): Remembered => ({ id, agentId, root }));
    await this.#memory.update(REMEMBERED, open.length === 0 ? undefined : open);
  }
}

/** A session as its transcript has it, ended where it was cut off; undefined where nothing was kept of it. */
async function restored({ id, agentId, root }: Remembered): Promise<Entry | undefined> {
  const folder = vscode.Uri.file(transcriptFolder(stateDirectory(process.env), root));
  const path = vscode.Uri.joinPath(folder, `${id}.jsonl`).fsPath;
  const events = await readTranscript(path).catch(() => []);
  if (events.length === 0) return undefined;
  const conversation = new Conversation(id, workspaceFolders());
  const archive = new CallArchive();
  for (const event of [...events, ...closingEvents(events, windowGone())]) {
    conversation.apply(event);
    archive.apply(event);
  }
  return { id, agentId, root, conversation, archive, session: undefined };
}

/** Every way to start an agent comes through here: it would run programs that the folder names. */
function requireTrust(): void {
  if (vscode.workspace.isTrusted) return;
  throw new InterlockError({
    code: "workspace.untrusted",
    message: l10n.t("This workspace is not trusted, so no agent is started in it."),
    next: l10n.t("Trust it by “Workspaces: Manage Workspace Trust”."),
  });
}

function agentGone({ conversation }: Entry): InterlockError {
  return new InterlockError({
    code: "agents.gone",
    message: l10n.t("“{0}” is no longer in the setting “interlock.agents”.", conversation.header.agent),
    next: l10n.t("Start a new session with another agent."),
  });
}

function folderGone({ root }: Entry): InterlockError {
  return new InterlockError({
    code: "folder.gone",
    message: l10n.t("The folder {0} is no longer open in this window.", root),
    next: l10n.t("Add it to the workspace again, or start a new session."),
  });
}
