import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { Banner } from "../panel/protocol.ts";
import type { Entry, SessionBook } from "./book.ts";
import { READ_MS } from "./confirm.ts";
import { plainLabel, plainMessage } from "./labels.ts";

/** The guard switched off for a session: red in the status bar as long as one of the window's sessions has it so. */
export class GuardOff implements vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem(
    "interlock.guardOff",
    vscode.StatusBarAlignment.Left,
    11,
  );
  readonly #book: SessionBook;

  constructor(book: SessionBook) {
    this.#book = book;
    this.#item.name = l10n.t("Interlock: guard off");
    this.#item.command = "interlock.switchGuardOn";
    this.#item.backgroundColor = new vscode.ThemeColor("statusBarItem.errorBackground");
  }

  async switchOff(): Promise<void> {
    const { shown } = this.#book;
    if (shown?.session === undefined || isOff(shown)) return;
    const off = l10n.t("Switch off");
    const shownAt = Date.now();
    const answer = await vscode.window.showWarningMessage(
      plainMessage(l10n.t("Switch the guard off for this session of {0}?", nameOf(shown))),
      {
        modal: true,
        detail: l10n.t(
          "Until its agent ends nothing is asked and nothing refused, also what loses work. Everything is recorded, and restore points are still taken.",
        ),
      },
      off,
    );
    if (answer !== off || Date.now() - shownAt < READ_MS) return;
    const switched = await shown.session.guard.turn(true);
    if (!switched.ok) void vscode.window.showErrorMessage(`${switched.error.message} ${switched.error.next}`);
    this.#book.refresh();
  }

  /** The shown session's, or else all that are off. */
  async switchOn(): Promise<void> {
    const { shown, entries } = this.#book;
    const sessions = shown !== undefined && isOff(shown) ? [shown] : entries.filter((each) => isOff(each));
    for (const { session } of sessions) await session?.guard.turn(false);
    this.#book.refresh();
  }

  refresh(): void {
    const off = this.#book.entries.filter((entry) => isOff(entry));
    const { shown } = this.#book;
    void vscode.commands.executeCommand(
      "setContext",
      "interlock.guard",
      off.length === 0 ? "on" : shown !== undefined && isOff(shown) ? "off" : "off elsewhere",
    );
    const [first] = off;
    if (first === undefined) return this.#item.hide();
    const text = off.length === 1 ? plainLabel(nameOf(first)) : l10n.t("{0} sessions", off.length);
    this.#item.text = `$(error) ${l10n.t("Guard off: {0}", text)}`;
    this.#item.accessibilityInformation = { label: l10n.t("Guard off: {0}", text), role: "button" };
    this.#item.tooltip = l10n.t("Nothing is asked and nothing refused. Click to switch the guard on.");
    this.#item.show();
  }

  dispose(): void {
    this.#item.dispose();
  }
}

/** Said above the conversation as long as it is so. */
export function guardBanner(shown: Entry | undefined): readonly Banner[] {
  if (shown === undefined || !isOff(shown)) return [];
  return [
    {
      id: "guard-off",
      level: "error",
      problem: {
        code: "guard.off",
        message: l10n.t("The guard is off for this session: nothing is asked and nothing refused."),
        next: "",
      },
      action: { id: "guard-on", label: l10n.t("Switch on") },
    },
  ];
}

function isOff({ session }: Entry): boolean {
  return session?.guard.off === true && session.state.name !== "ended";
}

function nameOf({ conversation: { header } }: Entry): string {
  return header.title ?? header.agent;
}
