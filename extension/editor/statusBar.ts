import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { ApprovalStore } from "../approvals/store.ts";
import type { SessionBook } from "./book.ts";

/** The status bar's entry: how many questions wait, or what the shown session does. Hidden without a session. */
export class StatusBar implements vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem("interlock.status", vscode.StatusBarAlignment.Left, 10);
  readonly #store: ApprovalStore;
  readonly #book: SessionBook;

  constructor(store: ApprovalStore, book: SessionBook) {
    this.#store = store;
    this.#book = book;
    this.#item.name = "Interlock";
  }

  refresh(): void {
    const pending = this.#store.pending().length;
    if (pending > 0) {
      const text = pending === 1 ? l10n.t("1 approval waiting") : l10n.t("{0} approvals waiting", pending);
      this.#set(`$(warning) ${text}`, l10n.t("Review pending approvals"), "interlock.reviewApprovals");
      this.#item.backgroundColor = new vscode.ThemeColor("statusBarItem.warningBackground");
      return;
    }
    this.#item.backgroundColor = undefined;
    const { shown, shownState } = this.#book;
    if (shown === undefined) {
      this.#item.hide();
      return;
    }
    const { agent } = shown.conversation.header;
    const spin = shownState === "working" || shownState === "starting" || shownState === "cancelling";
    const icon = spin ? "$(loading~spin)" : shownState === "crashed" ? "$(error)" : "$(shield)";
    this.#set(`${icon} ${agent}`, l10n.t("Show the Interlock panel"), "interlock.showPanel");
  }

  dispose(): void {
    this.#item.dispose();
  }

  #set(text: string, tooltip: string, command: string): void {
    this.#item.text = text;
    this.#item.tooltip = tooltip;
    this.#item.command = command;
    this.#item.accessibilityInformation = { label: text.replace(/\$\([^)]*\)\s*/g, "") };
    this.#item.show();
  }
}
