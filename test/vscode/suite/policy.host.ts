import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test, type TestContext } from "node:test";

import * as vscode from "vscode";

import { type RecordTrust, Trust } from "../../../extension/editor/trust.ts";
import { fail, ok } from "../../../extension/errors.ts";
import { policyTemplate } from "../../../extension/policy/template.ts";
import { eventually } from "../../harness/processes.ts";
import { sampleFolder } from "./support/session.ts";

const run = (name: string): Thenable<unknown> => vscode.commands.executeCommand(`interlock.${name}`);

/** The first of what a picker offers, as Enter takes it. */
async function acceptFirst(): Promise<void> {
  await vscode.commands.executeCommand("workbench.action.acceptSelectedQuickOpenItem");
}

async function policyFile(t: TestContext, text?: string): Promise<string> {
  const path = join(await sampleFolder(), "agent-policy.json");
  t.after(async () => {
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await rm(path, { force: true });
  });
  if (text !== undefined) await writeFile(path, text);
  return path;
}

function problemsOf(path: string): readonly vscode.Diagnostic[] {
  return vscode.languages
    .getDiagnostics(vscode.Uri.file(path))
    .filter(({ source }) => source === "Interlock");
}

/** Accepts what a picker or an input box shows until the command is over. */
async function accepting(work: Thenable<unknown>): Promise<void> {
  let over = false;
  const waiting = Promise.resolve(work).finally(() => (over = true));
  await eventually("the command ends", async () => {
    await acceptFirst();
    return over;
  });
  await waiting;
}

test("a policy is created from the template, opened, and never written over", async (t) => {
  const path = await policyFile(t);
  await accepting(run("createPolicy"));
  assert.equal(await readFile(path, "utf8"), policyTemplate());
  assert.equal(vscode.window.activeTextEditor?.document.uri.fsPath, path);
  assert.equal(vscode.window.activeTextEditor?.document.languageId, "jsonc");
  await writeFile(path, '{ "version": 1 }\n');
  await accepting(run("createPolicy"));
  assert.equal(await readFile(path, "utf8"), '{ "version": 1 }\n');
});

const BROKEN = `{
  "version": 1,
  "deny": [
    {
      "id": "shop.no-migrations",
      "command": "alembic upgrade",
      "reason": "Migrations run in the release pipeline.",
      "remedy": "Leave running it to the pipeline.",
      "match": ["alembic upgrade head", "alembic history"]
    }
  ]
}
`;

test("what is wrong in a policy is a problem at its line and column, on the disk and while it is typed", async (t) => {
  const path = await policyFile(t, BROKEN);
  await eventually("the failing example is a problem", () => problemsOf(path).length === 1, 20_000);
  const [example] = problemsOf(path);
  assert.match(example?.message ?? "", /does not apply to its example: alembic history/);
  const document = await vscode.workspace.openTextDocument(path);
  const editor = await vscode.window.showTextDocument(document);
  // The editor may have kept what an earlier file of that name held.
  await vscode.commands.executeCommand("workbench.action.files.revert");
  await eventually("the editor has the file", () => document.getText() === BROKEN);
  await eventually("the example is marked", () => {
    const [problem] = problemsOf(path);
    return problem !== undefined && problem.range.start.line === 8;
  });
  await editor.edit((edit) => edit.replace(new vscode.Range(1, 2, 1, 14), '"version": 1, "denny": []'));
  await eventually(
    "the unknown key is marked",
    () => {
      const [problem] = problemsOf(path);
      return problem !== undefined && document.getText(problem.range) === '"denny"';
    },
    30_000,
  );
  await document.save();
  await writeFile(path, '{ "version": 1 }\n');
  await eventually("nothing is wrong any more", () => problemsOf(path).length === 0, 20_000);
});

test("every step of a verdict is shown, as the command line prints it", async (t) => {
  t.after(() => vscode.commands.executeCommand("workbench.action.closeAllEditors"));
  await vscode.commands.executeCommand("interlock.explain", "git push --force origin main");
  const text = vscode.window.activeTextEditor?.document.getText() ?? "";
  assert.match(text, /\$ git push --force origin main/);
  assert.match(text, /Read as\n {2}git push --force origin main/);
  assert.match(text, /built-in +deny +git\.push\.protected/);
});

test("the layers lead to the built-in rules as they hold now", async (t) => {
  t.after(() => vscode.commands.executeCommand("workbench.action.closeAllEditors"));
  await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  await accepting(run("openPolicy"));
  await eventually("the rules are shown", () => vscode.window.activeTextEditor !== undefined);
  const text = vscode.window.activeTextEditor?.document.getText() ?? "";
  assert.match(text, /guard: careful/);
  assert.match(text, /^deny +interlock\.tamper/m);
});

test("the policy's schema completes keys and is where package.json says", async (t) => {
  const extension = vscode.extensions.getExtension("interlock.interlock");
  const manifest = extension?.packageJSON as {
    contributes: { jsonValidation: readonly { url: string; fileMatch: readonly string[] }[] };
  };
  const [{ url, fileMatch } = { url: "", fileMatch: [] }] = manifest.contributes.jsonValidation;
  assert.ok(existsSync(join(extension?.extensionPath ?? "", url)));
  assert.ok(fileMatch.includes("agent-policy.json"));
  const path = await policyFile(t, '{\n  "version": 1,\n  \n}\n');
  await vscode.window.showTextDocument(vscode.Uri.file(path));
  await eventually(
    "keys are offered",
    async () => {
      const list = await vscode.commands.executeCommand<vscode.CompletionList>(
        "vscode.executeCompletionItemProvider",
        vscode.Uri.file(path),
        new vscode.Position(2, 2),
      );
      return list.items.some(({ label }) => JSON.stringify(label).includes("branches"));
    },
    20_000,
  );
});

test("trusting begins by a command, counts down, and ends by itself or by another", async (t) => {
  const noted: string[] = [];
  const record: RecordTrust = (trusting, by) => {
    noted.push(`${trusting ? "on" : "off"} by ${by}`);
    return Promise.resolve(ok(undefined));
  };
  const trust = new Trust(() => "careful", record, 1_500);
  t.after(() => trust.dispose());
  assert.equal(trust.over("careful"), "careful");
  await trust.start();
  assert.equal(trust.over("careful"), "trusting");
  assert.equal(trust.over("read-only"), "read-only");
  assert.ok(trust.left > 0 && trust.left <= 1_500);
  await eventually("it ends by itself", () => trust.over("careful") === "careful");
  assert.equal(trust.left, 0);
  await trust.start();
  trust.end();
  assert.equal(trust.over("careful"), "careful");
  assert.deepEqual(noted, ["on by person", "off by nobody", "on by person", "off by person"]);
});

test("what can't be recorded isn't trusted", async (t) => {
  const problem = { code: "audit.disk-full", message: "The disk is full.", next: "Free some space." };
  const trust = new Trust(
    () => "careful",
    () => Promise.resolve(fail(problem)),
  );
  t.after(() => trust.dispose());
  const starting = trust.start();
  await eventually("it is told", async () => {
    await vscode.commands.executeCommand("notifications.clearAll");
    return true;
  });
  assert.equal(trust.left, 0);
  await Promise.race([starting, new Promise((resolve) => setTimeout(resolve, 100))]);
});

test("while it is trusted, verdicts are those of the trusting guard", async (t) => {
  t.after(async () => {
    await run("endTrust");
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  });
  const verdict = async (): Promise<string> => {
    await vscode.commands.executeCommand("interlock.explain", "uv add left-pad");
    const text = vscode.window.activeTextEditor?.document.getText() ?? "";
    return /built-in +(\w+) +deps\.change/.exec(text)?.[1] ?? text;
  };
  assert.equal(await verdict(), "ask");
  await run("trust");
  assert.equal(await verdict(), "allow");
  await run("endTrust");
  assert.equal(await verdict(), "ask");
});

test("what is set to be read-only is not opened by the clock", async (t) => {
  const trust = new Trust(
    () => "read-only",
    () => Promise.resolve(ok(undefined)),
  );
  t.after(() => trust.dispose());
  const starting = trust.start();
  await vscode.commands.executeCommand("notifications.clearAll");
  assert.equal(trust.left, 0);
  await Promise.race([starting, new Promise((resolve) => setTimeout(resolve, 100))]);
});
