import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { AgentDefinition } from "../acp/agents.ts";
import type { SessionEvent, SessionState } from "../events/event.ts";
import { CallArchive } from "../panel/archive.ts";
import { Conversation } from "../panel/conversation.ts";
import type { Folder } from "../panel/places.ts";
import { closingEvents } from "../sessions/replay.ts";
import type { Session } from "../sessions/session.ts";
import type { LazyApp } from "./lazyApp.ts";
import { stateDirectory } from "../state/directory.ts";
import { pruneTranscripts, readTranscript, transcriptFolder } from "../sessions/transcript.ts";

/** A session as the window knows it: alive, or only its transcript after a reload. */
export interface Entry {
  readonly id: string;
  readonly agentId: string;
  readonly root: string;
  readonly conversation: Conversation;
  readonly archive: CallArchive;
  /** Undefined for one that ended with an earlier window. */
  readonly session: Session | undefined;
}

/** What is remembered of open sessions over a reload. */
interface Remembered {
  readonly id: string;
  readonly agentId: string;
  readonly root: string;
}
const REMEMBERED = "interlock.openSessions";

/** The sessions of a window, in the order in which they were opened, and which one is shown. */
export class SessionBook implements vscode.Disposable {
  readonly #app: LazyApp;
  readonly #memory: vscode.Memento;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #entries: Entry[] = [];
  #shown: Entry | undefined;
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

  show(entry: Entry | undefined): void {
    this.#shown = entry;
    this.#changed.fire();
  }

  byId(id: string): Entry | undefined {
    return this.#entries.find((entry) => entry.id === id);
  }

  async open(agent: AgentDefinition, folder: vscode.WorkspaceFolder): Promise<Entry> {
    const app = await this.#app.load();
    const session = await app.openSession(agent, folder.uri.fsPath);
    const { root } = session.place;
    const entry: Entry = {
      id: session.id,
      agentId: agent.id,
      root,
      conversation: new Conversation(session.id, folders()),
      archive: new CallArchive(),
      session,
    };
    session.listen((event) => this.#apply(entry, event));
    this.#entries.push(entry);
    this.show(entry);
    await this.#remember();
    void pruneTranscripts(transcriptFolder(app.stateDirectory, root), Date.now());
    await session.start();
    return entry;
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

  /** Starts the agent of an ended session again. After a reload that is a new session of the same agent. */
  async restart(entry: Entry): Promise<void> {
    if (entry.session !== undefined) return entry.session.restart();
    const { agents } = (await this.#app.load()).agents();
    const agent = agents.find((each) => each.id === entry.agentId) ?? agents[0];
    const folder = vscode.workspace.workspaceFolders?.find((each) => each.uri.fsPath === entry.root);
    const [first] = vscode.workspace.workspaceFolders ?? [];
    const target = folder ?? first;
    if (agent === undefined || target === undefined) return;
    await this.close(entry);
    await this.open(agent, target);
  }

  /** Rebuilds, from their transcripts, the sessions that were open when the window was last closed. */
  async restore(): Promise<void> {
    const remembered = this.#memory.get<readonly Remembered[]>(REMEMBERED) ?? [];
    for (const { id, agentId, root } of remembered) {
      const path = vscode.Uri.joinPath(
        vscode.Uri.file(transcriptFolder(stateDirectory(process.env), root)),
        `${id}.jsonl`,
      ).fsPath;
      const events = await readTranscript(path).catch(() => []);
      if (events.length === 0) continue;
      const conversation = new Conversation(id, folders());
      const archive = new CallArchive();
      const reason = l10n.t("The window was reloaded, which ended the agent.");
      for (const event of [...events, ...closingEvents(events, reason)]) {
        conversation.apply(event);
        archive.apply(event);
      }
      this.#entries.push({ id, agentId, root, conversation, archive, session: undefined });
    }
    this.#shown ??= this.#entries.at(-1);
    this.#changed.fire();
  }

  async dispose(): Promise<void> {
    await Promise.allSettled(this.#entries.map((entry) => entry.session?.close()));
    this.#changed.dispose();
  }

  #apply(entry: Entry, event: SessionEvent): void {
    entry.conversation.apply(event);
    entry.archive.apply(event);
    const listed = event.type === "session.state" || event.type === "session.title";
    if (listed || event.type === "approval.opened" || event.type === "approval.settled") this.#changed.fire();
  }

  async #remember(): Promise<void> {
    const open = this.#entries.map(({ id, agentId, root }): Remembered => ({ id, agentId, root }));
    await this.#memory.update(REMEMBERED, open.length === 0 ? undefined : open);
  }
}

function folders(): readonly Folder[] {
  return (vscode.workspace.workspaceFolders ?? []).map(({ name, uri }) => ({ name, path: uri.fsPath }));
}
