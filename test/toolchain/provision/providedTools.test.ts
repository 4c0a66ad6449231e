import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, stat, utimes, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { describe, test, type TestContext } from "node:test";

import { offerLine } from "../../../extension/toolchain/provision/consent.ts";
import {
  buildFor,
  type Machine,
  machineName,
  PINS,
  PROVIDED_TOOLS,
  thisMachine,
} from "../../../extension/toolchain/provision/pins.ts";
import { ProvidedTools, type ToolOffer } from "../../../extension/toolchain/provision/providedTools.ts";
import type { Brought } from "../../../extension/toolchain/provision/shelf.ts";
import { Toolchain } from "../../../extension/toolchain/toolchain.ts";
import { Stop } from "../../../scripts/boot/stop.mjs";
import { tempDir } from "../../harness/temp.ts";
import { programs, testProcesses } from "../support.ts";
import { archive, build, type Mirror, mirror } from "./mirror.ts";

const HERE = machineName(thisMachine());

/** True where this machine can't have the real files; the test is then skipped with the reason. */
async function without(t: TestContext): Promise<boolean> {
  try {
    for (const tool of PROVIDED_TOOLS) await archive(tool);
    return false;
  } catch (error) {
    if (process.env["CI"]) throw error;
    t.skip(error instanceof Stop ? error.message : String(error));
    return true;
  }
}

interface Bench {
  readonly folder: string;
  readonly registry: Mirror;
  readonly tools: ProvidedTools;
  readonly offer: (tool: (typeof PROVIDED_TOOLS)[number]) => ToolOffer;
}

async function bench(t: TestContext, machine?: Machine): Promise<Bench> {
  const registry = await mirror(t);
  const folder = join(await tempDir(t), "tools");
  const settings = { env: registry.env, home: "/nowhere", folder, changed: () => {} };
  const tools = new ProvidedTools({ ...settings, ...(machine === undefined ? {} : { machine }) });
  const offer: Bench["offer"] = (tool) => {
    const offered = tools.offer(tool);
    assert.ok(offered.ok);
    return offered.value;
  };
  return { folder, registry, tools, offer };
}

async function refusal(tools: ProvidedTools, offer: ToolOffer): Promise<string> {
  const got = await tools.get(offer);
  assert.ok(!got.ok);
  assert.notEqual(got.error.message, "");
  assert.notEqual(got.error.next, "");
  return got.error.code;
}

async function left(folder: string): Promise<readonly string[]> {
  return existsSync(folder) ? readdir(folder) : [];
}

async function brought({ tools, offer }: Bench, tool: "ruff" | "uv"): Promise<Brought> {
  const got = await tools.get(offer(tool));
  assert.ok(got.ok);
  return got.value;
}

describe("a tool that Interlock brings", () => {
  test("comes from the registry of this machine's own settings", async (t) => {
    if (await without(t)) return;
    const folder = join(await tempDir(t), "tools");
    const tools = new ProvidedTools({
      folder,
      env: process.env,
      home: process.env["HOME"] ?? "/",
      changed: () => {},
    });
    const offer = tools.offer("ruff");
    assert.ok(offer.ok);
    const got = await tools.get(offer.value);
    assert.ok(got.ok);
    assert.match(spawnSync(got.value.path, ["--version"]).stdout.toString(), /^ruff \d/);
  });

  test("is the one program of its file, and runs", async (t) => {
    if (await without(t)) return;
    const { tools, offer, folder, registry } = await bench(t);
    for (const tool of PROVIDED_TOOLS) {
      const received: number[] = [];
      const got = await tools.get(offer(tool), { progress: (bytes) => received.push(bytes) });
      assert.ok(got.ok);
      const { path, version } = got.value;
      assert.equal(path, join(folder, `${tool}-${version}-${HERE}`, tool));
      assert.equal((await stat(path)).mode & 0o777, 0o755);
      assert.deepEqual((await readdir(dirname(path))).sort(), ["stamp.json", tool].sort());
      assert.ok(spawnSync(path, ["--version"]).stdout.toString().includes(version));
      assert.equal(received.at(-1), build(tool).size);
      assert.deepEqual(tools.find(tool), got.value);
    }
    assert.ok(registry.asked.every(({ login }) => login === undefined));
    assert.deepEqual(
      (await left(folder)).filter((name) => name.startsWith(".")),
      [],
    );
  });

  test("is offered with its version, size, source and folder, and nothing is asked before the yes", async (t) => {
    const { tools, offer, folder, registry } = await bench(t);
    const { version } = PINS.ruff;
    const size = (build("ruff").size / 1e6).toFixed(1);
    assert.equal(
      offerLine(offer("ruff")),
      `ruff ${version}: ${size} MB from PyPI (${registry.host}), into ${folder}`,
    );
    assert.equal(tools.find("ruff"), null);
    assert.deepEqual(registry.asked, []);
    assert.ok(!existsSync(folder));
  });

  test("comes from an older mirror's page, too", async (t) => {
    if (await without(t)) return;
    const { registry } = await bench(t);
    const folder = join(await tempDir(t), "tools");
    const env = { PIP_INDEX_URL: `http://${registry.host}/pages/` };
    const tools = new ProvidedTools({ folder, env, home: "/nowhere", changed: () => {} });
    const offer = tools.offer("ruff");
    assert.ok(offer.ok);
    assert.ok((await tools.get(offer.value)).ok);
  });

  test("is found at once by the toolchain, behind a person's own, and gone once it is removed", async (t) => {
    if (await without(t)) return;
    const { registry } = await bench(t);
    const folder = join(await tempDir(t), "tools");
    const own = programs("uv");
    const env = { PATH: own, ...registry.env };
    const processes = testProcesses(env);
    const toolchain = new Toolchain({ processes, env, home: "/nowhere", roots: [], provided: folder });
    assert.equal(toolchain.tools.command("ruff"), null);
    for (const tool of ["ruff", "uv"] as const) {
      const offer = toolchain.provided.offer(tool);
      assert.ok(offer.ok);
      assert.ok((await toolchain.provided.get(offer.value)).ok);
    }
    assert.equal(toolchain.tools.command("ruff"), join(folder, `ruff-${PINS.ruff.version}-${HERE}`, "ruff"));
    assert.equal(toolchain.tools.onMachine("ruff")?.source, "provided");
    assert.equal(toolchain.tools.command("uv"), "uv");
    assert.equal(await toolchain.provided.remove("ruff"), true);
    assert.equal(toolchain.tools.command("ruff"), null);
    assert.equal(await toolchain.provided.remove("ruff"), false);
  });
});

describe("a fetch that fails leaves nothing, and says why:", () => {
  test("another file than the pinned one", async (t) => {
    if (await without(t)) return;
    const { tools, offer, folder, registry } = await bench(t);
    const bytes = await archive("ruff");
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    const sends = (body: Buffer): void => {
      registry.fault = ({ url }, response) => {
        if (url?.startsWith("/files/") !== true) return false;
        response.end(body);
        return true;
      };
    };
    sends(bytes);
    assert.equal(await refusal(tools, offer("ruff")), "tool.hash");
    sends(Buffer.concat([bytes, bytes]));
    assert.equal(await refusal(tools, offer("ruff")), "tool.hash");
    sends(bytes.subarray(0, 1_000_000));
    assert.equal(await refusal(tools, offer("ruff")), "tool.hash");
    assert.deepEqual(await left(folder), []);
    assert.equal(tools.find("ruff"), null);
  });

  test("a line that breaks", async (t) => {
    if (await without(t)) return;
    const { tools, offer, folder, registry } = await bench(t);
    registry.fault = ({ url }, response) => {
      if (url?.startsWith("/files/") !== true) return false;
      response.writeHead(200, { "content-length": build("ruff").size });
      response.write(Buffer.alloc(100_000), () => response.destroy());
      return true;
    };
    assert.equal(await refusal(tools, offer("ruff")), "tool.unreachable");
    assert.deepEqual(await left(folder), []);
  });

  test("a registry that refuses, has no such file, or talks rubbish", async (t) => {
    const { tools, offer, registry } = await bench(t);
    for (const [status, body, code] of [
      [404, "", "tool.status"],
      [401, "", "tool.status"],
      [503, "", "tool.status"],
      [200, "<html>sign in</html>", "tool.absent"],
      [200, '{"versions":{}}', "tool.absent"],
    ] as const) {
      registry.fault = (_, response) => {
        const type = body.startsWith("{") ? "application/json" : "text/html";
        response.writeHead(status, { "content-type": type }).end(body);
        return true;
      };
      assert.equal(await refusal(tools, offer(body.startsWith("{") ? "bun" : "ruff")), code);
    }
    registry.fault = (_, response) => {
      response.writeHead(200, { "content-type": "application/json" }).end("{");
      return true;
    };
    assert.equal(await refusal(tools, offer("ruff")), "tool.listing");
  });

  test("a machine that is offline", async (t) => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    server.close();
    const env = { UV_DEFAULT_INDEX: `http://127.0.0.1:${port}/simple` };
    const folder = join(await tempDir(t), "tools");
    const tools = new ProvidedTools({ folder, env, home: "/nowhere", changed: () => {} });
    const offer = tools.offer("ty");
    assert.ok(offer.ok);
    const got = await tools.get(offer.value);
    assert.ok(!got.ok);
    assert.equal(got.error.code, "tool.unreachable");
    assert.match(got.error.message, /^127\.0\.0\.1:\d+ could not be reached: ECONNREFUSED\.$/);
  });

  test("a person who cancels", async (t) => {
    if (await without(t)) return;
    const { tools, offer, folder, registry } = await bench(t);
    registry.fault = ({ url }, response) => {
      if (url?.startsWith("/files/") !== true) return false;
      // The rest never comes.
      response.writeHead(200, { "content-length": build("ruff").size });
      response.write(Buffer.alloc(100_000));
      return true;
    };
    const stop = new AbortController();
    const got = await tools.get(offer("ruff"), { signal: stop.signal, progress: () => stop.abort() });
    assert.ok(!got.ok);
    assert.equal(got.error.code, "tool.cancelled");
    assert.deepEqual(await left(folder), []);
  });

  test("a folder that can't be written", async (t) => {
    const { tools, offer, folder } = await bench(t);
    await writeFile(folder, "a file");
    assert.equal(await refusal(tools, offer("ruff")), "tool.write");
  });

  test("a machine that nothing is built for", async (t) => {
    const machine = { platform: "freebsd", arch: "riscv64", musl: false, avx2: false } as const;
    const { tools } = await bench(t, machine);
    const offer = tools.offer("uv");
    assert.ok(!offer.ok);
    assert.equal(offer.error.code, "tool.platform");
    assert.equal(
      offer.error.message,
      `uv ${PINS.uv.version} has no build for this machine (freebsd-riscv64).`,
    );
    assert.match(offer.error.next, /Install uv yourself/);
  });

  test("settings that changed after a person had said yes", async (t) => {
    const { tools, offer, registry } = await bench(t);
    assert.equal(await refusal(tools, { ...offer("ruff"), host: "elsewhere.example" }), "tool.changed");
    assert.deepEqual(registry.asked, []);
  });
});

describe("a program that was brought", () => {
  test("is fetched once for two windows that want it at the same time", async (t) => {
    if (await without(t)) return;
    const first = await bench(t);
    const { env } = first.registry;
    const second = new ProvidedTools({ folder: first.folder, env, home: "/nowhere", changed: () => {} });
    const got = await Promise.all([first.tools.get(first.offer("ruff")), second.get(first.offer("ruff"))]);
    assert.deepEqual(got[0], got[1]);
    assert.equal(first.registry.asked.filter(({ path }) => path.startsWith("/files/")).length, 1);
  });

  test("is used as long as it is what was brought: by its time and size, else by its bytes", async (t) => {
    if (await without(t)) return;
    const all = await bench(t);
    const { path } = await brought(all, "ruff");
    await utimes(path, 1, 1);
    assert.equal(all.tools.find("ruff")?.path, path);
    const bytes = await readFile(path);
    bytes[1_000] = (bytes[1_000] ?? 0) ^ 1;
    await writeFile(path, bytes);
    assert.equal(all.tools.find("ruff"), null);
    assert.equal((await brought(all, "ruff")).path, path);
    assert.match(spawnSync(path, ["--version"]).stdout.toString(), /^ruff /);
    await writeFile(join(dirname(path), "stamp.json"), "{");
    assert.equal(all.tools.find("ruff"), null);
  });

  test("of another version is used until the pinned one takes its place, and half-done folders go", async (t) => {
    if (await without(t)) return;
    const all = await bench(t);
    const { path } = await brought(all, "ruff");
    const stamp = join(dirname(path), "stamp.json");
    await writeFile(stamp, (await readFile(stamp, "utf8")).replace(PINS.ruff.version, "0.1.0"));
    await rename(dirname(path), join(all.folder, `ruff-0.1.0-${HERE}`));
    assert.equal(all.tools.find("ruff")?.version, "0.1.0");
    await mkdir(join(all.folder, `.ruff-0.1.0-${HERE}.part`));
    assert.equal((await brought(all, "ruff")).version, PINS.ruff.version);
    assert.deepEqual(await left(all.folder), [`ruff-${PINS.ruff.version}-${HERE}`]);
  });

  test("is another machine's where a home serves several, and stays when this one's goes", async (t) => {
    if (await without(t)) return;
    const all = await bench(t);
    await brought(all, "ruff");
    const other = { platform: "linux", arch: "riscv64", musl: false, avx2: false } as const;
    const { env } = all.registry;
    const there = new ProvidedTools({
      folder: all.folder,
      env,
      home: "/nowhere",
      changed: () => {},
      machine: other,
    });
    assert.equal(there.find("ruff"), null);
    assert.equal(await there.remove("ruff"), false);
    assert.notEqual(all.tools.find("ruff"), null);
  });
});

test("every kind of machine has a file, and old processors one that runs on them", () => {
  const machine = { platform: "linux", arch: "x64", musl: false, avx2: true } as const;
  const file = (tool: "bun" | "ruff", more: Partial<Machine>) =>
    buildFor(tool, { ...machine, ...more })?.package;
  assert.equal(file("bun", {}), "@oven/bun-linux-x64");
  assert.equal(file("bun", { avx2: false }), "@oven/bun-linux-x64-baseline");
  assert.equal(file("bun", { musl: true, avx2: false }), "@oven/bun-linux-x64-musl-baseline");
  assert.equal(file("bun", { arch: "arm64", avx2: false }), "@oven/bun-linux-aarch64");
  assert.equal(file("bun", { platform: "darwin", avx2: false }), "@oven/bun-darwin-x64-baseline");
  assert.equal(file("ruff", { avx2: false }), "ruff");
  for (const tool of PROVIDED_TOOLS) {
    for (const platform of ["linux", "darwin", "win32"] as const) {
      for (const arch of ["x64", "arm64"]) {
        const build = buildFor(tool, { ...machine, platform, arch });
        assert.ok(build !== null && build.size > 5_000_000, `${tool} ${platform} ${arch}`);
        assert.match(build.hash, /^(?:sha256:[0-9a-f]{64}|sha512-[\w+/]{86}==)$/);
      }
    }
  }
});
