import * as l10n from "@vscode/l10n";
import type { Writable } from "node:stream";
import type { CallPatch, SessionEvent } from "../events/event.ts";
import { InnerCalls } from "../sessions/innerCalls.ts";
import { visible, visibleProse } from "../text/visible.ts";

/** Shows a session's events to a person at a terminal. Text of an agent is shown, never obeyed: controls are escaped. */
export class TerminalView {
  readonly #out: Writable;
  readonly #inner = new InnerCalls();
  readonly #calls = new Map<string, CallPatch>();
  /** Calls whose command was shown. */
  readonly #named = new Set<string>();
  /** What the last line belongs to: a message, or the calls between messages. Blocks stand apart by a blank line. */
  #block: string | undefined;
  /** True while the last line is not ended. */
  #open = false;

  constructor(out: Writable) {
    this.#out = out;
  }

  show(event: SessionEvent): void {
    switch (event.type) {
      case "message":
        if (event.role === "agent") this.#write(`message ${event.message}`, visibleProse(event.text));
        break;
      case "output":
        this.#write(CALLS, visible(event.text));
        break;
      case "call":
        this.#call(event.call, event.patch);
        break;
      case "notice":
        // What holds for the folder is the doctor's to say here; a run says what goes wrong.
        if (event.level !== "info" || event.call !== undefined)
          this.#line(`interlock: ${event.problem.message} ${event.problem.next}`);
        break;
      case "turn.ended":
        this.#endLine();
        break;
      case "session.worktree":
        this.#line(l10n.t("interlock: works on {0}, in {1}", event.branch, event.folder));
        break;
      case "session.opened":
      case "session.held":
      case "session.state":
      case "session.title":
      case "session.commands":
      case "session.inside":
      case "session.tools":
      case "session.usage":
      case "turn.started":
      case "plan":
      case "approval.opened":
      case "approval.settled":
      case "gate":
      case "loss.restored":
        break;
    }
  }

  #call(id: string, told: CallPatch): void {
    const patch = this.#inner.take(id, told);
    if (patch === null) return;
    const before = this.#calls.get(id) ?? {};
    const call = { ...before, ...patch };
    this.#calls.set(id, call);
    const { status } = patch;
    if (status !== undefined && status !== "pending" && status !== before.status) this.#status(id, call);
    for (const gate of patch.gates ?? []) this.#line(`  ${gate.tool}: ${gate.state} (${gate.findings})`);
  }

  #status(id: string, call: CallPatch): void {
    if (call.kind === "command") {
      if (!this.#named.has(id)) this.#line(commandLine(call));
      this.#named.add(id);
      const line = statusText(call);
      if (line !== null) this.#line(`  ${line}`);
    } else if (call.status !== "held" && call.status !== "running") {
      this.#line(fileLine(call));
    }
  }

  #line(text: string): void {
    this.#begin(CALLS);
    this.#endLine();
    this.#write(CALLS, `${visible(text)}\n`);
  }

  #write(block: string, text: string): void {
    this.#begin(block);
    this.#out.write(text);
    this.#open = !text.endsWith("\n");
  }

  #begin(block: string): void {
    if (this.#block === block) return;
    this.#endLine();
    if (this.#block !== undefined) this.#out.write("\n");
    this.#block = block;
  }

  #endLine(): void {
    if (this.#open) this.#out.write("\n");
    this.#open = false;
  }
}

const CALLS = "calls";

function commandLine(call: CallPatch): string {
  const routed = call.run !== undefined && call.asked !== undefined && call.run !== call.asked;
  return `$ ${call.asked ?? call.title ?? ""}${routed ? `  →  ${call.run}` : ""}`;
}

/** What isn't a command is one line: what was done to which file, and how it went. */
function fileLine(call: CallPatch): string {
  const verb = { read: l10n.t("read"), edit: l10n.t("edit"), tool: l10n.t("tool"), command: "$" }[
    call.kind ?? "tool"
  ];
  const changes = (call.diffs ?? []).map(({ added, removed }) => ` +${added} −${removed}`).join(",");
  const status = call.status === "done" ? null : statusText(call);
  return `${verb} ${call.title ?? ""}${changes}${status === null ? "" : ` · ${status}`}`;
}

function statusText(call: CallPatch): string | null {
  const exit = call.exit === undefined || call.exit === null ? "" : l10n.t(" · exit {0}", call.exit);
  const signal = call.signal === undefined || call.signal === null ? "" : ` · ${call.signal}`;
  const ms = call.ms === undefined ? "" : ` · ${(call.ms / 1_000).toFixed(1)} s`;
  switch (call.status ?? "pending") {
    case "pending":
    case "running":
      return null;
    case "held":
      return l10n.t("held: {0}", call.reason ?? "");
    case "rejected":
    case "refused":
      return l10n.t("refused: {0}", call.problem?.message ?? call.reason ?? "");
    case "seen":
      return `${l10n.t("seen afterwards")}${exit}`;
    case "cancelled":
      return `${l10n.t("cancelled")}${signal}${ms}`;
    case "failed":
      if (call.problem !== undefined) return l10n.t("failed: {0}", call.problem.message);
      return `${l10n.t("failed")}${exit}${signal}${ms}`;
    case "done":
      return `${l10n.t("done")}${exit}${ms}`;
  }
}
