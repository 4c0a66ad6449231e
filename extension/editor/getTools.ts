import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { App } from "../app.ts";
import type { ToolReport } from "../toolchain/doctor.ts";
import { megabytes, offerLine, offerTerms, sourceText } from "../toolchain/provision/consent.ts";
import { providedTool, type ToolOffer } from "../toolchain/provision/providedTools.ts";
import { READ_MS } from "./confirm.ts";
import { workspaceRoots } from "./folders.ts";
import { plainMessage } from "./labels.ts";
import type { LazyApp } from "./lazyApp.ts";

/** Offers what the open folders would use and this machine lacks. True where something was fetched. */
export async function getMissingTools(lazy: LazyApp): Promise<boolean> {
  // The projects' own programs are asked for their versions.
  if (!vscode.workspace.isTrusted) return false;
  const app = await lazy.load();
  const title = l10n.t("Looking at the project and its tools");
  const reports = await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, () =>
    Promise.all(workspaceRoots().map((root) => app.doctor(root))),
  );
  const missing = reports
    .flatMap(({ tools }) => tools)
    .filter(({ state, used }) => state === "missing" && used);
  const offers = new Map(
    missing.flatMap(({ offer }) => (offer === null ? [] : [[offer.tool, offer] as const])),
  );
  if (offers.size === 0) {
    void vscode.window.showInformationMessage(plainMessage(whyNone(app, missing)));
    return false;
  }
  const items = [...offers.values()].map((offer) => ({
    label: `${offer.tool} ${offer.version}`,
    description: l10n.t("{0} from {1}", megabytes(offer.size), sourceText(offer)),
    detail: missing.find(({ tool }) => tool === offer.tool)?.purpose ?? "",
    picked: true,
    offer,
  }));
  const chosen = await vscode.window.showQuickPick(items, {
    canPickMany: true,
    title: l10n.t("Get Missing Tools"),
    placeHolder: l10n.t("Choose what Interlock is to get; it asks once more before it does"),
  });
  return chosen === undefined || chosen.length === 0
    ? false
    : getTools(
        app,
        chosen.map(({ offer }) => offer),
      );
}

/** What keeps Interlock from bringing what is missing; else that nothing is. */
function whyNone({ toolchain }: App, missing: readonly ToolReport[]): string {
  const problems = missing.flatMap(({ tool: name }) => {
    const tool = providedTool(name);
    const offer = tool === null ? null : toolchain.provided.offer(tool);
    return offer?.ok === false ? [`${offer.error.message} ${offer.error.next}`] : [];
  });
  return problems[0] ?? l10n.t("Nothing is missing here that Interlock could get.");
}

/** Fetches tools once a person has read what, how much, from where and where to, and said yes. True where one was. */
export async function getTools(app: App, offers: readonly ToolOffer[]): Promise<boolean> {
  const yes = l10n.t("Get");
  const shownAt = Date.now();
  const answer = await vscode.window.showInformationMessage(
    plainMessage(l10n.t("Get {0}?", offers.map(({ tool }) => tool).join(", "))),
    {
      modal: true,
      detail: [...offers.map((offer) => offerLine(offer)), "", offerTerms()]
        .map((line) => plainMessage(line))
        .join("\n"),
    },
    yes,
  );
  // A key that was meant for something else is no answer.
  if (answer !== yes || Date.now() - shownAt < READ_MS) return false;
  let got = 0;
  for (const offer of offers) {
    if (!(await getOne(app, offer))) break;
    got += 1;
  }
  return got > 0;
}

async function getOne({ toolchain }: App, offer: ToolOffer): Promise<boolean> {
  const { tool, version, size } = offer;
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: l10n.t("Getting {0} {1}", tool, version),
    cancellable: true,
  };
  const result = await vscode.window.withProgress(options, async (shown, token) => {
    const stop = new AbortController();
    const listening = token.onCancellationRequested(() => stop.abort());
    let before = 0;
    const progress = (received: number): void => {
      const increment = (100 * (received - before)) / size;
      // Told for each packet it would be told thousands of times.
      if (increment < 1 && received < size) return;
      before = received;
      shown.report({ increment, message: l10n.t("{0} of {1}", megabytes(received), megabytes(size)) });
    };
    try {
      return await toolchain.provided.get(offer, { signal: stop.signal, progress });
    } finally {
      listening.dispose();
    }
  });
  if (result.ok) return true;
  const { code, message, next } = result.error;
  if (code !== "tool.cancelled") void vscode.window.showErrorMessage(plainMessage(`${message} ${next}`));
  return false;
}
