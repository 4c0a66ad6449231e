import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { App } from "../app.ts";
import type { LostWork } from "../events/event.ts";
import type { AlarmRaised } from "../restore/alarm/alarm.ts";
import { lossProblem, lostWork } from "../restore/alarm/texts.ts";
import type { SessionBook } from "./book.ts";
import { plainMessage } from "./labels.ts";

interface LossParts {
  readonly book: SessionBook;
  readonly isVisible: () => boolean;
  readonly bringBack: (loss: LostWork) => unknown;
}

/** Tells of lost work where no panel in sight does: it is hidden, shows another folder, or the session is closed. */
export class LossNotice implements vscode.Disposable {
  readonly #parts: LossParts;
  #stop: (() => void) | undefined;
  #open = false;

  constructor(parts: LossParts) {
    this.#parts = parts;
  }

  listen({ alarms }: App): void {
    this.#stop ??= alarms.onLoss((raised) => {
      if (!this.#isTold(raised)) void this.#tell(lossProblem(raised).message, lostWork(raised));
    });
  }

  dispose(): void {
    this.#stop?.();
  }

  #isTold({ root, beside }: AlarmRaised): boolean {
    const { book, isVisible } = this.#parts;
    const session = book.shown?.session;
    const shown = session === undefined ? undefined : book.shown?.root;
    if (!isVisible() || session === undefined || shown === undefined) return false;
    // What no agent works in is told by all that are alive.
    const isAlive = session.state.name !== "crashed" && session.state.name !== "ended";
    return beside ? isAlive : shown === root || shown.startsWith(`${root}/`);
  }

  /** One at a time: what is lost while it stands is in the sessions, and in the list of restore points. */
  async #tell(message: string, loss: LostWork): Promise<void> {
    if (this.#open) return;
    this.#open = true;
    const back = l10n.t("Bring it back…");
    const answer = await vscode.window.showErrorMessage(plainMessage(message), back);
    this.#open = false;
    if (answer === back) await this.#parts.bringBack(loss);
  }
}
