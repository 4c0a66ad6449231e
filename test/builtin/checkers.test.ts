import assert from "node:assert/strict";
import { test } from "node:test";

import { apply } from "../../extension/builtin/fix/edits.ts";
import { eslint } from "../../extension/builtin/fix/eslint.ts";
import type { Checker } from "../../extension/builtin/fix/finding.ts";
import { oxlint } from "../../extension/builtin/fix/oxlint.ts";
import { ruff } from "../../extension/builtin/fix/ruff.ts";
import { tsc } from "../../extension/builtin/fix/tsc.ts";
import type { WebPart } from "../../extension/builtin/project.ts";

const WEB: WebPart = {
  folder: "/shop/web",
  name: "web",
  manager: "npm",
  locked: true,
  installable: true,
  workspaces: false,
  tested: false,
  typed: true,
  linters: [],
  runner: null,
};

/** The text after every correction that the output leads to. */
function corrected(checker: Checker, output: string, text: string): string {
  return checker.read(output).reduce((result, finding) => {
    const correction = finding.correct?.(result);
    return correction ? apply(result, [correction]) : result;
  }, text);
}

test("tsc's own suggestions are taken at their place", () => {
  const text = 'export const s = "😀" + totl;\nimport { helpr } from "./b";\nconst p: P = { color: 1 };\n';
  const output = [
    "a.ts(1,25): error TS2552: Cannot find name 'totl'. Did you mean 'total'?",
    `a.ts(2,10): error TS2724: '"./b"' has no exported member named 'helpr'. Did you mean 'helper'?`,
    "a.ts(3,16): error TS2561: Object literal may only specify known properties, but 'color' does not exist in type 'P'. Did you mean to write 'colour'?",
    "Found 3 errors.",
  ].join("\r\n");
  assert.equal(
    corrected(tsc(WEB, "Types"), output, text),
    text.replace("totl", "total").replace("helpr", "helper").replace("color", "colour"),
  );
  assert.equal(tsc(WEB, "Types").read(output)[0]?.path, "/shop/web/a.ts");
});

test("a suggestion of another kind, or at a place that has another name, is not taken", () => {
  const text = "foo.then(bar)\n";
  const output = [
    "a.ts(1,1): error TS2801: This condition will always return true. Did you mean 'await'?",
    "a.ts(1,5): error TS2551: Property 'tehn' does not exist on type 'P'. Did you mean 'then'?",
  ].join("\n");
  assert.equal(corrected(tsc(WEB, "Types"), output, text), text);
  assert.equal(tsc(WEB, "Types").read(output).length, 2);
});

test("ESLint's fixes are made, its suggestions are not", () => {
  const text = 'const a = "x"\n';
  const report = [
    {
      filePath: "/shop/web/a.js",
      messages: [
        {
          ruleId: "semi",
          message: "Missing semicolon.",
          line: 1,
          column: 14,
          severity: 2,
          fix: { range: [13, 13], text: ";" },
        },
        { ruleId: null, message: "Parsing error", line: 1, column: 1, severity: 2 },
        { ruleId: "far", message: "Beyond", line: 9, column: 1, fix: { range: [90, 91], text: "" } },
      ],
    },
  ];
  const output = `npm notice\n${JSON.stringify(report)}\n`;
  assert.equal(corrected(eslint(WEB, "Lint"), output, text), 'const a = "x";\n');
  assert.deepEqual(
    eslint(WEB, "Lint")
      .read(output)
      .map(({ message }) => message),
    ["Missing semicolon. (semi)", "Parsing error", "Beyond (far)"],
  );
});

function constant(line: string): string {
  const column = Buffer.byteLength(line.slice(0, line.indexOf("name"))) + 1;
  const output = `src/a.ts:1:${column}: \`name\` is never reassigned. [Error/eslint(prefer-const)]\n\n1 problem\n`;
  return corrected(oxlint(WEB, "Lint"), output, line);
}

test("a variable that never changes becomes a constant where it is declared alone", () => {
  assert.equal(constant("let name = f(1, [2, 3], 'a,b');"), "const name = f(1, [2, 3], 'a,b');");
  assert.equal(constant('"😀"; let name: string = x'), '"😀"; const name: string = x');
  assert.equal(constant("for (let name of names) f(name, 1);"), "for (const name of names) f(name, 1);");
});

test("a variable that shares its declaration, or has no value yet, stays", () => {
  for (const line of [
    "let name = 1, other = 2;",
    "let other = 1, name = 2;",
    "let { name } = x;",
    "let name;",
  ]) {
    assert.equal(constant(line), line);
  }
});

test("oxlint's other findings are listed", () => {
  const output = "a.ts:3:33: `debugger` statement is not allowed [Error/eslint(no-debugger)]\n\n4 problems\n";
  assert.deepEqual(oxlint(WEB, "Lint").read(output), [
    {
      path: "/shop/web/a.ts",
      line: 3,
      column: 33,
      message: "`debugger` statement is not allowed [Error/eslint(no-debugger)]",
    },
  ]);
});

test("lines of whatever starts a tool don't hide what the tool says", () => {
  const line = JSON.stringify({
    code: "F401",
    filename: "/shop/b.py",
    message: "`os` imported but unused",
    location: { row: 1, column: 8 },
    fix: null,
  });
  const checker = ruff({ folder: "/shop", name: "", requirements: false, runner: null }, "Lint");
  assert.deepEqual(checker.read(`Installed 3 packages in 2ms\n\u001B[0m${line}\r\n{"half": \n`), [
    { path: "/shop/b.py", line: 1, column: 8, message: "`os` imported but unused (F401)" },
  ]);
});

test("a path that is a link of the terminal is read as the path", () => {
  const path = "\u001B]8;;file:///shop/web/a.ts\u001B\\a.ts\u001B]8;;\u001B\\";
  const [finding] = tsc(WEB, "Types").read(`${path}(1,2): error TS2552: Cannot find name 'totl'.`);
  assert.equal(finding?.path, "/shop/web/a.ts");
});

test("an unsafe fix, and one inside a notebook, is not made", () => {
  const fix = {
    applicability: "safe",
    message: "Remove",
    edits: [{ content: "", location: { row: 1, column: 1 }, end_location: { row: 2, column: 1 } }],
  };
  const finding = { filename: "a.py", message: "m", location: { row: 1, column: 1 }, fix };
  const checker = ruff({ folder: "/shop", name: "", requirements: false, runner: null }, "Lint");
  const readOne = (value: object) => checker.read(JSON.stringify(value))[0]?.correct;
  assert.notEqual(readOne(finding), undefined);
  assert.equal(readOne({ ...finding, fix: { ...fix, applicability: "unsafe" } }), undefined);
  assert.equal(readOne({ ...finding, cell: 2 }), undefined);
});
