import { isAbsolute, resolve } from "node:path";
import { describeAct } from "../../door/act.ts";
import type { Call, Calls } from "../../door/calls.ts";
import { callKey } from "../../door/calls.ts";
import { CALL_INPUT_BYTES, type CallKind, type CallPatch, type FileDiff } from "../../events/event.ts";
import { parseShell } from "../../shell/parse.ts";
import { fileDiff } from "../fs/diffs.ts";

/** What an agent says of a tool call, in whichever message it says it. Hints, not facts. */
export interface ToolCallReport {
  readonly toolCallId: string;
  readonly title?: string | null | undefined;
  readonly kind?: string | null | undefined;
  readonly status?: "pending" | "in_progress" | "completed" | "failed" | null | undefined;
  readonly content?: readonly { readonly type: string }[] | null | undefined;
  readonly locations?: readonly { readonly path: string }[] | null | undefined;
  readonly rawInput?: unknown;
  readonly rawOutput?: unknown;
}

export interface ObservedParts {
  readonly calls: Calls;
  readonly cwd: string;
  /** An edit was seen that no doorway carried. */
  readonly onEdited: (paths: readonly string[], call: string) => void;
  readonly onOutput: (call: string, text: string) => void;
}

const KINDS: Readonly<Record<string, CallKind>> = {
  execute: "command",
  edit: "edit",
  delete: "edit",
  move: "edit",
  read: "read",
  search: "read",
};

/** The `observed` doorway: what agents report of themselves. Nothing is decided here; it is only noted. */
export class ObservedDoorway {
  readonly #parts: ObservedParts;

  constructor(parts: ObservedParts) {
    this.#parts = parts;
  }

  /** Notes a report, and returns the call that it belongs to. */
  report(report: ToolCallReport): Call {
    const { calls, cwd } = this.#parts;
    const command = commandOf(report);
    const folder = folderOf(report, cwd);
    const kind = kindOf(report, command);
    const call = calls.announce({
      toolCallId: report.toolCallId,
      kind,
      title: command ?? plainTitle(report.title),
      key:
        command === undefined
          ? fileKey(kind, pathsOf(report, cwd))
          : callKey(parseShell(command, { cwd: folder })),
      cwd: command === undefined ? undefined : folder,
    });
    const patch = describe(report, cwd, command);
    if (Object.keys(patch).length > 0) calls.update(call, patch);
    const through = call.doorways.includes("terminal") || call.doorways.includes("fs");
    const output = through ? undefined : outputOf(report);
    if (output !== undefined) this.#parts.onOutput(call.id, output);
    if (report.status !== undefined && report.status !== null) {
      const exit = exitOf(report.rawOutput);
      if (exit !== undefined && !through) calls.update(call, { exit });
      // A command that failed is `completed` for some agents: the exit code knows better.
      const failed = report.status === "completed" && exit !== undefined && exit !== 0;
      calls.report(call, failed ? "failed" : report.status);
      if (report.status === "completed" && !through && patch.diffs !== undefined) {
        this.#parts.onEdited(
          patch.diffs.map((diff) => diff.path),
          call.id,
        );
      }
    }
    return call;
  }
}

/** The command of a report: `rawInput.command` as text or list; some agents have it in the title alone. */
export function commandOf(report: ToolCallReport): string | undefined {
  const input = report.rawInput;
  if (typeof input === "object" && input !== null && "command" in input) {
    const { command } = input;
    if (typeof command === "string") return command;
    if (Array.isArray(command) && command.every((word) => typeof word === "string")) {
      const [, flag, line] = command;
      const isShell = command.length === 3 && /^-[a-z]*c$/.test(flag ?? "");
      return isShell ? line : command.join(" ");
    }
  }
  return undefined;
}

export function folderOf(report: ToolCallReport, cwd: string): string {
  const input = report.rawInput;
  if (typeof input !== "object" || input === null || !("cwd" in input)) return cwd;
  return typeof input.cwd === "string" ? resolve(cwd, input.cwd) : cwd;
}

/** The key under which the `fs` doorway will see the same file. */
function fileKey(kind: CallKind | undefined, paths: readonly string[]): string | undefined {
  const [path] = paths;
  if (path === undefined || paths.length > 1 || (kind !== "edit" && kind !== "read")) return undefined;
  return describeAct({ kind: kind === "edit" ? "write" : "read", path });
}

function kindOf(report: ToolCallReport, command: string | undefined): CallKind | undefined {
  if (command !== undefined) return "command";
  const { kind } = report;
  if (kind === undefined || kind === null) return undefined;
  return Object.hasOwn(KINDS, kind) ? KINDS[kind] : "tool";
}

function plainTitle(title: string | null | undefined): string | undefined {
  // Some agents wrap a command in back ticks to have it shown as code.
  return title?.replace(/^`(.*)`$/s, "$1").split("\n")[0];
}

function describe(report: ToolCallReport, cwd: string, command: string | undefined): CallPatch {
  const { rawInput } = report;
  const diffs = (report.content ?? []).flatMap((part) => diffOf(part, cwd));
  const hasInput = typeof rawInput === "object" && rawInput !== null && Object.keys(rawInput).length > 0;
  return {
    ...(hasInput ? { input: JSON.stringify(rawInput, null, 2).slice(0, CALL_INPUT_BYTES) } : {}),
    ...(command === undefined ? {} : { asked: command }),
    ...(diffs.length > 0 ? { diffs } : {}),
  };
}

function diffOf(part: { readonly type: string }, cwd: string): readonly FileDiff[] {
  if (part.type !== "diff" || !("path" in part) || !("newText" in part)) return [];
  const { path, newText } = part;
  if (typeof path !== "string" || typeof newText !== "string") return [];
  const old = "oldText" in part && typeof part.oldText === "string" ? part.oldText : null;
  return [fileDiff(isAbsolute(path) ? path : resolve(cwd, path), old, newText)];
}

/** The text of a finished call. Updates repeat it: only the final one counts. */
function outputOf(report: ToolCallReport): string | undefined {
  if (report.status !== "completed" && report.status !== "failed") return undefined;
  const texts = (report.content ?? []).flatMap((part) => {
    if (part.type !== "content" || !("content" in part)) return [];
    const { content } = part as { content: unknown };
    const isText = typeof content === "object" && content !== null && "text" in content;
    return isText && typeof content.text === "string" ? [content.text] : [];
  });
  return texts.length === 0 ? undefined : texts.join("\n");
}

/** Exit codes where agents put them: `exitCode`, `exit_code`, `exit`, or `metadata.exit`. */
function exitOf(output: unknown): number | undefined {
  if (typeof output !== "object" || output === null) return undefined;
  for (const [name, value] of Object.entries(output)) {
    if (/^exit(_?code)?$/i.test(name) && typeof value === "number") return value;
    if (name === "metadata") return exitOf(value);
  }
  return undefined;
}

/** The files that a report names, absolute: in its diffs, its locations, or its input. */
export function pathsOf(report: ToolCallReport, cwd: string): readonly string[] {
  const paths = new Set<string>();
  for (const part of report.content ?? []) {
    if (part.type === "diff" && "path" in part && typeof part.path === "string") paths.add(part.path);
  }
  for (const { path } of report.locations ?? []) paths.add(path);
  const input = report.rawInput;
  if (typeof input === "object" && input !== null) {
    for (const [name, value] of Object.entries(input)) {
      if (/^(file_?path|path|notebook_path|abs_path)$/i.test(name) && typeof value === "string")
        paths.add(value);
    }
  }
  return [...paths].map((path) => (isAbsolute(path) ? path : resolve(cwd, path)));
}
