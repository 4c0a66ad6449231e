import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { test, type TestContext } from "node:test";

import * as vscode from "vscode";

import { editorAgent } from "../../../extension/acp/agents.ts";
import { AUDIT_FOLDER } from "../../../extension/audit/log.ts";
import type { AuditRecord } from "../../../extension/audit/record.ts";
import { OWN_TOOLS } from "../../../extension/doorways/mcp/ownTools.ts";
import { EditorAgent } from "../../../extension/editor/editorAgent.ts";
import { folderServers } from "../../../extension/editor/lmTools.ts";
import { McpClient } from "../../harness/mcp.ts";
import { startedFrom } from "../../harness/children.ts";
import { eventually } from "../../harness/processes.ts";
import { appInEditor, sampleFolder } from "./support/session.ts";

const ours = (): readonly vscode.LanguageModelToolInformation[] =>
  vscode.lm.tools.filter(({ name }) => name.startsWith("interlock_"));

async function call(name: string, input: object, token?: vscode.CancellationToken): Promise<string> {
  const { content } = await vscode.lm.invokeTool(
    `interlock_${name}`,
    { input, toolInvocationToken: undefined },
    token,
  );
  return content.map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : "?")).join("");
}

/** What the sample's record says of commands of the editor's agent. */
async function records(): Promise<readonly AuditRecord[]> {
  const folder = join(await sampleFolder(), AUDIT_FOLDER);
  const names = await readdir(folder).catch(() => []);
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
  return texts
    .flatMap((text) => text.split("\n").filter(Boolean))
    .map((line) => JSON.parse(line) as AuditRecord);
}

/** Closes the session and takes its record away, as other suites find the folder. */
function closes(t: TestContext): void {
  t.after(async () => {
    await vscode.commands.executeCommand("interlock.stop");
    await vscode.commands.executeCommand("interlock.closeSession");
    await rm(join(await sampleFolder(), AUDIT_FOLDER), { recursive: true, force: true });
  });
}

test("the editor's agents find Interlock's tools as they are declared, and run nothing once they are switched off", async (t) => {
  assert.deepEqual(
    ours()
      .map(({ name }) => name)
      .sort(),
    OWN_TOOLS.map((name) => `interlock_${name}`).sort(),
  );
  const run = ours().find(({ name }) => name === "interlock_run");
  assert.match(run?.description ?? "", /through its own toolchain/);
  const set = (value: boolean | undefined): Thenable<void> =>
    vscode.workspace
      .getConfiguration("interlock")
      .update("guard.mcp", value, vscode.ConfigurationTarget.Global);
  t.after(() => set(undefined));
  await set(false);
  assert.match(await call("run", { command: "echo no" }), /^interlock: .*“interlock\.guard\.mcp”/);
  assert.deepEqual(await records(), []);
});

test("a call runs by the door, in a session of its own that a second one shares", async (t) => {
  closes(t);
  assert.match(await call("gates", {}), /^lint: /);
  assert.match(await call("run", { command: "echo $((6 * 7))" }), /^exit 0 · [\d.]+ s\n42$/);
  assert.match(await call("run", { command: "exit 3" }), /^exit 3 /);
  assert.match(await call("policy_explain", { command: "git reset --hard" }), /git\.reset/);
  const told = await records();
  assert.equal(new Set(told.map(({ session }) => session)).size, 1);
  assert.deepEqual([...new Set(told.map(({ doorway }) => doorway))], ["mcp"]);
});

test("a call whose arguments don't fit is answered with what does, by whoever reads them first", async (t) => {
  closes(t);
  const answer = await call("run", { cwd: 7 }).catch((error: unknown) => String(error));
  assert.match(answer, /command/);
});

test("what would lose work waits for the person, and is refused where they say no", async (t) => {
  closes(t);
  const path = join(await sampleFolder(), "README.md");
  const before = readFileSync(path, "utf8");
  t.after(() => writeFileSync(path, before));
  writeFileSync(path, "mine\n");
  const answer = call("run", { command: "git checkout -- README.md" });
  let over = false;
  void answer.finally(() => (over = true));
  await eventually("it was rejected", async () => {
    // The key answers once the only question is there.
    await vscode.commands.executeCommand("interlock.reject");
    return over;
  });
  assert.match(await answer, /^interlock: /);
  assert.equal(readFileSync(path, "utf8"), "mine\n");
  assert.deepEqual(
    (await records()).map(({ verdict, answeredBy, phase }) => [verdict, answeredBy, phase]),
    [["ask", "person", "decision"]],
  );
});

test("a call that the editor cancels ends its command", async (t) => {
  closes(t);
  const source = new vscode.CancellationTokenSource();
  const sleeps = async (): Promise<boolean> =>
    (await startedFrom(process.pid)).some(({ words }) => words.includes("54321"));
  const answer = call("run", { command: "sleep 54321" }, source.token).catch(() => "cancelled");
  await eventually("it runs", sleeps);
  source.cancel();
  await answer;
  await eventually("it has ended", async () => !(await sleeps()));
});

test("the server that the editor starts acts in the session of the folder, and nothing listens before", async (t) => {
  const folder = await sampleFolder();
  t.after(() => rm(join(folder, AUDIT_FOLDER), { recursive: true, force: true }));
  const app = await appInEditor(t);
  const opened: string[] = [];
  const agent = new EditorAgent(
    {
      openBehind: async () => {
        const session = await app.openSession(editorAgent(), folder);
        opened.push(session.id);
        await session.start();
        return session;
      },
    },
    "Editor 1.0",
  );
  const servers = folderServers(() => Promise.resolve(agent));
  const [offered, ...others] = await servers.provideMcpServerDefinitions();
  assert.ok(offered);
  assert.deepEqual([offered.label, others, opened], ["Interlock", [], []]);
  const server = await servers.resolveMcpServerDefinition(offered);
  assert.ok(server);
  const env = Object.entries(server.env).map(([name, value]) => ({ name, value: String(value) }));
  const client = new McpClient(t, { name: "interlock", command: server.command, args: server.args, env });
  await client.initialize();
  assert.match((await client.call("run", { command: "echo by the server" })).text, /by the server/);
  await servers.resolveMcpServerDefinition(offered);
  assert.equal(opened.length, 1);
});
