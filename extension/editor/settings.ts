import * as vscode from "vscode";
import type { Settings } from "../app.ts";
import { MODES } from "../policy/rules.ts";

/** What a person has set, as it is now. A value that doesn't fit counts as the stricter one. */
export function readSettings(folder?: vscode.Uri): Settings {
  const all = vscode.workspace.getConfiguration("interlock", folder);
  const mode = MODES.find((each) => each === all.get("guard.mode")) ?? "careful";
  const routing = (["on", "show", "off"] as const).find((each) => each === all.get("routing.mode")) ?? "on";
  const shims = all.get("guard.shims") !== false;
  const hooks = all.get("guard.hooks") !== false;
  const mcp = all.get("guard.mcp") !== false;
  const swap = (["ask", "on", "off"] as const).find((each) => each === all.get("routing.swap")) ?? "off";
  const tellsRoute = all.get("routing.tellAgent") !== false;
  return { mode, shims, hooks, mcp, routing, swap, tellsRoute, agents: all.get("agents") };
}

export function gatesEnabled(folder: vscode.Uri): boolean {
  return vscode.workspace.getConfiguration("interlock", folder).get("gates.enabled") !== false;
}

/**
 * Shows a setting whose scope is the machine. Where the extension runs on a server that machine is the server, and the
 * editor's own settings do not have it. Both commands take the query by name; the second takes it in no other way.
 */
export async function openMachineSetting(query: string): Promise<void> {
  const onServer = vscode.env.remoteName !== undefined || vscode.env.appHost !== "desktop";
  const command = onServer ? "workbench.action.openRemoteSettings" : "workbench.action.openSettings";
  await vscode.commands.executeCommand(command, { query });
}
