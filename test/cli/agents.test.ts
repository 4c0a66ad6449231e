import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";

import { ROOT } from "../../scripts/lib/paths.ts";
import { tempDir } from "../harness/temp.ts";

/** `interlock agents` on a machine with these programs and agents. */
async function machine(t: TestContext, programs: readonly string[], agents?: unknown) {
  const folder = await tempDir(t);
  const bin = join(folder, "bin");
  mkdirSync(bin);
  for (const program of programs) {
    writeFileSync(join(bin, program), "#!/bin/sh\n");
    chmodSync(join(bin, program), 0o755);
  }
  const file = join(folder, "agents.json");
  if (agents !== undefined) writeFileSync(file, JSON.stringify(agents));
  const env = { PATH: bin, HOME: folder, INTERLOCK_STATE_DIR: join(folder, "state") };
  return (...args: string[]) => {
    const words = ["agents", ...args, "--cwd", folder, ...(agents === undefined ? [] : ["--agents", file])];
    return spawnSync(process.execPath, [join(ROOT, "dist", "cli.js"), ...words], { env, encoding: "utf8" });
  };
}

test("lists those that are set up, and known ones that the machine has", async (t) => {
  const agents = [
    { id: "mine", name: "Mine", command: "my-agent", args: ["acp"] },
    { id: "gone", name: "Gone", command: "/nowhere/agent" },
  ];
  const interlock = await machine(t, ["my-agent", "gemini", "claude"], agents);
  const { stdout, status } = interlock("list");
  assert.equal(status, 0);
  assert.match(stdout, /^ {2}builtin +Built-in helper +comes with Interlock$/m);
  assert.match(stdout, /^ {2}mine +Mine +my-agent acp$/m);
  assert.match(stdout, /^ {2}gone +Gone +\/nowhere\/agent was not found$/m);
  assert.match(stdout, /^ {2}gemini +Gemini CLI +gemini --acp$/m);
  assert.match(
    stdout,
    /^ {2}claude-code +Claude Code +speaks ACP by claude-agent-acp, which was not found$/m,
  );
  assert.match(stdout, /^Add one to .*agents\.json, or by/m);
});

test("tells programs the same, and how each would be started", async (t) => {
  const interlock = await machine(t, ["opencode", "codex"]);
  const { agents, known } = JSON.parse(interlock("list", "--json").stdout) as Record<string, unknown[]>;
  assert.equal(agents?.length, 1);
  const start = { id: "opencode", name: "OpenCode", command: "opencode", args: ["acp"] };
  assert.deepEqual(known, [
    { id: "codex", name: "Codex", start: null, missing: "codex-acp" },
    { id: "opencode", name: "OpenCode", start, missing: null },
  ]);
});

test("a broken entry is named, and the others are listed", async (t) => {
  const interlock = await machine(t, [], [{ id: "Bad Id", name: "x", command: "x" }]);
  const { stderr, stdout, status } = interlock();
  assert.match(stderr, /^interlock: Agent number 1 \(“x”\) can't be used/m);
  assert.match(stdout, /^ {2}builtin/m);
  assert.equal(status, 0);
});
