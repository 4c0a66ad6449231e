import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import type { HomeReport } from "../../extension/verify/report.ts";
import { scriptedAgent } from "../agents/start.ts";
import { eventually } from "../harness/processes.ts";
import { realDefinition } from "../harness/realAgents.ts";
import { tempDir } from "../harness/temp.ts";
import { bench, KEY } from "./support.ts";

const outcomes = ({ acts }: HomeReport) => acts.map(({ act, outcome, happened }) => [act, outcome, happened]);

test("a real Codex, whose person has allowed everything: held before it happens, in both homes", async (t) => {
  const agent = await realDefinition(t, "codex");
  if (agent === undefined) return;
  const { verify, own, left, state } = await bench(
    t,
    [{ ...agent, env: { OPENAI_API_KEY: "${env:MY_KEY}" } }],
    {
      ".codex/config.toml": `approval_policy = "never"\nsandbox_mode = "danger-full-access"\n[mcp_servers.x]\ncommand = "${KEY}"\n`,
      ".codex/auth.json": JSON.stringify({ OPENAI_API_KEY: KEY }),
    },
  );
  const before = await own();
  const { code, report, stdout, stderr } = await verify("codex", "--json").ended;
  assert.equal(stderr, "");
  const { homes, program, ok } = report();
  assert.deepEqual([program?.version, ok, code], ["2.6.0", true, 0], stdout);
  assert.deepEqual(
    homes.map(({ home, problem }) => [home, problem]),
    [
      ["clean", null],
      ["own", null],
    ],
  );
  for (const home of homes) {
    assert.deepEqual(
      outcomes(home),
      [
        ["harmless", "passed", true],
        ["install", "held", false],
        ["reset", "held", false],
        ["outside", "held", false],
        ["outside-edit", "held", false],
        ["edit", "passed", true],
        ["tool", "passed", true],
      ],
      stdout,
    );
    assert.deepEqual(
      home.acts.map(({ caught }) => caught),
      ["hook", "hook", "hook", "hook", "hook", "hook", "mcp"],
    );
  }
  assert.deepEqual(homes[1]?.kept, [
    ".codex/config.toml: approval_policy",
    ".codex/config.toml: sandbox_mode",
  ]);
  assert.deepEqual(homes[1]?.left, [".codex/config.toml: mcp_servers", "env: OPENAI_API_KEY"]);
  // What is kept is the report, and nothing of the person's was read into it or touched.
  assert.deepEqual(
    [await readdir(state), await readdir(join(state, "verify"))],
    [["verify"], ["codex.json"]],
  );
  assert.deepEqual(JSON.parse(await readFile(join(state, "verify", "codex.json"), "utf8")), report());
  assert.doesNotMatch(stdout, new RegExp(KEY));
  assert.deepEqual(await own(), before);
  assert.deepEqual(await left(), []);
});

test("an agent that doesn't ask our model anything shows nothing, and that is no good report", async (t) => {
  const { command, args } = scriptedAgent(await tempDir(t), { turns: [[{ say: "Done." }]] });
  const { verify } = await bench(t, [{ id: "mute", name: "Mute", command, args, profile: "codex" }]);
  const { code, stdout } = await verify("mute").ended;
  assert.equal(code, 1);
  assert.match(stdout, /^ {2}NOT {2}git reset --hard +not tried: its model is given no tool for it$/m);
  assert.match(stdout, /^No settings of yours by which it asks were found/m);
  assert.match(stdout, /^Not as it should be: 7\.$/m);
});

test("an agent that can't be started is told with the reason", async (t) => {
  const { command, args } = scriptedAgent(await tempDir(t), { turns: [[{ say: "Done." }]] });
  const { verify } = await bench(t, [
    { id: "gone", name: "Gone", command: `${command}-nowhere`, args, profile: "codex" },
  ]);
  const { code, stdout } = await verify("gone").ended;
  assert.equal(code, 1);
  assert.match(stdout, /^ {2}! .*was not found/m);
  assert.match(stdout, /^It could not be tried to the end\.$/m);
});

test("an agent whose model can't be ours is not verified, and neither is one without a model", async (t) => {
  const { verify, state } = await bench(t, [{ id: "other", name: "Other", command: "other-agent" }]);
  const other = await verify("other").ended;
  assert.equal(other.code, 1);
  assert.match(
    other.stderr,
    /^interlock: Other can't be verified: how it is given another model is not known\./,
  );
  assert.match((await verify("builtin").ended).stderr, /can't be verified: it has no model/);
  assert.match((await verify("none").ended).stderr, /There is no agent “none”/);
  await assert.rejects(readdir(state));
});

test("Ctrl+C stops it, keeps nothing and leaves nothing", async (t) => {
  const agent = scriptedAgent(await tempDir(t), { turns: [[{ hang: true }]] });
  const { command, args } = agent;
  const { verify, state, left } = await bench(t, [
    { id: "slow", name: "Slow", command, args, profile: "codex" },
  ]);
  const running = verify("slow");
  await eventually(
    "its first turn",
    () => agent.log().some(({ got }) => got?.method === "session/prompt"),
    30_000,
  );
  running.kill("SIGINT");
  const { code, stdout, stderr } = await running.ended;
  assert.deepEqual([code, stdout], [1, ""]);
  assert.match(stderr, /^interlock: Verifying was stopped\./);
  assert.deepEqual(await readdir(join(state, "verify")), []);
  assert.deepEqual(await left(), []);
});
