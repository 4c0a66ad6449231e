import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { Given } from "../approvals/grants.ts";
import { shortPath } from "../panel/places.ts";
import type { SessionBook } from "./book.ts";
import { workspaceFolders } from "./folders.ts";
import { plainLabel, plainMessage } from "./labels.ts";
import { runButton, type RunItem, runPick } from "./runPick.ts";

const ICONS = {
  kind: "check-all",
  branch: "git-branch",
  permit: "clock",
  "as-asked": "debug-step-over",
  environment: "package",
} as const satisfies Record<Given["what"], string>;

/** What was allowed for the shown session, each of it to be taken back. */
export async function showGrants(book: SessionBook): Promise<void> {
  const { shown } = book;
  const granted = shown?.session?.granted;
  const list = granted?.list() ?? [];
  if (granted === undefined || list.length === 0) {
    void vscode.window.showInformationMessage(
      l10n.t("Nothing is allowed for this session beyond your policy and the rules."),
    );
    return;
  }
  const revoke = async (given: Given): Promise<void> => {
    const revoked = await granted.revoke(given.id);
    if (!revoked.ok)
      void vscode.window.showErrorMessage(plainMessage(`${revoked.error.message} ${revoked.error.next}`));
    if (granted.list().length > 0) await showGrants(book);
  };
  await runPick({
    title: l10n.t("Allowed for this session of {0}", plainLabel(nameOf(shown?.conversation.header))),
    placeholder: l10n.t("Choose one to have it asked again"),
    items: list.map((given) => grantItem(given, revoke)),
  });
}

function nameOf(header: { readonly title?: string | undefined; readonly agent: string } | undefined): string {
  return header?.title ?? header?.agent ?? "";
}

function grantItem(given: Given, revoke: (given: Given) => Promise<void>): RunItem {
  const { what, covers, cwd } = given;
  const run = (): Promise<void> => revoke(given);
  return {
    label: `$(${ICONS[what]}) ${plainLabel(covers)}`,
    description: cwd === null ? "" : l10n.t("in {0}", plainLabel(shortPath(workspaceFolders(), cwd))),
    detail: lasts(given),
    run,
    buttons: [runButton("trash", l10n.t("Ask again from now on"), run)],
  };
}

function lasts({ what, until }: Given): string {
  if (what === "permit" || what === "as-asked") {
    const minutes = Math.max(1, Math.ceil(((until ?? 0) - Date.now()) / 60_000));
    if (what === "as-asked") return l10n.t("as asked, once; minutes left: {0}", minutes);
    return minutes === 1 ? l10n.t("once, for 1 more minute") : l10n.t("once, for {0} more minutes", minutes);
  }
  if (what === "environment") return l10n.t("its environment as it is, until the session ends");
  return what === "branch"
    ? l10n.t("each time on this branch, until the session ends")
    : l10n.t("while nothing would be lost, until the session ends");
}
