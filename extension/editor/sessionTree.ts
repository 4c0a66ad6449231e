import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { SessionState } from "../events/event.ts";
import { visible } from "../text/visible.ts";
import type { Entry, SessionBook } from "./book.ts";

/** The native list of sessions, shown from the second one on. */
export class SessionTree implements vscode.TreeDataProvider<Entry> {
  readonly #book: SessionBook;
  readonly onDidChangeTreeData: vscode.Event<void>;

  constructor(book: SessionBook) {
    this.#book = book;
    this.onDidChangeTreeData = book.onChange;
  }

  getChildren(parent?: Entry): Entry[] {
    return parent === undefined ? [...this.#book.entries] : [];
  }

  getTreeItem(entry: Entry): vscode.TreeItem {
    const { header, approvals } = entry.conversation;
    const item = new vscode.TreeItem(visible(header.title ?? header.agent));
    const waiting = approvals.length > 0;
    item.id = entry.id;
    item.description = waiting ? l10n.t("waiting for you") : stateWord(header.state);
    item.iconPath = new vscode.ThemeIcon(waiting ? "bell-dot" : ICONS[header.state]);
    item.contextValue = "session";
    item.command = { command: "interlock.showSession", title: l10n.t("Show Session"), arguments: [entry.id] };
    return item;
  }
}

const ICONS: Readonly<Record<SessionState["name"], string>> = {
  starting: "loading~spin",
  ready: "circle-outline",
  working: "loading~spin",
  cancelling: "loading~spin",
  ended: "circle-slash",
  crashed: "error",
};

function stateWord(state: SessionState["name"]): string {
  switch (state) {
    case "starting":
      return l10n.t("starting");
    case "ready":
      return l10n.t("ready");
    case "working":
      return l10n.t("working");
    case "cancelling":
      return l10n.t("stopping");
    case "ended":
      return l10n.t("ended");
    case "crashed":
      return l10n.t("stopped unexpectedly");
  }
}
