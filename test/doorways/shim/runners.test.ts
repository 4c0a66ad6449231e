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
  for (const folder of [cwd, join(base, "global/etc")]) await mkdir(folder, { recursive: true });
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
        'prefix=~/global\ncache = "${HOME}/c"\nfund=false\nsave-exact\nregistry=https://mine.example/\nloglevel=error\ncafile=~/ca.pem\n',
      "ca.pem": "",
    },
  },
  "a file of the project": {
    files: { "project/.npmrc": "engine-strict=true\nregistry=https://ours.example/\nscript-shell=bash\n" },
  },
  "a file for the machine, by where theirs installs": {
    files: {
      ".npmrc": "prefix=~/global\n",
      "global/etc/npmrc": "registry=https://mine.example/\nscript-shell=/bin/sh\n",
    },
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
    const isRunners = setByRunner({ cwd, environment, given, folders: [cwd] });
    assert.deepEqual(
      set.filter(([name, value]) => !isRunners(name, value)),
      [],
    );
    const { npm_lifecycle_event: _, ...outside } = environment;
    const isOutside = setByRunner({ cwd, environment: outside, given, folders: [cwd] });
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
  const isRunners = setByRunner({ cwd, environment, given, folders: [cwd] });
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
    const given = { HOME: "/home/me", PATH: process.env["PATH"] ?? "" };
    const environment = { ...given, npm_lifecycle_event: "test", [name]: value };
    const place = { cwd: "/project", environment, given, folders: ["/project"] };
    assert.equal(setByRunner(place)(name, value), false);
  });
}

/** Whether variables of a line that says it is a script of npm's are taken for npm's. */
async function taken(t: TestContext, { files = {}, variables = {} }: Stage): Promise<string[]> {
  const base = await tempDir(t);
  for (const folder of ["project", "e/etc", "e/bin"]) await mkdir(join(base, folder), { recursive: true });
  for (const [name, text] of Object.entries(files))
    await writeFile(join(base, name), text.replaceAll("BASE", base), { mode: 0o755 });
  const given = { HOME: join(base, "home"), PATH: process.env["PATH"] ?? "" };
  const set = Object.entries(variables).map(
    ([name, value]) => [name, value.replaceAll("BASE", base)] as const,
  );
  const environment = { ...given, npm_lifecycle_event: "x", ...Object.fromEntries(set) };
  const cwd = join(base, "project");
  const isRunners = setByRunner({ cwd, environment, given, folders: [cwd, join(base, "e")] });
  return set
    .filter(([name, value]) => name.startsWith("npm_config") && isRunners(name, value))
    .map(([name]) => name);
}

const SETTINGS = "prefix=BASE/e\nregistry=http://evil.example\nscript-shell=BASE/e/sh\n";
const EVIL = {
  npm_config_prefix: "BASE/e",
  npm_config_global_prefix: "BASE/e",
  npm_config_globalconfig: "BASE/e/etc/npmrc",
  npm_config_userconfig: "BASE/e/etc/npmrc",
  npm_config_script_shell: "BASE/e/sh",
  npm_config_registry: "http://evil.example",
};
/** What leads to a file of the model's, beside the variables themselves. */
const LEADS: Readonly<Record<string, Variables>> = {
  "nothing else": {},
  "another home": { HOME: "BASE/e" },
  "another Node": { PATH: "BASE/e/bin" },
  "another npm": { npm_execpath: "/usr/..BASE/e/bin/npm-cli.js" },
  "a variable of npm's in capitals": {
    NPM_CONFIG_USERCONFIG: "BASE/e/etc/npmrc",
    NPM_CONFIG_PREFIX: "BASE/e",
  },
};
for (const [what, more] of Object.entries(LEADS)) {
  test(`a file that the model names, by ${what}, makes none of its variables npm's own`, async (t) => {
    const files = { "e/etc/npmrc": SETTINGS, "e/.npmrc": SETTINGS, "e/npmrc": SETTINGS, "e/bin/node": "" };
    assert.deepEqual(await taken(t, { files, variables: { ...EVIL, ...more } }), []);
    for (const [name, value] of Object.entries(EVIL))
      assert.deepEqual(await taken(t, { files, variables: { [name]: value, ...more } }), [], name);
  });
}

test("a file in the project says which registry, and chooses no program", async (t) => {
  const text = `${SETTINGS}engine-strict=true\nnode-options=--require=BASE/e/x.js\ngit=BASE/e/git\neditor=BASE/e/sh\ninit-module=BASE/e/x.js\nonload-script=BASE/e/x.js\nnode-gyp=BASE/e/x.js\n`;
  const variables = {
    ...EVIL,
    npm_config_local_prefix: "BASE/project",
    npm_config_engine_strict: "true",
    npm_config_node_options: "--require=BASE/e/x.js",
    npm_config_git: "BASE/e/git",
    npm_config_editor: "BASE/e/sh",
    npm_config_init_module: "BASE/e/x.js",
    npm_config_onload_script: "BASE/e/x.js",
    npm_config_node_gyp: "BASE/e/x.js",
  };
  assert.deepEqual(await taken(t, { files: { "project/.npmrc": text }, variables }), [
    "npm_config_registry",
    "npm_config_local_prefix",
    "npm_config_engine_strict",
  ]);
});

test("a project may have its scripts run by a usual shell, and give Node more memory", async (t) => {
  const text = "script-shell=/bin/bash\nnode-options=--max-old-space-size=4096\n";
  const variables = {
    npm_config_local_prefix: "BASE/project",
    npm_config_script_shell: "/bin/bash",
    npm_config_node_options: "--max-old-space-size=4096",
  };
  assert.deepEqual(await taken(t, { files: { "project/.npmrc": text }, variables }), Object.keys(variables));
});
