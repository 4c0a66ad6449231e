import assert from "node:assert/strict";
import { test } from "node:test";
import { isRebuildable } from "../../extension/restore/rebuildable.ts";
import { parseStatus } from "../../extension/restore/status.ts";

const MADE_AGAIN = [
  "node_modules/",
  "node_modules/x/data.db",
  "packages/a/node_modules/",
  ".venv/lib/x.py",
  "src/__pycache__/",
  "src/__pycache__/a.pyc",
  "build/",
  "dist/index.js",
  "target/debug/app",
  "data/build/x.o",
  ".next/",
  "coverage/",
  ".coverage",
  "a.pyc",
  "x.tsbuildinfo",
  "app.egg-info/",
  "debug.log",
  "npm-debug.log.1",
  ".DS_Store",
  "file.txt~",
];
const PRECIOUS = [
  ".env",
  ".env.local",
  "config/.env.production",
  "data.db",
  "db.sqlite3",
  "data/",
  "uploads/a.png",
  "server.key",
  "build/.env",
  "dist/data.db",
  "target/backup.sql",
  "build/secrets/x",
  "notes.txt",
  "local.json",
  "dump.sql",
  "rows.csv",
  ".idea/",
  "agent-audit/",
  "agent-audit/2026-01-01.log",
  "packages/a/agent-audit/2026-01-01.log",
];

test("outputs of tools are made again", () => {
  assert.deepEqual(
    MADE_AGAIN.filter((path) => !isRebuildable(path)),
    [],
  );
});

test("keys, databases, data and Interlock's own record are not, also inside of outputs", () => {
  assert.deepEqual(
    PRECIOUS.filter((path) => isRebuildable(path)),
    [],
  );
});

test("the status of git is read with any name in it", () => {
  const output = [
    "1 .M N... 100644 100644 100644 aaaa bbbb a file with spaces.txt",
    "1 A. N... 000000 100644 100644 0000 bbbb new\nline",
    "1 .M S.M. 160000 160000 160000 aaaa bbbb lib",
    "u UU N... 100644 100644 100644 100644 aaaa bbbb cccc both.md",
    "? un tracked",
    "! build/",
    "",
  ].join("\0");
  assert.deepEqual(
    parseStatus(output).map(({ path, kind, index, worktree, submodule }) => [
      path,
      kind,
      index + worktree,
      submodule,
    ]),
    [
      ["a file with spaces.txt", "changed", ".M", false],
      ["new\nline", "changed", "A.", false],
      ["lib", "changed", ".M", true],
      ["both.md", "unmerged", "UU", false],
      ["un tracked", "untracked", "..", false],
      ["build/", "ignored", "..", false],
    ],
  );
});
