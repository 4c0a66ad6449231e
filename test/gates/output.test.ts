import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";

import type { Finding } from "../../extension/gates/gate.ts";
import { parseRuff } from "../../extension/gates/ruff.ts";
import { parseBiome, parseEslint, parseOxlint } from "../../extension/gates/scriptOutput.ts";
import { parseTsc } from "../../extension/gates/tsc.ts";
import { parseTy } from "../../extension/gates/ty.ts";
import { folderWith } from "../toolchain/support.ts";

// In front of the `x` stand a character of four bytes and two UTF-16 units, and one of two bytes and one unit.
const folder = folderWith({ "a.py": "ok\n/𝒳é/ x\n", "a.ts": "ok\n/𝒳é/ x\n" });
const py = join(folder, "a.py");
const ts = join(folder, "a.ts");

function where(findings: readonly Finding[] | null): readonly unknown[] | null {
  return (
    findings?.map(({ file, line, column, endLine, endColumn, severity, code }) => [
      file.slice(folder.length + 1),
      `${line}:${column}-${endLine}:${endColumn}`,
      severity,
      code,
    ]) ?? null
  );
}

const X_IN_UTF16 = "2:7-2:8";

describe("what a tool wrote becomes findings in UTF-16 columns", () => {
  const violation = (column: number) =>
    JSON.stringify({
      code: "F821",
      filename: py,
      message: "Undefined name",
      location: { row: 2, column },
      end_location: { row: 2, column: column + 1 },
      cell: null,
    });

  test("ruff counts characters", () => {
    assert.deepEqual(where(parseRuff(`${violation(6)}\n`, folder, false)), [
      ["a.py", X_IN_UTF16, "error", "F821"],
    ]);
    assert.deepEqual(parseRuff("", folder, false), []);
  });

  test("ruff's output may have lost its beginning, and no more", () => {
    const cut = `"row":1}}\n${violation(6)}\n`;
    assert.equal(parseRuff(cut, folder, true)?.length, 1);
    assert.equal(parseRuff(cut, folder, false), null);
  });

  test("ty counts characters, and speaks GitLab's severities", () => {
    const issue = (severity: string) => ({
      check_name: "rule",
      description: "rule: What is wrong",
      severity,
      location: { path: "a.py", positions: { begin: { line: 2, column: 6 }, end: { line: 2, column: 7 } } },
    });
    const findings = parseTy(JSON.stringify(["major", "minor", "info"].map(issue)), folder);
    assert.deepEqual(where(findings), [
      ["a.py", X_IN_UTF16, "error", "rule"],
      ["a.py", X_IN_UTF16, "warning", "rule"],
      ["a.py", X_IN_UTF16, "info", "rule"],
    ]);
    assert.equal(findings?.[0]?.message, "What is wrong");
  });

  test("oxlint counts bytes", () => {
    const span = { offset: 12, length: 1, line: 2, column: 10 };
    const output = {
      diagnostics: [
        { message: "m", code: "rule", severity: "warning", filename: "a.ts", labels: [{ span }] },
      ],
    };
    assert.deepEqual(where(parseOxlint(JSON.stringify(output), folder)), [
      ["a.ts", X_IN_UTF16, "warning", "rule"],
    ]);
    const sentence =
      'No files found to lint. Please check your paths and ignore patterns.\n{"diagnostics":[]}';
    assert.deepEqual(parseOxlint(sentence, folder), []);
  });

  test("eslint counts as editors do, and what it says of ignored files is no finding", () => {
    const message = {
      ruleId: "rule",
      severity: 2,
      message: "m",
      line: 2,
      column: 7,
      endLine: 2,
      endColumn: 8,
    };
    const ignored = {
      ruleId: null,
      severity: 1,
      message: "File ignored because of a matching ignore pattern.",
    };
    const output = JSON.stringify([{ filePath: ts, messages: [message, ignored] }]);
    assert.deepEqual(where(parseEslint(output)), [["a.ts", X_IN_UTF16, "error", "rule"]]);
  });

  test("biome counts characters", () => {
    const location = { path: "a.ts", start: { line: 2, column: 6 }, end: { line: 2, column: 7 } };
    const output = {
      summary: {},
      diagnostics: [{ severity: "error", message: "m", category: "lint/x", location, advices: [] }],
    };
    assert.deepEqual(where(parseBiome(JSON.stringify(output), folder)), [
      ["a.ts", X_IN_UTF16, "error", "lint/x"],
    ]);
  });

  test("tsc says where a finding begins; what is of no file is of the configuration", () => {
    const output = [
      "a.ts(2,7): error TS2322: Type 'string' is not assignable.",
      "  Because of this.",
      "error TS18003: No inputs were found.",
      "",
    ].join("\n");
    const findings = parseTsc(output, folder, join(folder, "tsconfig.json"));
    assert.deepEqual(where(findings), [
      ["a.ts", "2:7-2:7", "error", "TS2322"],
      ["tsconfig.json", "1:1-1:1", "error", "TS18003"],
    ]);
    assert.match(findings[0]?.message ?? "", /assignable\.\n {2}Because/);
  });

  test("anything else is not understood, and never counts as clean", () => {
    for (const rubbish of ["oops", "{}", '{"diagnostics":1}', "[1]", "null"]) {
      assert.equal(parseTy(rubbish, folder), null, rubbish);
      assert.equal(parseOxlint(rubbish, folder), null, rubbish);
      assert.equal(parseEslint(rubbish), null, rubbish);
      assert.equal(parseBiome(rubbish, folder), null, rubbish);
      assert.equal(parseRuff(rubbish, folder, false), null, rubbish);
    }
    for (const parse of [parseTy, parseOxlint, parseBiome]) assert.equal(parse("", folder), null);
    assert.equal(parseEslint(""), null);
  });
});
