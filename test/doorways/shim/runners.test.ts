import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import { changed } from "../../../extension/doorways/shim/surroundings.ts";
import { setByRunner } from "../../../extension/doorways/shim/runners.ts";
import { tempDir } from "../../harness/temp.ts";

/** Settings of this machine's own are there, too. */
const OWN =
  /^npm_config_(user_agent|npm_version|noproxy|local_prefix|cache|userconfig|init_module|prefix|global_prefix|globalconfig|node_gyp)$/;

test("what npm sets for a script of a package is none of the line's variables", async (t) => {
  const cwd = await tempDir(t);
  const scripts = { env: "env" };
  await writeFile(join(cwd, "package.json"), JSON.stringify({ name: "x", version: "1.0.0", scripts }));
  const { PATH = "" } = process.env;
  const given = { PATH, HOME: cwd };
  const printed = execFileSync("npm", ["run", "env"], { cwd, env: given, encoding: "utf8" });
  const environment = Object.fromEntries(
    printed
      .split("\n")
      .flatMap((line) =>
        line.includes("=") ? [[line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]] : [],
      ),
  ) as Record<string, string>;
  const set = Object.entries(changed(environment, given)).filter(([name]) => OWN.test(name));
  assert.ok(set.length > 8, printed);
  assert.deepEqual(
    set.filter(([name, value]) => !setByRunner(name, value, { cwd, environment })),
    [],
  );
  const { npm_lifecycle_event: _, ...outside } = environment;
  assert.deepEqual(
    set.filter(([name, value]) => setByRunner(name, value, { cwd, environment: outside })),
    [],
  );
});

const OTHER: readonly (readonly [string, string])[] = [
  ["npm_config_registry", "https://example.invalid"],
  ["npm_config_userconfig", "/project/.npmrc"],
  ["npm_config_globalconfig", "/project/etc/npmrc"],
  ["npm_config_node_gyp", "/project/evil.js"],
  ["npm_config_prefix", "/project"],
  ["npm_config_local_prefix", "/elsewhere"],
  ["npm_config_script_shell", "/project/evil"],
  ["npm_config_user_agent", "x"],
  ["NODE_OPTIONS", "--require=x"],
];
for (const [name, value] of OTHER) {
  test(`${name}=${value} is one of the line's`, () => {
    const environment = { HOME: "/home/me", PATH: process.env["PATH"] ?? "", npm_lifecycle_event: "test" };
    assert.equal(setByRunner(name, value, { cwd: "/project", environment }), false);
  });
}
