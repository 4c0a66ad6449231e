import * as l10n from "@vscode/l10n";
import type { Approval } from "../approvals/approval.ts";
import type { ApprovalStore } from "../approvals/store.ts";

/** Milliseconds after which a question in a visible panel counts as overlooked. */
export const OVERLOOKED_MS = 30_000;

/** Characters of what is asked: a notification is three lines wide. */
const ASKED_CHARACTERS = 100;

interface NoticeParts {
  readonly store: ApprovalStore;
  readonly isVisible: () => boolean;
  /** Who asks, and for what, as a person calls them. */
  readonly describe: (approval: Approval) => { readonly agent: string; readonly asked: string };
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

  /** The question that waits longest, and how many others do. */
  #text(): string {
    const [oldest, ...others] = this.#parts.store.pending();
    if (oldest === undefined) return l10n.t("An agent waits for your answer.");
    const { agent, asked } = this.#parts.describe(oldest);
    const [line = ""] = asked.split("\n");
    const cut = line.length > ASKED_CHARACTERS || line !== asked;
    const what = cut ? `${line.slice(0, ASKED_CHARACTERS)}…` : line;
    if (others.length === 0) return l10n.t("{0} waits for your answer: {1}", agent, what);
    return l10n.t("{0} waits for your answer: {1} (and {2} more)", agent, what, others.length);
  }

  async #tell(): Promise<void> {
    if (this.#open !== undefined) return;
    const own = (this.#open = {});
    // Dismissing it answers nothing: the question stays pending.
    const pressed = await this.#parts.tell(this.#text(), l10n.t("Show"));
    if (this.#open === own) this.#open = undefined;
    if (pressed) this.#parts.show();
  }
}
