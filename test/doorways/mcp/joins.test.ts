import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import type { Step } from "../../agents/script.ts";
import { reach } from "./support.ts";

const COMMAND = "echo from the agent";
const announced = (report: object): Step => ({
  toolCall: { toolCallId: "a", kind: "other", status: "pending", ...report },
});

/** How agents tell of the same call, from their own transcripts. */
const REPORTS = {
  "in one word with two lines": { title: "mcp__interlock__run", rawInput: { command: COMMAND } },
  "in one word with dots, its arguments further in": {
    title: "mcp.interlock.run",
    kind: "execute",
    rawInput: { server: "interlock", tool: "run", arguments: { command: COMMAND } },
  },
  "in one word with a line": { title: "interlock_run", rawInput: { command: COMMAND } },
};

for (const [how, report] of Object.entries(REPORTS)) {
  test(`what the agent tells of its call ${how} is the same row`, async (t) => {
    const { opened, client } = await reach(t, { steps: [announced(report)] });
    await opened.untilRow(({ title }) => title === report.title);
    await client.call("run", { command: COMMAND });
    const row = opened.row();
    assert.deepEqual([row.asked, row.status, row.doorways], [COMMAND, "done", ["mcp"]]);
  });
}

test("a call that starts nothing is the agent's row too, and went through Interlock", async (t) => {
  const report = { title: "mcp__interlock__gates", rawInput: {} };
  const { opened, client } = await reach(t, { steps: [announced(report)] });
  await opened.untilRow(({ title }) => title === report.title);
  await client.call("gates", {});
  const { title, status, doorways } = opened.row();
  assert.deepEqual([title, status, doorways], ["interlock gates", "done", ["mcp"]]);
});

test("the agent's own id joins them, whichever comes first", async (t) => {
  const steps: Step[] = [{ sleep: 1_500 }, announced({ title: "something of its own", rawInput: {} })];
  const { opened, client } = await reach(t, { steps });
  await client.call("run", { command: COMMAND }, { "claudecode/toolUseId": "a" });
  await opened.session.cancel();
  const row = opened.row();
  assert.deepEqual([row.asked, row.status], [COMMAND, "done"]);
});

test("a call that is told of after it began is the same row", async (t) => {
  const report = { title: "mcp__interlock__run", rawInput: { command: "sleep 2" } };
  const { opened, client } = await reach(t, { steps: [{ sleep: 600 }, announced(report)] });
  await client.call("run", { command: "sleep 2" });
  assert.equal(opened.rows().length, 1, opened.told());
});

/** An agent that asks before it calls a tool, and changes a file where it may. */
const asks = (title: string, rawInput: object): Step => ({
  requestPermission: {
    toolCall: { toolCallId: "a", title, kind: "other", rawInput },
    ifAllowed: [{ change: { path: "${cwd}/../allowed", oldText: null, newText: "yes" } }],
  },
});

test("an agent that asks before it calls one of them is asked about once: where it would happen", async (t) => {
  const { opened, client, project } = await reach(t, {
    steps: [{ sleep: 1_000 }, asks("mcp__interlock__run", { command: "git reset --hard" })],
  });
  await writeFile(join(project, "a.txt"), "mine\n");
  await opened.untilRow(({ title }) => title === "mcp__interlock__run");
  const id = client.send("tools/call", { name: "run", arguments: { command: "git reset --hard" } });
  const { approval } = await opened.until("approval.opened");
  opened.approvals.settle(approval.id, "allow-once", "person");
  await client.answer(id);
  assert.equal(opened.of("approval.opened").length, 1);
  assert.deepEqual([opened.row().status, opened.row().doorways], ["done", ["mcp"]]);
  assert.equal(await readFile(join(project, "../allowed"), "utf8"), "yes");
});

test("a tool that only says it is one of them is asked about as ever, while the server is not connected", async (t) => {
  const { opened, client } = await reach(t, { steps: [{ sleep: 1_500 }, asks("mcp__interlock__gates", {})] });
  await client.end();
  const { approval } = await opened.until("approval.opened");
  assert.equal(approval.rule, "unclear.tool");
});
