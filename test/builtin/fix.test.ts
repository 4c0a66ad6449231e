import assert from "node:assert/strict";
import { readFileSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";

import { builtinAgent } from "../../extension/builtin/agent.ts";
import { folderWith } from "./support/files.ts";
import { TestHost, type HostOptions } from "./support/host.ts";
import { pythonTools } from "./support/tools.ts";

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

/** A host that was asked for `/fix` in a folder with these files, or undefined after skipping the test. */
async function fix(
  t: TestContext,
  files: Readonly<Record<string, string>>,
  options: Omit<HostOptions, "cwd" | "env"> & { readonly prepare?: (cwd: string) => void } = {},
): Promise<{ host: TestHost; read: (name: string) => string; cwd: string } | undefined> {
  const env = await pythonTools(t);
  if (!env) {
    return undefined;
  }
  const cwd = folderWith(t, { "pyproject.toml": PYPROJECT, ...files });
  options.prepare?.(cwd);
  const host = await TestHost.open(builtinAgent("0"), { ...options, cwd, env });
  t.after(() => host.close());
  assert.equal(await host.prompt("/fix"), "end_turn");
  return { host, cwd, read: (name) => readFileSync(join(cwd, name), "utf8") };
}

function said(host: TestHost): string {
  const last = host.updates.at(-1);
  assert.ok(last?.sessionUpdate === "agent_message_chunk" && last.content.type === "text");
  return last.content.text;
}

test("misspelled names and safe lint fixes are written, told and shown as diffs", async (t) => {
  const fixed = await fix(t, { "shop.py": SHOP });
  if (!fixed) return;
  const { host, read } = fixed;
  assert.equal(read("shop.py"), MENDED);
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

test("a second time there is nothing to fix, and nothing is written", async (t) => {
  const fixed = await fix(t, { "shop.py": MENDED });
  if (!fixed) return;
  assert.equal(said(fixed.host), "Nothing to fix.");
  assert.deepEqual(fixed.host.written, []);
});

test("line ends and a byte order mark survive", async (t) => {
  const windows = (text: string): string => `\uFEFF${text.replaceAll("\n", "\r\n")}`;
  const fixed = await fix(t, { "shop.py": windows(SHOP) });
  assert.equal(fixed?.read("shop.py") ?? windows(MENDED), windows(MENDED));
});

test("fixes that overlap are made one after the other", async (t) => {
  const fixed = await fix(t, { "a.py": "import sys\nimport re\nimport os\n\nprint(sys, os)\n" });
  if (!fixed) return;
  assert.equal(fixed.read("a.py"), "import os\nimport sys\n\nprint(sys, os)\n");
  assert.match(said(fixed.host), /^Fixed 2 problems in one file\./);
});

test("what it can't fix it lists with its place, and leaves alone", async (t) => {
  const fixed = await fix(t, { "a.py": "def f(x: int) -> str:\n    unused = 1\n    return x + zzzzzz\n" });
  if (!fixed) return;
  assert.deepEqual(fixed.host.written, []);
  assert.equal(
    said(fixed.host),
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

test("a guess that the type checker rejects is put back, and not made again", async (t) => {
  const text = 'class Box:\n    def upper_(self) -> None: ...\n\n\nprint("abc".uppe_())\n';
  const fixed = await fix(t, { "a.py": text });
  if (!fixed) return;
  assert.equal(fixed.read("a.py"), text);
  assert.equal(fixed.host.written.length, 2, "it was tried");
  assert.match(said(fixed.host), /^Nothing was changed\.\n\nLeft for you:\n\n- `a.py:5`: .*`uppe_`/);
});

test("a file with unsaved changes is left alone", async (t) => {
  const fixed = await fix(t, { "shop.py": SHOP }, { onRead: () => `${SHOP}# more\n` });
  if (!fixed) return;
  assert.deepEqual(fixed.host.written, []);
  assert.match(
    said(fixed.host),
    /^Nothing was changed\.\n\nNot written:\n\n- `shop.py`: It has unsaved changes\./,
  );
});

test("a file that changes between reading and writing is left alone", async (t) => {
  let reads = 0;
  const onRead = (): string | undefined => {
    reads += 1;
    return reads > 1 ? `${SHOP}# more\n` : undefined;
  };
  const fixed = await fix(t, { "shop.py": SHOP }, { onRead });
  if (!fixed) return;
  assert.deepEqual(fixed.host.written, []);
  assert.match(said(fixed.host), /`shop.py`: It changed in the meantime\./);
  assert.match(fixed.host.told, /call-2 failed <diff ~\/shop.py> "It changed in the meantime\."/);
});

test("a file that changed since the tool looked is left alone", async (t) => {
  const later = new Date(Date.now() + 60_000);
  const prepare = (cwd: string): void => utimesSync(join(cwd, "shop.py"), later, later);
  const fixed = await fix(t, { "shop.py": SHOP }, { prepare });
  if (!fixed) return;
  assert.match(said(fixed.host), /`shop.py`: It changed while it was being checked\./);
});

test("a refused write is not tried again, and the other files are still fixed", async (t) => {
  const onWrite = (path: string) => (path.endsWith("shop.py") ? { refused: "A person said no." } : undefined);
  const fixed = await fix(t, { "shop.py": SHOP, "b.py": "import os\n" }, { onWrite });
  if (!fixed) return;
  const { host, cwd, read } = fixed;
  assert.deepEqual(host.written, [join(cwd, "b.py")]);
  assert.equal(read("shop.py"), SHOP);
  assert.equal(host.told.match(/edit pending shop\.py/g)?.length, 1);
  assert.match(said(host), /^Fixed one problem\.[\s\S]*Not written:\n\n- `shop.py`: A person said no\./);
});

test("a checker that is refused is named, and the other one still runs", async (t) => {
  const onCommand = (line: string) => (line.startsWith("ty ") ? { refused: "Not allowed." } : undefined);
  const fixed = await fix(t, { "b.py": "import os\n" }, { onCommand });
  if (!fixed) return;
  assert.match(said(fixed.host), /^Fixed one problem\./);
  assert.match(
    said(fixed.host),
    /Not checked:\n\n- `ty check --output-format concise` was not run\. Not allowed\.$/,
  );
});
