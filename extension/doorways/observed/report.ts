import { isAbsolute, resolve } from "node:path";
import type { CallKind } from "../../events/event.ts";
import type { ToldDiff } from "./diffs.ts";

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
  /** Output that came since the last report, where the agent tells it so. */
  readonly outputDelta?: string | undefined;
  /** How its command ended; null after a signal. */
  readonly exit?: number | null | undefined;
}

/**
 * A report laid over what was said of the call before: each message says only a part, and some agents send empty
 * fields for what they said already.
 */
export function merge(before: ToolCallReport | undefined, report: ToolCallReport): ToolCallReport {
  if (before === undefined) return report;
  const merged: Record<string, unknown> = { ...before };
  for (const [field, value] of Object.entries(report)) {
    const says = value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);
    if (says) merged[field] = value;
  }
  return {
    ...(merged as unknown as ToolCallReport),
    rawInput:
      isObject(before.rawInput) && isObject(report.rawInput)
        ? { ...before.rawInput, ...report.rawInput }
        : merged["rawInput"],
    status: report.status,
    outputDelta: report.outputDelta,
  };
}

const KINDS: Readonly<Record<string, CallKind>> = {
  execute: "command",
  edit: "edit",
  delete: "edit",
  move: "edit",
  read: "read",
  search: "read",
};

export function kindOf(report: ToolCallReport): CallKind | undefined {
  if (commandOf(report) !== undefined) return "command";
  const { kind } = report;
  if (kind === undefined || kind === null) return undefined;
  const known = Object.hasOwn(KINDS, kind) ? KINDS[kind] : "tool";
  // Some agents call every tool of an MCP server an execution: its input says that it is no command.
  return known === "command" && !mayBeCommand(report) ? "tool" : known;
}

/** The command of a report: in its input as text or as a list, or, where it has no input at all, in its title. */
export function commandOf(report: ToolCallReport): string | undefined {
  const { rawInput } = report;
  if (!isObject(rawInput)) return undefined;
  const { command } = rawInput;
  if (typeof command === "string") return command;
  if (!Array.isArray(command) || !command.every((word) => typeof word === "string")) return undefined;
  const [, flag, line] = command;
  const isShell = command.length === 3 && /^-[a-z]*c$/.test(flag ?? "");
  return isShell ? line : command.join(" ");
}

/** The title as a command, whole; for agents that say it nowhere else. */
export function titleCommand(report: ToolCallReport): string | undefined {
  const { kind, title } = report;
  if (kind !== "execute" || !mayBeCommand(report) || title === undefined || title === null) return undefined;
  return unquoted(title).trim() || undefined;
}

/** False where its input is that of another tool. */
function mayBeCommand({ rawInput }: ToolCallReport): boolean {
  return !isObject(rawInput) || Object.keys(rawInput).every((name) => name === "cwd" || name === "command");
}

export function folderOf(report: ToolCallReport, cwd: string): string {
  const { rawInput } = report;
  const named = isObject(rawInput) ? rawInput["cwd"] : undefined;
  return typeof named === "string" ? resolve(cwd, named) : cwd;
}

/** Characters of a title: a person reads it in one line. */
const TITLE = 2_000;

/** The title as one plain line. */
export function plainTitle(title: string | null | undefined): string | undefined {
  return title === undefined || title === null ? undefined : unquoted(title).split("\n")[0]?.slice(0, TITLE);
}

/** Some agents wrap a command in back ticks to have it shown as code. */
function unquoted(title: string): string {
  return title.replace(/^`([^`]*)`$/s, "$1");
}

export function diffsOf(report: ToolCallReport, cwd: string): readonly ToldDiff[] {
  return (report.content ?? []).flatMap((part) => {
    if (part.type !== "diff" || !("path" in part) || !("newText" in part)) return [];
    const { path, newText } = part;
    if (typeof path !== "string" || typeof newText !== "string") return [];
    const oldText = "oldText" in part && typeof part.oldText === "string" ? part.oldText : null;
    return [{ path: isAbsolute(path) ? path : resolve(cwd, path), oldText, newText }];
  });
}

/** The text of a finished call: what it shows or, where that is nothing, what the tool of an MCP server answered. */
export function outputOf({ content, rawOutput }: ToolCallReport): string | undefined {
  const shown = (content ?? []).flatMap((part) => ("content" in part ? textOf(part.content) : []));
  const texts = shown.length > 0 ? shown : toolResult(rawOutput).flatMap(textOf);
  return texts.length === 0 ? undefined : unfenced(texts.join("\n"));
}

function textOf(block: unknown): readonly string[] {
  return isObject(block) && typeof block["text"] === "string" ? [block["text"]] : [];
}

function toolResult(output: unknown): readonly unknown[] {
  const result = isObject(output) ? output["result"] : undefined;
  const content = isObject(result) ? result["content"] : undefined;
  return Array.isArray(content) ? content : [];
}

/** Some agents wrap an output in a fence to have it shown as code. */
function unfenced(text: string): string {
  const [, inside] = /^```[\w-]*\n(.*?)\n?```\s*$/s.exec(text) ?? [];
  return inside === undefined || inside.includes("```") ? text : `${inside}\n`;
}

/** Exit codes where agents put them: told apart, or in the output as `exitCode`, `exit_code`, `exit`, `metadata.exit`. */
export function exitOf({ exit, rawOutput }: ToolCallReport): number | null | undefined {
  return exit === undefined ? exitIn(rawOutput) : exit;
}

function exitIn(output: unknown): number | undefined {
  if (!isObject(output)) return undefined;
  for (const [name, value] of Object.entries(output)) {
    if (/^exit(_?code)?$/i.test(name) && typeof value === "number") return value;
    if (name === "metadata") return exitIn(value);
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
  const { rawInput } = report;
  for (const [name, value] of Object.entries(isObject(rawInput) ? rawInput : {})) {
    const isPath = /^(file_?path|path|notebook_path|abs_path)$/i.test(name);
    if (isPath && typeof value === "string") paths.add(value);
  }
  return [...new Set([...paths].map((path) => (isAbsolute(path) ? path : resolve(cwd, path))))];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
