import type * as vscode from "vscode";
import { editorAgent } from "../acp/agents.ts";
import type { OwnTool } from "../doorways/mcp/ownTools.ts";
import type { Runtime } from "../process/runtime.ts";
import type { Session } from "../sessions/session.ts";
import type { SessionBook } from "./book.ts";

/** The editor's own agents as Interlock knows them: one session for each folder, opened by the first call there. */
export class EditorAgent {
  readonly #book: Pick<SessionBook, "openBehind">;
  /** What calls in this process are told apart by: the editor's name and version. */
  readonly #client: string;
  readonly #sessions = new Map<string, Promise<Session>>();

  constructor(book: Pick<SessionBook, "openBehind">, client: string) {
    this.#book = book;
    this.#client = client;
  }

  /** What the agent reads of its call. Throws an `InterlockError` where no session can be had. */
  async call(
    name: OwnTool,
    args: unknown,
    folder: vscode.WorkspaceFolder,
    signal: AbortSignal,
  ): Promise<string> {
    const { tools } = await this.#session(folder);
    return (await tools.call(name, args, signal, this.#client)).text;
  }

  /** The server for those that start one; null where nobody wants it or the system can't. */
  async relay(folder: vscode.WorkspaceFolder): Promise<Runtime | null> {
    return (await this.#session(folder)).tools.forEditor();
  }

  #session(folder: vscode.WorkspaceFolder): Promise<Session> {
    const key = folder.uri.toString();
    const known = this.#sessions.get(key);
    if (known !== undefined) return known;
    const opening = this.#open(folder, () => {
      if (this.#sessions.get(key) === opening) this.#sessions.delete(key);
    });
    this.#sessions.set(key, opening);
    return opening;
  }

  /** `onGone`: it ended, or could not be opened; the next call has another one. */
  async #open(folder: vscode.WorkspaceFolder, onGone: () => void): Promise<Session> {
    try {
      const session = await this.#book.openBehind(editorAgent(), folder);
      session.listen((event) => {
        if (event.type === "session.state" && event.state.name === "ended") onGone();
      });
      return session;
    } catch (error) {
      onGone();
      throw error;
    }
  }
}
