import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { benchWith, type Files, folderWith, programs, uvLock } from "./support.ts";

const { route } = benchWith([programs("uv", "bun", "ruff", "ty", "oxlint")], false);
const BUN = { "package.json": '{ "name": "demo", "packageManager": "bun@1.4.5" }\n', "src/a.js": "" };
const UV = {
  "pyproject.toml": '[project]\nname = "demo"\nversion = "0.1.0"\n',
  "uv.lock": uvLock({}),
  "src/a.py": "",
};

/** The row that would answer for a line, by the folder it is asked in. */
function answering(files: Files, line: string, folder = ""): string | undefined {
  const root = folderWith(files);
  return route(line, join(root, folder), true).swaps[0]?.rule;
}

test("what is configured or declared beside or below the files that are named is the project's own", () => {
  const cases: readonly (readonly [Files, string])[] = [
    [{ ...BUN, "packages/a/prettier.config.mjs": "" }, "npx prettier --check packages/a"],
    [{ ...BUN, "packages/a/prettier.config.mjs": "" }, "npx prettier --check packages"],
    [{ ...BUN, "packages/a/prettier.config.mjs": "" }, "npx prettier --check packages/a/src/b.js"],
    [{ ...BUN, "packages/a/prettier.config.mjs": "" }, "npx prettier --check 'packages/*/b.js'"],
    [{ ...BUN, "packages/a/package.json": '{ "prettier": "./x.mjs" }' }, "npx prettier --check ."],
    [
      { ...BUN, "packages/a/package.json": '{ "devDependencies": { "prettier": "3" } }' },
      "npx prettier --check .",
    ],
    [{ ...BUN, "packages/a/eslint.config.mjs": "" }, "npx eslint packages/a"],
    [{ ...BUN, "packages/a/eslint.config.mjs": "" }, "npx eslint"],
    [{ ...BUN, "tsconfig.json": "{}" }, "npx tsc --noEmit"],
    [{ ...BUN, "packages/a/tsconfig.json": "{}" }, "npx tsc --noEmit"],
    [{ ...UV, "src/.flake8": "" }, "flake8 src"],
    [{ ...UV, "src/pyproject.toml": "[tool.black]\n" }, "black ."],
    [{ ...UV, "src/setup.cfg": "[mypy]\n" }, "ls | xargs mypy src"],
  ];
  for (const [files, line] of cases) assert.equal(answering(files, line), undefined, line);
});

test("elsewhere in the project, and among what is installed, it doesn't count", () => {
  assert.equal(
    answering({ ...BUN, "packages/a/prettier.config.mjs": "" }, "npx prettier --check src"),
    "swap.prettier",
  );
  assert.equal(answering({ ...BUN, "node_modules/x/eslint.config.mjs": "" }, "npx eslint ."), "swap.eslint");
  assert.equal(answering({ ...UV, "env/pyvenv.cfg": "", "env/x/.flake8": "" }, "flake8 ."), "swap.flake8");
});

test("for what lies outside of the project, or in too many folders, nothing answers", () => {
  const outside = folderWith({ "b.py": "" });
  assert.equal(answering(UV, `flake8 ${outside}/b.py`), undefined);
  const linked = folderWith(UV);
  symlinkSync(outside, join(linked, "out"));
  assert.equal(route("flake8 out", linked, true).swaps[0], undefined);
  assert.equal(route("flake8 src", linked, true).swaps[0]?.rule, "swap.flake8");
  const many = Object.fromEntries(Array.from({ length: 2_001 }, (_, index) => [`many/${index}/x.py`, ""]));
  assert.equal(answering({ ...UV, ...many }, "flake8 ."), undefined);
  assert.equal(answering({ ...UV, ...many }, "flake8 src"), "swap.flake8");
});

test("what is run to compare is told to leave the project's configuration alone, or isn't run", () => {
  const look = (files: Files, line: string) => route(line, folderWith(files)).swaps[0]?.look;
  assert.deepEqual(look(UV, "flake8 src")?.asked, ["--isolated", "src"]);
  assert.ok(look(UV, "mypy src")?.asked?.includes("--config-file="));
  assert.ok(look(BUN, "npx prettier --check src")?.asked?.includes("--no-config"));
  assert.equal(look(UV, "pyright src")?.asked, null);
  assert.equal(look(BUN, "npx eslint src")?.asked, null);
  assert.notEqual(look(BUN, "npx eslint src")?.by, null);
  assert.equal(look({ ...BUN, "src/oxlint.config.ts": "" }, "npx eslint src")?.by, null);
});
