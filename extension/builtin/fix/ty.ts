import { resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";

import * as l10n from "@vscode/l10n";

import { step } from "../chores.ts";
import type { PythonPart } from "../project.ts";
import { code } from "../report.ts";
import { offsetOf, type Correction, type Place } from "./edits.ts";
import type { Checker, Finding } from "./finding.ts";
import { identifiers, type Identifier } from "./python.ts";
import { meant } from "./spelling.ts";

/** As `ty check --output-format concise` of ty 0.0.104 prints it. */
const DIAGNOSTIC =
  /^(?<path>.+?):(?<line>\d+):(?<column>\d+): (?:error|warning)\[(?<rule>[\w-]+)\] (?<text>.*)$/;

/** The rules whose complaint may be a slip of the pen: where the message has the name, and what kind of name. */
const MISSPELLINGS: Readonly<Record<string, { readonly name: RegExp; readonly role: Identifier["role"] }>> = {
  "unresolved-reference": { name: /^Name `(\w+)`/u, role: "name" },
  "missing-attribute": {
    name: /(?:no attribute|no member|Unresolved attribute) `(\w+)`/u,
    role: "attribute",
  },
  "unknown-argument": { name: /^Argument `(\w+)`/u, role: "name" },
};

/** ty gives the place where an expression starts; its attribute may stand some lines further down. Chosen. */
const MAX_EXPRESSION_LINES = 5;

interface Misspelling extends Place {
  readonly name: string;
  readonly role: Identifier["role"];
}

interface Complaint {
  readonly finding: Finding;
  readonly wrong?: Misspelling;
}

/**
 * Corrects names that ty doesn't know to the one name of the same file that is near. That is a guess: where ty
 * rejects the new name as well, the old one is put back and left alone.
 */
export function ty(part: PythonPart, title: string): Checker {
  const guesses = new Map<string, { readonly from: string; readonly what: string }>();
  const abandoned = new Set<string>();

  const propose = (path: string, text: string, wrong: Misspelling, unknown: ReadonlySet<string>) => {
    const start = find(text, wrong);
    if (start === null) {
      return null;
    }
    const replace = (to: string, what: string, takesBack?: string): Correction => ({
      what,
      line: wrong.line,
      edits: [{ start, end: start + wrong.name.length, text: to }],
      ...(takesBack !== undefined && { takesBack }),
    });
    const key = (name: string): string => `${path}:${wrong.line}:${name}`;
    const guess = guesses.get(key(wrong.name));
    if (guess) {
      abandoned.add(key(guess.from));
      return replace(guess.from, l10n.t("Put back {0}", code(guess.from)), guess.what);
    }
    const near = abandoned.has(key(wrong.name)) ? null : nearName(text, wrong, unknown);
    if (near === null) {
      return null;
    }
    const what = l10n.t("{0} is now {1}", code(wrong.name), code(near));
    guesses.set(key(near), { from: wrong.name, what });
    return replace(near, what);
  };

  const correctable = (finding: Finding, wrong: Misspelling, found: readonly Complaint[]): Finding => {
    const { path } = finding;
    const unknown = new Set(
      found.flatMap((other) => (other.finding.path === path ? (other.wrong?.name ?? []) : [])),
    );
    return { ...finding, correct: (text) => propose(path, text, wrong, unknown) };
  };

  return {
    tool: "ty",
    ...step(title, part, "ty", "check", "--output-format", "concise"),
    read(output) {
      const found = stripVTControlCharacters(output)
        .split("\n")
        .flatMap((line) => readLine(part.folder, line) ?? []);
      return found.map(({ finding, wrong }) => (wrong ? correctable(finding, wrong, found) : finding));
    },
  };
}

function readLine(folder: string, line: string): Complaint | null {
  const groups = DIAGNOSTIC.exec(line.trimEnd())?.groups;
  if (!groups) {
    return null;
  }
  const { path = "", rule = "", text = "" } = groups;
  const place = { line: Number(groups["line"]), column: Number(groups["column"]) };
  const finding: Finding = { path: resolve(folder, path), ...place, message: `${text} (${rule})` };
  const misspelling = MISSPELLINGS[rule];
  const name = misspelling?.name.exec(text)?.[1];
  return misspelling && name !== undefined
    ? { finding, wrong: { ...place, name, role: misspelling.role } }
    : { finding };
}

/** Names that ty doesn't know either are no better. */
function nearName(text: string, wrong: Misspelling, unknown: ReadonlySet<string>): string | null {
  const candidates = identifiers(text).filter(({ name, role }) => role === wrong.role && !unknown.has(name));
  return meant(
    wrong.name,
    candidates.map(({ name }) => name),
  );
}

function find(text: string, wrong: Misspelling): number | null {
  const start = offsetOf(text, wrong, "character");
  if (start === null) {
    return null;
  }
  if (wrong.role === "name") {
    const end = start + wrong.name.length;
    return text.slice(start, end) === wrong.name && !/\w/u.test(text.charAt(end)) ? start : null;
  }
  const expression = text.slice(start).split("\n", MAX_EXPRESSION_LINES).join("\n");
  const dotted = new RegExp(String.raw`\.\s*(?<name>${wrong.name})\b`, "d").exec(expression);
  const [found] = dotted?.indices?.groups?.["name"] ?? [];
  return found === undefined ? null : start + found;
}
