import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { RoutingRules } from "../../extension/policy/routing.ts";
import { parseShell } from "../../extension/shell/parse.ts";
import { benchFor, folderWith, put, skip } from "./support.ts";

const NEEDS = ["bun", "node24"] as const;
const bench = await benchFor(...NEEDS);
const MANIFEST = { name: "demo", version: "1.0.0", private: true, dependencies: { semver: "7.6.0" } };

/** The rule of docs/routing.md by which a person has bun install an npm project. */
const RULE = {
  id: "mine.npm-ci",
  command: "npm ci **",
  as: "bun ci **",
  reason: "It installs in a second.",
  match: ["npm ci"],
};

test("npm ci of an npm project stays as asked; by a rule bun installs from npm's lock, and writes none of its own", async (t) => {
  if (bench === undefined) return void (await skip(t, ...NEEDS));
  const folder = folderWith({ "package.json": JSON.stringify(MANIFEST) });
  const locked = await bench.run("npm install --silent --no-audit --package-lock-only", folder);
  assert.equal(locked.code, 0, locked.stderr);
  const lock = readFileSync(join(folder, "package-lock.json"), "utf8");
  assert.equal(bench.route("npm ci", folder).route, null);

  const rules = new RoutingRules([{ version: 1, routing: [RULE] }], folder);
  const script = parseShell("npm ci --ignore-scripts", { cwd: folder });
  const { route } = bench.toolchain.route(script, {
    swap: () => false,
    written: (words) => rules.of(words),
  });
  assert.equal(route?.to, "bun ci --ignore-scripts");
  assert.equal((await bench.run(route.to, folder)).code, 0);
  assert.match(
    readFileSync(join(folder, "node_modules/semver/package.json"), "utf8"),
    /"version": "7\.6\.0"/,
  );
  const asIs = (): void => {
    assert.equal(readFileSync(join(folder, "package-lock.json"), "utf8"), lock);
    for (const name of ["bun.lock", "bun.lockb"]) assert.ok(!existsSync(join(folder, name)), name);
  };
  asIs();

  // A lock that is behind is refused, as npm refuses it.
  rmSync(join(folder, "node_modules"), { recursive: true });
  const dependencies = { ...MANIFEST.dependencies, "is-number": "7.0.0" };
  put(folder, { "package.json": JSON.stringify({ ...MANIFEST, dependencies }) });
  assert.equal((await bench.run(route.to, folder)).code, 1);
  assert.equal((await bench.run("npm ci --ignore-scripts --silent", folder)).code, 1);
  asIs();
});
