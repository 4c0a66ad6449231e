import * as l10n from "@vscode/l10n";
import { conditionsText } from "../policy/conditions.ts";
import { routingText } from "../policy/routing.ts";
import type { PolicyFile, RuleEntry } from "../policy/schema.ts";
import type { PolicyState, PolicyText } from "../policy/source.ts";

/** What counts here, for a person at a terminal: each layer with whether it is in force, and what it says. */
export function policyStateText(state: PolicyState): string {
  const { user, accepted, project, pending, inForce } = state;
  const same = pending === null && project.state !== "broken";
  const blocks = [
    block(l10n.t("Built-in rules"), l10n.t("in force"), "", []),
    ofFile(l10n.t("Your own"), user, ownState(user)),
    // What was accepted lies in Interlock's own folder, where nobody edits it.
    ...(same || accepted.state === "absent"
      ? []
      : [block(l10n.t("The project's, as accepted"), l10n.t("in force"), "", saysOf(accepted))]),
    ofFile(l10n.t("The project's"), project, projectState(state)),
  ];
  if (inForce.unreadable !== null)
    blocks.push(l10n.t("A policy can't be read: everything is asked about until it is in order."));
  if (pending !== null && pending.loosens.length > 0) {
    const lines = pending.loosens.map(({ what, message }) => `  ${what}: ${message}`);
    const waits = l10n.t("Not in force until a person applies it, by “Interlock: Apply the Policy…”:");
    blocks.push([waits, ...lines].join("\n"));
  }
  return blocks.join("\n\n");
}

function ownState({ state }: PolicyText): string {
  const states = { absent: l10n.t("none"), valid: l10n.t("in force"), broken: l10n.t("can't be read") };
  return states[state];
}

function projectState({ project, pending }: PolicyState): string {
  if (project.state !== "valid" || pending === null) return ownState(project);
  if (pending.loosens.length === 0) return l10n.t("in force, since it only tightens");
  return pending.loosens.length === 1
    ? l10n.t("in force but for 1 thing that it loosens")
    : l10n.t("in force but for {0} things that it loosens", pending.loosens.length);
}

function ofFile(label: string, text: PolicyText, state: string): string {
  const problems = text.problems.map(({ line, column, message }) => `! ${line}:${column} ${message}`);
  return block(label, state, text.path, [...problems, ...saysOf(text)]);
}

function block(label: string, state: string, path: string, lines: readonly string[]): string {
  const indented = [path, ...lines].filter((line) => line !== "").map((line) => `  ${line}`);
  return [`${label}: ${state}`, ...indented].join("\n");
}

function saysOf({ file }: PolicyText): readonly string[] {
  if (file === null) return [];
  const lines = [...settingLines(file), ...ruleLines(file)];
  return lines.length === 0 ? [l10n.t("It changes nothing.")] : lines;
}

/** What differs from what holds without it. */
function settingLines({
  branches,
  files,
  network,
  environments,
  sessions,
  spend,
}: PolicyFile): readonly string[] {
  const lines: string[] = [];
  const list = (entries: readonly string[] | undefined, say: (names: string) => string): void => {
    if (entries !== undefined && entries.length > 0) lines.push(say(entries.join(", ")));
  };
  /** Without the list all is open; an empty one closes all. */
  const open = (entries: readonly string[] | undefined, say: (names: string) => string): void => {
    if (entries !== undefined) lines.push(say(entries.length === 0 ? l10n.t("none") : entries.join(", ")));
  };
  open(branches?.write, (names) => l10n.t("branches that agents write to: {0}", names));
  list(branches?.protected, (names) => l10n.t("more protected branches: {0}", names));
  open(files?.writable, (names) => l10n.t("folders that agents write in: {0}", names));
  list(files?.protected, (names) => l10n.t("asked before they are written: {0}", names));
  list(files?.secret, (names) => l10n.t("asked before they are read or sent: {0}", names));
  list(files?.restore, (names) => l10n.t("ignored files that restore points keep: {0}", names));
  if (network?.read === "ask") lines.push(l10n.t("reading from machines that aren't listed: asked about"));
  if (network?.read === "deny") lines.push(l10n.t("reading from machines that aren't listed: refused"));
  list(network?.hosts, (names) => l10n.t("machines that data may be sent to: {0}", names));
  for (const [name, hosts] of Object.entries(environments ?? {}))
    list(hosts, (names) => l10n.t("hosts of {0}, asked about: {1}", name, names));
  if (sessions?.where === "worktree") lines.push(l10n.t("sessions work in a worktree of their own"));
  if (spend?.perRun !== undefined)
    lines.push(l10n.t("prompts are held from ${0} a session on", spend.perRun.toFixed(2)));
  if (spend?.perDay !== undefined)
    lines.push(l10n.t("prompts are held from ${0} a day on", spend.perDay.toFixed(2)));
  return lines;
}

/** What a rule applies to comes first: its reason is its author's word for it. */
function said(does: string, rule: RuleEntry): string {
  return `${does}: ${conditionsText(rule)} · ${rule.reason} (${rule.id})`;
}

function ruleLines({ deny = [], ask = [], allow = [], routing = [] }: PolicyFile): readonly string[] {
  return [
    ...deny.map((rule) => said(l10n.t("never"), rule)),
    ...ask.map((rule) => said(l10n.t("asks"), rule)),
    ...allow.map((rule) => said(l10n.t("allows"), rule)),
    ...routing.map((rule) => `${routingText(rule)} · ${rule.reason} (${rule.id})`),
  ];
}
