import * as vscode from "vscode";
import type { App } from "../app.ts";
import type { GateResult } from "../gates/gate.ts";
import { Gates } from "../gates/gates.ts";
import type { GateDiagnostics } from "./diagnostics.ts";
import { gatesEnabled } from "./settings.ts";

/** The gates of a window's folder: findings become problems of the editor, and the setting can switch them off. */
export class EditorGates extends Gates {
  readonly #folder: vscode.Uri;

  constructor(app: App, root: string, diagnostics: GateDiagnostics) {
    super({ folder: root, toolchain: app.toolchain, processes: app.processes });
    this.#folder = vscode.Uri.file(root);
    this.onReport(() => diagnostics.publish(root, this.findings()));
  }

  override async edited(paths: readonly string[]): Promise<readonly GateResult[]> {
    return gatesEnabled(this.#folder) ? super.edited(paths) : [];
  }

  override baseline(): void {
    if (gatesEnabled(this.#folder)) super.baseline();
  }
}
