import assert from "node:assert/strict";
import { test } from "node:test";

import { addition } from "../../extension/builtin/add.ts";
import { check, install, tests, unchecked, type Step } from "../../extension/builtin/chores.ts";
import { lookAt } from "../../extension/builtin/project.ts";
import { folderWith } from "./support/files.ts";

const BOTH = {
  "pyproject.toml": "",
  "web/package.json": JSON.stringify({ scripts: { test: "bun test" }, devDependencies: { oxlint: "1" } }),
  "web/tsconfig.json": "{}",
  "web/bun.lock": "",
  "web/node_modules/x/package.json": "{}",
};

function lines(steps: readonly Step[]): readonly string[] {
  return steps.map(({ title, command }) => `${title}: ${command.line}`);
}

test("a Python project with a web folder gets the commands of both, each in its folder", (t) => {
  const folder = folderWith(t, BOTH);
  const project = lookAt(folder);
  assert.deepEqual(lines(check(project)), [
    "Lint: ruff check .",
    "Lint in web: npx oxlint",
    "Types: ty check",
    "Types in web: npx tsc --noEmit",
    "Tests: pytest",
    "Tests in web: npm test",
  ]);
  assert.deepEqual(
    tests(project).map(({ command }) => command.cwd),
    [folder, `${folder}/web`],
  );
  assert.deepEqual(lines(install(project)), ["Install: pip install -e .", "Install in web: npm ci"]);
});

test("what a whole check leaves out is named with its reason", (t) => {
  const leftOut = (files: Readonly<Record<string, string>>) => unchecked(lookAt(folderWith(t, files)));
  assert.deepEqual(leftOut(BOTH), []);
  assert.deepEqual(leftOut({ "web/package.json": "{}" }), [
    "Python: no pyproject.toml, requirements.txt or setup.py here or one folder below",
    "Lint in web: neither oxlint nor ESLint is set up",
    "Types in web: no tsconfig.json",
    "Tests in web: no test script in package.json",
  ]);
  assert.deepEqual(leftOut({ "pyproject.toml": "" }), [
    "JavaScript and TypeScript: no package.json or tsconfig.json here or one folder below",
  ]);
});

test("what a project's commands are sent through is known by its lock, also one above, or its table", (t) => {
  const folder = folderWith(t, {
    "uv.lock": "",
    "parts/a/pyproject.toml": "",
    "b/pyproject.toml": "[tool.uv.sources]\n",
    "c/.git/HEAD": "",
    "c/pyproject.toml": "# [tool.uv]\n",
    "web/package.json": "{}",
    "web/bun.lock": "",
  });
  assert.equal(lookAt(`${folder}/parts`).python[0]?.runner, "uv");
  assert.deepEqual(
    lookAt(folder).python.map(({ name, runner }) => [name, runner]),
    [
      ["b", "uv"],
      ["c", null],
    ],
  );
  assert.equal(lookAt(folder).web[0]?.runner, "bun");
});

test("a requirements.txt is installed from, and no lock means npm install", (t) => {
  const project = lookAt(folderWith(t, { "api/requirements.txt": "", "package.json": "{}" }));
  assert.deepEqual(lines(install(project)), [
    "Install in api: pip install -r requirements.txt",
    "Install: npm install",
  ]);
});

test("pnpm and yarn are known by their locks", (t) => {
  const project = lookAt(
    folderWith(t, {
      "a/package.json": '{"scripts": {"test": "x"}}',
      "a/pnpm-lock.yaml": "",
      "b/package.json": "{}",
      "b/yarn.lock": "",
    }),
  );
  assert.deepEqual(lines(install(project)), [
    "Install in a: pnpm install --frozen-lockfile",
    "Install in b: yarn install --frozen-lockfile",
  ]);
  assert.deepEqual(lines(tests(project)), ["Tests in a: pnpm test"]);
});

test("a workspace is installed once, from the top", (t) => {
  const files = { "package.json": '{"workspaces": ["*"]}', "web/package.json": "{}" };
  assert.deepEqual(lines(install(lookAt(folderWith(t, files)))), ["Install: npm install"]);
});

test("npm's placeholder is no test, a broken package.json declares nothing, and an empty folder has nothing", (t) => {
  const placeholder = '{"scripts": {"test": "echo \\"Error: no test specified\\" && exit 1"}}';
  assert.deepEqual(check(lookAt(folderWith(t, { "package.json": placeholder }))), []);
  assert.deepEqual(check(lookAt(folderWith(t, { "package.json": "{" }))), []);
  assert.deepEqual(check(lookAt(folderWith(t, {}))), []);
  assert.deepEqual(check(lookAt("/nowhere/at/all")), []);
});

test("ESLint is used where it is configured", (t) => {
  const project = lookAt(folderWith(t, { "package.json": "{}", "eslint.config.js": "" }));
  assert.deepEqual(lines(check(project)), ["Lint: npx eslint ."]);
});

function added(
  files: Readonly<Record<string, string>>,
  rest: string,
  t: Parameters<typeof folderWith>[0],
): string {
  const result = addition(lookAt(folderWith(t, files)), rest);
  return result.kind === "answer" ? result.text : result.step.command.line;
}

test("a package goes to the only part there is", (t) => {
  assert.equal(added({ "pyproject.toml": "" }, "requests>=2", t), "pip install 'requests>=2'");
  assert.equal(added({ "web/package.json": "{}" }, "left-pad  -D", t), "npm install left-pad -D");
});

test("with several parts, the person is told what to type, and what is typed then works", (t) => {
  assert.equal(
    added(BOTH, "left-pad", t),
    "This project has several parts. Say which one:\n\n" +
      "- `/add python:left-pad` runs `pip install left-pad`\n" +
      "- `/add web:left-pad` runs `npm install left-pad` in `web`",
  );
  assert.equal(added(BOTH, "python:requests", t), "pip install requests");
  assert.equal(added(BOTH, "web:left-pad", t), "npm install left-pad");
});

test("/add without a package, or without a project, says so", (t) => {
  assert.match(added(BOTH, "", t), /^Say which package/);
  assert.match(added(BOTH, "web:", t), /\/add web:left-pad/);
  assert.match(added({}, "left-pad", t), /^There is nothing to add a package to/);
});
