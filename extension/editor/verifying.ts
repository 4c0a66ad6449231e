import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { AgentDefinition } from "../acp/agents.ts";
import type { App } from "../app.ts";
import { InterlockError, messageOf } from "../errors.ts";
import type { Progress } from "../verify/verify.ts";
import { plainLabel, plainMessage } from "./labels.ts";
import type { LazyApp } from "./lazyApp.ts";
import type { Texts } from "./texts.ts";

/** Verifies an agent that the person chooses, and shows the report. */
export async function verifyChosen(app: LazyApp, texts: Texts): Promise<void> {
  const loaded = await app.load();
  const agent = await chooseVerified(loaded);
  if (agent === undefined) return;
  try {
    await texts.open(`verify-${agent.id}.txt`, await verified(loaded, agent));
  } catch (error) {
    if (error instanceof InterlockError && error.code === "verify.stopped") return;
    const next = error instanceof InterlockError ? ` ${error.next}` : "";
    await vscode.window.showErrorMessage(plainMessage(`${messageOf(error)}${next}`));
  }
}

/** How the last verification of an agent stands, beside its name; undefined where it can't be verified. */
export async function verifiedBadge(app: App, agent: AgentDefinition): Promise<string | undefined> {
  const [{ canVerify }, { standingText }] = await Promise.all([
    import("../verify/can.ts"),
    import("../verify/text.ts"),
  ]);
  if (!canVerify(agent).ok) return undefined;
  const standing = await app.standing(agent);
  const good = standing.state === "fresh" && standing.report.ok;
  return `$(${good ? "verified" : "unverified"}) ${plainLabel(standingText(standing, Date.now()))}`;
}

async function chooseVerified(app: App): Promise<AgentDefinition | undefined> {
  const all = await Promise.all(
    app.agents().agents.map(async (agent) => ({ agent, badge: await verifiedBadge(app, agent) })),
  );
  const items = all.flatMap(({ agent, badge }) =>
    badge === undefined
      ? []
      : [{ label: plainLabel(agent.name), description: agent.command, detail: badge, agent }],
  );
  if (items.length === 0) {
    const add = l10n.t("Add Agent");
    const text = l10n.t(
      "None of your agents can be verified. It works with Claude Code, Codex and OpenCode.",
    );
    if ((await vscode.window.showInformationMessage(text, add)) === add)
      await vscode.commands.executeCommand("interlock.addAgent");
    return undefined;
  }
  const answer = await vscode.window.showQuickPick(items, {
    title: l10n.t("Which agent should be verified?"),
    placeHolder: l10n.t(
      "It works for a minute or two in a repository that is thrown away: no key, no network",
    ),
  });
  return answer?.agent;
}

/** The report as a text. Throws an `InterlockError` where there is none. */
async function verified(app: App, agent: AgentDefinition): Promise<string> {
  const [{ verifyAgent }, { progressText, reportText }] = await Promise.all([
    import("../verify/verify.ts"),
    import("../verify/text.ts"),
  ]);
  const title = l10n.t("Verifying {0}", plainLabel(agent.name));
  const where = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return vscode.window.withProgress(where, async (progress, token) => {
    const stop = new AbortController();
    token.onCancellationRequested(() => stop.abort());
    const onProgress = (now: Progress): void => progress.report({ message: progressText(now) });
    const report = await verifyAgent({ agent, host: app, signal: stop.signal, onProgress });
    if (!report.ok) throw new InterlockError(report.error);
    return `${reportText(report.value)}\n`;
  });
}
