import * as l10n from "@vscode/l10n";
import { basename } from "node:path";
import * as vscode from "vscode";
import {
  CloseAction,
  ErrorAction,
  type InitializeParams,
  LanguageClient,
  type LanguageClientOptions,
  RevealOutputChannelOn,
  type StaticFeature,
} from "vscode-languageclient/node";
import { GATE_CAPABILITIES, type ServerLink, type ServerSpec } from "../gates/serverLink.ts";
import type { ManagedProcess, Processes } from "../process/processes.ts";

/** A server that doesn't take its leave within this is ended. */
const LEAVE_MS = 500;

/**
 * The editor's client, without its features for open documents: it follows none and publishes nothing. The gates hand
 * over files as they are on the disk, ask for findings themselves, and publish them in a collection of their own.
 */
class GateClient extends LanguageClient {
  /** The library makes its features when it is built, and asks two of them before each message; none is put to use. */
  override registerFeature(feature: Parameters<LanguageClient["registerFeature"]>[0]): void {
    if (feature === GATE_FEATURE) super.registerFeature(feature);
  }

  protected override registerBuiltinFeatures(): void {
    super.registerBuiltinFeatures();
    this.registerFeature(GATE_FEATURE);
  }

  protected override fillInitializeParams(params: InitializeParams): void {
    super.fillInitializeParams(params);
    // Paths are compared with those on the disk: the server must work where the gate looks.
    const { workspaceFolder } = this.clientOptions;
    if (workspaceFolder === undefined) return;
    const uri = workspaceFolder.uri.toString();
    params.rootUri = uri;
    params.workspaceFolders = [{ uri, name: workspaceFolder.name }];
  }
}

const GATE_FEATURE: StaticFeature = {
  fillClientCapabilities(capabilities) {
    Object.assign(capabilities, structuredClone(GATE_CAPABILITIES));
  },
  initialize() {},
  getState: () => ({ kind: "static" }),
  clear() {},
};

/** Starts a language server in a process group of ours, by the editor's client library. */
export function connectServer(spec: ServerSpec, processes: Processes): ServerLink {
  let server: ManagedProcess | undefined;
  const name = `${basename(spec.command)} (${basename(spec.root)})`;
  const options: LanguageClientOptions = {
    documentSelector: [],
    initializationOptions: spec.options,
    workspaceFolder: { uri: vscode.Uri.file(spec.root), name: basename(spec.root), index: 0 },
    outputChannel: channel(),
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    initializationFailedHandler: () => false,
    // What fails is told by the question that was asked; the checker starts another server or falls back.
    errorHandler: {
      error: () => ({ action: ErrorAction.Shutdown, handled: true }),
      closed: () => ({ action: CloseAction.DoNotRestart, handled: true }),
    },
    middleware: {
      // Servers may register what they like: nothing is watched or followed for them here.
      handleRegisterCapability: async () => {},
      handleUnregisterCapability: async () => {},
      handleDiagnostics: () => {},
    },
  };
  const client = new GateClient(
    "interlock.gates",
    name,
    async () => {
      server = processes.spawn({ command: spec.command, args: spec.args, cwd: spec.root, stdin: "pipe" });
      const { stdin, stdout, stderr } = server;
      // What it logs is nobody's to read here, but a full pipe would stop it.
      stderr.resume();
      if (stdin === null) throw new Error("A language server needs a standard input.");
      return { reader: stdout, writer: stdin };
    },
    options,
  );
  // There are no settings to hand over: each one asked for is null.
  client.onRequest("workspace/configuration", ({ items }: { items: readonly unknown[] }) =>
    items.map(() => null),
  );
  return {
    ready: client.start(),
    request: (method, params, signal) => ask(client, method, params, signal),
    notify: (method, params) => void client.sendNotification(method, params).catch(() => {}),
    end: async () => {
      // One that is still starting can't be told to leave.
      if (client.isRunning()) await client.dispose(LEAVE_MS).catch(() => {});
      await server?.end(0);
    },
  };
}

async function ask(
  client: LanguageClient,
  method: string,
  params: unknown,
  signal: AbortSignal,
): Promise<unknown> {
  const source = new vscode.CancellationTokenSource();
  const cancelled = new Promise<never>((_, reject) => {
    signal.addEventListener(
      "abort",
      () => {
        source.cancel();
        reject(new Error("cancelled"));
      },
      { once: true },
    );
  });
  signal.throwIfAborted();
  try {
    return await Promise.race([client.sendRequest(method, params, source.token), cancelled]);
  } finally {
    source.dispose();
  }
}

let output: vscode.LogOutputChannel | undefined;

/** What the client library itself has to say: for bug reports, never shown by itself. */
function channel(): vscode.LogOutputChannel {
  output ??= vscode.window.createOutputChannel(l10n.t("Interlock language servers"), { log: true });
  return output;
}
