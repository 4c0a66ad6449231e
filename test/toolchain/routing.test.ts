import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";

import * as fc from "fast-check";

import { parseShell } from "../../extension/shell/parse.ts";
import { Toolchain } from "../../extension/toolchain/toolchain.ts";
import { ROUTING_TABLE } from "../../extension/toolchain/table.ts";
import { PROJECTS } from "./projects.ts";
import { benchWith, folderWith, programs } from "./support.ts";
import { PYTHON, type TableRow } from "./table.ts";
import { SCRIPTS, SWAP } from "./tableScripts.ts";

const bench = benchWith([programs("uv", "bun", "ruff", "ty", "oxlint")], false);
const folders = new Map(Object.entries(PROJECTS).map(([name, files]) => [name, folderWith(files)]));
const fired = new Set<string>();

function place(project: string): string {
  const [name = "", ...inside] = project.split("/");
  return join(folders.get(name) ?? "", ...inside);
}

function check(rows: readonly TableRow[], swap: boolean): void {
  for (const [project, line, to] of rows) {
    test(`${project}: ${line} → ${to ?? "as asked"}`, () => {
      const { route } = bench.route(line, place(project), swap);
      assert.equal(route?.to ?? null, to);
      if (route === null) return;
      fired.add(route.rule);
      assert.equal(route.from, line);
      assert.notEqual(route.reason, "");
      // What would run is not routed once more.
      assert.equal(bench.route(route.to, place(project), swap).route, null);
    });
  }
}

describe("the routing table", () => {
  check([...PYTHON, ...SCRIPTS], false);

  describe("where swaps are allowed", () => check(SWAP, true));

  test("a line with a swap in it is a swap", () => {
    const { route } = bench.route("pytest && mypy demo", place("uv"), true);
    assert.equal(route?.kind, "swap");
    assert.equal(bench.route("pytest", place("uv"), true).route?.kind, "same");
  });

  test("nothing is swapped without consent", () => {
    for (const [project, line] of SWAP) {
      const { route } = bench.route(line, place(project), false);
      assert.notEqual(route?.kind, "swap", line);
    }
  });

  test("has a row of tests for each of its rows, and no id twice", () => {
    const ids = ROUTING_TABLE.map(({ id }) => id);
    assert.deepEqual([...new Set(ids)], ids);
    assert.deepEqual([...fired].sort(), [...ids].sort());
  });
});

describe("routing", () => {
  test("of arguments without a shell gives arguments back, exactly", () => {
    const argv = ["pytest", "-k", "a b", "*", "$HOME", "it's"];
    const { argv: routed } = bench.route(argv, place("uv"));
    assert.deepEqual(routed, ["uv", "run", "--locked", ...argv]);
    const inShell = bench.route(["bash", "-lc", "cd sub && pytest -k 'a b'", "x"], place("uv"));
    assert.deepEqual(inShell.argv, ["bash", "-lc", "cd sub && uv run --locked pytest -k 'a b'", "x"]);
  });

  test("of a line that needs a shell gives none", () => {
    for (const line of ["pytest | cat", "A=1 pytest", "pytest > x", "pytest 2>&1", "cd sub && pytest"]) {
      assert.equal(bench.route(line, place("uv")).argv, null, line);
    }
  });

  test("says which evidence it used", () => {
    const { explain } = bench.route("pytest", place("uv"));
    assert.deepEqual(explain, [`uv.lock: ${place("uv")}/uv.lock`, `.venv: ${place("uv")}/.venv`]);
  });

  const HINTS: readonly (readonly [string, string, string])[] = [
    ["unowned", "pytest x", "toolchain.owner.none"],
    ["unowned", "requests x", ""],
    ["uv-nolock", "pytest x", "toolchain.lock.missing"],
    ["unowned", "python x.py", "toolchain.owner.none"],
    ["twolocks", "python x.py", "toolchain.owner.ambiguous"],
    ["uv-nolock", "python x.py", "toolchain.lock.missing"],
    ["js-unowned", "npm test", "toolchain.owner.none"],
    ["js-twolocks", "npm ci", "toolchain.owner.ambiguous"],
    ["bun-nolock", "npm ci", "toolchain.lock.missing"],
    ["uv", "pip install -r requirements-other.txt", "toolchain.requirements.unlocked"],
    ["npm", "npm ci", ""],
    ["uv", "ls", ""],
  ];
  for (const [project, line, code] of HINTS) {
    test(`${project}: ${line} hints at ${code || "nothing"}`, () => {
      const { route, hints } = bench.route(line, place(project));
      assert.equal(route, null);
      assert.deepEqual(
        hints.map((hint) => hint.code),
        code === "" ? [] : [code],
      );
    });
  }

  test("needs the owner's program, and says when it is missing", () => {
    const bare = benchWith([programs("git")], false);
    const { route, hints } = bare.route("pytest", place("uv"));
    assert.equal(route, null);
    assert.deepEqual(
      hints.map(({ code }) => code),
      ["toolchain.runner.missing"],
    );
  });

  test("of a project of requirements files follows the environment that a person has activated", () => {
    const at = (env: NodeJS.ProcessEnv) => {
      const { processes } = bench;
      const tools = { PATH: programs("uv") };
      const toolchain = new Toolchain({
        processes,
        env: { ...tools, ...env },
        provided: "/nowhere",
        home: "/home/nobody",
        roots: [],
      });
      const cwd = place("requirements");
      const routed = (line: string) =>
        toolchain.route(parseShell(line, { cwd }), { swap: () => false }).route !== null;
      return [routed("pytest"), routed("pip install rich")];
    };
    assert.deepEqual(at({}), [true, true]);
    assert.deepEqual(at({ VIRTUAL_ENV: join(place("requirements"), ".venv") }), [true, true]);
    assert.deepEqual(at({ VIRTUAL_ENV: "/elsewhere" }), [false, false]);
    assert.deepEqual(at({ CONDA_PREFIX: "/conda/envs/x", CONDA_DEFAULT_ENV: "x" }), [false, false]);
    assert.deepEqual(at({ CONDA_PREFIX: "/conda", CONDA_DEFAULT_ENV: "base" }), [true, true]);
    // pip would go to another index, and uv would not.
    assert.deepEqual(at({ PIP_INDEX_URL: "https://example.invalid/simple" }), [true, false]);
    const settings = folderWith({
      "pip.conf": "[global]\nextra-index-url = https://example.invalid/simple\n",
    });
    assert.deepEqual(at({ PIP_CONFIG_FILE: join(settings, "pip.conf") }), [true, false]);
  });

  test("of a branch that may have gone elsewhere needs both folders to agree", () => {
    const folder = folderWith({ ...PROJECTS["uv"], "other/pyproject.toml": "[tool.poetry]\n" });
    assert.equal(bench.route("if true; then cd other; fi; pytest", folder).route, null);
    assert.equal(
      bench.route("if true; then cd sub; fi; pytest", folder).route?.to,
      "if true; then cd sub; fi; uv run --locked pytest",
    );
  });

  test("of a function that is called in different projects stays as asked", () => {
    const line = `check() { pytest; }; check; cd ${place("poetry")} && check`;
    assert.equal(bench.route(line, place("uv")).route, null);
  });

  test("of a part of a line is the same whatever stands around it", () => {
    const parts = fc.constantFrom(
      ["pytest -x", "uv run --locked pytest -x"],
      ["FOO='a b' python x.py > out 2>&1", "FOO='a b' uv run --locked python x.py > out 2>&1"],
      ["pip install rich 'httpx>=1'", "uv add rich 'httpx>=1'"],
      ["pip list 2>/dev/null", "uv pip list 2>/dev/null"],
      ["(timeout 5 pytest)", "(timeout 5 uv run --locked pytest)"],
      ["if true; then pytest; fi", "if true; then uv run --locked pytest; fi"],
      ["{ python3 -; }", "{ uv run --locked python3 -; }"],
      ['echo "it\'s $(pip freeze)"', 'echo "it\'s $(uv pip freeze)"'],
      ["echo 'pip install x' # pytest", null],
      ["echo pytest ü 𝒳", null],
      ["ls -la *.py", null],
    );
    const separator = fc.constantFrom(" && ", " || ", "; ", "\n");
    const cwd = place("uv");
    fc.assert(
      fc.property(fc.array(fc.tuple(parts, separator), { minLength: 1, maxLength: 8 }), (line) => {
        // A comment reaches to the end of its line.
        const join = (words: readonly (readonly [string | null | undefined, string])[]): string =>
          words.map(([text, by]) => `${text}${text?.includes("#") ? "\n" : by}`).join("") + "true";
        const asked = join(line.map(([[from], by]) => [from, by]));
        const expected = join(line.map(([[from, to], by]) => [to ?? from, by]));
        assert.equal(bench.route(asked, cwd).route?.to ?? asked, expected);
      }),
    );
  });
});
