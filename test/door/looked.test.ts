import assert from "node:assert/strict";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test, type TestContext } from "node:test";

import { request } from "../doorways/support.ts";
import { openSession, type TestSession } from "../sessions/support/session.ts";

const RUN = [
  request("terminal/create", { command: "sh clean.sh" }),
  request("terminal/wait_for_exit", { terminalId: "t1" }),
];

async function project({ project }: TestSession): Promise<void> {
  await mkdir(join(project, "src"));
  await writeFile(join(project, "src", "a.txt"), "a\n");
  await writeFile(join(project, "notes.txt"), "notes\n");
  await writeFile(join(project, "clean.sh"), "rm notes.txt\n");
}

test("a script is asked about by what it does", async (t) => {
  const opened = await openSession(t, { turns: [RUN] }, { answer: "reject" });
  await project(opened);
  await opened.session.prompt("go");
  const [asked, ...more] = opened.of("approval.opened");
  assert.deepEqual([asked?.approval.rule, more.length], ["fs.delete", 0]);
  assert.deepEqual((await readdir(opened.project)).includes("notes.txt"), true);
});

test("a harmless script runs unasked", async (t) => {
  const opened = await openSession(t, { turns: [RUN] });
  await project(opened);
  await writeFile(join(opened.project, "clean.sh"), "ls src\n");
  await opened.session.prompt("go");
  assert.deepEqual(opened.of("approval.opened"), []);
  assert.equal(opened.output(), "a.txt\n");
});

test("what a script was changed to while a person thought is asked about, too", async (t) => {
  const opened = await openSession(t, { turns: [RUN] });
  await project(opened);
  const done = opened.session.prompt("go");
  const first = await opened.until("approval.opened");
  await writeFile(join(opened.project, "clean.sh"), "rm -r src\n");
  opened.approvals.settle(first.approval.id, "allow-once", "person");
  const second = await opened.until("approval.opened", ({ approval }) => approval.id !== first.approval.id);
  assert.match(JSON.stringify(second.approval.loss), /src\/a\.txt|a\.txt/);
  opened.approvals.settle(second.approval.id, "reject", "person");
  await done;
  const left = await readdir(opened.project);
  assert.deepEqual([left.includes("notes.txt"), left.includes("src")], [true, true]);
});

test("a yes for the session to a script is none to what it is changed to later", async (t) => {
  const opened = await openSession(t, { turns: [RUN.slice(0, 1)] }, { answer: "allow-session" });
  const write = (text: string): Promise<void> => writeFile(join(opened.project, "clean.sh"), text);
  await write("frobnicate one\n");
  await opened.session.prompt("go");
  await opened.session.prompt("go");
  assert.equal(opened.of("approval.opened").length, 1);
  await write("frobnicate everything\n");
  await opened.session.prompt("go");
  assert.equal(opened.of("approval.opened").length, 2);
});

/** What is asked about, where a project has modules of its own in both languages, and programs that it installs. */
async function askedOf(t: TestContext, line: string): Promise<string[]> {
  const run = [
    request("terminal/create", { command: line }),
    request("terminal/wait_for_exit", { terminalId: "t1" }),
  ];
  const opened = await openSession(t, { turns: [run] }, { answer: "reject" });
  const put = async (path: string, text: string): Promise<void> => {
    await mkdir(join(opened.project, path, ".."), { recursive: true });
    await writeFile(join(opened.project, path), text);
  };
  const installs = (name: string, module: string): Promise<void> =>
    put(
      `.venv/bin/${name}`,
      `#!/code/.venv/bin/python\nimport sys\nfrom ${module} import main\nif __name__ == "__main__":\n    sys.exit(main())\n`,
    );
  await put("src/ledger/__init__.py", "def total(items): return sum(items)\n");
  await put("src/ledger/__main__.py", "def main(): return 0\n");
  await put("src/wipe.py", "import shutil, sys\ndef main(): shutil.rmtree(sys.argv[1])\n");
  await put(
    "src/parts.py",
    "import os, sys\nfrom contextlib import contextmanager\n@contextmanager\ndef four(path):\n    yield\n    os.unlink(path)\ndef one(): return 1\ndef two(path): os.unlink(path)\ndef three(): two(sys.argv[0])\n",
  );
  await put("web/sum.ts", "export const sum = (a: number, b: number) => a + b;\n");
  await installs("ledger", "ledger.__main__");
  await installs("other", "other.cli");
  await installs("wipe", "wipe");
  await opened.session.prompt("go");
  return opened.of("approval.opened").map(({ approval }) => approval.rule);
}

test("code in a line may call the project's own modules, and its own commands run as its tests do", async (t) => {
  for (const line of [
    `python3 -c "from ledger import total; print(total([1, 2]))"`,
    `cd web && python3 -c "from ledger import total; print(total([1, 2]))"`,
    `PYTHONPATH=src python3 - <<'EOF'\nimport ledger\nfor n in (1, 2):\n    print(ledger.total([n]))\nEOF`,
    `node -e "const { sum } = require('./web/sum.ts'); console.log(sum(1, 2))"`,
    `node -e "import('./web/sum.ts').then((m) => console.log(m.sum(1, 2)))"`,
    `pytest -q; python3 -c "from ledger import total; print(total([1, 2]))"`,
    `python3 -c "from parts import one; print(one())"`,
    ".venv/bin/ledger --help",
    "pytest -q; ./.venv/bin/ledger list && ./.venv/bin/ledger show",
    "cd web && uv run ledger list",
    "frobnicate --version",
  ])
    assert.deepEqual(await askedOf(t, line), [], line);
});

test("and is asked about where it calls others, or leaves its modules for something else", async (t) => {
  for (const [line, rule] of [
    [`python3 -c "from other import total; total()"`, "unclear.code"],
    [`node -e "import('./web/missing.ts').then((m) => m.sum(1, 2))"`, "unclear.code"],
    [`python3 -c "from parts import three; three()"`, "unclear.code"],
    [".venv/bin/other --all", "unclear.code"],
    ["uv run other --all", "unclear.code"],
    [".venv/bin/wipe src", "unclear.code"],
    [".venv/bin/ledger reset --yes", "unclear.program"],
    [".venv/bin/missing", "unclear.program"],
    ["frobnicate --version now", "unclear.program"],
  ] as const)
    assert.deepEqual(await askedOf(t, line), [rule], line);
});
