import type { App } from "../app.ts";
import { Gates } from "../gates/gates.ts";

/** The gates of a CLI run: each tool is started for each question. */
export function cliGates(app: App, root: string): Gates {
  return new Gates({ folder: root, toolchain: app.toolchain, processes: app.processes });
}
