import assert from "node:assert/strict";
import { cpSync, existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, test, type TestContext } from "node:test";

import { type Bench, benchFor, folderWith, put, skip } from "./support.ts";

/** Says what it was given and what runs it. */
const SHOW =
  "console.log(JSON.stringify({ args: process.argv.slice(2), bun: process.versions.bun ?? null, event: process.env.npm_lifecycle_event, cwd: process.cwd(), dotenv: process.env.DOTTED ?? null }));\n";
const FILES = {
  "package.json": `${JSON.stringify(
    {
      name: "demo",
      version: "1.0.0",
      private: true,
      scripts: {
        show: "node show.cjs",
        pretest: "node show.cjs before",
        test: "node show.cjs tests",
        posttest: "node show.cjs after",
        fail: "exit 7",
        local: "program from a script",
      },
      dependencies: { semver: "7.6.0" },
    },
    null,
    2,
  )}\n`,
  "show.cjs": SHOW,
  ".env": "DOTTED=1\n",
  "sub/x.js": "",
};

const bench = await benchFor("bun", "node24");
const project = folderWith(FILES);
if (bench !== undefined) {
  const made = await bench.run("bun install --silent", project);
  assert.equal(made.code, 0, made.stderr);
}
put(project, { "node_modules/.bin/program": `#!/usr/bin/env node\n${SHOW}` });
const lock = bench === undefined ? "" : readFileSync(join(project, "bun.lock"), "utf8");

async function ready(t: TestContext): Promise<Bench | null> {
  return bench ?? skip(t, "bun", "node24");
}

/** The lines that say what a script was given. */
function said(output: string): readonly Record<string, unknown>[] {
  return output
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe("in a bun project", () => {
  // npm and bun side by side: the script is told the same.
  const SAME = [
    "npm run show",
    "npm run show -- --a 'b c' '*' '$HOME'",
    "npm run show a b",
    "npm run show a -- --b",
    "npm run show -- -- a",
    "npm run show -- a -- b",
    "npm test",
    "npm test -- --watch",
    "cd sub && npm run --silent show x",
    "npx program a --b 'c d'",
    "npx program -- --q",
    "cd sub && npx program",
    "npm exec program -- --q",
    "npm exec -- program --q",
    "npx local || npx program",
  ];
  for (const line of SAME) {
    test(`${line} tells the script the same as npm, under the same Node`, async (t) => {
      const it = await ready(t);
      if (it === null) return;
      const { route } = it.route(line, project);
      assert.ok(route, "was not routed");
      const [asked, run] = await Promise.all([it.run(line, project), it.run(route.to, project)]);
      // npx calls the event by its own name.
      const isScript = /npm (run|test)/.test(line);
      const withoutEvent = (each: Record<string, unknown>) => ({ ...each, event: isScript && each["event"] });
      assert.deepEqual(said(run.stdout).map(withoutEvent), said(asked.stdout).map(withoutEvent), route.to);
      assert.ok(said(run.stdout).length > 0, run.stderr);
      assert.ok(said(run.stdout).every(({ bun, dotenv }) => bun === null && dotenv === null));
      assert.equal(run.code, asked.code);
    });
  }

  const EXITS: readonly (readonly [string, number])[] = [
    ["npm run fail", 7],
    ["npx semver 1.2.3", 0],
    ["npx semver nonsense", 1],
  ];
  for (const [line, code] of EXITS) {
    test(`${line} exits with ${code}`, async (t) => {
      const it = await ready(t);
      if (it === null) return;
      const { route } = it.route(line, project);
      assert.equal((await it.run(route?.to ?? "", project)).code, code);
    });
  }

  for (const line of ["npm ci", "npm install --no-audit", "yarn", "pnpm install --frozen-lockfile"]) {
    test(`${line} installs what is locked, and writes no second lock`, async (t) => {
      const it = await ready(t);
      if (it === null) return;
      const folder = copyOf(project);
      const { route } = it.route(line, folder);
      const result = await it.run(route?.to ?? "", folder);
      assert.equal(result.code, 0, result.stderr);
      assert.ok(existsSync(join(folder, "node_modules/semver")));
      assert.equal(readFileSync(join(folder, "bun.lock"), "utf8"), lock);
      for (const other of ["package-lock.json", "yarn.lock", "pnpm-lock.yaml"]) {
        assert.ok(!existsSync(join(folder, other)), other);
      }
    });
  }

  test("a stale lock stops an install, and is not renewed", async (t) => {
    const it = await ready(t);
    if (it === null) return;
    const folder = copyOf(project);
    put(folder, { "package.json": FILES["package.json"].replace("7.6.0", "7.5.0") });
    const result = await it.run(it.route("npm install", folder).route?.to ?? "", folder);
    assert.equal(result.code, 1);
    assert.match(result.stderr, /lockfile is frozen/);
    assert.equal(readFileSync(join(folder, "bun.lock"), "utf8"), lock);
  });

  test("a package that is asked for is declared where it was asked for, and goes again", async (t) => {
    const it = await ready(t);
    if (it === null) return;
    const folder = copyOf(project);
    const dependencies = () =>
      JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Record<string, unknown>;
    const added = await it.run(
      it.route("npm install -D --save-exact is-number@6.0.0", folder).route?.to ?? "",
      folder,
    );
    assert.equal(added.code, 0, added.stderr);
    assert.deepEqual(dependencies()["devDependencies"], { "is-number": "6.0.0" });
    assert.match(readFileSync(join(folder, "bun.lock"), "utf8"), /is-number@6\.0\.0/);
    const removed = await it.run(it.route("npm uninstall is-number", folder).route?.to ?? "", folder);
    assert.equal(removed.code, 0, removed.stderr);
    assert.equal(dependencies()["devDependencies"], undefined);
  });

  test("a program that isn't installed is not looked for anywhere else", async (t) => {
    const it = await ready(t);
    if (it === null) return;
    const folder = copyOf(project);
    assert.equal(it.route("npx semver 1.2.3", folder).route, null);
    // Between the look and the run it went away: no download, and no success.
    const { route } = it.route("npx semver 1.2.3", project);
    const result = await it.run(route?.to ?? "", folder);
    assert.notEqual(result.code, 0);
  });
});

/** A project of its own for what changes one: its files, without what is installed. */
function copyOf(folder: string): string {
  const copy = folderWith({});
  cpSync(folder, copy, {
    recursive: true,
    filter: (path) => !path.includes("/node_modules") && !path.includes("/.git"),
  });
  rmSync(join(copy, "node_modules"), { recursive: true, force: true });
  return copy;
}
