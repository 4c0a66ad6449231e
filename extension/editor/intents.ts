import * as l10n from "@vscode/l10n";
import { stripVTControlCharacters } from "node:util";
import * as vscode from "vscode";
import type { Approval } from "../approvals/approval.ts";
import type { LazyApp } from "./lazyApp.ts";
import type { FileDiff } from "../events/event.ts";
import type { GateId } from "../gates/gate.ts";
import type { IntentHandlers } from "../panel/intent.ts";
import type { Entry, SessionBook } from "./book.ts";
import { compareFindings } from "./compareFindings.ts";
import { fileUri } from "./folders.ts";
import type { GuardedTerminals } from "./guardedTerminals.ts";
import type { ProjectCards } from "./projectCards.ts";
import type { LossDiffs } from "./lossDiffs.ts";
import type { PolicyCommands } from "./policyCommands.ts";
import type { RestoreCommands } from "./restorePoints.ts";
import type { RoutedCalls } from "./routedCalls.ts";
import type { RuleDrafts } from "./ruleDrafts.ts";
import { openMachineSetting } from "./settings.ts";
import type { Texts } from "./texts.ts";

interface IntentParts {
  readonly app: LazyApp;
  readonly book: SessionBook;
  readonly texts: Texts;
  readonly policy: PolicyCommands;
  readonly restore: RestoreCommands;
  readonly drafts: RuleDrafts;
  readonly routed: RoutedCalls;
  readonly terminals: GuardedTerminals;
  readonly projects: ProjectCards;
  readonly losses: LossDiffs;
}

/** What the page asks for, done. The page names things by id; what they are is looked up here. */
export function intentHandlers(parts: IntentParts): IntentHandlers {
  const { app, book, texts, policy, restore, drafts, routed, terminals, losses, projects } = parts;
  const lossOf = (approval: string) => app.approvals.pending().find(({ id }) => id === approval)?.loss;
  const run = (command: string): void => void vscode.commands.executeCommand(command);
  return {
    newSession: () => run("interlock.newSession"),
    addAgent: () => run("interlock.addAgent"),
    openFolder: () => run("workbench.action.files.openFolder"),
    manageTrust: () => run("workbench.trust.manage"),
    walkthrough: () => run("interlock.openWalkthrough"),
    prompt: async ({ text }) => {
      await book.shown?.session?.prompt(text).catch(() => {});
    },
    stop: () => run("interlock.stop"),
    restart: () => run("interlock.restart"),
    showTerminal: () => terminals.show(book.shown),
    copyReport: () => copyReport(book.shown),
    answer: ({ approval, choice, words }) => void app.approvals.settle(approval, choice, "person", words),
    writeRule: async ({ session, row }) => {
      const call = book.byId(session)?.conversation.callOf(row);
      if (call !== undefined) await drafts.open(session, call);
    },
    retry: ({ session, row }) => retry(book.byId(session), row),
    dismiss: ({ session, approval }) => {
      book.byId(session)?.conversation.dismiss(approval);
      book.refresh();
    },
    openLoss: ({ approval, file }) => losses.openFile(lossOf(approval), file),
    openLostRevision: ({ approval, revision }) => losses.openRevision(lossOf(approval), revision),
    compareFindings: ({ approval }) => {
      const asked = app.approvals.pending().find(({ id }) => id === approval);
      return asked && compareFindings(texts, asked);
    },
    openOutput: ({ row }) => openOutput(book.shown, texts, row),
    openDiff: ({ row, file }) => openDiff(book.shown, texts, row, file),
    openText: ({ row }) => openText(book.shown, texts, row),
    openLink: ({ href }) => openLink(href),
    runGate: ({ gate }) => runGate(book.shown, gate),
    showFindings: () => run("workbench.actions.view.problems"),
    explain: ({ row }) => explain(book.shown, policy, row),
    runAsAsked: ({ session, row }) => routed.act("runAsAsked", book.byId(session), row),
    dontRoute: ({ session, row }) => routed.act("dontRoute", book.byId(session), row),
    whyRoute: ({ row }) => routed.act("why", book.shown, row),
    routingSetting: () =>
      void vscode.commands.executeCommand("workbench.action.openSettings", "interlock.routing"),
    bringBack: async ({ row }) => {
      const loss = book.shown?.conversation.losses.of(row);
      if (loss !== undefined) await restore.bringBackLost(loss);
    },
    undoBack: async ({ row }) => {
      const { conversation } = book.shown ?? {};
      const [loss, journal] = [conversation?.losses.of(row), conversation?.losses.undoableOf(row)];
      if (loss !== undefined && journal !== undefined) await restore.undoBack(loss, journal);
    },
    projectOffer: ({ project }) => projects.takeOffer(project),
    getTool: ({ project, tool }) => projects.getTool(project, tool),
    revokeSwap: ({ project, rule }) => projects.revokeSwap(project, rule),
    openEvidence: ({ project, item }) => projects.openEvidence(project, item),
    banner: async ({ action }) => {
      if (!(await policy.banner(action))) await bannerAction(app, book.shown, action);
    },
  };
}

async function explain(entry: Entry | undefined, policy: PolicyCommands, row: string): Promise<void> {
  const call = entry?.conversation.callOf(row);
  const command = call === undefined ? undefined : entry?.conversation.commandOf(call);
  if (command !== undefined) await policy.explain(command);
}

function retry(entry: Entry | undefined, row: string): void {
  const call = entry?.conversation.callOf(row);
  if (call !== undefined) entry?.session?.again.allowed(call);
}

/** What a person can paste into a bug report: no prompt, no output, no path of theirs but the agent's own lines. */
async function copyReport(entry: Entry | undefined): Promise<void> {
  if (entry === undefined) return;
  const { header } = entry.conversation;
  const problem = header.problem;
  const lines = [
    `Agent: ${header.agent} (${entry.agentId})`,
    `State: ${header.state}`,
    ...(problem === undefined ? [] : [`Problem: ${problem.code}: ${problem.message}`]),
    "Last lines on stderr:",
    ...header.stderr.map((line) => `  ${line}`),
  ];
  await vscode.env.clipboard.writeText(lines.join("\n"));
}

function callOf(entry: Entry | undefined, row: string) {
  const call = entry?.conversation.callOf(row);
  return call === undefined ? undefined : entry?.archive.details(call);
}

async function openOutput(entry: Entry | undefined, texts: Texts, row: string): Promise<void> {
  const details = callOf(entry, row);
  if (details === undefined) return;
  const dropped =
    details.dropped > 0 ? `${l10n.t("({0} characters before this were not kept)", details.dropped)}\n` : "";
  await texts.open("output.log", dropped + stripVTControlCharacters(details.output));
}

/** What an edit that waits for an answer would change; the file itself where the agent did not say. */
export async function openAskedDiff(entry: Entry | undefined, texts: Texts, asked: Approval): Promise<void> {
  const { call, file = "" } = asked;
  const diffs = callOf(entry, `c:${call}`)?.diffs ?? [];
  const named = diffs.findIndex(({ path }) => path === file);
  // The agent may have named its only file by a link.
  if (named >= 0 || diffs.length === 1) return openDiff(entry, texts, `c:${call}`, Math.max(named, 0));
  await vscode.commands.executeCommand("vscode.open", fileUri(file));
}

/** False while a call waits, and for one that was turned down: its diff is what it would have done. */
function didHappen(entry: Entry | undefined, id: string): boolean {
  const rows = entry?.conversation.rows;
  const row = rows?.at(rows.indexOf(id) ?? -1);
  const status = row?.type === "call" ? row.call.status : "done";
  return !["pending", "held", "rejected", "refused", "cancelled"].includes(status);
}

async function openDiff(entry: Entry | undefined, texts: Texts, row: string, index: number): Promise<void> {
  const diff: FileDiff | undefined = callOf(entry, row)?.diffs[index];
  if (diff === undefined) return;
  const target = fileUri(diff.path);
  if (diff.newText === undefined) {
    await vscode.commands.executeCommand("vscode.open", target);
    return;
  }
  const name = diff.path.split(/[/\\]/).at(-1) ?? "file";
  const [before, after] = [texts.add(name, diff.oldText ?? ""), texts.add(name, diff.newText)];
  await vscode.commands.executeCommand(
    "vscode.diff",
    before,
    after,
    didHappen(entry, row)
      ? l10n.t("{0}: before and after the edit", name)
      : l10n.t("{0}: now, and as it would be", name),
  );
}

async function openText(entry: Entry | undefined, texts: Texts, row: string): Promise<void> {
  const index = entry?.conversation.rows.indexOf(row);
  const found = index === undefined ? undefined : entry?.conversation.rows.at(index);
  if (found !== undefined && "text" in found) await texts.open("message.md", found.text);
}

/** The editor asks before it leaves: `openExternal` shows the address. Anything but a web address is not opened. */
async function openLink(href: string): Promise<void> {
  const uri = vscode.Uri.parse(href, true);
  if (uri.scheme !== "https" && uri.scheme !== "http" && uri.scheme !== "mailto") return;
  const open = l10n.t("Open");
  const answer = await vscode.window.showInformationMessage(
    l10n.t("Open a link from an agent's message?"),
    { modal: true, detail: uri.toString(true) },
    open,
  );
  if (answer === open) await vscode.env.openExternal(uri);
}

async function runGate(entry: Entry | undefined, gate: GateId): Promise<void> {
  await entry?.session?.gates.runAll(gate);
}

async function bannerAction(app: LazyApp, entry: Entry | undefined, action: string): Promise<void> {
  if (action === "guard-on") {
    await vscode.commands.executeCommand("interlock.switchGuardOn");
  } else if (action === "go-on") {
    const recorded = await entry?.session?.budget.goOn();
    if (recorded?.ok === false)
      void vscode.window.showErrorMessage(`${recorded.error.message} ${recorded.error.next}`);
  } else if (action === "open-agents") {
    await openMachineSetting("interlock.agents");
  } else if (action === "open-audit") {
    await app.loaded?.places
      .all()
      .find(({ root }) => root === entry?.root)
      ?.audit.open();
  }
}
