import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";

import { machineName, PINS, thisMachine } from "../../extension/toolchain/provision/pins.ts";
import { ROOT } from "../../scripts/lib/paths.ts";
import { findProgram } from "../../scripts/lib/programs.ts";
import { tempDir } from "../harness/temp.ts";
import { put } from "../toolchain/support.ts";
import { archive, type Mirror, mirror } from "../toolchain/provision/mirror.ts";

const CLI = join(ROOT, "dist", "cli.js");
const { version } = PINS.ruff;

interface Bench {
  readonly folder: string;
  readonly state: string;
  readonly registry: Mirror;
  readonly interlock: (...args: string[]) => Promise<Answer>;
  readonly run: (command: string, args: readonly string[], env?: NodeJS.ProcessEnv) => Promise<Answer>;
}

interface Answer {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A Python project on a machine without its tools, and a registry on the same machine. */
async function bench(t: TestContext): Promise<Bench> {
  const folder = await tempDir(t);
  put(folder, { "pyproject.toml": '[project]\nname = "demo"\nversion = "0.1.0"\n' });
  const state = join(folder, "state");
  const registry = await mirror(t);
  const env = { PATH: "/usr/bin:/bin", HOME: folder, INTERLOCK_STATE_DIR: state, ...registry.env };
  const run: Bench["run"] = async (command, args, more = {}) => {
    const child = spawn(command, args, { env: { ...env, ...more }, stdio: ["ignore", "pipe", "pipe"] });
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    const [code] = (await once(child, "close")) as [number | null];
    return { code, stdout, stderr };
  };
  const interlock: Bench["interlock"] = (...args) => run(process.execPath, [CLI, ...args, "--cwd", folder]);
  return { folder, state, registry, interlock, run };
}

test("interlock doctor tells of what is missing what Interlock could get, and asks no registry", async (t) => {
  const { interlock, registry, state } = await bench(t);
  const { stdout } = await interlock("doctor");
  assert.match(stdout, /^Interlock can get what is missing, once you say so:$/m);
  assert.ok(stdout.includes(`  ruff ${version}: `));
  assert.ok(stdout.includes(` MB from PyPI (${registry.host}), into ${join(state, "tools")}\n`));
  assert.match(
    stdout,
    /^ {2}→ interlock tools get uv ruff ty {2}\(in the editor: Interlock: Get Missing Tools…\)$/m,
  );
  assert.doesNotMatch(stdout, /bun 1/);
  const { tools } = JSON.parse((await interlock("doctor", "--json")).stdout) as {
    tools: { tool: string; offer: { size: number } | null }[];
  };
  assert.ok((tools.find(({ tool }) => tool === "ruff")?.offer?.size ?? 0) > 1_000_000);
  assert.equal(tools.find(({ tool }) => tool === "bun")?.offer, null);
  assert.deepEqual(registry.asked, []);
});

test("interlock tools get fetches nothing before the yes, then what it named, once", async (t) => {
  const { interlock, registry, state } = await bench(t);
  const asked = await interlock("tools", "get", "ruff");
  assert.equal(asked.code, 1);
  assert.ok(asked.stderr.startsWith(`ruff ${version}: `));
  assert.match(asked.stderr, /^interlock: Nothing was fetched\. Add “--yes” where you agree\.$/m);
  assert.equal(registry.asked.length, 0);
  assert.ok(!existsSync(join(state, "tools")));

  const path = join(state, "tools", `ruff-${version}-${machineName(thisMachine())}`, "ruff");
  const got = await interlock("tools", "get", "ruff", "--yes");
  assert.equal(got.stdout, `ruff ${version} ${path}\n`);
  assert.equal(got.code, 0);
  assert.match((await interlock("doctor")).stdout, new RegExp(`^ {2}ok {7}ruff {4}${version} `, "m"));
  const again = await interlock("tools", "get", "ruff", "--yes", "--json");
  assert.deepEqual([again.code, again.stdout], [0, ""]);
  assert.equal(registry.asked.filter((each) => each.path.startsWith("/files/")).length, 1);

  const listed = (await interlock("tools", "list")).stdout;
  assert.ok(listed.includes(`ruff  ${path} · Interlock's, ${version}\n`));
  assert.match(listed, /^uv {4}not on this machine · to be had: uv .* MB from PyPI/m);
  assert.equal((await interlock("tools", "remove", "ruff")).stdout, "ruff was removed.\n");
  assert.deepEqual(readdirSync(join(state, "tools")), []);
});

test("interlock tools get leaves a person's own tool alone", async (t) => {
  const { interlock, folder, registry } = await bench(t);
  put(folder, { ".local/bin/ruff": "#!/bin/sh\necho ruff 1.2.3\n" });
  const { code, stderr } = await interlock("tools", "get", "ruff", "--yes");
  assert.equal(code, 0);
  assert.match(stderr, /^ruff is there, and comes first: .*\/\.local\/bin\/ruff$/m);
  assert.deepEqual(registry.asked, []);
});

test("interlock tools get says in one line what went wrong", async (t) => {
  const { interlock, registry } = await bench(t);
  registry.fault = (_, response) => {
    response.writeHead(404).end();
    return true;
  };
  const { code, stderr } = await interlock("tools", "get", "ruff", "--yes");
  assert.equal(code, 1);
  assert.ok(
    stderr.endsWith(
      `\ninterlock: ${registry.host} answered with status 404. Try again later, or install the tool yourself.\n`,
    ),
  );
});

test("interlock tools get is not to be had from an agent's shell", async (t) => {
  const { run, folder, registry } = await bench(t);
  const host = join(folder, `il-${process.pid}-x`);
  mkdirSync(join(host, "bin"), { recursive: true });
  put(host, { tickets: "" });
  const env = { PATH: `${join(host, "bin")}:/usr/bin:/bin` };
  const { code, stderr } = await run(process.execPath, [CLI, "tools", "get", "ruff", "--yes"], env);
  assert.equal(code, 1);
  assert.match(stderr, /^interlock: This is an agent's shell\./);
  assert.deepEqual(registry.asked, []);
});

test("a full disk leaves nothing of a tool, and is named", async (t) => {
  const { run, state } = await bench(t);
  const unshare = findProgram("unshare") ?? "";
  const inside = ["-rm", "sh", "-c"];
  if (process.platform !== "linux" || spawnSync(unshare, [...inside, "true"]).status !== 0)
    return t.skip("A small disk of its own needs unshare with user namespaces.");
  await archive("ruff");
  mkdirSync(state);
  const script = 'mount -t tmpfs -o size=4m tmpfs "$1" && "$2" "$3" tools get ruff --yes; ls -A "$1/tools"';
  const { stdout, stderr } = await run(unshare, [...inside, script, "sh", state, process.execPath, CLI]);
  assert.match(stderr, /^interlock: There is no room for it in .*\/tools\. Make room, and get it again\.$/m);
  assert.equal(stdout, "");
});

test("Ctrl+C ends a fetch, and nothing is kept of it", async (t) => {
  const { folder, registry, state } = await bench(t);
  registry.fault = (_, response) => {
    // Nothing ever comes.
    response.writeHead(200, { "content-type": "application/vnd.pypi.simple.v1+json" }).flushHeaders();
    child.kill("SIGINT");
    return true;
  };
  const env = { PATH: "/usr/bin:/bin", HOME: folder, INTERLOCK_STATE_DIR: state, ...registry.env };
  const words = [CLI, "tools", "get", "ruff", "--yes", "--cwd", folder];
  const child = spawn(process.execPath, words, { env, stdio: ["ignore", "ignore", "pipe"] });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  assert.deepEqual(await once(child, "close"), [1, null]);
  assert.match(stderr, /^interlock: Cancelled\. Nothing was kept of it\.$/m);
  assert.deepEqual(readdirSync(join(state, "tools")), []);
});

test("a proxy that Node goes round is named where the registry can't be reached", async (t) => {
  const { run, folder, registry } = await bench(t);
  registry.fault = (_, response) => {
    response.destroy();
    return true;
  };
  const words = [CLI, "tools", "get", "ruff", "--yes", "--cwd", folder];
  const { stderr } = await run(process.execPath, words, { HTTPS_PROXY: "http://127.0.0.1:9" });
  assert.match(
    stderr,
    /could not be reached: .* HTTPS_PROXY is set: on the command line it is used from Node 22\.21 on/,
  );
});

test("interlock tools says which words it takes", async (t) => {
  const { interlock } = await bench(t);
  for (const [words, said] of [
    [["get"], "Name the tools, as in “tools get ruff”."],
    [["get", "npm"], "Interlock brings no “npm”. There are: uv, ruff, ty, bun."],
    [["fetch"], "“tools” takes one of: list, get, remove."],
    [["list", "uv"], "“tools list” takes no words of its own."],
  ] as const) {
    const { code, stderr } = await interlock("tools", ...words);
    assert.equal(code, 2);
    assert.ok(stderr.includes(said), stderr);
  }
});
