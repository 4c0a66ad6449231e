import * as l10n from "@vscode/l10n";
import type { ApprovalStore } from "../approvals/store.ts";

/** Milliseconds after which a question in a visible panel counts as overlooked. */
export const OVERLOOKED_MS = 30_000;

interface NoticeParts {
  readonly store: ApprovalStore;
  readonly isVisible: () => boolean;
  /** Says it with one button; resolves when it is gone, with whether the button was pressed. */
  readonly tell: (text: string, button: string) => Promise<boolean>;
  readonly show: () => void;
}

/**
 * A hidden panel can't be noticed, and a visible one can be overlooked: one notification at a time says that something
 * waits, whatever comes meanwhile.
 */
export class ApprovalNotice {
  readonly #parts: NoticeParts;
  readonly #stop: () => void;
  /** The notification that is up. The editor folds one away without a word, so once nothing waits it counts as gone. */
  #open: object | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: NoticeParts) {
    this.#parts = parts;
    this.#stop = parts.store.onChange(({ type }) => {
      if (type === "opened") this.#opened();
      else if (parts.store.pending().length === 0) this.#open = undefined;
    });
  }

  /** The panel was hidden: what waits there can't be noticed any more. */
  hidden(): void {
    if (this.#parts.store.pending().length > 0) void this.#tell();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#stop();
  }

  #opened(): void {
    if (!this.#parts.isVisible()) void this.#tell();
    else this.#timer ??= setTimeout(() => this.#lookAgain(), OVERLOOKED_MS);
  }

  /** The oldest question decides: a later one has its own time. */
  #lookAgain(): void {
    this.#timer = undefined;
    const [oldest] = this.#parts.store.pending();
    if (oldest === undefined) return;
    const wait = oldest.openedAt + OVERLOOKED_MS - Date.now();
    if (wait <= 0) void this.#tell();
    else this.#timer = setTimeout(() => this.#lookAgain(), wait);
  }

  async #tell(): Promise<void> {
    if (this.#open !== undefined) return;
    const own = (this.#open = {});
    const count = this.#parts.store.pending().length;
    const text =
      count === 1
        ? l10n.t("An agent waits for your answer.")
        : l10n.t("{0} questions of agents wait for your answer.", count);
    // Dismissing it answers nothing: the question stays pending.
    const pressed = await this.#parts.tell(text, l10n.t("Show"));
    if (this.#open === own) this.#open = undefined;
    if (pressed) this.#parts.show();
  }
}
