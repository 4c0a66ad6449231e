import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test, type TestContext } from "node:test";

import type { Step } from "../agents/script.ts";
import { request, requests } from "../doorways/support.ts";
import { openSession } from "../sessions/support/session.ts";

const git = (folder: string, ...args: string[]): void =>
  void execFileSync("git", args, { cwd: folder, stdio: "ignore" });

const write = (path: string): Step =>
  request("fs/write_text_file", { path: `\${cwd}/${path}`, content: "made\n" });

const commands = (...lines: string[]): Step[] =>
  lines.flatMap((command, index) => [
    request("terminal/create", { command }),
    request("terminal/wait_for_exit", { terminalId: `t${index + 1}` }),
  ]);

/** What a person was asked about, while these steps ran in a repository. */
async function asked(t: TestContext, steps: Step[], files: readonly string[] = []): Promise<string[]> {
  const { opened } = await requests(t, steps, {
    answer: "reject",
    prepare: async ({ project }) => {
      git(project, "init", "-q");
      for (const name of files) await writeFile(join(project, name), "the person's\n");
    },
  });
  return opened.events.flatMap((event) => (event.type === "approval.opened" ? [event.approval.asked] : []));
}

test("what the session made may go unasked, by whichever way it was made", async (t) => {
  const lines = ["echo x > b.txt", "mkdir -p d && touch d/e", "rm a.txt b.txt", "rm -r d"];
  assert.deepEqual(await asked(t, [write("a.txt"), ...commands(...lines)]), []);
});

test("it may be written again, and still be its own", async (t) => {
  assert.deepEqual(
    await asked(t, commands("echo 1 > a", "echo 2 > a", "echo 3 >> a", "git clean -fd a")),
    [],
  );
});

test("what was there before is the person's, also where the session wrote to it", async (t) => {
  const lines = ["echo more >> mine.txt", "rm mine.txt", "rm -r ."];
  assert.deepEqual(await asked(t, commands("echo x > a", ...lines), ["mine.txt"]), [
    "rm mine.txt",
    "rm -r .",
  ]);
});

test("what was moved into a new file is the person's", async (t) => {
  for (const line of [
    "mv mine.txt new",
    "touch new && mv -f mine.txt new",
    "mkdir d && mv mine.txt d/ && touch d/x",
  ])
    assert.deepEqual(await asked(t, commands(line, "rm -rf new d"), ["mine.txt"]), ["rm -rf new d"], line);
});

test("what somebody has changed since is no longer the session's", async (t) => {
  const opened = await openSession(t, {
    turns: [commands("echo x > a"), [request("terminal/create", { command: "rm a" })]],
  });
  git(opened.project, "init", "-q");
  opened.approvals.onChange((change) => {
    if (change.type === "opened") opened.approvals.settle(change.approval.id, "reject", "person");
  });
  await opened.session.prompt("make it");
  await writeFile(join(opened.project, "a"), "the person's\n");
  await opened.session.prompt("remove it");
  const questions = opened.events.filter((event) => event.type === "approval.opened");
  assert.equal(questions.length, 1);
});
