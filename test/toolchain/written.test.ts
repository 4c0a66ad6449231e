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
  bench.toolchain.route(parseShell(line, { cwd: place(project) }), { swap: () => false, written });

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
  test("is told with whose the project is, and is left alone where a rule is about it", () => {
    const script = parseArgv(["poetry", "add", "rich"], { cwd: place("uv") });
    assert.match(bench.toolchain.foreign(script)?.reason ?? "", /^uv owns this project, by uv\.lock: poetry/);
    const asked: WrittenRoutes = () => ({ ...rule, words: null, replaces: 0 });
    assert.equal(bench.toolchain.foreign(script, asked), null);
  });
});
