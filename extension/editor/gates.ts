import type * as vscode from "vscode";
import type { App } from "../app.ts";
import type { GateResult } from "../gates/gate.ts";
import { Gates } from "../gates/gates.ts";
import type { ConnectServer } from "../gates/serverLink.ts";
import type { Processes } from "../process/processes.ts";
import type { GateDiagnostics } from "./diagnostics.ts";
import { fileUri } from "./folders.ts";
import { gatesEnabled } from "./settings.ts";

/** The client library is a chunk of its own: it is loaded when the first server starts. */
function clientFor(processes: Processes): ConnectServer {
  return (spec) => {
    const link = import("./languageClient.ts").then(({ connectServer }) => connectServer(spec, processes));
    return {
      ready: link.then(({ ready }) => ready),
      request: async (method, params, signal) => (await link).request(method, params, signal),
      notify: (method, params) => void link.then((each) => each.notify(method, params)),
      end: async () => (await link).end(),
    };
  };
}

/** The gates of a window's folder: findings become problems of the editor, and the setting can switch them off. */
export class EditorGates extends Gates {
  readonly #folder: vscode.Uri;

  constructor(app: App, root: string, diagnostics: GateDiagnostics) {
    const { toolchain, processes } = app;
    super({ folder: root, toolchain, processes, connect: clientFor(processes) });
    this.#folder = fileUri(root);
    this.onReport(() => diagnostics.publish(root, this.findings()));
  }

  override async edited(paths: readonly string[]): Promise<readonly GateResult[]> {
    return gatesEnabled(this.#folder) ? super.edited(paths) : [];
  }

  override async touched(what: "files" | "sources"): Promise<void> {
    if (gatesEnabled(this.#folder)) await super.touched(what);
  }

  override baseline(): void {
    if (gatesEnabled(this.#folder)) super.baseline();
  }
}
