import type { TerminalHandle, ToolCallContent } from "@agentclientprotocol/sdk";
import * as l10n from "@vscode/l10n";

import type { Command } from "./command.ts";
import { settle, type Reason } from "./host.ts";
import { isAborted, orAborted, type Turn } from "./turn.ts";

/** How a command ended. */
export type Outcome =
  | {
      readonly kind: "ended";
      readonly exitCode: number | null;
      readonly signal: string | null;
      readonly output: string;
      /** The beginning of the output is missing. */
      readonly truncated: boolean;
      /** The command that the person had run in place of this one. */
      readonly instead?: string;
    }
  /** The host did not run it. */
  | { readonly kind: "refused"; readonly reason: Reason }
  /** It was started, but the host could not say how it ended. */
  | { readonly kind: "lost"; readonly reason: Reason }
  /** The person stopped the turn. */
  | { readonly kind: "stopped" };

/** Enough for a screenful that a person reads. Chosen, not measured. */
const SHOWN_BYTES = 256 * 1024;

/** Where the host says that the person changed the command. */
const RAN_INSTEAD = "interlock/ranInstead";

/** How long the end of a turn waits for the host to end and release a terminal. Chosen. */
const CLEAN_UP_MS = 2000;

/** Runs a command in a terminal of the host, as one tool call. */
export async function run(turn: Turn, command: Command, outputByteLimit = SHOWN_BYTES): Promise<Outcome> {
  const call = turn.host.nextCall();
  await turn.host.update({
    sessionUpdate: "tool_call",
    toolCallId: call,
    title: command.line,
    kind: "execute",
    status: "pending",
    rawInput: { command: command.line, cwd: command.cwd },
  });
  const opening = turn.host.openTerminal(command, { signal: turn.signal, outputByteLimit });
  const opened = await orAborted(opening, turn.signal);
  if (isAborted(opened)) {
    // The host may have been asking a person. Should a late yes start it all the same, it is ended at once.
    void opening.then((late) => (late.ok ? end(late.value) : undefined));
    return stopped(turn, call);
  }
  if (!opened.ok) {
    await close(turn, call, "failed", { content: [text(opened.error)] });
    return { kind: "refused", reason: opened.error };
  }
  const terminal = opened.value;
  try {
    return await follow(turn, call, terminal);
  } finally {
    await inTime(settle(terminal.release()));
  }
}

async function follow(turn: Turn, call: string, terminal: TerminalHandle): Promise<Outcome> {
  await turn.host.update({
    sessionUpdate: "tool_call_update",
    toolCallId: call,
    status: "in_progress",
    content: [{ type: "terminal", terminalId: terminal.id }],
  });
  const exiting = settle(terminal.waitForExit());
  const exited = await orAborted(exiting, turn.signal);
  if (isAborted(exited)) {
    await inTime(settle(terminal.kill()).then(() => exiting));
    return stopped(turn, call);
  }
  if (!exited.ok) {
    await close(turn, call, "failed", { content: [text(exited.error)] });
    return { kind: "lost", reason: exited.error };
  }
  const { exitCode = null, signal = null } = exited.value;
  const shown = await settle(terminal.currentOutput());
  await close(turn, call, exitCode === 0 ? "completed" : "failed", { rawOutput: { exitCode, signal } });
  const { output, truncated, _meta } = shown.ok ? shown.value : { output: "", truncated: true };
  const instead = _meta?.[RAN_INSTEAD];
  const changed = typeof instead === "string" ? { instead } : {};
  return { kind: "ended", exitCode, signal, output, truncated, ...changed };
}

async function end(terminal: TerminalHandle): Promise<void> {
  await settle(terminal.kill());
  await settle(terminal.release());
}

async function stopped(turn: Turn, call: string): Promise<Outcome> {
  await close(turn, call, "failed", { content: [text(l10n.t("Stopped."))] });
  return { kind: "stopped" };
}

async function close(
  turn: Turn,
  call: string,
  status: "completed" | "failed",
  result: { readonly content?: ToolCallContent[]; readonly rawOutput?: unknown },
): Promise<void> {
  await turn.host.update({ sessionUpdate: "tool_call_update", toolCallId: call, status, ...result });
}

function text(value: string): ToolCallContent {
  return { type: "content", content: { type: "text", text: value } };
}

/** Waits for the host to clean up, but not for ever: a stopped turn has to be answered. */
async function inTime(work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, CLEAN_UP_MS);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}
