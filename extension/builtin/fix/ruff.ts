import { resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";

import * as z from "zod/mini";

import { step } from "../chores.ts";
import type { PythonPart } from "../project.ts";
import { offsetOf, type Correction, type Edit } from "./edits.ts";
import type { Checker, Finding } from "./finding.ts";

const Location = z.object({ row: z.number(), column: z.number() });
const Fix = z.object({
  applicability: z.string(),
  message: z.nullable(z.string()),
  edits: z.array(z.object({ content: z.string(), location: Location, end_location: Location })),
});
type Fix = z.infer<typeof Fix>;
const Diagnostic = z.object({
  cell: z.nullish(z.number()),
  code: z.nullish(z.string()),
  filename: z.string(),
  message: z.string(),
  location: Location,
  fix: z.nullish(Fix),
});

/**
 * Asks for one JSON object a line: unlike one big array, it can be read where the tool that starts ruff prints
 * lines of its own, and where the host cut off the beginning.
 */
export function ruff(part: PythonPart, title: string): Checker {
  return {
    tool: "ruff",
    ...step(title, part, "ruff", "check", "--output-format", "json-lines", "."),
    read: (output) =>
      stripVTControlCharacters(output)
        .split("\n")
        .flatMap((line) => readLine(part.folder, line) ?? []),
  };
}

function readLine(folder: string, line: string): Finding | null {
  const parsed = z.safeParse(Diagnostic, fromJson(line));
  if (!parsed.success) {
    return null;
  }
  const { cell, code, filename, message, location, fix } = parsed.data;
  // Places in a notebook count inside a cell; the file around it is JSON.
  const safe = fix?.applicability === "safe" && typeof cell !== "number" ? fix : undefined;
  return {
    path: resolve(folder, filename),
    line: location.row,
    column: location.column,
    message: typeof code === "string" ? `${message} (${code})` : message,
    ...(safe && { correct: (text: string) => correction(text, safe, message, location.row) }),
  };
}

function fromJson(line: string): unknown {
  if (!line.startsWith("{")) {
    return undefined;
  }
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function correction(text: string, fix: Fix, message: string, line: number): Correction | null {
  const edits: Edit[] = [];
  for (const { content, location, end_location: ending } of fix.edits) {
    const start = offsetOf(text, { line: location.row, column: location.column }, "character");
    const end = offsetOf(text, { line: ending.row, column: ending.column }, "character");
    if (start === null || end === null || end < start) {
      return null;
    }
    edits.push({ start, end, text: content });
  }
  return { what: fix.message ?? message, line, edits };
}
