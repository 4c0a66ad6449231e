import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { Result } from "../errors.ts";
import type { Mode } from "../policy/rules.ts";
import { openMachineSetting } from "./settings.ts";

/** Keeps the beginning, or the end, in the record. */
export type RecordTrust = (trusting: boolean, by: "person" | "nobody") => Promise<Result<void>>;

/** Chosen: long enough for a larger task, short enough that nobody forgets it. */
const TRUST_MS = 30 * 60_000;

/**
 * *Trusting for 30 minutes*: a time in this window in which less is asked, counted down in the status bar. It ends by
 * itself, by a click, and with the window. Restore points, questions about lost work and refusals stay on.
 */
export class Trust implements vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem("interlock.trust", vscode.StatusBarAlignment.Left, 9);
  readonly #set: () => Mode;
  readonly #record: RecordTrust;
  readonly #ms: number;
  #until: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** `set`: the mode by the settings. */
  constructor(set: () => Mode, record: RecordTrust, ms: number = TRUST_MS) {
    this.#set = set;
    this.#record = record;
    this.#ms = ms;
    this.#item.name = l10n.t("Interlock: trusting");
    this.#item.command = "interlock.endTrust";
    this.#item.backgroundColor = new vscode.ThemeColor("statusBarItem.warningBackground");
  }

  /** The mode that counts where `mode` is set. What is set to be read-only is not opened by a clock. */
  over(mode: Mode): Mode {
    const trusting = this.#until !== undefined && Date.now() < this.#until;
    return trusting && mode === "careful" ? "trusting" : mode;
  }

  /** Milliseconds until it ends; 0 where it isn't on. */
  get left(): number {
    return Math.max(0, (this.#until ?? 0) - Date.now());
  }

  async start(): Promise<void> {
    const mode = this.#set();
    if (mode !== "careful") return sayWhyNot(mode);
    // It may have run out a moment ago.
    if (this.left === 0) this.end("nobody");
    // Recorded before it counts.
    const recorded = await this.#record(true, "person");
    if (!recorded.ok) {
      await vscode.window.showErrorMessage(`${recorded.error.message} ${recorded.error.next}`);
      return;
    }
    this.#until = Date.now() + this.#ms;
    clearInterval(this.#timer);
    this.#timer = setInterval(() => this.#tick(), 1_000);
    await vscode.commands.executeCommand("setContext", "interlock.trusting", true);
    this.#tick();
  }

  end(by: "person" | "nobody" = "person"): void {
    if (this.#until === undefined) return;
    this.#until = undefined;
    // It is over in any case.
    void this.#record(false, by);
    clearInterval(this.#timer);
    this.#item.hide();
    void vscode.commands.executeCommand("setContext", "interlock.trusting", false);
    vscode.window.setStatusBarMessage(`$(shield) ${l10n.t("The guard is careful again.")}`, 5_000);
  }

  dispose(): void {
    clearInterval(this.#timer);
    this.#item.dispose();
  }

  #tick(): void {
    const { left } = this;
    if (left === 0 || this.#set() !== "careful") return this.end("nobody");
    const time = clock(left);
    this.#item.text = `$(unlock) ${l10n.t("Trusting {0}", time)}`;
    // Read to a person as minutes: a label that changes each second would be told each second.
    const minutes = Math.ceil(left / 60_000);
    const label = l10n.t("Trusting for {0} more minutes. Click to end it.", minutes);
    this.#item.accessibilityInformation = { label, role: "button" };
    const end = new Date(Date.now() + left).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    this.#item.tooltip = l10n.t(
      "Changes of dependencies and the like go unasked until {0}. Restore points, questions about lost work and refusals stay on. Click to end it.",
      end,
    );
    this.#item.show();
  }
}

/** Minutes and seconds, as clocks show them. */
function clock(ms: number): string {
  const seconds = Math.ceil(ms / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

async function sayWhyNot(mode: "read-only" | "trusting"): Promise<void> {
  const text =
    mode === "trusting"
      ? l10n.t("The guard is set to trusting already, without an end.")
      : l10n.t("The guard is set to read-only. Set it to careful first.");
  const open = l10n.t("Open setting");
  if ((await vscode.window.showInformationMessage(text, open)) === open)
    await openMachineSetting("interlock.guard.mode");
}
