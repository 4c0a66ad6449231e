import * as vscode from "vscode";
import type { Settings } from "../app.ts";
import { MODES } from "../policy/rules.ts";

/** What a person has set, as it is now. A value that doesn't fit counts as the stricter one. */
export function readSettings(folder?: vscode.Uri): Settings {
  const all = vscode.workspace.getConfiguration("interlock", folder);
  const mode = MODES.find((each) => each === all.get("guard.mode")) ?? "careful";
  const routing = (["on", "show", "off"] as const).find((each) => each === all.get("routing.mode")) ?? "on";
  return { mode, routing, swap: all.get("routing.swap") === "on", agents: all.get("agents") };
}

export function gatesEnabled(folder: vscode.Uri): boolean {
  return vscode.workspace.getConfiguration("interlock", folder).get("gates.enabled") !== false;
}
