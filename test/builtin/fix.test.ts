import assert from "node:assert/strict";
import { readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";

import { builtinAgent } from "../../extension/builtin/agent.ts";
import { folderWith } from "./support/files.ts";
import { TestHost, type HostOptions } from "./support/host.ts";
import { missing } from "./support/tools.ts";

const skip = missing("ruff", "ty");

const PYPROJECT = `[project]
name = "shop"
version = "0"
requires-python = ">=3.10"
[tool.ruff.lint]
select = ["E", "F", "I"]
`;
const SHOP = `import os
import sys


class Basket:
    def __init__(self) -> None:
        self.total = 0

    def show(self) -> str:
        return f"{self.totl} 😀" + str(self.totl)


def main(name: str) -> None:
    result = Basket()
    print("😀é", resutl.show(), name, sys.argv)
    main(nmae="x")
`;
const MENDED = SHOP.replace("import os\n", "")
  .replaceAll("totl", "total")
  .replace("resutl", "result")
  .replace("nmae", "name");

async function fix(t: TestContext, cwd: string, options: Omit<HostOptions, "cwd"> = {}) {
  const host = await TestHost.open(builtinAgent("0"), { ...options, cwd });
  t.after(() => host.close());
  assert.equal(await host.prompt("/fix"), "end_turn");
  return host;
}

function said(host: TestHost): string {
  const last = host.updates.at(-1);
  assert.ok(last?.sessionUpdate === "agent_message_chunk" && last.content.type === "text");
  return last.content.text;
}

test("misspelled names and safe lint fixes are written, told and shown as diffs", { skip }, async (t) => {
  const cwd = folderWith(t, { "pyproject.toml": PYPROJECT, "shop.py": SHOP });
  const host = await fix(t, cwd);
  assert.equal(readFileSync(join(cwd, "shop.py"), "utf8"), MENDED);
  assert.equal(
    said(host),
    [
      "Fixed 5 problems in one file.",
      "",
      "- `shop.py:10`: `totl` is now `total`",
      "- `shop.py:10`: `totl` is now `total`",
      "- `shop.py:15`: `resutl` is now `result`",
      "- `shop.py:16`: `nmae` is now `name`",
      "- `shop.py:1`: Remove unused import: `os`",
    ].join("\n"),
  );
  assert.equal(
    host.told.split("says:")[0],
    [
      "plan: [in_progress] Names and types: ty, [pending] Lint: ruff",
      'call-1 execute pending ty check --output-format concise {"command":"ty check --output-format concise","cwd":"~"}',
      "call-1 in_progress <terminal-1>",
      'call-1 failed {"exitCode":1,"signal":null}',
      'call-2 edit pending shop.py {"path":"~/shop.py"} <diff ~/shop.py>',
      "call-2 completed",
      'call-3 execute pending ty check --output-format concise {"command":"ty check --output-format concise","cwd":"~"}',
      "call-3 in_progress <terminal-2>",
      'call-3 completed {"exitCode":0,"signal":null}',
      "plan: [completed] Names and types: ty, [in_progress] Lint: ruff",
      'call-4 execute pending ruff check --output-format json-lines . {"command":"ruff check --output-format json-lines .","cwd":"~"}',
      "call-4 in_progress <terminal-3>",
      'call-4 failed {"exitCode":1,"signal":null}',
      'call-5 edit pending shop.py {"path":"~/shop.py"} <diff ~/shop.py>',
      "call-5 completed",
      'call-6 execute pending ruff check --output-format json-lines . {"command":"ruff check --output-format json-lines .","cwd":"~"}',
      "call-6 in_progress <terminal-4>",
      'call-6 completed {"exitCode":0,"signal":null}',
      "plan: [completed] Names and types: ty, [completed] Lint: ruff",
      "",
    ].join("\n"),
  );
});

test("a second time there is nothing to fix, and nothing is written", { skip }, async (t) => {
  const cwd = folderWith(t, { "pyproject.toml": PYPROJECT, "shop.py": MENDED });
  const host = await fix(t, cwd);
  assert.equal(said(host), "Nothing to fix.");
  assert.deepEqual(host.written, []);
});

test("line ends and a byte order mark survive", { skip }, async (t) => {
  const text = `\uFEFF${SHOP.replaceAll("\n", "\r\n")}`;
  const cwd = folderWith(t, { "pyproject.toml": PYPROJECT, "shop.py": text });
  await fix(t, cwd);
  assert.equal(readFileSync(join(cwd, "shop.py"), "utf8"), `\uFEFF${MENDED.replaceAll("\n", "\r\n")}`);
});

test("fixes that overlap are made one after the other", { skip }, async (t) => {
  const unsorted = "import sys\nimport re\nimport os\n\nprint(sys, os)\n";
  const cwd = folderWith(t, { "pyproject.toml": PYPROJECT, "a.py": unsorted });
  const host = await fix(t, cwd);
  assert.equal(readFileSync(join(cwd, "a.py"), "utf8"), "import os\nimport sys\n\nprint(sys, os)\n");
  assert.match(said(host), /^Fixed 2 problems in one file\./);
});

test("what it can't fix it lists with its place, and leaves alone", { skip }, async (t) => {
  const text = "def f(x: int) -> str:\n    unused = 1\n    return x + zzzzzz\n";
  const cwd = folderWith(t, { "pyproject.toml": PYPROJECT, "a.py": text });
  const host = await fix(t, cwd);
  assert.deepEqual(host.written, []);
  assert.equal(
    said(host),
    [
      "Nothing was changed.",
      "",
      "Left for you:",
      "",
      "- `a.py:3`: Name `zzzzzz` used when not defined (unresolved-reference)",
      "- `a.py:2`: Local variable `unused` is assigned to but never used (F841)",
    ].join("\n"),
  );
});

test("a guess that the type checker rejects is put back, and not made again", { skip }, async (t) => {
  const text = 'class Box:\n    lower2 = 1\n    def upper_(self) -> None: ...\n\n\nprint("abc".uppe_())\n';
  const cwd = folderWith(t, { "pyproject.toml": "", "a.py": text });
  const host = await fix(t, cwd);
  assert.equal(readFileSync(join(cwd, "a.py"), "utf8"), text);
  assert.equal(host.written.length, 2, "it was tried");
  assert.match(said(host), /^Nothing was changed\.\n\nLeft for you:\n\n- `a.py:6`: .*`uppe_`/);
});

test("a file with unsaved changes is left alone", { skip }, async (t) => {
  const cwd = folderWith(t, { "pyproject.toml": PYPROJECT, "shop.py": SHOP });
  const host = await fix(t, cwd, { onRead: () => `${SHOP}# more\n` });
  assert.deepEqual(host.written, []);
  assert.match(said(host), /^Nothing was changed\.\n\nNot written:\n\n- `shop.py`: It has unsaved changes\./);
});

test("a file that changes between reading and writing is left alone", { skip }, async (t) => {
  const cwd = folderWith(t, { "pyproject.toml": PYPROJECT, "shop.py": SHOP });
  let reads = 0;
  const host = await fix(t, cwd, {
    onRead: () => {
      reads += 1;
      return reads > 1 ? `${SHOP}# more\n` : undefined;
    },
  });
  assert.deepEqual(host.written, []);
  assert.match(said(host), /`shop.py`: It changed in the meantime\./);
  assert.match(host.told, /call-2 failed <diff ~\/shop.py> "It changed in the meantime\."/);
});

test("a file that changed since the tool looked is left alone", { skip }, async (t) => {
  const cwd = folderWith(t, { "pyproject.toml": PYPROJECT, "shop.py": SHOP });
  const later = new Date(Date.now() + 60_000);
  utimesSync(join(cwd, "shop.py"), later, later);
  const host = await fix(t, cwd);
  assert.match(said(host), /`shop.py`: It changed while it was being checked\./);
});

test("a refused write is not tried again, and the other files are still fixed", { skip }, async (t) => {
  const cwd = folderWith(t, { "pyproject.toml": PYPROJECT, "shop.py": SHOP, "b.py": "import os\n" });
  const host = await fix(t, cwd, {
    onWrite: (path) => (path.endsWith("shop.py") ? { refused: "A person said no." } : undefined),
  });
  assert.deepEqual(host.written, [join(cwd, "b.py")]);
  assert.equal(readFileSync(join(cwd, "shop.py"), "utf8"), SHOP);
  assert.equal(host.told.match(/edit pending shop\.py/g)?.length, 1);
  assert.match(said(host), /^Fixed one problem\.[\s\S]*Not written:\n\n- `shop.py`: A person said no\./);
});

test("a checker that is refused or missing is named, and the other one still runs", { skip }, async (t) => {
  const cwd = folderWith(t, { "pyproject.toml": PYPROJECT, "b.py": "import os\n" });
  const host = await fix(t, cwd, {
    onCommand: (line) => (line.startsWith("ty ") ? { refused: "Not allowed." } : undefined),
  });
  assert.match(said(host), /^Fixed one problem\./);
  assert.match(
    said(host),
    /Not checked:\n\n- `ty check --output-format concise` was not run\. Not allowed\.$/,
  );
});

test("lines of the tool's own starter don't hide what the tool says", { skip }, async (t) => {
  const cwd = folderWith(t, { "pyproject.toml": PYPROJECT, "b.py": "import os\n" });
  writeFileSync(join(cwd, "noisy.py"), "x: str = 1\n");
  const { ruff } = await import("../../extension/builtin/fix/ruff.ts");
  const part = { folder: cwd, name: "", requirements: false };
  const line = JSON.stringify({
    code: "F401",
    filename: join(cwd, "b.py"),
    message: "`os` imported but unused",
    location: { row: 1, column: 8 },
    fix: null,
  });
  const found = ruff(part, "Lint").read(`Installed 3 packages in 2ms\n\u001B[0m${line}\r\n{"half": \n`);
  assert.deepEqual(found, [
    { path: join(cwd, "b.py"), line: 1, column: 8, message: "`os` imported but unused (F401)" },
  ]);
});
