import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

import * as vscode from "vscode";

import { startedFrom } from "../../harness/children.ts";
import { sampleFolder } from "./support/session.ts";

const extension = vscode.extensions.getExtension("interlock.interlock");
/** VS Code makes these for every view. */
const OF_VIEWS = /^interlock\.sessions?\./;

interface Manifest {
  readonly main: string;
  readonly contributes: { readonly commands: readonly { readonly command: string }[] };
}

function manifest(): Manifest {
  assert.ok(extension, "the extension is not installed");
  return extension.packageJSON as Manifest;
}

async function registered(): Promise<readonly string[]> {
  const all = await vscode.commands.getCommands(true);
  return all.filter((name) => name.startsWith("interlock.") && !OF_VIEWS.test(name)).sort();
}

async function assertUntouched(): Promise<void> {
  assert.equal(existsSync(process.env["INTERLOCK_STATE_DIR"] ?? ""), false, "the state's folder");
  assert.equal(existsSync(join(await sampleFolder(), "agent-audit")), false, "the record's folder");
  assert.deepEqual(await startedFrom(process.pid), []);
}

test("Interlock is found and activates, once however often it is asked to", async () => {
  assert.ok(extension, "the extension is not installed");
  await extension.activate();
  assert.equal(extension.isActive, true);
  await extension.activate();
});

test("activation starts no process and writes nothing", assertUntouched);

test("every command of the manifest is registered, and no other", async () => {
  const { contributes } = manifest();
  assert.deepEqual(await registered(), contributes.commands.map(({ command }) => command).sort());
});

test("its module does nothing when it is loaded", async () => {
  const { main } = manifest();
  const before = await registered();
  // A second instance, which is never activated.
  const url = `${pathToFileURL(join(extension?.extensionPath ?? "", main)).href}?again`;
  const loaded = (await import(url)) as Readonly<Record<string, unknown>>;
  assert.deepEqual(Object.keys(loaded).sort(), ["activate", "deactivate"]);
  assert.deepEqual(await registered(), before);
  await assertUntouched();
});

test("commands that answer or review do nothing where nothing waits", async () => {
  for (const name of ["allowOnce", "reject", "reviewApprovals", "stop", "restart", "closeSession"]) {
    await vscode.commands.executeCommand(`interlock.${name}`);
  }
  await vscode.commands.executeCommand("interlock.showSession", "no such session");
  await assertUntouched();
});
