import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { AgentDefinition } from "../acp/agents.ts";
import { freeId, installedAgents, isSetUp } from "../acp/installed.ts";
import { KNOWN_AGENTS, type KnownAgent } from "../acp/known.ts";
import { readOwnCommand } from "../acp/ownCommand.ts";
import type { App } from "../app.ts";
import { PROVIDED_AGENTS, type ProvidedAgent } from "../toolchain/provision/agentPins.ts";
import { agentOfferLine, agentOfferTerms } from "../toolchain/provision/consent.ts";
import type { AgentOffer } from "../toolchain/provision/providedAgents.ts";
import { READ_MS } from "./confirm.ts";
import { plainLabel, plainMessage } from "./labels.ts";
import type { LazyApp } from "./lazyApp.ts";
import { openMachineSetting } from "./settings.ts";

/** What is written into the setting. */
type Written = Pick<AgentDefinition, "id" | "name" | "command" | "args">;

interface Way extends vscode.QuickPickItem {
  /** What comes of choosing it; undefined where the person went back. */
  readonly make?: () => Promise<Written | undefined>;
}

/** Adds an agent to the setting: one of this machine, one that is fetched from npm, or a command of the person's own. */
export async function addAgent(lazy: LazyApp): Promise<void> {
  const app = await lazy.load();
  const chosen = await vscode.window.showQuickPick(waysOf(app), {
    title: l10n.t("Add an agent"),
    placeHolder: l10n.t("Which agent?"),
    matchOnDescription: true,
  });
  const definition = await chosen?.make?.();
  if (definition === undefined || !(await write(definition))) return;
  const start = l10n.t("New session…");
  const answer = await vscode.window.showInformationMessage(
    plainMessage(l10n.t("{0} was added.", definition.name)),
    start,
  );
  if (answer === start) await vscode.commands.executeCommand("interlock.newSessionWith");
}

function waysOf(app: App): readonly Way[] {
  const { agents } = app.agents();
  const { tools } = app.toolchain;
  const installed = installedAgents(agents, {
    command: (program) => tools.command(program),
    brought: (id) => app.providedAgents.findNamed(id),
  });
  const startable = installed.flatMap(({ definition }) => definition ?? []);
  const here = startable.map((definition): Way => ({
    label: plainLabel(definition.name),
    description: plainLabel([definition.command, ...definition.args].join(" ")),
    make: () => Promise.resolve(definition),
  }));
  const toGet = KNOWN_AGENTS.flatMap((known): readonly Way[] => {
    const agent = PROVIDED_AGENTS.find((id) => id === known.id);
    const there = isSetUp(known, agents) || startable.some(({ name }) => name === known.name);
    return agent === undefined || there ? [] : [wayToGet(app, known, agent)];
  });
  const own: Way = {
    label: `$(terminal) ${l10n.t("A command of your own…")}`,
    description: l10n.t("any program that speaks the Agent Client Protocol"),
    make: () => ownCommand(agents),
  };
  const setting: Way = {
    label: `$(gear) ${l10n.t("Open the setting")}`,
    description: "interlock.agents",
    make: () => openMachineSetting("interlock.agents").then(() => undefined),
  };
  return [
    ...section(l10n.t("On this machine"), here),
    ...section(l10n.t("To be installed"), toGet),
    ...section("", [own, setting]),
  ];
}

function section(label: string, ways: readonly Way[]): readonly Way[] {
  return ways.length === 0 ? [] : [{ label, kind: vscode.QuickPickItemKind.Separator }, ...ways];
}

function wayToGet(app: App, known: KnownAgent, agent: ProvidedAgent): Way {
  const offer = app.providedAgents.offer(agent);
  const label = `$(cloud-download) ${known.name}`;
  if (!offer.ok) {
    const { message, next } = offer.error;
    const tell = (): Promise<undefined> => {
      void vscode.window.showWarningMessage(plainMessage(`${message} ${next}`));
      return Promise.resolve(undefined);
    };
    return { label, description: plainLabel(message), make: tell };
  }
  const { version, megabytes, host } = offer.value;
  return {
    label,
    description: plainLabel(l10n.t("{0}, about {1} MB, from npm ({2})", version, megabytes, host)),
    make: () => get(app, known, offer.value),
  };
}

/** Installs it once a person has read what, how much, from where and where to, and said yes. */
async function get(app: App, known: KnownAgent, offer: AgentOffer): Promise<Written | undefined> {
  const yes = l10n.t("Install");
  const shownAt = Date.now();
  const detail = [agentOfferLine(offer), "", agentOfferTerms()].map((line) => plainMessage(line)).join("\n");
  const question = plainMessage(l10n.t("Install {0}?", known.name));
  const answer = await vscode.window.showInformationMessage(question, { modal: true, detail }, yes);
  // A key that was meant for something else is no answer.
  if (answer !== yes || Date.now() - shownAt < READ_MS) return undefined;
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: plainMessage(
      l10n.t("Installing {0} {1}, about {2} MB", known.name, offer.version, offer.megabytes),
    ),
    cancellable: true,
  };
  const got = await vscode.window.withProgress(options, async (_, token) => {
    const stop = new AbortController();
    const listening = token.onCancellationRequested(() => stop.abort());
    try {
      return await app.providedAgents.get(offer, stop.signal);
    } finally {
      listening.dispose();
    }
  });
  if (got.ok) {
    const { command, args } = got.value;
    const id = freeId(known.id, app.agents().agents);
    return { id, name: known.name, command, args: [...args, ...(known.acp?.args ?? [])] };
  }
  const { code, message, next } = got.error;
  if (code !== "tool.cancelled") void vscode.window.showErrorMessage(plainMessage(`${message} ${next}`));
  return undefined;
}

async function ownCommand(agents: readonly AgentDefinition[]): Promise<Written | undefined> {
  const line = await vscode.window.showInputBox({
    title: l10n.t("Command of the agent"),
    prompt: l10n.t("A program that speaks ACP on its standard input and output, and its arguments."),
    placeHolder: "my-agent acp",
    ignoreFocusOut: true,
    validateInput: (text) => {
      const read = readOwnCommand(text);
      return read.ok ? null : read.error;
    },
  });
  const read = readOwnCommand(line ?? "");
  if (line === undefined || !read.ok) return undefined;
  const { command, args } = read.value;
  const program = command.split(/[/\\]/).at(-1) ?? command;
  const name = await vscode.window.showInputBox({
    title: l10n.t("What is it called?"),
    value: program,
    ignoreFocusOut: true,
    validateInput: (text) =>
      text.trim() === "" || text.length > NAME_LENGTH ? l10n.t("“name” takes 1 to 100 characters") : null,
  });
  if (name === undefined) return undefined;
  return { id: freeId(idOf(name), agents), name: name.trim(), command, args: [...args] };
}

/** As the setting takes it. */
const NAME_LENGTH = 100;
const ID_LENGTH = 50;

function idOf(name: string): string {
  const slug = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
  return slug.replace(/^-+/, "").slice(0, ID_LENGTH).replace(/-+$/, "") || "agent";
}

/** Adds it to what the setting has, as it stands there. False where that is no list, which is the person's to mend. */
async function write(definition: Written): Promise<boolean> {
  const settings = vscode.workspace.getConfiguration("interlock");
  const now: unknown = settings.get("agents");
  if (!Array.isArray(now)) {
    await openMachineSetting("interlock.agents");
    void vscode.window.showErrorMessage(
      l10n.t("The agents are no list. Correct it in the setting “interlock.agents”."),
    );
    return false;
  }
  const agents = [...(now as readonly unknown[]), definition];
  await settings.update("agents", agents, vscode.ConfigurationTarget.Global);
  return true;
}
