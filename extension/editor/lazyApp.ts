import * as vscode from "vscode";
import type { App } from "../app.ts";
import type { ApprovalStore } from "../approvals/store.ts";
import type { GateDiagnostics } from "./diagnostics.ts";
import type { Mode } from "../policy/rules.ts";
import { fileUri, realPath } from "./folders.ts";
import { readSettings } from "./settings.ts";

/**
 * The app, built when something first needs it: parsers, schemas and process handling are most of the extension's
 * code, and a window that only shows the welcome needs none of them.
 */
export class LazyApp {
  readonly approvals: ApprovalStore;
  readonly #version: string;
  readonly #diagnostics: GateDiagnostics;
  readonly #mode: (set: Mode) => Mode;
  readonly #onLoaded: (app: App) => void;
  #loading: Promise<App> | undefined;
  #loaded: App | undefined;

  /** `mode`: what counts at this moment where that mode is set. */
  constructor(
    version: string,
    approvals: ApprovalStore,
    diagnostics: GateDiagnostics,
    mode: (set: Mode) => Mode,
    onLoaded: (app: App) => void,
  ) {
    this.#version = version;
    this.approvals = approvals;
    this.#diagnostics = diagnostics;
    this.#mode = mode;
    this.#onLoaded = onLoaded;
  }

  /** The app where it was built already. */
  get loaded(): App | undefined {
    return this.#loaded;
  }

  load(): Promise<App> {
    this.#loading ??= this.#build();
    return this.#loading;
  }

  async dispose(): Promise<void> {
    await (await this.#loading)?.dispose();
  }

  async #build(): Promise<App> {
    const [{ App }, { EditorGates }, { EditorFiles }] = await Promise.all([
      import("../app.ts"),
      import("./gates.ts"),
      import("./documents.ts"),
    ]);
    this.#loaded = new App({
      version: this.#version,
      environment: process.env,
      files: new EditorFiles(),
      approvals: this.approvals,
      roots: () => (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath),
      settings: (root) => {
        const settings = readSettings(root === undefined ? undefined : fileUri(root));
        return { ...settings, mode: this.#mode(settings.mode) };
      },
      gatesFor: (app, root) => new EditorGates(app, root, this.#diagnostics),
      baseline: true,
      unsaved: () =>
        vscode.workspace.textDocuments
          .filter(({ isDirty, uri }) => isDirty && uri.scheme === "file")
          .map(({ uri }) => realPath(uri.fsPath)),
    });
    this.#onLoaded(this.#loaded);
    return this.#loaded;
  }
}
