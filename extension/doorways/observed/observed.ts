import { type Call, type Calls, hasEnded, isKnown, seesEnd } from "../../door/calls.ts";
import { describeAct } from "../../door/act.ts";
import { callKey } from "../../door/key.ts";
import { CALL_INPUT_BYTES, type CallKind, type CallPatch, type FileDiff } from "../../events/event.ts";
import { parseShell } from "../../shell/parse.ts";
import { ownToolCall, ownToolKey } from "../mcp/ownTools.ts";
import { CallDiffs } from "./diffs.ts";
import {
  commandOf,
  diffsOf,
  exitOf,
  folderOf,
  kindOf,
  merge,
  outputOf,
  pathsOf,
  plainTitle,
  titleCommand,
  type ToolCallReport,
} from "./report.ts";

/** Characters of output that are taken from a report; its end is kept. */
const MAX_OUTPUT = 1024 * 1024;

export interface ObservedParts {
  readonly calls: Calls;
  readonly cwd: string;
  /** An edit was seen that no doorway carried. */
  readonly onEdited: (paths: readonly string[], call: string) => void;
  readonly onOutput: (call: string, text: string) => void;
  /** The agent says that a call is over for which a person is still asked. */
  readonly onGaveUp: (call: string) => void;
}

/** The `observed` doorway: what agents report of themselves. Nothing is decided here; it is only noted. */
export class ObservedDoorway {
  readonly #parts: ObservedParts;
  /** What was said of a call so far, all messages together. */
  readonly #said = new WeakMap<Call, ToolCallReport>();
  readonly #toldOutput = new WeakSet<Call>();
  readonly #diffs = new WeakMap<Call, CallDiffs>();
  #parsed: { readonly line: string; readonly cwd: string; readonly key: string } | undefined;

  constructor(parts: ObservedParts) {
    this.#parts = parts;
  }

  /** Notes a report. `begins`: it may be the first of a new call. `said`: all that was said of the call so far. */
  report(report: ToolCallReport, begins: boolean): { readonly call: Call; readonly said: ToolCallReport } {
    const known = this.#parts.calls.named(report.toolCallId);
    const announced = merge(known === undefined ? undefined : this.#said.get(known), report);
    const call = known !== undefined && isKnown(known) ? known : this.#announce(announced, begins);
    const said = call === known ? announced : merge(this.#said.get(call), report);
    this.#said.set(call, said);
    // What comes after the end joins the call, and changes nothing any more.
    if (hasEnded(call)) return { call, said };
    if (isLast(report) && call.status === "held") this.#parts.onGaveUp(call.id);
    // What a doorway knows of the act itself is not overwritten by what the agent says of it.
    const patch = { ...this.#input(report), ...(isKnown(call) ? {} : this.#hints(call, report, said)) };
    if (Object.keys(patch).length > 0) this.#parts.calls.update(call, patch);
    if (!seesEnd(call)) this.#outcome(call, report, said);
    if (report.status) this.#parts.calls.report(call, statusOf(report.status, said));
    return { call, said };
  }

  #announce(said: ToolCallReport, begins: boolean): Call {
    const { calls, cwd } = this.#parts;
    const folder = folderOf(said, cwd);
    const kind = kindOf(said);
    const own = ownToolCall(said.title, said.rawInput);
    if (own !== null) {
      const key = ownToolKey(own.name, own.args);
      return calls.announce({
        toolCallId: said.toolCallId,
        begins,
        kind: "tool",
        title: plainTitle(said.title),
        key,
      });
    }
    const command = commandOf(said);
    const title = titleCommand(said);
    return calls.announce({
      toolCallId: said.toolCallId,
      begins,
      kind,
      title: command ?? plainTitle(said.title),
      titleKey: title === undefined ? undefined : this.#keyOf(title, folder),
      key: command === undefined ? fileKey(kind, pathsOf(said, cwd)) : this.#keyOf(command, folder),
      cwd: command === undefined ? undefined : folder,
    });
  }

  /** Agents repeat a command with each piece of its output: it is parsed once. */
  #keyOf(line: string, cwd: string): string {
    if (this.#parsed?.line !== line || this.#parsed.cwd !== cwd) {
      this.#parsed = { line, cwd, key: callKey(parseShell(line, { cwd })) };
    }
    return this.#parsed.key;
  }

  #input({ rawInput }: ToolCallReport): CallPatch {
    const hasInput = typeof rawInput === "object" && rawInput !== null && Object.keys(rawInput).length > 0;
    return hasInput ? { input: JSON.stringify(rawInput, null, 2).slice(0, CALL_INPUT_BYTES) } : {};
  }

  #hints(call: Call, report: ToolCallReport, said: ToolCallReport): CallPatch {
    const command = commandOf(report);
    const isNew = command !== undefined && command !== call.command;
    const diffs = this.#newDiffs(call, report, said);
    return {
      ...(isNew ? { asked: command, cwd: folderOf(said, this.#parts.cwd) } : {}),
      ...(diffs === null ? {} : { diffs }),
    };
  }

  #newDiffs(call: Call, report: ToolCallReport, said: ToolCallReport): readonly FileDiff[] | null {
    const last = isLast(report);
    const told = diffsOf(last ? said : report, this.#parts.cwd);
    const before = this.#diffs.get(call) ?? new CallDiffs();
    if (told.length > 0) this.#diffs.set(call, before);
    return before.take(told, last);
  }

  /** What the agent says of how its own act went. */
  #outcome(call: Call, report: ToolCallReport, said: ToolCallReport): void {
    const { calls, cwd, onOutput, onEdited } = this.#parts;
    if (report.outputDelta !== undefined) {
      this.#toldOutput.add(call);
      onOutput(call.id, report.outputDelta.slice(-MAX_OUTPUT));
    }
    if (!isLast(report)) return;
    // Updates repeat the text of a call: only the final one counts, and none where it was told piece by piece.
    const output = this.#toldOutput.has(call) ? undefined : outputOf(said);
    if (output !== undefined) onOutput(call.id, output.slice(-MAX_OUTPUT));
    const exit = exitOf(said);
    if (exit !== undefined) calls.update(call, { exit });
    const paths = call.kind === "edit" && report.status === "completed" ? pathsOf(said, cwd) : [];
    if (paths.length > 0) onEdited(paths, call.id);
  }
}

/** The agent says that the call is over. */
function isLast({ status }: ToolCallReport): boolean {
  return status === "completed" || status === "failed";
}

/** A command that failed is `completed` for some agents: the exit code knows better. */
function statusOf(status: NonNullable<ToolCallReport["status"]>, said: ToolCallReport) {
  const exit = exitOf(said);
  return status === "completed" && exit !== undefined && exit !== 0 ? "failed" : status;
}

/** The key under which the `fs` doorway will see the same file. */
function fileKey(kind: CallKind | undefined, paths: readonly string[]): string | undefined {
  const [path] = paths;
  if (path === undefined || paths.length > 1 || (kind !== "edit" && kind !== "read")) return undefined;
  return describeAct({ kind: kind === "edit" ? "write" : "read", path });
}
