import assert from "node:assert/strict";
import fs, { mkdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import { describe, test } from "node:test";

import type { Ownership } from "../../extension/toolchain/evidence.ts";
import { Projects } from "../../extension/toolchain/projects.ts";
import { environment, type Files, folderWith, put, uvLock } from "./support.ts";

const HOME = "/home/nobody";
const projects = new Projects({ home: HOME, roots: [], env: {} });

const PROJECT = '[project]\nname = "demo"\n';
const LOCK = uvLock({});

/** What became of the owner, in a word or two. */
function said(owner: Ownership): string {
  return owner.state === "owned" ? owner.manager : owner.state;
}

/** Files, a folder to look from, and the owners of Python and of JavaScript. */
const OWNERS: readonly (readonly [string, Files, string, string, string])[] = [
  ["an empty folder", {}, ".", "absent", "absent"],
  ["uv.lock", { "uv.lock": LOCK, "pyproject.toml": PROJECT }, ".", "uv", "absent"],
  [
    "uv.lock, from below",
    { "uv.lock": LOCK, "pyproject.toml": PROJECT, "a/b/x.py": "" },
    "a/b",
    "uv",
    "absent",
  ],
  ["[tool.uv] without a lock", { "pyproject.toml": `${PROJECT}[tool.uv]\n` }, ".", "uv", "absent"],
  ["[tool.uv] that only sets pip up", { "pyproject.toml": "[tool.uv.pip]\n" }, ".", "unowned", "absent"],
  [
    "a project that uv must not manage",
    { "uv.lock": LOCK, "pyproject.toml": `${PROJECT}[tool.uv]\nmanaged = false\n` },
    ".",
    "unowned",
    "absent",
  ],
  ["a bare pyproject.toml", { "pyproject.toml": PROJECT }, ".", "unowned", "absent"],
  ["requirements.txt alone", { "requirements.txt": "x\n" }, ".", "unowned", "absent"],
  ["setup.py alone", { "setup.py": "" }, ".", "unowned", "absent"],
  ["poetry.lock", { "poetry.lock": "", "pyproject.toml": "[tool.poetry]\n" }, ".", "poetry", "absent"],
  ["[tool.poetry]", { "pyproject.toml": "[tool.poetry]\n" }, ".", "poetry", "absent"],
  ["pdm.lock", { "pdm.lock": "", "pyproject.toml": PROJECT }, ".", "pdm", "absent"],
  [
    "[tool.pdm] of the build backend",
    { "pyproject.toml": `${PROJECT}[tool.pdm.build]\nx = 1\n` },
    ".",
    "unowned",
    "absent",
  ],
  ["Pipfile", { Pipfile: "" }, ".", "pipenv", "absent"],
  ["environment.yml", { "environment.yml": "" }, ".", "conda", "absent"],
  [
    "environment.yml beside a uv.lock",
    { "environment.yml": "", "uv.lock": LOCK, "pyproject.toml": PROJECT },
    ".",
    "uv",
    "absent",
  ],
  [
    "uv.lock and poetry.lock",
    { "uv.lock": LOCK, "poetry.lock": "", "pyproject.toml": PROJECT },
    ".",
    "ambiguous",
    "absent",
  ],
  [
    "uv.lock in a project of poetry alone",
    { "uv.lock": LOCK, "pyproject.toml": "[tool.poetry]\n" },
    ".",
    "ambiguous",
    "absent",
  ],
  [
    "[tool.uv] and [tool.poetry]",
    { "pyproject.toml": `${PROJECT}[tool.uv]\n[tool.poetry]\n` },
    ".",
    "ambiguous",
    "absent",
  ],
  [
    "uv.lock with tables left over from poetry",
    { "uv.lock": LOCK, "pyproject.toml": `${PROJECT}[tool.poetry]\n` },
    ".",
    "uv",
    "absent",
  ],
  [
    "a broken pyproject.toml beside uv.lock",
    { "uv.lock": LOCK, "pyproject.toml": "[project\n" },
    ".",
    "uv",
    "absent",
  ],
  [
    "a member of a uv workspace",
    {
      "uv.lock": uvLock({ members: { "packages/a": "a" } }),
      "pyproject.toml": `${PROJECT}[tool.uv.workspace]\nmembers = ["packages/*"]\n`,
      "packages/a/pyproject.toml": '[project]\nname = "a"\n[tool.uv.sources]\ndemo = { workspace = true }\n',
    },
    "packages/a",
    "uv",
    "absent",
  ],
  [
    "a project inside a uv project that its lock doesn't know",
    { "uv.lock": LOCK, "pyproject.toml": PROJECT, "tools/x/pyproject.toml": '[project]\nname = "x"\n' },
    "tools/x",
    "unowned",
    "absent",
  ],
  [
    "a pyproject.toml inside a uv project that only configures a tool",
    { "uv.lock": LOCK, "pyproject.toml": PROJECT, "tests/pyproject.toml": "[tool.ruff]\n" },
    "tests",
    "unowned",
    "absent",
  ],
  [
    "a poetry project inside a uv project",
    {
      "uv.lock": LOCK,
      "pyproject.toml": PROJECT,
      "old/poetry.lock": "",
      "old/pyproject.toml": "[tool.poetry]\n",
    },
    "old",
    "poetry",
    "absent",
  ],
  ["bun.lock", { "bun.lock": "{}", "package.json": "{}" }, ".", "absent", "bun"],
  ["bun.lockb", { "bun.lockb": "", "package.json": "{}" }, ".", "absent", "bun"],
  ["packageManager bun", { "package.json": '{"packageManager":"bun@1.4.5"}' }, ".", "absent", "bun"],
  [
    "devEngines bun",
    { "package.json": '{"devEngines":{"packageManager":{"name":"bun"}}}' },
    ".",
    "absent",
    "bun",
  ],
  ["package-lock.json", { "package-lock.json": "{}", "package.json": "{}" }, ".", "absent", "npm"],
  ["pnpm-lock.yaml", { "pnpm-lock.yaml": "", "package.json": "{}" }, ".", "absent", "pnpm"],
  ["yarn.lock", { "yarn.lock": "", "package.json": "{}" }, ".", "absent", "yarn"],
  ["a bare package.json", { "package.json": "{}" }, ".", "absent", "unowned"],
  [
    "bun.lock and package-lock.json",
    { "bun.lock": "{}", "package-lock.json": "{}", "package.json": "{}" },
    ".",
    "absent",
    "ambiguous",
  ],
  [
    "bun.lock and a packageManager that says pnpm",
    { "bun.lock": "{}", "package.json": '{"packageManager":"pnpm@10"}' },
    ".",
    "absent",
    "ambiguous",
  ],
  ["both bun locks", { "bun.lock": "{}", "bun.lockb": "", "package.json": "{}" }, ".", "absent", "bun"],
  [
    "a member of a bun workspace",
    {
      "bun.lock": "{}",
      "package.json": '{"workspaces":["packages/*","!packages/old"]}',
      "packages/a/package.json": "{}",
    },
    "packages/a",
    "absent",
    "bun",
  ],
  [
    "a package that the workspace leaves out",
    {
      "bun.lock": "{}",
      "package.json": '{"workspaces":["packages/*","!packages/old"]}',
      "packages/old/package.json": "{}",
    },
    "packages/old",
    "absent",
    "unowned",
  ],
  [
    "a package beside the workspace",
    {
      "bun.lock": "{}",
      "package.json": '{"workspaces":{"packages":["packages/**"]}}',
      "other/package.json": "{}",
    },
    "other",
    "absent",
    "unowned",
  ],
  [
    "a package deep in a workspace of `**`",
    {
      "bun.lock": "{}",
      "package.json": '{"workspaces":{"packages":["packages/**"]}}',
      "packages/a/b/package.json": "{}",
    },
    "packages/a/b",
    "absent",
    "bun",
  ],
  ["a broken package.json beside bun.lock", { "bun.lock": "{}", "package.json": "{" }, ".", "absent", "bun"],
  [
    "a mixed repository, from its Python part",
    { "api/uv.lock": LOCK, "api/pyproject.toml": PROJECT, "bun.lock": "{}", "package.json": "{}" },
    "api",
    "uv",
    "bun",
  ],
];

describe("the owner of a folder's packages", () => {
  for (const [what, files, from, python, javascript] of OWNERS) {
    test(`${what}: ${python}, ${javascript}`, () => {
      const evidence = projects.evidence(join(folderWith(files), from));
      assert.equal(said(evidence.python.owner), python);
      assert.equal(said(evidence.javascript.owner), javascript);
    });
  }
});

describe("evidence", () => {
  test("a file that can't be read is a stated problem, never a crash", () => {
    const folder = folderWith({ "uv.lock": "= broken", "pyproject.toml": "[project\n", "package.json": "{" });
    const { problems, python } = projects.evidence(folder);
    assert.deepEqual(
      problems.map(({ code }) => code),
      ["toolchain.manifest.broken", "toolchain.manifest.broken"],
    );
    assert.equal(python.lock, null);
  });

  test("a folder that isn't there has none of its own, and says so", () => {
    const folder = folderWith({ "uv.lock": LOCK });
    assert.equal(projects.evidence(join(folder, "nowhere")).exists, false);
    assert.equal(projects.evidence(folder).exists, true);
  });

  test("what lies above the repository, or in the home folder, says nothing", () => {
    const above = folderWith({ "uv.lock": LOCK, "pyproject.toml": PROJECT, "home/me/package.json": "{}" });
    rmSync(join(above, ".git"), { recursive: true });
    mkdirSync(join(above, "repository", ".git"), { recursive: true });
    assert.equal(said(projects.evidence(join(above, "repository")).python.owner), "absent");
    const home = join(above, "home", "me");
    mkdirSync(join(home, "project"));
    const atHome = new Projects({ home, roots: [], env: {} });
    assert.equal(said(atHome.evidence(join(home, "project")).javascript.owner), "absent");
  });

  test("an open folder bounds a project that is in no repository", () => {
    const above = folderWith({ "uv.lock": LOCK, "pyproject.toml": PROJECT, "open/x.py": "" });
    rmSync(join(above, ".git"), { recursive: true });
    const open = join(above, "open");
    assert.equal(
      said(new Projects({ home: HOME, roots: [open], env: {} }).evidence(open).python.owner),
      "absent",
    );
    assert.equal(said(projects.evidence(open).python.owner), "uv");
  });

  test("a lock says what a default sync installs, extras and transitive ones followed", () => {
    const lock = uvLock({
      dependencies: ["requests"],
      dev: ["pytest"],
      groups: { docs: ["sphinx"] },
      extras: { fast: ["orjson"] },
      others: { requests: ["urllib3"], pytest: ["pluggy"] },
    });
    const folder = folderWith({ "uv.lock": lock, "pyproject.toml": PROJECT });
    const installs = [...(projects.evidence(folder).python.lock?.installs(".", ["dev"]) ?? [])];
    assert.deepEqual(installs.sort(), ["demo", "pluggy", "pytest", "requests", "urllib3"]);
  });

  test("UV_PROJECT_ENVIRONMENT moves the environment", () => {
    const files = { "uv.lock": LOCK, "pyproject.toml": PROJECT, ...environment("elsewhere", "pytest") };
    const moved = new Projects({ home: HOME, roots: [], env: { UV_PROJECT_ENVIRONMENT: "elsewhere" } });
    const folder = folderWith(files);
    assert.ok(moved.evidence(folder).python.environment?.programs.has("pytest"));
    assert.equal(projects.evidence(folder).python.environment, null);
  });

  test("a tool counts as configured by its file, a section, a table, a key or a hook", () => {
    const folder = folderWith({
      "uv.lock": LOCK,
      "pyproject.toml": `${PROJECT}[tool.black]\n`,
      "setup.cfg": "[flake8]\n",
      "mypy.ini": "",
      ".pre-commit-config.yaml": "- id: isort\n",
      "package.json": '{"jest":{}}',
      "bun.lock": "",
      "eslint.config.mjs": "",
    });
    const { python, javascript } = projects.evidence(folder);
    for (const tool of ["black", "flake8", "mypy", "isort"]) assert.ok(python.configured.has(tool), tool);
    for (const tool of ["jest", "eslint"]) assert.ok(javascript.configured.has(tool), tool);
    assert.ok(!python.configured.has("pylint"));
  });
});

describe("evidence that is kept", () => {
  test("is the same object while nothing changed, and reads nothing again", (t) => {
    const folder = folderWith({
      "a/b/c/x.py": "",
      "uv.lock": LOCK,
      "pyproject.toml": PROJECT,
      ...environment(".venv", "pytest"),
    });
    const from = join(folder, "a/b/c");
    waitForTheClock();
    const first = projects.evidence(from);
    const reads = [t.mock.method(fs, "readFileSync"), t.mock.method(fs, "readdirSync")];
    const looks = t.mock.method(fs, "statSync");
    syncBuiltinESMExports();
    t.after(() => {
      t.mock.restoreAll();
      syncBuiltinESMExports();
    });
    assert.equal(projects.evidence(from), first);
    const once = looks.mock.callCount();
    for (let n = 0; n < 9; n++) assert.equal(projects.evidence(from), first);
    assert.deepEqual(
      reads.map(({ mock }) => mock.callCount()),
      [0, 0],
    );
    assert.equal(looks.mock.callCount(), 10 * once);
    assert.ok(once > 0 && once < 200, `${once} files looked at`);
  });

  const CHANGES: readonly (readonly [string, (folder: string) => void, string])[] = [
    ["a lock that appears", (folder) => put(folder, { "poetry.lock": "" }), "ambiguous"],
    ["a lock that goes", (folder) => rmSync(join(folder, "uv.lock")), "unowned"],
    [
      "a manifest with another text",
      (folder) => put(folder, { "pyproject.toml": `${PROJECT}[tool.uv]\nmanaged = false\n` }),
      "unowned",
    ],
    [
      "a lock under another name",
      (folder) => renameSync(join(folder, "uv.lock"), join(folder, "pdm.lock")),
      "pdm",
    ],
    [
      "a link to a lock",
      (folder) => symlinkSync(join(folder, "uv.lock"), join(folder, "Pipfile.lock")),
      "ambiguous",
    ],
  ];
  for (const [what, change, owner] of CHANGES) {
    test(`sees ${what} at once`, () => {
      const folder = folderWith({ "uv.lock": LOCK, "pyproject.toml": PROJECT });
      assert.equal(said(projects.evidence(folder).python.owner), "uv");
      change(folder);
      assert.equal(said(projects.evidence(folder).python.owner), owner);
    });
  }

  test("sees a program that is installed later", () => {
    const folder = folderWith({ "uv.lock": LOCK, "pyproject.toml": PROJECT, ...environment(".venv") });
    waitForTheClock();
    assert.equal(projects.evidence(folder).python.environment?.programs.has("pytest"), false);
    put(folder, environment(".venv", "pytest"));
    assert.equal(projects.evidence(folder).python.environment?.programs.has("pytest"), true);
  });
});

/** Evidence that is younger than the clock's tick is read again each time. */
function waitForTheClock(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60);
}
