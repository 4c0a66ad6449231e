import * as l10n from "@vscode/l10n";

import type { Reason } from "../host.ts";
import { code, list, prose } from "../report.ts";
import { shown } from "./file.ts";
import type { Finding } from "./finding.ts";

/** What became of a `/fix` so far. */
export interface Record {
  readonly fixed: { readonly path: string; readonly what: string; readonly line: number }[];
  readonly left: Finding[];
  /** Files that were not written, and why. */
  readonly skipped: Map<string, Reason>;
  /** Sentences about tools that gave no answer. */
  readonly troubles: string[];
}

/** More rows than this nobody reads in a message. Chosen. */
const MAX_ROWS = 30;

/** Markdown. */
export function summary(folder: string, record: Record): string {
  const left = withoutRepeats(record.left);
  return [
    opening(record, left),
    ...rows(record.fixed.map(({ path, line, what }) => `${place(folder, path, line)}: ${prose(what)}`)),
    ...section(
      l10n.t("Not written:"),
      [...record.skipped].map(([path, reason]) => `${code(shown(folder, path))}: ${reason}`),
    ),
    ...section(
      l10n.t("Left for you:"),
      left.map(({ path, line, message }) => `${place(folder, path, line)}: ${prose(message)}`),
    ),
    ...section(l10n.t("Not checked:"), record.troubles),
  ].join("\n\n");
}

function opening({ fixed, skipped, troubles }: Record, left: readonly Finding[]): string {
  const files = new Set(fixed.map(({ path }) => path)).size;
  if (fixed.length > 0) {
    return fixed.length === 1
      ? l10n.t("Fixed one problem.")
      : files === 1
        ? l10n.t("Fixed {0} problems in one file.", fixed.length)
        : l10n.t("Fixed {0} problems in {1} files.", fixed.length, files);
  }
  if (left.length > 0 || skipped.size > 0) {
    return l10n.t("Nothing was changed.");
  }
  return troubles.length > 0
    ? l10n.t("I found nothing to fix in what I could check.")
    : l10n.t("Nothing to fix.");
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [title, ...rows(lines)];
}

function rows(lines: readonly string[]): readonly string[] {
  if (lines.length === 0) {
    return [];
  }
  const more = lines.length - MAX_ROWS;
  return [list(more > 0 ? [...lines.slice(0, MAX_ROWS), l10n.t("and {0} more", more)] : lines)];
}

function place(folder: string, path: string, line: number): string {
  return code(`${shown(folder, path)}:${line}`);
}

/** Two tools often complain about one place: the first one's word is enough. */
function withoutRepeats(findings: readonly Finding[]): readonly Finding[] {
  const places = new Map<string, Finding>();
  for (const finding of findings) {
    const key = `${finding.path}:${finding.line}:${finding.column}`;
    if (!places.has(key)) {
      places.set(key, finding);
    }
  }
  return [...places.values()];
}
