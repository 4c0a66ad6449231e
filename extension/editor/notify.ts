import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { ApprovalStore } from "../approvals/store.ts";

/** Milliseconds after which a question in a visible panel counts as overlooked. */
const OVERLOOKED_MS = 30_000;

/**
 * A hidden panel can't be noticed, and a visible one can be overlooked: one notification at a time says that something
 * waits, whatever comes meanwhile.
 */
export class ApprovalNotice implements vscode.Disposable {
  readonly #store: ApprovalStore;
  readonly #isVisible: () => boolean;
  readonly #show: () => void;
  #open = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(store: ApprovalStore, isVisible: () => boolean, show: () => void) {
    this.#store = store;
    this.#isVisible = isVisible;
    this.#show = show;
  }

  opened(): void {
    if (!this.#isVisible()) void this.#tell();
    else this.#timer ??= setTimeout(() => this.#lookAgain(), OVERLOOKED_MS);
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }

  /** The oldest question decides: a later one has its own time. */
  #lookAgain(): void {
    this.#timer = undefined;
    const [oldest] = this.#store.pending();
    if (oldest === undefined) return;
    const wait = oldest.openedAt + OVERLOOKED_MS - Date.now();
    if (wait <= 0) void this.#tell();
    else this.#timer = setTimeout(() => this.#lookAgain(), wait);
  }

  async #tell(): Promise<void> {
    if (this.#open) return;
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
