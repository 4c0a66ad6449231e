import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { test, type TestContext } from "node:test";

import * as vscode from "vscode";

import type { GateResult } from "../../../extension/gates/gate.ts";
import { isAlive } from "../../harness/processes.ts";
import { type Child, startedFrom } from "../../harness/children.ts";
import { appInEditor, sampleFolder } from "./support/session.ts";

/** The sample's files with a misspelt name, and how it is spelt. */
const MISSPELT = [
  ["src/ledger/report.py", "catgory", "category"],
  ["web/src/bars.ts", "censt", "cents"],
] as const;

/** Mends the misspelt names until the test is over. */
async function mend(t: TestContext): Promise<void> {
  const folder = await sampleFolder();
  for (const [name, wrong, right] of MISSPELT) {
    const path = join(folder, name);
    const before = readFileSync(path, "utf8");
    t.after(() => writeFileSync(path, before));
    writeFileSync(path, before.replace(wrong, right));
  }
}

/** The problems that the editor shows of both files: whose they are, and their codes. */
async function problems(): Promise<readonly string[]> {
  const folder = await sampleFolder();
  return MISSPELT.flatMap(([name]) =>
    vscode.languages
      .getDiagnostics(vscode.Uri.file(join(folder, name)))
      .map(({ source, code }) => `${source ?? ""} ${typeof code === "string" ? code : ""}`),
  ).sort();
}

async function servers(): Promise<readonly Child[]> {
  return (await startedFrom(process.pid)).filter(({ words }) =>
    words.some((word) => word === "server" || word === "--lsp"),
  );
}

function brief(results: readonly GateResult[]): Readonly<Record<string, string>> {
  return Object.fromEntries(results.map(({ tool, state, findings }) => [tool, `${state} ${findings}`]));
}

test("a look at the whole project shows what each tool finds among the editor's problems, until it is mended", async (t) => {
  await vscode.commands.executeCommand("interlock.runGates");
  const lint = ["oxlint eslint(prefer-const)", "ruff F401"];
  assert.deepEqual(await problems(), [...lint, "tsc TS2551", "ty missing-attribute"].sort());
  await mend(t);
  await vscode.commands.executeCommand("interlock.runGates");
  assert.deepEqual(await problems(), lint);
});

test("edits are answered by servers that stay, and that end with what started them", async (t) => {
  const app = await appInEditor(t);
  const folder = await sampleFolder();
  const { gates } = await app.places.open(folder, folder);
  const paths = MISSPELT.map(([name]) => join(folder, name));
  const failed = { ruff: "failed 1", oxlint: "failed 1", ty: "failed 1", tsc: "failed 1" };
  assert.deepEqual(brief(await gates.edited(paths)), failed);
  const started = await servers();
  assert.deepEqual(started.map(({ words }) => basename(words[0] ?? "")).sort(), ["tsc", "ty"]);
  await mend(t);
  assert.deepEqual(brief(await gates.edited(paths)), { ...failed, ty: "passed 0", tsc: "passed 0" });
  assert.deepEqual(
    (await servers()).map(({ pid }) => pid),
    started.map(({ pid }) => pid),
  );
  await app.dispose();
  for (const { pid, words } of started) assert.equal(await isAlive(pid), false, words.join(" "));
});
