import assert from "node:assert/strict";
import { test } from "node:test";

import { changeWords, formattersOf, managementOf, syncWords } from "../../extension/toolchain/manage.ts";
import { benchWith, type Files, folderWith, uvLock } from "./support.ts";

const { toolchain } = benchWith([]);

function manage(files: Files) {
  return managementOf(toolchain.evidence(folderWith(files)));
}

const UV = { "pyproject.toml": '[project]\nname = "demo"\nversion = "0.1.0"\n', "uv.lock": uvLock({}) };
const PACKAGE = { "package.json": '{"name": "demo"}' };

/** Evidence of each manager, and what it is asked to do. */
const OWNED: readonly (readonly [string, Files, boolean, string, string])[] = [
  ["uv", UV, true, "add --dev x", "sync --locked"],
  [
    "uv",
    { "pyproject.toml": '[project]\nname = "demo"\n[tool.uv]\npackage = false\n' },
    false,
    "add --dev x",
    "sync --locked",
  ],
  [
    "poetry",
    { "pyproject.toml": '[tool.poetry]\nname = "demo"\n', "poetry.lock": "" },
    true,
    "add --group dev x",
    "install",
  ],
  ["pdm", { "pyproject.toml": "[project]\n", "pdm.lock": "" }, true, "add --dev x", "sync"],
  ["pipenv", { Pipfile: "", "Pipfile.lock": "{}" }, true, "install --dev x", "sync --dev"],
  ["bun", { ...PACKAGE, "bun.lock": "{}" }, true, "add --dev x", "install --frozen-lockfile"],
  ["npm", { ...PACKAGE, "package-lock.json": "{}" }, true, "install --save-dev x", "ci"],
  ["npm", { "package.json": '{"packageManager": "npm@11.0.0"}' }, false, "install --save-dev x", "ci"],
  ["pnpm", { ...PACKAGE, "pnpm-lock.yaml": "" }, true, "add --save-dev x", "install --frozen-lockfile"],
  ["yarn", { ...PACKAGE, "yarn.lock": "" }, true, "add --dev x", "install --frozen-lockfile"],
];

for (const [manager, files, locked, add, sync] of OWNED) {
  test(`${manager} by ${Object.keys(files).join(", ")} adds, removes and installs in its own words`, () => {
    const { managed, others } = manage(files);
    const [only] = managed;
    assert.ok(only && managed.length === 1);
    assert.deepEqual([only.manager, only.locked, others], [manager, locked, []]);
    assert.equal(changeWords(only, "add", ["x"], true).join(" "), add);
    assert.equal(syncWords(only).join(" "), sync);
    assert.match(changeWords(only, "remove", ["x"], false).join(" "), /^(remove|uninstall) x$/);
  });
}

test("what nobody is proven to own, and what two are, is nobody's", () => {
  assert.deepEqual(manage({ "a.txt": "" }), { managed: [], others: [] });
  const states = (files: Files): string[] => manage(files).others.map(({ owner }) => owner.state);
  assert.deepEqual(states(PACKAGE), ["unowned"]);
  assert.deepEqual(states({ "requirements.txt": "x\n" }), ["unowned"]);
  assert.deepEqual(states({ ...PACKAGE, "bun.lock": "{}", "package-lock.json": "{}" }), ["ambiguous"]);
});

test("a project's own formatter comes first, else one that has to be asked for nothing", () => {
  const chosen = (files: Files, ...there: string[]): string[] =>
    formattersOf(toolchain.evidence(folderWith(files)), (tool) => there.includes(tool)).map(
      ({ tool }) => tool,
    );
  const all = ["ruff", "black", "biome", "prettier", "oxfmt"];
  assert.deepEqual(chosen({ "a.txt": "" }, ...all), []);
  assert.deepEqual(chosen(UV, ...all), ["ruff"]);
  assert.deepEqual(chosen({ ...UV, "pyproject.toml": "[tool.uv]\n[tool.black]\n" }, ...all), ["black"]);
  assert.deepEqual(chosen({ ...PACKAGE, "biome.json": "{}" }, ...all), ["biome"]);
  assert.deepEqual(chosen({ ...PACKAGE }, ...all), ["prettier"]);
  assert.deepEqual(chosen({ ...PACKAGE }, "biome"), []);
});
