import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test, type TestContext } from "node:test";

import { changed } from "../../../extension/doorways/shim/surroundings.ts";
import { setByRunner } from "../../../extension/doorways/shim/runners.ts";
import { tempDir } from "../../harness/temp.ts";

/** What a script of npm's finds in its environment, in a project, for a person with settings of their own. */
async function inScript(
  t: TestContext,
  { files = {}, variables = {}, args = [] }: Stage,
): Promise<{ readonly cwd: string; readonly given: Variables; readonly environment: Variables }> {
  const base = await tempDir(t);
  const cwd = join(base, "project");
  await mkdir(cwd);
  const scripts = { env: "env" };
  await writeFile(join(cwd, "package.json"), JSON.stringify({ name: "x", version: "1.0.0", scripts }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(base, name), text);
  const { PATH = "" } = process.env;
  const own = Object.entries(variables).map(([name, value]) => [name, value.replace("BASE", base)]);
  const given = {
    PATH,
    HOME: base,
    npm_config_update_notifier: "false",
    ...(Object.fromEntries(own) as Variables),
  };
  const printed = execFileSync("npm", ["run", "env", ...args], { cwd, env: given, encoding: "utf8" });
  const lines = printed.split("\n").filter((line) => line.includes("="));
  const pairs = lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]);
  return { cwd, given, environment: Object.fromEntries(pairs) as Variables };
}

type Variables = Record<string, string>;
interface Stage {
  /** By name, beside the project. */
  readonly files?: Variables;
  readonly variables?: Variables;
  readonly args?: readonly string[];
}

const OF_PERSONS: Readonly<Record<string, Stage>> = {
  nothing: {},
  "a file of their own": {
    files: {
      ".npmrc":
        'prefix=~/global\ncache = "${HOME}/c"\nfund=false\nsave-exact\nregistry=https://mine.example/\n',
    },
  },
  "a file of the project": {
    files: { "project/.npmrc": "engine-strict=true\nregistry=https://ours.example/\n" },
  },
  variables: { variables: { npm_config_cache: "BASE/c", NPM_CONFIG_PREFIX: "BASE/global" } },
  "a file that a variable names": {
    files: { settings: "cache=~/c\nprefix=~/global\n" },
    variables: { NPM_CONFIG_USERCONFIG: "BASE/settings" },
  },
  "an editor": { variables: { VISUAL: "code -w" } },
};
for (const [what, stage] of Object.entries(OF_PERSONS)) {
  test(`what npm sets for a script of a package is none of the line's variables, where the person has set ${what}`, async (t) => {
    const { cwd, given, environment } = await inScript(t, stage);
    const set = Object.entries(changed(environment, given));
    assert.ok(set.length > 8, JSON.stringify(environment));
    const isRunners = setByRunner({ cwd, environment });
    assert.deepEqual(
      set.filter(([name, value]) => !isRunners(name, value)),
      [],
    );
    const { npm_lifecycle_event: _, ...outside } = environment;
    const isOutside = setByRunner({ cwd, environment: outside });
    assert.deepEqual(
      set.filter(([name, value]) => isOutside(name, value)),
      [],
    );
  });
}

test("what a line says to npm is one of its variables, whatever the files say", async (t) => {
  const files = { ".npmrc": "registry=https://mine.example/\n" };
  const { cwd, given, environment } = await inScript(t, {
    files,
    args: ["--registry=https://other.example/"],
  });
  const isRunners = setByRunner({ cwd, environment });
  const byLine = Object.entries(changed(environment, given)).filter(
    ([name, value]) => !isRunners(name, value),
  );
  assert.deepEqual(byLine, [["npm_config_registry", "https://other.example/"]]);
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
  ["EDITOR", "/project/evil"],
];
for (const [name, value] of OTHER) {
  test(`${name}=${value} is one of the line's`, () => {
    const environment = { HOME: "/home/me", PATH: process.env["PATH"] ?? "", npm_lifecycle_event: "test" };
    assert.equal(setByRunner({ cwd: "/project", environment })(name, value), false);
  });
}
