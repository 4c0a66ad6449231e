import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import * as vscode from "vscode";

import { watchSaves } from "../../../extension/editor/saves.ts";
import type { AlarmRaised } from "../../../extension/restore/alarm/alarm.ts";
import { makeRepository } from "../../git/support.ts";
import { eventually } from "../../harness/processes.ts";
import { appInEditor, projectFolder } from "./support/session.ts";

/** How long a person's saves lie before something throws them away. */
const SAVED_BEFORE_MS = 5_000;
const ROUNDS = 3;

test("what was saved in the editor comes back after another process reset the repository, round after round", async (t) => {
  const project = await projectFolder(t);
  makeRepository(project);
  const app = await appInEditor(t);
  const saves = watchSaves({ loaded: app });
  t.after(async () => {
    saves.dispose();
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  });
  const raised: AlarmRaised[] = [];
  app.alarms.onLoss((each) => raised.push(each));
  await app.alarms.attend().watch(project);
  const path = join(project, "b.txt");
  for (let round = 1; round <= ROUNDS; round += 1) {
    const document = await vscode.workspace.openTextDocument(path);
    const editor = await vscode.window.showTextDocument(document);
    // The editor has not seen yet what was brought back.
    await vscode.commands.executeCommand("workbench.action.files.revert");
    const mine = `what I wrote in round ${round}\n`.repeat(round);
    const whole = new vscode.Range(0, 0, document.lineCount, 0);
    await editor.edit((edit) => edit.replace(whole, mine));
    await document.save();
    await sleep(SAVED_BEFORE_MS);
    assert.equal(raised.length, round - 1, "no alarm of what the person does");

    execFileSync("/usr/bin/env", ["git", "reset", "-q", "--hard"], { cwd: project });
    const started = Date.now();
    await eventually("the alarm", () => raised.length === round);
    t.diagnostic(`alarm after ${Date.now() - started} ms`);
    const point = raised[round - 1]?.point.id ?? "";
    const applied = await app.restorePoints.apply(project, point);
    assert.ok(applied.ok);
    assert.equal(await readFile(path, "utf8"), mine);
  }
});
