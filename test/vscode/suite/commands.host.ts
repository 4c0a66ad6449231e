import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { test, type TestContext } from "node:test";

import * as vscode from "vscode";

import { AUDIT_FOLDER, AuditLog } from "../../../extension/audit/log.ts";
import { eventually } from "../../harness/processes.ts";
import { type Child, startedFrom } from "../../harness/children.ts";
import { appInEditor, openSession, projectFolder, sampleFolder } from "./support/session.ts";

const run = (name: string): Thenable<unknown> => vscode.commands.executeCommand(`interlock.${name}`);

/** Sets what a person sets for all of their projects, until the test is over. */
async function setAgents(t: TestContext, agents: unknown): Promise<void> {
  const update = (value: unknown): Thenable<void> =>
    vscode.workspace.getConfiguration("interlock").update("agents", value, vscode.ConfigurationTarget.Global);
  t.after(() => update(undefined));
  await update(agents);
  assert.deepEqual(vscode.workspace.getConfiguration("interlock").get("agents"), agents);
}

async function agents(): Promise<readonly Child[]> {
  return (await startedFrom(process.pid)).filter(({ words }) => basename(words[1] ?? "") === "agent.js");
}

/** A notification stays until it is dismissed, and a command waits for that. */
async function dismissed(work: Thenable<unknown>): Promise<void> {
  let over = false;
  const waiting = Promise.resolve(work).finally(() => (over = true));
  await eventually("the command ends", async () => {
    await vscode.commands.executeCommand("notifications.clearAll");
    return over;
  });
  await waiting;
}

test("the record of a day without one is not opened, and none is made", async () => {
  await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  await dismissed(run("openAuditFile"));
  assert.equal(vscode.window.activeTextEditor, undefined);
  assert.equal(existsSync(join(await sampleFolder(), AUDIT_FOLDER)), false);
});

test("the record of today is opened, also what an earlier window wrote", async (t) => {
  const folder = await sampleFolder();
  const { path } = new AuditLog(folder);
  t.after(() => rm(join(folder, AUDIT_FOLDER), { recursive: true }));
  await mkdir(join(folder, AUDIT_FOLDER));
  await writeFile(path, "{}\n");
  await run("openAuditFile");
  assert.equal(vscode.window.activeTextEditor?.document.uri.fsPath, path);
  await vscode.commands.executeCommand("workbench.action.closeAllEditors");
});

test("agents that can't be used leave the built-in one, which starts by one command and ends by another", async (t) => {
  const problems = [{ id: "Not an id", name: "Broken", command: "true" }, "no agent at all", 7];
  await setAgents(t, problems);
  await run("newSession");
  await eventually("the agent runs", async () => (await agents()).length === 1);
  await run("closeSession");
  assert.deepEqual(await agents(), []);
});

test("a setting that is no list at all changes nothing either", async (t) => {
  await setAgents(t, { codex: "codex" });
  await run("newSession");
  await eventually("the agent runs", async () => (await agents()).length === 1);
  await run("closeSession");
  assert.deepEqual(await agents(), []);
});

test("an agent whose program is not there is a state of its session, with what to do next", async (t) => {
  const app = await appInEditor(t);
  const missing = { id: "gone", name: "Gone", command: "no-such-agent", args: [], env: {} };
  const { session } = await openSession(t, app, missing, await projectFolder(t));
  const { state } = session;
  assert.equal(state.name, "crashed");
  if (state.name !== "crashed") return;
  assert.equal(state.problem.code, "agent.start.missing");
  assert.match(state.problem.message, /Gone could not be started: “no-such-agent” was not found/);
  assert.match(state.problem.next, /interlock\.agents/);
});
