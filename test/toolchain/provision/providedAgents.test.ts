import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { delimiter, dirname, join } from "node:path";
import { after, test, type TestContext } from "node:test";

import { Processes } from "../../../extension/process/processes.ts";
import { AGENT_PINS, agentLock, PROVIDED_AGENTS } from "../../../extension/toolchain/provision/agentPins.ts";
import { thisMachine } from "../../../extension/toolchain/provision/pins.ts";
import { ProvidedAgents } from "../../../extension/toolchain/provision/providedAgents.ts";
import { Toolchain } from "../../../extension/toolchain/toolchain.ts";
import { findProgram } from "../../../scripts/lib/programs.ts";
import { listenOnLoopback } from "../../harness/loopback.ts";
import { tempDir } from "../../harness/temp.ts";
import { pack } from "./pack.ts";

const processes = new Processes(process.env, { command: process.execPath, args: ["-e", ""], env: {} });
after(() => processes.dispose());

/** An agent's package, and one that it depends on, with an install script that must not run. */
const RAN = "ran.txt";
const PACKAGES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "demo-agent": {
    "package.json": JSON.stringify({ name: "demo-agent", version: "1.2.3", dependencies: { part: "1.0.0" } }),
    "index.js": "require('part');",
  },
  part: {
    "package.json": JSON.stringify({
      name: "part",
      version: "1.0.0",
      scripts: { install: `node -e "require('fs').writeFileSync('${RAN}', '')"` },
    }),
    "index.js": "",
  },
};

interface Bench {
  readonly agents: ProvidedAgents;
  readonly folder: string;
  readonly host: string;
  readonly asked: string[];
  /** What the registry sends in place of a package from now on. */
  readonly tamper: (name: string) => void;
}

/** A registry on this machine with both packages, and agents to be had from it by the npm of this machine. */
async function bench(
  t: TestContext,
  { path, node = 18 }: { readonly path?: string; readonly node?: number } = {},
): Promise<Bench> {
  const home = await tempDir(t);
  const asked: string[] = [];
  const tarballs = new Map(Object.entries(PACKAGES).map(([name, files]) => [name, pack(files)]));
  const hashes = new Map([...tarballs].map(([name, bytes]) => [name, integrity(bytes)]));
  const server = createServer((request, response) => {
    const url = request.url ?? "";
    asked.push(url);
    const [, name = "", file] = url.split("/");
    const bytes = tarballs.get(name);
    if (bytes === undefined) return void response.writeHead(404).end();
    if (file !== undefined) return void response.end(bytes);
    const version = JSON.parse(PACKAGES[name]?.["package.json"] ?? "") as { version: string };
    const dist = { tarball: `http://${host}/${name}/-.tgz`, integrity: integrity(bytes) };
    response.end(
      JSON.stringify({ name, "dist-tags": {}, versions: { [version.version]: { ...version, dist } } }),
    );
  });
  const host = await listenOnLoopback(t, server);
  const programs = ["npm", "node"].map((name) => dirname(findProgram(name) ?? "/"));
  const env = {
    PATH: path ?? [...new Set([...programs, "/usr/bin", "/bin"])].join(delimiter),
    HOME: home,
    npm_config_registry: `http://${host}/`,
    npm_config_cache: join(home, "cache"),
    npm_config_update_notifier: "false",
  };
  const options = { processes, env, home };
  const { tools } = new Toolchain({ ...options, provided: join(home, "tools"), roots: [] });
  const folder = join(home, "agents");
  const lock = {
    lockfileVersion: 3,
    packages: {
      "": { dependencies: { "demo-agent": "1.2.3" } },
      "node_modules/demo-agent": {
        version: "1.2.3",
        integrity: hashes.get("demo-agent"),
        dependencies: { part: "1.0.0" },
      },
      "node_modules/part": { version: "1.0.0", integrity: hashes.get("part") },
    },
  };
  const pin = { package: "demo-agent", version: "1.2.3", script: "demo-agent/index.js", node, megabytes: 1 };
  const source = { pin: () => pin, lock: () => Promise.resolve(lock) };
  const agents = new ProvidedAgents({ ...options, folder, tools, source });
  const tamper = (name: string): void => {
    tarballs.set(name, pack({ ...PACKAGES[name], "index.js": "// other" }));
  };
  return { agents, folder, host, asked, tamper };
}

function integrity(bytes: Buffer): string {
  return `sha512-${createHash("sha512").update(bytes).digest("base64")}`;
}

test("an offer says what and from where, and asks nobody", async (t) => {
  const { agents, host, folder, asked } = await bench(t);
  const offer = agents.offer("codex");
  assert.ok(offer.ok);
  assert.deepEqual(offer.value, {
    agent: "codex",
    package: "demo-agent",
    version: "1.2.3",
    megabytes: 1,
    host,
    folder,
  });
  assert.deepEqual([asked, agents.find("codex")], [[], null]);
});

test("an agent is installed with what it depends on, and none of their scripts is run", async (t) => {
  const { agents, folder, asked } = await bench(t);
  const offer = agents.offer("codex");
  assert.ok(offer.ok);
  const got = await agents.get(offer.value);
  assert.ok(got.ok, JSON.stringify(got));
  const place = (await readdir(folder)).find((name) => !name.startsWith(".")) ?? "";
  const modules = join(folder, place, "node_modules");
  assert.deepEqual(got.value, {
    version: "1.2.3",
    command: "node",
    args: [join(modules, "demo-agent", "index.js")],
  });
  assert.deepEqual(agents.find("codex"), got.value);
  assert.equal(existsSync(join(modules, "part", RAN)), false);
  // What is there is not fetched again.
  const before = asked.length;
  assert.ok((await agents.get(offer.value)).ok);
  assert.equal(asked.length, before);
});

test("what isn't pinned is not kept, be it a package that it only depends on", async (t) => {
  const { agents, folder, tamper, host } = await bench(t);
  const offer = agents.offer("codex");
  assert.ok(offer.ok);
  tamper("part");
  const got = await agents.get(offer.value);
  assert.ok(!got.ok);
  assert.equal(got.error.message, `What ${host} sent for demo-agent is not what is pinned.`);
  assert.deepEqual(await readdir(folder), []);
  assert.equal(agents.find("codex"), null);
});

test("what a person said yes to is what is fetched", async (t) => {
  const { agents, asked } = await bench(t);
  const offer = agents.offer("codex");
  assert.ok(offer.ok);
  for (const other of [{ host: "elsewhere.example" }, { version: "9.9.9" }]) {
    const got = await agents.get({ ...offer.value, ...other });
    assert.equal(got.ok ? "" : got.error.code, "agent.get.changed");
  }
  const stopped = await agents.get(offer.value, AbortSignal.abort());
  assert.equal(stopped.ok ? "" : stopped.error.code, "tool.cancelled");
  assert.deepEqual(asked, []);
});

test("without npm, or with an old Node, it says what to install", async (t) => {
  const { agents } = await bench(t, { path: "/nowhere" });
  const none = agents.offer("codex");
  assert.match(none.ok ? "" : none.error.next, /^Install Node\.js 18 or newer/);
  const { agents: others, asked } = await bench(t, { node: 99 });
  const offer = others.offer("codex");
  const got = offer.ok ? await others.get(offer.value) : offer;
  assert.match(got.ok ? "" : got.error.message, /^It needs Node\.js 99 or newer; this machine has \d+\./);
  assert.deepEqual(asked, []);
});

test("what lies there half done, or of another version, is none that was brought", async (t) => {
  const { agents, folder } = await bench(t);
  const offer = agents.offer("codex");
  assert.ok(offer.ok && (await agents.get(offer.value)).ok);
  const place = (await readdir(folder)).find((name) => !name.startsWith(".")) ?? "";
  for (const stamp of ["{}", '{"version":1,"agent":"codex","agentVersion":"1.2.2"}']) {
    await writeFile(join(folder, place, "stamp.json"), stamp);
    assert.equal(agents.find("codex"), null);
  }
});

test("every package of a lock has a hash, and none says where it lies", async () => {
  for (const agent of PROVIDED_AGENTS) {
    const { packages } = (await agentLock(agent)) as {
      packages: Record<
        string,
        {
          version?: string;
          integrity?: string;
          resolved?: string;
          optionalDependencies?: Record<string, string>;
        }
      >;
    };
    const { "": root, ...all } = packages;
    assert.ok(root);
    for (const [name, { integrity: hash, resolved, optionalDependencies = {} }] of Object.entries(all)) {
      assert.match(hash ?? "", /^sha512-/, `${agent}: ${name}`);
      assert.equal(resolved, undefined, `${agent}: ${name}`);
      // npm refuses a lock that lacks one.
      for (const other of Object.keys(optionalDependencies)) assert.ok(all[`node_modules/${other}`], other);
    }
    const pin = AGENT_PINS[agent];
    assert.equal(all[`node_modules/${pin.package}`]?.version, pin.version);
    for (const file of Object.values(pin.programs ?? {}))
      assert.ok(all[`node_modules/${file.split("/")[0]}`]);
  }
});

test("an agent that isn't pinned for a machine is not offered there", () => {
  const machine = { ...thisMachine(), platform: "freebsd" as NodeJS.Platform };
  const tools = { onMachine: () => null, version: () => Promise.resolve(null) };
  const agents = new ProvidedAgents({ folder: "/nowhere", env: {}, home: "/", processes, tools, machine });
  const offer = agents.offer("opencode");
  assert.match(
    offer.ok ? "" : offer.error.message,
    /^opencode-ai .* is not pinned for this machine \(freebsd-/,
  );
});
