import { resolve } from "node:path";
import * as z from "zod";
import { Columns } from "./columns.ts";
import type { Finding } from "./gate.ts";

const Oxlint = z.object({
  diagnostics: z.array(
    z.object({
      message: z.string(),
      code: z.string().optional(),
      severity: z.string(),
      filename: z.string(),
      labels: z.array(
        z.object({
          span: z.object({ length: z.number(), line: z.number(), column: z.number() }),
        }),
      ),
    }),
  ),
});

/** `oxlint --format=json`; null when the output is something else. */
export function parseOxlint(output: string, cwd: string): readonly Finding[] | null {
  const read = Oxlint.safeParse(json(output.slice(Math.max(0, output.indexOf("{")))));
  // With no file to look at it writes a sentence, and succeeds.
  if (!read.success) return /^No files found/m.test(output) ? [] : null;
  const columns = new Columns();
  return read.data.diagnostics.map(({ message, code, severity, filename, labels }) => {
    const file = resolve(cwd, filename);
    const span = labels[0]?.span ?? { length: 0, line: 1, column: 1 };
    const end = columns.endOf(file, span, span.length);
    return {
      file,
      line: span.line,
      column: columns.inUtf16(file, span.line, span.column, "bytes"),
      endLine: end.line,
      endColumn: end.column,
      severity: severity === "error" ? "error" : severity === "warning" ? "warning" : "info",
      code: code ?? "",
      message,
      source: "oxlint",
    };
  });
}

const Eslint = z.array(
  z.object({
    filePath: z.string(),
    messages: z.array(
      z.object({
        ruleId: z.string().nullable(),
        severity: z.number(),
        message: z.string(),
        line: z.number().optional(),
        column: z.number().optional(),
        endLine: z.number().nullish(),
        endColumn: z.number().nullish(),
      }),
    ),
  }),
);

/** `eslint --format=json`; null when the output is something else. */
export function parseEslint(output: string): readonly Finding[] | null {
  const read = Eslint.safeParse(json(output));
  if (!read.success) return null;
  return read.data.flatMap(({ filePath: file, messages }) =>
    messages.flatMap((each): Finding[] => {
      const { line, column = 1 } = each;
      // "File ignored": said of the file, not found in it.
      if (line === undefined) return [];
      return [
        {
          file,
          line,
          column,
          endLine: each.endLine ?? line,
          endColumn: each.endColumn ?? column,
          severity: each.severity === 2 ? "error" : "warning",
          code: each.ruleId ?? "",
          message: each.message,
          source: "eslint",
        },
      ];
    }),
  );
}

const Place = z.object({ line: z.number(), column: z.number() });
const Biome = z.object({
  diagnostics: z.array(
    z.object({
      severity: z.string(),
      message: z.string(),
      category: z.string().nullish(),
      location: z.object({ path: z.string(), start: Place.nullish(), end: Place.nullish() }).nullish(),
    }),
  ),
});

/** `biome lint --reporter=json`; null when the output is something else. */
export function parseBiome(output: string, cwd: string): readonly Finding[] | null {
  const read = Biome.safeParse(json(output.slice(Math.max(0, output.indexOf("{")))));
  if (!read.success) return null;
  const columns = new Columns();
  return read.data.diagnostics.flatMap(({ severity, message, category, location }): Finding[] => {
    if (!location || location.path === "") return [];
    const file = resolve(cwd, location.path);
    const start = location.start ?? { line: 1, column: 1 };
    const end = location.end ?? start;
    return [
      {
        file,
        line: start.line,
        column: columns.inUtf16(file, start.line, start.column, "characters"),
        endLine: end.line,
        endColumn: columns.inUtf16(file, end.line, end.column, "characters"),
        severity:
          severity === "error" || severity === "fatal"
            ? "error"
            : severity === "warning"
              ? "warning"
              : "info",
        code: category ?? "",
        message,
        source: "biome",
      },
    ];
  });
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
