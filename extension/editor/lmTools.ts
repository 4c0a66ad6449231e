import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { OWN_TOOLS, type OwnTool } from "../doorways/mcp/ownTools.ts";
import { InterlockError } from "../errors.ts";
import type { EditorAgent } from "./editorAgent.ts";
import { folderFor } from "./folders.ts";
import { plainLabel } from "./labels.ts";
import { readSettings } from "./settings.ts";

/** As package.json declares it. */
const PROVIDER = "interlock.tools";
/** Characters of a command in the line that the chat shows while it runs. */
const SHOWN_CHARACTERS = 80;

/** An editor that calls itself one of ours may lack what it has no chat for. */
type Offers = Partial<Pick<typeof vscode.lm, "registerTool" | "registerMcpServerDefinitionProvider">>;

/**
 * Offers Interlock's own tools to the editor's own agents: as tools of its chat, and as a server for those that start servers. `load`
 * brings what a call needs; until one comes there is nothing but names here.
 */
export function offerTools(load: () => Promise<EditorAgent>): vscode.Disposable {
  const lm = vscode.lm as Offers | undefined;
  const offered: vscode.Disposable[] = [];
  if (lm?.registerTool !== undefined)
    offered.push(
      ...OWN_TOOLS.map((name) => vscode.lm.registerTool(`interlock_${name}`, chatTool(name, load))),
    );
  if (lm?.registerMcpServerDefinitionProvider !== undefined) offered.push(...serverProvider(load));
  return vscode.Disposable.from(...offered);
}

type Input = Readonly<Record<string, unknown>>;

function chatTool(name: OwnTool, load: () => Promise<EditorAgent>): vscode.LanguageModelTool<Input> {
  return {
    prepareInvocation: ({ input }) => ({ invocationMessage: messageFor(name, input) }),
    async invoke({ input }, token) {
      const stop = new AbortController();
      const listening = token.onCancellationRequested(() => stop.abort());
      if (token.isCancellationRequested) stop.abort();
      try {
        const text = await answer(load, name, input, stop.signal);
        return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text)]);
      } finally {
        listening.dispose();
      }
    },
  };
}

/** What the agent reads: also where nothing could be called at all. */
async function answer(
  load: () => Promise<EditorAgent>,
  name: OwnTool,
  input: Input,
  signal: AbortSignal,
): Promise<string> {
  const folder = folderFor([input["cwd"], input["paths"]].flat());
  if (folder === undefined) return `interlock: ${l10n.t("No folder is open, so nothing was run.")}`;
  if (!readSettings(folder.uri).mcp)
    return `interlock: ${l10n.t("Interlock's own tools are switched off by “interlock.guard.mcp”, so nothing was run.")}`;
  try {
    return await (await load()).call(name, input, folder, signal);
  } catch (error) {
    if (!(error instanceof InterlockError)) throw error;
    return `interlock: ${error.message} ${error.next}`;
  }
}

/** What goes on, in the words of the chat's other tools. */
function messageFor(name: OwnTool, input: Input): string {
  switch (name) {
    case "run":
      return l10n.t("Running `{0}` through Interlock", shown(input["command"]));
    case "test":
      return l10n.t("Running the tests");
    case "lint":
      return l10n.t("Running the linter");
    case "typecheck":
      return l10n.t("Checking the types");
    case "format":
      return l10n.t("Formatting");
    case "add_dependency":
      return l10n.t("Adding `{0}` to the dependencies", shown(input["packages"]));
    case "remove_dependency":
      return l10n.t("Removing `{0}` from the dependencies", shown(input["packages"]));
    case "sync":
      return l10n.t("Installing what the lock says");
    case "gates":
      return l10n.t("Looking at how the checks stand");
    case "restore_points":
      return l10n.t("Looking at the restore points");
    case "policy_explain":
      return l10n.t("Asking what would become of `{0}`", shown(input["command"]));
  }
}

/** An agent's words inside of a code span: they can't end it. */
function shown(value: unknown): string {
  const text = Array.isArray(value) ? value.join(" ") : typeof value === "string" ? value : "";
  const plain = plainLabel(text).replaceAll("`", "'");
  return plain.length > SHOWN_CHARACTERS ? `${plain.slice(0, SHOWN_CHARACTERS)}…` : plain;
}

function serverProvider(load: () => Promise<EditorAgent>): readonly vscode.Disposable[] {
  const changed = new vscode.EventEmitter<void>();
  const tell = (): void => changed.fire();
  const provider = { onDidChangeMcpServerDefinitions: changed.event, ...folderServers(load) };
  return [
    changed,
    vscode.lm.registerMcpServerDefinitionProvider(PROVIDER, provider),
    vscode.workspace.onDidChangeWorkspaceFolders(tell),
    vscode.workspace.onDidGrantWorkspaceTrust(tell),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("interlock.guard.mcp")) tell();
    }),
  ];
}

/** A server for each folder: nothing listens before the editor starts one. */
export function folderServers(load: () => Promise<Pick<EditorAgent, "relay">>) {
  return {
    async provideMcpServerDefinitions(): Promise<vscode.McpStdioServerDefinition[]> {
      const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => readSettings(uri).mcp);
      if (folders.length === 0 || !vscode.workspace.isTrusted) return [];
      const { helperRuntime } = await import("../process/runtime.ts");
      const { command, args, env } = helperRuntime("mcp");
      return folders.map((folder) => {
        return new vscode.McpStdioServerDefinition(labelOf(folder), command, [...args], { ...env });
      });
    },
    async resolveMcpServerDefinition(
      server: vscode.McpStdioServerDefinition,
    ): Promise<vscode.McpStdioServerDefinition | undefined> {
      const folder = vscode.workspace.workspaceFolders?.find((each) => labelOf(each) === server.label);
      const relay = folder === undefined ? null : await (await load()).relay(folder);
      if (relay === null) return undefined;
      const { command, args, env } = relay;
      return Object.assign(server, { command, args: [...args], env: { ...env } });
    },
  };
}

function labelOf({ name }: vscode.WorkspaceFolder): string {
  const several = (vscode.workspace.workspaceFolders?.length ?? 0) > 1;
  return several ? l10n.t("Interlock ({0})", name) : "Interlock";
}
