import { statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import * as vscode from "vscode";
import type { App } from "../app.ts";
import type { PolicySource } from "../policy/source.ts";
import type { SessionBook } from "./book.ts";
import { workspaceRoots } from "./folders.ts";
import type { LazyApp } from "./lazyApp.ts";
import { PolicyDiagnostics } from "./policyDiagnostics.ts";
import { PolicyEdits } from "./policyEdits.ts";

/** Follows the policy files of the window: what they say is read anew when one of them changes, here or elsewhere. */
export class PolicyWatch implements vscode.Disposable {
  readonly edits: PolicyEdits;
  readonly #app: LazyApp;
  readonly #onChange: () => void;
  readonly #diagnostics: PolicyDiagnostics;
  readonly #watched = new Map<string, vscode.Disposable>();
  readonly #disposables: vscode.Disposable[];

  constructor(app: LazyApp, book: SessionBook, onChange: () => void) {
    this.#app = app;
    this.#onChange = onChange;
    this.edits = new PolicyEdits(book);
    this.#diagnostics = new PolicyDiagnostics(() => this.#sources());
    this.#disposables = [
      this.edits,
      this.#diagnostics,
      vscode.workspace.onDidChangeWorkspaceFolders(() => void this.look()),
    ];
  }

  /** At the window's start: a project without a policy needs nothing of this. */
  async begin(): Promise<void> {
    if (workspaceRoots().some((root) => isFile(join(root, "agent-policy.json")))) await this.#app.load();
  }

  /** Follows the files of the folders that are open now. Called when the app is there, and when folders change. */
  async look(): Promise<void> {
    const app = this.#app.loaded;
    if (app === undefined) return;
    const roots = workspaceRoots();
    for (const [root, watch] of this.#watched) {
      if (roots.includes(root)) continue;
      watch.dispose();
      this.#watched.delete(root);
    }
    for (const root of roots) {
      if (!this.#watched.has(root)) this.#watched.set(root, this.#follow(app, await app.policy(root)));
    }
    this.#refresh();
  }

  dispose(): void {
    for (const watch of this.#watched.values()) watch.dispose();
    for (const each of this.#disposables) each.dispose();
  }

  #follow(app: App, { places }: PolicySource): vscode.Disposable {
    const accepted = join(app.stateDirectory, "policy", "*.json");
    return vscode.Disposable.from(
      ...[places.projectFile, places.userFile, accepted].map((path) => {
        const pattern = new vscode.RelativePattern(vscode.Uri.file(dirname(path)), basename(path));
        const watcher = vscode.workspace.createFileSystemWatcher(pattern);
        const refresh = (): void => this.#refresh();
        watcher.onDidChange(refresh);
        watcher.onDidCreate(refresh);
        watcher.onDidDelete(refresh);
        return watcher;
      }),
    );
  }

  #refresh(): void {
    this.#diagnostics.refresh();
    this.#onChange();
  }

  #sources(): readonly PolicySource[] {
    return workspaceRoots().flatMap((root) => this.#app.loaded?.knownPolicy(root) ?? []);
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
