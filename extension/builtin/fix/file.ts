import { readFileSync, statSync } from "node:fs";
import { isAbsolute, relative, sep } from "node:path";

import * as l10n from "@vscode/l10n";

import { fail, ok, type Result } from "../../errors.ts";
import type { Reason } from "../host.ts";
import { isAborted, orAborted, type Turn } from "../turn.ts";
import { apply, sideBySide, type Correction } from "./edits.ts";
import type { Finding } from "./finding.ts";

const BYTE_ORDER_MARK = "\uFEFF";
/** What a decoder writes for bytes that are no UTF-8. Writing them back would lose the bytes. */
const NOT_UTF8 = "\uFFFD";

/**
 * Makes the corrections that fit, as one tool call, and answers which. A file is left alone, with the reason, if
 * it is not what the tool saw, or changed between reading and writing.
 */
export async function correctFile(
  turn: Turn,
  path: string,
  findings: readonly Finding[],
  checkedAt: number,
): Promise<Result<readonly Correction[], Reason>> {
  if (!inside(turn.cwd, path)) {
    return fail(l10n.t("It is outside this folder."));
  }
  const before = await asChecked(turn, path, checkedAt);
  if (!before.ok) {
    return before;
  }
  const mark = before.value.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : "";
  const text = before.value.slice(mark.length);
  const fitting = findings.flatMap((finding) => finding.correct?.(text) ?? []);
  // The small ones go first: one that rewrites a whole block can wait for the next time.
  const chosen = sideBySide(fitting.sort((a, b) => extent(a) - extent(b)));
  const corrections = [...chosen].sort((a, b) => a.line - b.line);
  const first = corrections[0];
  if (!first) {
    return ok([]);
  }
  const after = mark + apply(text, corrections);
  const written = await write(turn, path, first.line, before.value, after);
  return written.ok ? ok(corrections) : written;
}

function extent(correction: Correction): number {
  return correction.edits.reduce((sum, edit) => sum + edit.end - edit.start + edit.text.length, 0);
}

/** The text as the host has it, if that is also what lay on the disk when the tool looked. */
async function asChecked(turn: Turn, path: string, checkedAt: number): Promise<Result<string, Reason>> {
  const open = await turn.host.read(path);
  if (!open.ok) {
    return open;
  }
  try {
    if (statSync(path).mtimeMs > checkedAt) {
      return fail(l10n.t("It changed while it was being checked."));
    }
    if (withoutMark(readFileSync(path, "utf8")) !== withoutMark(open.value)) {
      return fail(l10n.t("It has unsaved changes."));
    }
  } catch {
    return fail(l10n.t("It can't be read."));
  }
  return open.value.includes(NOT_UTF8) ? fail(l10n.t("It is not UTF-8.")) : open;
}

function withoutMark(text: string): string {
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(BYTE_ORDER_MARK.length) : text;
}

async function write(
  turn: Turn,
  path: string,
  line: number,
  oldText: string,
  newText: string,
): Promise<Result<unknown, Reason>> {
  const call = turn.host.nextCall();
  await turn.host.update({
    sessionUpdate: "tool_call",
    toolCallId: call,
    title: shown(turn.cwd, path),
    kind: "edit",
    status: "pending",
    locations: [{ path, line }],
    rawInput: { path },
    content: [{ type: "diff", path, oldText, newText }],
  });
  const written = await writeUnchanged(turn, path, oldText, newText);
  await turn.host.update({
    sessionUpdate: "tool_call_update",
    toolCallId: call,
    ...(written.ok
      ? { status: "completed" }
      : {
          status: "failed",
          content: [
            { type: "diff", path, oldText, newText },
            { type: "content", content: { type: "text", text: written.error } },
          ],
        }),
  });
  return written;
}

async function writeUnchanged(
  turn: Turn,
  path: string,
  oldText: string,
  newText: string,
): Promise<Result<unknown, Reason>> {
  const again = await turn.host.read(path);
  if (!again.ok) {
    return again;
  }
  if (again.value !== oldText) {
    return fail(l10n.t("It changed in the meantime."));
  }
  const written = await orAborted(turn.host.write(path, newText, turn.signal), turn.signal);
  return isAborted(written) ? fail(l10n.t("Stopped.")) : written;
}

function inside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== "" && way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** The path as a person knows it. */
export function shown(folder: string, path: string): string {
  return inside(folder, path) ? relative(folder, path).replaceAll(sep, "/") : path;
}
