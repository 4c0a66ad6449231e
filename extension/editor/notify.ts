import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { ApprovalStore } from "../approvals/store.ts";

/** A hidden panel can't be noticed: one notification at a time says that something waits, whatever comes meanwhile. */
export class ApprovalNotice {
  readonly #store: ApprovalStore;
  readonly #isVisible: () => boolean;
  readonly #show: () => void;
  #open = false;

  constructor(store: ApprovalStore, isVisible: () => boolean, show: () => void) {
    this.#store = store;
    this.#isVisible = isVisible;
    this.#show = show;
  }

  async opened(): Promise<void> {
    if (this.#open || this.#isVisible()) return;
    this.#open = true;
    const count = this.#store.pending().length;
    const text =
      count === 1
        ? l10n.t("An agent waits for your answer.")
        : l10n.t("{0} questions of agents wait for your answer.", count);
    const show = l10n.t("Show");
    // Dismissing it answers nothing: the question stays pending.
    const answer = await vscode.window.showWarningMessage(text, show);
    this.#open = false;
    if (answer === show) this.#show();
  }
}
