import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";

import { parseArgv, parseShell } from "../../extension/shell/parse.ts";
import type { WrittenRoutes } from "../../extension/toolchain/routeScript.ts";
import { PROJECTS } from "./projects.ts";
import { benchWith, folderWith, programs } from "./support.ts";

const names = ["uv", "bun", "npm", "poetry", "pipenv", "pnpm"] as const;
const bench = benchWith([programs(...names)], false);
const folders = new Map(
  Object.entries({
    ...PROJECTS,
    npm: { "package.json": "{}", "package-lock.json": "{}" },
    pnpm: { "package.json": '{"packageManager":"pnpm@9.0.0"}', "sub/x.js": "" },
    pdm: { "pyproject.toml": "[tool.pdm]\n", "pdm.lock": "" },
  }).map(([name, files]) => [name, folderWith(files)]),
);
const place = (project: string): string => {
  const [name = "", ...inside] = project.split("/");
  return join(folders.get(name) ?? "", ...inside);
};

const rule = { rule: "x.rule", reason: "Because." };
const written: WrittenRoutes = ([program, ...words]) => {
  if (program === "pytest" && words[0] === "-q") return { ...rule, words: null, replaces: 0 };
  if (program === "pytest") return { ...rule, words: ["make", "test"], replaces: 1 };
  return program === "npm" ? { ...rule, words: ["npm", "--silent"], replaces: 1 } : null;
};
const route = (line: string, project: string) =>
  bench.toolchain.route(parseShell(line, { cwd: place(project) }), { swap: false, written });

describe("what a person wrote", () => {
  const cases: readonly (readonly [line: string, to: string | null])[] = [
    ["pytest -q", null],
    ["pytest -x", "make test -x"],
    ["cd sub && pytest 'a b' | tail -5", "cd sub && make test 'a b' | tail -5"],
    ["timeout 60 pytest $ARGS", "timeout 60 make test $ARGS"],
    ["ls | xargs pytest", null],
    ["pytest -q && python x.py", "pytest -q && uv run --locked python x.py"],
    ["bash -c 'pytest -x'", "bash -c 'make test -x'"],
    ["eval $X; pytest -x", null],
    ["PATH=/x pytest -x", null],
    ["INTERLOCK=off pytest -x", null],
    ["export INTERLOCK=off; python x.py", null],
  ];
  for (const [line, to] of cases)
    test(`${line} → ${to ?? "as asked"}`, () => assert.equal(route(line, "uv").route?.to ?? null, to));

  test("is told by its rule, its kind and its reason, in a project that nothing owns, too", () => {
    const routed = route("pytest -x", "unowned");
    assert.deepEqual(routed.route, {
      kind: "swap",
      rule: "x.rule",
      from: "pytest -x",
      to: "make test -x",
      reason: "Because.",
    });
    assert.deepEqual(routed.sent, [["pytest", "-x"]]);
    assert.equal(route("npm test", "unowned").route?.kind, "same");
  });
});

describe("another package manager than the project's own", () => {
  const cases: readonly (readonly [project: string, line: string, instead: string | null])[] = [
    ["uv", "poetry add rich", "uv add rich"],
    ["uv", "poetry add --group dev rich", "uv add NAME"],
    ["uv", "pipenv install", "uv sync"],
    ["uv", "pdm lock", "uv lock --upgrade"],
    ["uv", "poetry show", null],
    ["uv", "uv add rich", null],
    ["uv", "npm install left-pad", null],
    ["uv/sub", "cd .. && poetry remove rich", "uv remove rich"],
    ["uv", "bash -lc 'poetry install'", "uv sync"],
    ["uv", "INTERLOCK=off poetry add rich", "uv add rich"],
    ["poetry", "uv add rich", "poetry add rich"],
    ["poetry", "uv sync", "poetry install"],
    ["poetry", "uv run pytest", null],
    ["poetry", "uv pip install rich", null],
    ["twolocks", "poetry add rich", null],
    ["unowned", "poetry add rich", null],
    ["bun", "pnpm add -w left-pad", "bun add NAME"],
    ["bun", "npm install --legacy-peer-deps left-pad", "bun add NAME"],
    ["bun", "yarn", "bun install"],
    ["bun", "yarn --version", null],
    ["bun", "npm install -g left-pad", null],
    ["bun", "npm view left-pad", null],
    ["bun", "npm install --dry-run", null],
    ["bun", "npm constructor", null],
    ["bun-nolock", "npm ci", null],
    ["npm", "bun add left-pad", "npm install left-pad"],
    ["npm", "yarn add @scope/left-pad@1.3.0", "npm install @scope/left-pad@1.3.0"],
    ["pnpm/sub", "npm i", "pnpm install"],
    // pdm is not on this machine.
    ["pdm", "uv add rich", null],
  ];
  for (const [project, line, instead] of cases) {
    test(`${project}: ${line} → ${instead ?? "left alone"}`, () => {
      const found = bench.toolchain.foreign(parseShell(line, { cwd: place(project) }));
      assert.equal(found?.instead ?? null, instead === null ? null : `Use \`${instead}\`.`);
      assert.equal(found === null, instead === null);
    });
  }

  test("is told with whose the project is, and is left alone where a rule is about it", () => {
    const script = parseArgv(["poetry", "add", "rich"], { cwd: place("uv") });
    assert.match(bench.toolchain.foreign(script)?.reason ?? "", /^uv owns this project, by uv\.lock: poetry/);
    const asked: WrittenRoutes = () => ({ ...rule, words: null, replaces: 0 });
    assert.equal(bench.toolchain.foreign(script, asked), null);
  });
});
