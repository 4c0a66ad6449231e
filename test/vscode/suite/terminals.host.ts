import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import * as vscode from "vscode";

import { NoticedAgents } from "../../../extension/editor/noticedAgents.ts";
import { eventually } from "../../harness/processes.ts";
import { tempDir } from "../../harness/temp.ts";
import { sampleFolder } from "./support/session.ts";

const run = (name: string): Thenable<unknown> => vscode.commands.executeCommand(name);
/** A held command that ran would have done so by then. */
const HELD_MS = 2_000;
/** A shell and its session take a while on a busy machine. */
const OPENS_MS = 60_000;

const isGuarded = ({ creationOptions }: vscode.Terminal): boolean =>
  (creationOptions as vscode.TerminalOptions).env?.["INTERLOCK_GROUP"] !== undefined;

/** Shells of these tests read no files of the person's, which may take their time. */
async function ownHome(t: TestContext): Promise<void> {
  const settings = vscode.workspace.getConfiguration("terminal.integrated");
  const update = (value: object | undefined): Thenable<void> =>
    settings.update("env.linux", value, vscode.ConfigurationTarget.Global);
  await update({ HOME: await tempDir(t) });
  t.after(() => update(undefined));
}

/** The guarded terminal that comes by something that is done. */
async function guardedBy(t: TestContext, open: () => Thenable<unknown>): Promise<vscode.Terminal> {
  await open();
  let found: vscode.Terminal | undefined;
  await eventually(
    "a guarded terminal",
    () => (found = vscode.window.terminals.find(isGuarded)) !== undefined,
    OPENS_MS,
  );
  const terminal = found as unknown as vscode.Terminal;
  t.after(() => terminal.dispose());
  return terminal;
}

/** What a line prints in a terminal, once it is over. */
async function printed(t: TestContext, terminal: vscode.Terminal, line: string): Promise<string> {
  const file = join(await tempDir(t), "printed");
  terminal.sendText(`{ ${line}; } > ${file} 2>&1; echo over > ${file}.over`);
  await eventually(`“${line}” is over`, () => existsSync(`${file}.over`), OPENS_MS);
  return readFile(file, "utf8");
}

test("the command opens a terminal whose programs ask first, and closing it withdraws what they ask", async (t) => {
  await ownHome(t);
  const folder = await sampleFolder();
  const mine = join(folder, "mine");
  await mkdir(mine);
  await writeFile(join(mine, "notes.txt"), "mine\n");
  t.after(() => rm(mine, { recursive: true, force: true }));
  const terminal = await guardedBy(t, () => run("interlock.openGuardedTerminal"));
  assert.equal(terminal.name, "Guarded terminal");
  assert.match(
    await printed(t, terminal, "command -v git; git --version; pwd -P"),
    new RegExp(`/il-\\d+-\\w+/bin/git\ngit version .*\n${folder}\n$`),
  );
  assert.match(await printed(t, terminal, "command -v claude; echo $-"), /\/bin\/claude\n.*i/);

  const status = join(await tempDir(t), "status");
  terminal.sendText(`rm -rf mine; echo $? > ${status}`);
  await sleep(HELD_MS);
  assert.ok(existsSync(join(mine, "notes.txt")));
  assert.equal(existsSync(status), false, "it is held");
  const pid = await terminal.processId;
  terminal.dispose();
  await eventually("its shell is gone", () => !existsSync(`/proc/${pid}`));
  assert.ok(existsSync(join(mine, "notes.txt")));
  await eventually("its session is over", () => vscode.window.terminals.every((each) => !isGuarded(each)));
});

test("the profile opens one where it is the default of the person's terminals", async (t) => {
  await ownHome(t);
  const settings = vscode.workspace.getConfiguration("terminal.integrated");
  const update = (value: string | undefined): Thenable<void> =>
    settings.update("defaultProfile.linux", value, vscode.ConfigurationTarget.Global);
  await update("Interlock: Guarded terminal");
  t.after(() => update(undefined));
  const terminal = await guardedBy(t, () => run("workbench.action.terminal.new"));
  assert.match(await printed(t, terminal, "command -v rm"), /\/il-\d+-\w+\/bin\/rm\n$/);
});

test("an agent in an ordinary terminal is noticed once for each terminal, as long as it runs", async (t) => {
  await ownHome(t);
  const bin = await tempDir(t);
  await writeFile(join(bin, "claude"), "#!/bin/sh\nsleep 2\n", { mode: 0o755 });
  const kept = new Map<string, unknown>();
  const memory = {
    get: (key: string) => kept.get(key),
    update: (key: string, value: unknown) => Promise.resolve(void kept.set(key, value)),
    keys: () => [...kept.keys()],
  } as vscode.Memento;
  const noticed = new NoticedAgents({ has: () => false, open: () => Promise.resolve() }, memory);
  t.after(() => noticed.dispose());
  t.after(() => run("notifications.clearAll"));
  const terminal = vscode.window.createTerminal({ shellPath: "/bin/bash", cwd: bin });
  t.after(() => terminal.dispose());
  terminal.show();
  await eventually("the shell tells what it runs", () => terminal.shellIntegration !== undefined, OPENS_MS);
  const names = (): string[] => noticed.list.map(({ agent }) => agent.name);
  terminal.shellIntegration?.executeCommand("ls");
  await sleep(HELD_MS);
  assert.deepEqual(names(), []);
  terminal.shellIntegration?.executeCommand("./claude --model x");
  await eventually("it is noticed", () => names().length === 1);
  assert.deepEqual(names(), ["Claude Code"]);
  await eventually("it is over", () => names().length === 0);
});
