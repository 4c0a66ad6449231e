import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";

import { benchFor, folderWith, skip } from "../toolchain/support.ts";
import { openSession } from "./support/session.ts";

const NEEDS = ["bun", "node24"] as const;
/** Small, and from the registry: it thinks aloud. */
const SERVER = "@modelcontextprotocol/server-sequential-thinking@2026.8.31";
const PACKAGE = { name: "demo", version: "1.0.0", private: true, dependencies: { semver: "7.6.0" } };

const bench = await benchFor(...NEEDS);
const project = folderWith({ "package.json": JSON.stringify(PACKAGE) });
if (bench !== undefined) {
  const { code, stderr } = await bench.run("bun install --silent", project);
  assert.equal(code, 0, stderr);
}

const said = (id: number, method: string, params: object): string =>
  `${JSON.stringify({ jsonrpc: "2.0", id, method, params })}\n`;

test(
  "a server that the agent starts by npx is started unchanged in a project of bun's",
  { timeout: 200_000 },
  async (t) => {
    if (bench === undefined) return void (await skip(t, ...NEEDS));
    const { toolchain, processes } = bench;
    // The model's `npx` goes by the project's bun.
    const local = { command: "npx", args: ["semver", "1.2.3"], input: "", until: "1.2.3" };
    assert.notEqual(bench.route("npx semver 1.2.3", project).route, null);
    const client = {
      protocolVersion: "2025-06-18",
      capabilities: {},
      clientInfo: { name: "t", version: "1" },
    };
    const input = said(1, "initialize", client) + said(2, "tools/list", {});
    const opened = await openSession(
      t,
      {
        turns: [[{ own: { command: "npx", args: ["-y", SERVER], input, until: '"id":2' } }, { own: local }]],
      },
      { project, toolchain, processes, shims: toolchain.programs(project) },
    );
    const before = execFileSync("ls", ["-A", project], { encoding: "utf8" });
    await opened.session.prompt("go");
    const output = opened.agent.log().find(({ shell }) => shell?.line.startsWith("npx"))?.shell?.output ?? "";
    const answers = output.split("\n").filter((line) => line.startsWith("{"));
    const ids = answers.map((line) => (JSON.parse(line) as { id: number }).id);
    assert.deepEqual(ids, [1, 2], output);
    assert.match(answers[1] ?? "", /"tools":\[\{"name":"sequentialthinking"/);
    assert.doesNotMatch(output, /^interlock:/m);
    assert.deepEqual(
      opened.rows().map(({ asked, route, own }) => [asked, route, own]),
      [`npx -y ${SERVER}`, "npx semver 1.2.3"].map((line) => [line, null, true]),
    );
    assert.deepEqual(opened.of("approval.opened"), []);
    assert.equal(execFileSync("ls", ["-A", project], { encoding: "utf8" }), before);
  },
);
