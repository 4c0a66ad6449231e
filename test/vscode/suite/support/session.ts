import { mkdir, realpath } from "node:fs/promises";
import { join } from "node:path";

import * as vscode from "vscode";

import { App } from "../../../../extension/app.ts";
import type { AgentDefinition } from "../../../../extension/acp/agents.ts";
import { ApprovalStore } from "../../../../extension/approvals/store.ts";
import { GateDiagnostics } from "../../../../extension/editor/diagnostics.ts";
import { EditorFiles } from "../../../../extension/editor/documents.ts";
import { EditorGates } from "../../../../extension/editor/gates.ts";
import { readSettings } from "../../../../extension/editor/settings.ts";
import type { SessionEvent } from "../../../../extension/events/event.ts";
import type { Session } from "../../../../extension/sessions/session.ts";
import type { Script } from "../../../agents/script.ts";
import { scriptedAgent, type ScriptedAgent } from "../../../agents/start.ts";
import { tempDir, type Owner } from "../../../harness/temp.ts";

/** Where the extension under test lies, sources and tests with it. */
export const EXTENSION = vscode.extensions.getExtension("interlock.interlock")?.extensionPath ?? "";

/** The folder that the window is open on, by its real path. */
export async function sampleFolder(): Promise<string> {
  return realpath(vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? "");
}

/** What the extension builds for a window, in this window's extension host, without its panel. */
export async function appInEditor(t: Owner, stateDirectory?: string): Promise<App> {
  const state = stateDirectory ?? join(await tempDir(t), "state");
  const diagnostics = new GateDiagnostics();
  const app = new App({
    version: "0.0.0",
    environment: { ...process.env, INTERLOCK_STATE_DIR: state },
    files: new EditorFiles(),
    approvals: new ApprovalStore(),
    roots: () => (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath),
    settings: (root) => readSettings(root === undefined ? undefined : vscode.Uri.file(root)),
    gatesFor: (self, root) => new EditorGates(self, root, diagnostics),
    baseline: false,
    programs: join(EXTENSION, "dist"),
  });
  t.after(async () => {
    await app.dispose();
    diagnostics.dispose();
  });
  return app;
}

export interface Answer {
  readonly result?: { readonly content?: string } | null;
  readonly error?: { readonly code: number; readonly message: string };
}

/** A session in this extension host, and what it told. */
export interface EditorSession {
  readonly session: Session;
  readonly project: string;
  readonly events: readonly SessionEvent[];
  /** What commands put out so far. */
  output(): string;
}

export async function openSession(
  t: Owner,
  app: App,
  agent: AgentDefinition,
  project: string,
): Promise<EditorSession> {
  const session = await app.openSession(agent, project);
  const events: SessionEvent[] = [];
  session.listen((event) => events.push(event));
  t.after(() => session.close());
  await session.start();
  return {
    session,
    project,
    events,
    output: () => events.flatMap((event) => (event.type === "output" ? [event.text] : [])).join(""),
  };
}

/** A session whose agent does what a script says. */
export class ScriptedSession {
  readonly #session: Session;
  readonly #agent: ScriptedAgent;

  private constructor(session: Session, agent: ScriptedAgent) {
    this.#session = session;
    this.#agent = agent;
  }

  static async open(t: Owner, project: string, script: Script, app?: App): Promise<ScriptedSession> {
    const scripted = scriptedAgent(await tempDir(t), script);
    const [, ...files] = scripted.args;
    const { session } = await openSession(
      t,
      app ?? (await appInEditor(t)),
      {
        id: "scripted",
        name: "Scripted",
        command: scripted.command,
        // This suite is built into another folder than the agent lies in.
        args: [join(EXTENSION, "test", "agents", "scripted.ts"), ...files],
        env: process.versions["electron"] === undefined ? {} : { ELECTRON_RUN_AS_NODE: "1" },
      },
      project,
    );
    if (session.state.name !== "ready") throw new Error(JSON.stringify(session.state));
    return new ScriptedSession(session, scripted);
  }

  /** Runs the script's next turn, and resolves with what the agent was answered to its requests in it. */
  async turn(): Promise<readonly Answer[]> {
    const before = this.#answers().length;
    await this.#session.prompt("go");
    return this.#answers().slice(before);
  }

  #answers(): readonly Answer[] {
    return this.#agent.log().flatMap(({ got }) => {
      return got === undefined || got.method !== undefined ? [] : [got as Answer];
    });
  }
}

/** A folder for a project, with files in it. */
export async function projectFolder(t: Owner): Promise<string> {
  const folder = join(await tempDir(t), "project");
  await mkdir(folder);
  return folder;
}
