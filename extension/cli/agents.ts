import * as l10n from "@vscode/l10n";
import { isAbsolute } from "node:path";
import type { AgentDefinition } from "../acp/agents.ts";
import { type InstalledAgent, installedAgents } from "../acp/installed.ts";
import { profileOf } from "../acp/profiles/profiles.ts";
import type { App } from "../app.ts";
import { isProgram } from "../process/path.ts";
import { visible } from "../text/visible.ts";
import { agentsFile, nextHere } from "./agentsFile.ts";
import type { AgentsArguments } from "./arguments.ts";
import { complain } from "./complain.ts";
import { EXIT } from "./exit.ts";

/** `interlock agents`. */
export async function agentsCommand(app: App, args: AgentsArguments): Promise<number> {
  for (const problem of app.agents().problems)
    complain(`${problem.message} ${nextHere(problem, args.agents)}`);
  if (args.action === "list") return list(app, args);
  const { verifyOnTerminal } = await import("./verifyAgent.ts");
  return verifyOnTerminal(app, args);
}

/** Those that are set up, and those that could be. Nothing is started, and no network is asked. */
function list(app: App, { json, agents: file }: AgentsArguments): number {
  const { agents } = app.agents();
  const { tools } = app.toolchain;
  const installed = installedAgents(agents, {
    command: (program) => tools.command(program),
    brought: (id) => app.providedAgents.findNamed(id),
  });
  const listed = agents.map((agent) => told(agent, app));
  if (json) {
    const known = installed.map(({ known: { id, name, acp }, definition }) => {
      return { id, name, start: definition, missing: definition === null ? (acp?.program ?? null) : null };
    });
    process.stdout.write(`${JSON.stringify({ agents: listed, known }, null, 2)}\n`);
    return EXIT.allow;
  }
  say(l10n.t("Agents:"));
  for (const agent of listed) row(agent.id, agent.name, stateText(agent));
  if (installed.length === 0) return EXIT.allow;
  say(l10n.t("On this machine, and not set up:"));
  for (const each of installed) row(each.known.id, each.known.name, howToStart(each));
  say(l10n.t("Add one to {0}, or by “Interlock: Add an Agent” in the editor.", agentsFile(file)));
  return EXIT.allow;
}

function told(agent: AgentDefinition, app: App) {
  const { id, name, command, args, free = false } = agent;
  return { id, name, command, args, profile: profileOf(agent), builtIn: free, found: isThere(agent, app) };
}

/** A path is seen from the session's folder, which isn't known here: only a whole one can be looked at. */
function isThere({ command }: AgentDefinition, { toolchain: { tools } }: App): boolean {
  if (isAbsolute(command)) return isProgram(command, process.platform === "win32");
  return /[/\\]/.test(command) || tools.command(command) !== null;
}

function stateText(agent: ReturnType<typeof told>): string {
  if (agent.builtIn) return l10n.t("comes with Interlock");
  return agent.found ? startText(agent) : l10n.t("{0} was not found", agent.command);
}

function howToStart({ known: { acp }, definition }: InstalledAgent): string {
  if (definition !== null) return startText(definition);
  return l10n.t("speaks ACP by {0}, which was not found", acp?.program ?? "");
}

function startText({
  command,
  args,
}: {
  readonly command: string;
  readonly args: readonly string[];
}): string {
  return [command, ...args].join(" ");
}

function row(id: string, name: string, text: string): void {
  say(`  ${id.padEnd(ID_COLUMN)}  ${name.padEnd(NAME_COLUMN)}  ${text}`);
}

/** Wide enough for the ids and names of the known ones. */
const ID_COLUMN = 12;
const NAME_COLUMN = 15;

function say(text: string): void {
  process.stdout.write(`${visible(text)}\n`);
}
