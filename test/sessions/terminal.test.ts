import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test, type TestContext } from "node:test";

import { Git } from "../../extension/git/run.ts";
import { RestorePoints } from "../../extension/restore/points/restorePoints.ts";
import { eventually, isAlive } from "../harness/processes.ts";
import { makeRepository } from "../git/support.ts";
import { tempDir } from "../harness/temp.ts";
import { makeSession, type Options, processes, type TestSession } from "./support/session.ts";
import { inTerminal } from "./support/terminal.ts";

const SHIMS = ["git", "rm"];

/** A session whose agent runs in a terminal, in a project with work that is in no commit. */
async function armed(t: TestContext, options: Options = {}): Promise<TestSession> {
  const base = await tempDir(t);
  const project = join(base, "project");
  await mkdir(project);
  makeRepository(project);
  await writeFile(join(project, "a.txt"), "mine\n");
  const terminal = { top: () => 0 };
  const made = await makeSession(t, {}, { base, project, shims: SHIMS, terminal, ...options });
  await made.session.start();
  return made;
}

test("what it runs is asked about, recorded and shown, and its end is seen", async (t) => {
  const opened = await armed(t, { answer: "allow-once" });
  assert.equal(opened.session.state.name, "ready");
  const { status } = await inTerminal(opened, ["-c", "git reset --hard"]).ended;
  assert.equal(status, 0);
  const row = await opened.untilRow(({ status: now }) => now === "done");
  assert.deepEqual([row.asked, row.doorways, row.answeredBy], ["git reset --hard", ["shim"], "person"]);
  const [approval] = opened.of("approval.opened");
  assert.ok(!approval?.approval.choices.includes("reject-stop"), "there is no turn to stop");
  const points = await new RestorePoints(new Git(processes), opened.state).list(opened.project);
  const reasons = points.map(({ reason }) => reason);
  assert.ok(reasons.includes("turn") && reasons.includes("command"), reasons.join());
});

test("a question goes with the program that asks, and comes to nothing", async (t) => {
  const opened = await armed(t);
  const { child } = inTerminal(opened, ["-c", "git reset --hard"]);
  await opened.until("approval.opened");
  child.kill("SIGKILL");
  const { settlement } = await opened.until("approval.settled");
  assert.notEqual(settlement.by, "person");
  assert.equal(await readFile(join(opened.project, "a.txt"), "utf8"), "mine\n");
});

test("no prompt goes to it", async (t) => {
  const { session } = await armed(t);
  await assert.rejects(session.prompt("go"), { code: "session.terminal" });
  assert.equal(session.turn, 0);
});

test("its end is the end of all that runs in it", async (t) => {
  const opened = await armed(t);
  const { child, ended } = inTerminal(opened, ["-c", "trap '' HUP TERM; sleep 1000"]);
  await eventually("it runs", () => isAlive(child.pid ?? 0));
  await opened.session.close("Its terminal was closed.");
  assert.equal((await ended).status, "SIGKILL");
  assert.deepEqual(opened.states().slice(-2), ["ready", "ended"]);
});

test("a person's shell keeps the programs that ask before what its own files put first", async (t) => {
  const opened = await armed(t);
  const home = await tempDir(t);
  const other = join(home, "bin");
  await mkdir(other);
  await writeFile(join(other, "git"), "#!/bin/sh\necho not asked\n", { mode: 0o755 });
  await writeFile(
    join(home, ".bashrc"),
    `export PATH=${other}:$PATH\nalias greet='echo hello'\nrm -rf a.txt\n`,
  );
  const start = await opened.session.terminal?.shell("/bin/bash", "/bin/bash");
  assert.equal(start?.program, "/bin/bash");
  const typed = join(home, "typed");
  await writeFile(typed, "command -v git; greet; exit\n");
  const shell = inTerminal(
    opened,
    ["-c", `bash ${(start?.args ?? []).join(" ")} -i < ${typed}`],
    "/bin/bash",
    home,
  );
  assert.match((await shell.ended).said, /\/il-\d+-\w+\/bin\/git\nhello\n/);
});

test("what a person's own files set is no word of the line, and what the line sets is", async (t) => {
  const opened = await armed(t);
  const home = await tempDir(t);
  await writeFile(join(home, ".bashrc"), "export GIT_EXTERNAL_DIFF=/bin/mine GIT_ASKPASS=/bin/ask\n");
  const start = await opened.session.terminal?.shell("/bin/bash", "/bin/bash");
  const typed = join(home, "typed");
  await writeFile(typed, "git diff --no-ext-diff --stat; GIT_EXTERNAL_DIFF=other git diff; exit\n");
  const shell = inTerminal(opened, ["-c", `bash ${start?.args.join(" ")} -i < ${typed}`], "/bin/bash", home);
  const { approval } = await opened.until("approval.opened");
  assert.equal(approval.asked, "GIT_EXTERNAL_DIFF=other git diff");
  assert.equal(opened.of("approval.opened").length, 1);
  await opened.session.close();
  await shell.ended;
});

test("a shell that isn't known is left for one that is; others are told in a line", async (t) => {
  const opened = await armed(t);
  const shell = (wanted: string) => opened.session.terminal?.shell(wanted, "/bin/bash");
  assert.equal((await shell("/usr/bin/nu"))?.program, "/bin/bash");
  const sh = await shell("/bin/sh");
  const line = sh?.typed ?? "";
  const { said } = await inTerminal(
    opened,
    ["-c", `PATH=/usr/bin:/bin; ${line}; ${line}; echo $PATH`],
    "/bin/sh",
  ).ended;
  assert.match(said, /^[^:]*\/il-\d+-\w+\/bin:\/usr\/bin:\/bin\n$/);
  assert.match(
    (await shell("/usr/bin/fish"))?.args.join(" ") ?? "",
    /^--init-command set -gx PATH \S+\/bin \$PATH$/,
  );
});

test("where nothing would ask it is not opened", async (t) => {
  const { session } = await armed(t, { shims: null });
  assert.equal(session.terminal, undefined);
  assert.ok(session.state.name === "crashed" && session.state.problem.code === "terminal.not-guarded");
});
