import * as l10n from "@vscode/l10n";
import type { Writable } from "node:stream";
import type { CallPatch, SessionEvent } from "../events/event.ts";
import { visible } from "../panel/visible.ts";

/** Shows a session's events to a person at a terminal. Text of an agent is shown, never obeyed: controls are escaped. */
export class TerminalView {
  readonly #out: Writable;
  readonly #calls = new Map<string, CallPatch>();
  /** True while the last line is not ended. */
  #open = false;

  constructor(out: Writable) {
    this.#out = out;
  }

  show(event: SessionEvent): void {
    switch (event.type) {
      case "message":
        if (event.role === "agent") this.#write(visible(event.text));
        break;
      case "output":
        this.#write(visible(event.text));
        break;
      case "call":
        this.#call(event.call, event.patch);
        break;
      case "notice":
        this.#line(`interlock: ${event.problem.message} ${event.problem.next}`);
        break;
      case "approval.opened":
        this.#line(`interlock: ${l10n.t("held: {0}", event.approval.reason)}`);
        break;
      case "session.opened":
      case "session.state":
      case "session.title":
      case "session.commands":
      case "session.usage":
      case "turn.started":
      case "turn.ended":
      case "plan":
      case "approval.settled":
      case "gate":
        break;
    }
    if (event.type === "turn.ended") this.#line("");
  }

  #call(id: string, patch: CallPatch): void {
    const before = this.#calls.get(id) ?? {};
    const call = { ...before, ...patch };
    this.#calls.set(id, call);
    if (patch.status === "running" && before.status !== "running") this.#line(runningLine(call));
    const ended =
      patch.status !== undefined && ["done", "failed", "rejected", "refused", "seen"].includes(patch.status);
    if (ended) this.#line(endLine(call));
    for (const gate of patch.gates ?? []) this.#line(`  ${gate.tool}: ${gate.state} (${gate.findings})`);
  }

  #write(text: string): void {
    this.#out.write(text);
    this.#open = !text.endsWith("\n");
  }

  #line(text: string): void {
    this.#out.write(`${this.#open ? "\n" : ""}${text === "" ? "" : `${visible(text)}\n`}`);
    this.#open = false;
  }
}

function runningLine(call: CallPatch): string {
  const routed = call.run !== undefined && call.asked !== undefined && call.run !== call.asked;
  return `$ ${call.title ?? ""}${routed ? `  →  ${call.run}` : ""}`;
}

function endLine(call: CallPatch): string {
  const exit = call.exit === undefined || call.exit === null ? "" : l10n.t(" · exit {0}", call.exit);
  const ms = call.ms === undefined ? "" : ` · ${(call.ms / 1_000).toFixed(1)} s`;
  switch (call.status) {
    case "rejected":
    case "refused":
      return `  ${l10n.t("refused: {0}", call.problem?.message ?? call.reason ?? "")}`;
    case "seen":
      return `  ${l10n.t("seen afterwards: {0}", call.title ?? "")}`;
    case "failed":
      return `  ${l10n.t("failed")}${exit}${ms}`;
    case "pending":
    case "held":
    case "running":
    case "done":
    case "cancelled":
    case undefined:
    default:
      return `  ${l10n.t("done")}${exit}${ms}`;
  }
}
