import { resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";

import * as z from "zod/mini";

import { step } from "../chores.ts";
import type { WebPart } from "../project.ts";
import type { Checker, Finding } from "./finding.ts";

/** ESLint's `fix` is what its own `--fix` applies; what might change behaviour is under `suggestions` instead. */
const Fix = z.object({ range: z.tuple([z.number(), z.number()]), text: z.string() });
const Report = z.array(
  z.object({
    filePath: z.string(),
    messages: z.array(
      z.object({
        ruleId: z.nullish(z.string()),
        message: z.string(),
        line: z._default(z.number(), 1),
        column: z._default(z.number(), 1),
        fix: z.nullish(Fix),
      }),
    ),
  }),
);

export function eslint(part: WebPart, title: string): Checker {
  return {
    tool: "ESLint",
    ...step(title, part, "npx", "eslint", ".", "--format", "json"),
    read: (output) => readReport(part.folder, stripVTControlCharacters(output)),
  };
}

function readReport(folder: string, output: string): readonly Finding[] {
  const report = output.split("\n").flatMap((line) => parse(line) ?? []);
  return report.flatMap(({ filePath, messages }) =>
    messages.map(({ ruleId, message, line, column, fix }) => ({
      path: resolve(folder, filePath),
      line,
      column,
      message: typeof ruleId === "string" ? `${message} (${ruleId})` : message,
      ...(fix && {
        correct: (text: string) => {
          const [start, end] = fix.range;
          const fits = start >= 0 && end <= text.length;
          return fits ? { what: message, line, edits: [{ start, end, text: fix.text }] } : null;
        },
      }),
    })),
  );
}

/** The report is one line; the tool that starts ESLint may print others. */
function parse(line: string): z.infer<typeof Report> | null {
  if (!line.startsWith("[")) {
    return null;
  }
  try {
    return z.safeParse(Report, JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}
