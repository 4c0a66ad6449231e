import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import { quote } from "../../extension/shell/quote.ts";
import type { Route } from "../../extension/toolchain/route.ts";
import type { Step } from "../agents/script.ts";
import { eventually } from "../harness/processes.ts";
import { tempDir } from "../harness/temp.ts";
import { openChanged, startChanged } from "./support/changed.ts";

/** As agents run lines: by bash, which tells its programs so. */
const run = (line: string): Step => ({ shell: { line, wait: true, program: "/bin/bash" } });

/** The first program that asks teaches the host what the agent's shells are like; from then on it need not be asked. */
const LEARN = `git status -s >/dev/null; shim=$(command -v git)
  until grep -q '^# Table' "$shim"; do sleep 0.05; done; dir=\${shim%/bin/git}; `;
/** Whoever asks from here on finds nobody. */
const ALONE = 'mv "$dir/tickets" "$dir/away"; ';
const BACK = '; rm -f "$dir/tickets"; mv "$dir/away" "$dir/tickets"';

const said = (opened: { readonly project: string }, name = "said"): Promise<string> =>
  readFile(join(opened.project, "..", name), "utf8");

test("what is harmless runs without asking, and is in its row and in the record all the same", async (t) => {
  const alone =
    "git diff --stat >../said; git log --oneline -n 3 >>../said; cd sub; git status -s >>../../said; cd ..";
  const opened = await openChanged(t, [run(`mkdir sub; ${LEARN}${ALONE}${alone}${BACK}`), { sleep: 200 }]);
  assert.match(await said(opened), /1 file changed[^]+ first\n M \.\.\/a\.txt\n$/);
  const rows = opened
    .rows()
    .map(({ asked, cwd, status, verdict, doorways }) => [asked, cwd, status, verdict, doorways]);
  const { project } = opened;
  const row = (asked: string, cwd = project): unknown[] => [asked, cwd, "done", "allow", ["shim"]];
  assert.deepEqual(rows, [
    row("git status -s"),
    row("git diff --stat"),
    row("git log --oneline -n 3"),
    row("git status -s", join(project, "sub")),
  ]);
  const decisions = (await opened.records()).filter(({ phase }) => phase === "decision");
  assert.deepEqual(
    decisions.map(({ asked, allowed, doorway }) => [asked, allowed, doorway]),
    rows.map(([asked]) => [asked, true, "shim"]),
  );
});

const refused: readonly (readonly [string, string])[] = [
  ["a command that isn't only words of the table", "git rev-parse --sq-quote x"],
  ["one that changes something", "git add a.txt"],
  ["a variable that steers git", "GIT_EXTERNAL_DIFF=touch git diff"],
  ["a loader's variable", "LD_LIBRARY_PATH=/tmp git diff"],
  ["another PATH", "PATH=$PATH:/opt git diff"],
  ["a variable of Interlock's", "INTERLOCK=off git diff"],
  ["another home", "HOME=/tmp git diff"],
];
test("what is not certain asks, and where nobody is there, is refused", async (t) => {
  const tries = refused.map(([, line]) => `${line} >/dev/null 2>&1; echo $? >>../said`).join("; ");
  const opened = await openChanged(t, [
    run(`${LEARN}${ALONE}${tries}; git diff >/dev/null; echo $? >>../said${BACK}`),
  ]);
  const [last, ...codes] = (await said(opened)).trim().split("\n").toReversed();
  assert.deepEqual(
    codes.toReversed().map((code, index) => [refused[index]?.[0], code]),
    refused.map(([what]) => [what, "126"]),
  );
  assert.equal(last, "0");
});

test("what an agent sets in its shells by itself, and its own PATH, are learned", async (t) => {
  const line = `${LEARN}${ALONE}git diff --stat >../said; GIT_EDITOR=false git diff --stat >/dev/null 2>&1; echo $? >>../said${BACK}`;
  const agent = `exec env CLAUDECODE=1 GIT_EDITOR=true "ODD=it's \\"so\\"" GIT_PAGER='less -F
R' PATH="/opt/agent/bin:$PATH" bash -c ${quote(line)}`;
  const opened = await openChanged(t, [run(agent)]);
  assert.match(await said(opened), /1 file changed[^]+\n126\n$/);
});

test("a policy that is written meanwhile counts for the next command", async (t) => {
  const ask = [{ id: "mine.status", command: "git status", reason: "I want to know.", remedy: "Ask." }];
  const policy = JSON.stringify({ version: 1, ask }).replaceAll('"', '\\"');
  const line = `${LEARN}git status -s >../said; echo "${policy}" >agent-policy.json
    git status -s >>../said 2>/dev/null; echo $? >>../said; grep -c 'status --short' "$shim" >>../said
    git diff --stat >/dev/null; echo $? >>../said; sleep 0.3; grep -c "'status --short'" "$shim" >>../said; grep -c "'diff --stat'" "$shim" >>../said`;
  const opened = await openChanged(t, [run(line)], { answer: "reject" });
  assert.deepEqual(
    opened.of("approval.opened").map(({ approval }) => [approval.asked, approval.rule]),
    [["git status -s", "mine.status"]],
  );
  assert.match(await said(opened), /^ M a\.txt\n126\n\d\n0\n0\n1\n$/);
});

test("where the person stops the turn, nothing passes by itself until it is over", async (t) => {
  const opened = await startChanged(t, [[run(`${LEARN}echo "$shim" >../said`), { hang: true }]]);
  const turn = opened.session.prompt("go");
  await eventually("learned", () =>
    said(opened).then(
      (text) => text.endsWith("git\n"),
      () => false,
    ),
  );
  const shim = (await said(opened)).trim();
  assert.match(await readFile(shim, "utf8"), /^# Table/m);
  const stopping = opened.session.cancel(200);
  await eventually("closed", () =>
    readFile(shim, "utf8").then(
      (text) => !text.includes("# Table"),
      () => true,
    ),
  );
  await Promise.all([stopping, turn]);
});

test("what passed, and would not pass by the rules that it passed by, asks from then on", async (t) => {
  const marker = join(await tempDir(t), "routes");
  const to = { kind: "same", rule: "test", from: "", to: "git --version", reason: "" } as const;
  const line = `${LEARN}touch ${marker}; git diff --stat >/dev/null; sleep 0.5; grep -c '^# Table' "$shim" >../said; git diff >>../said`;
  const route = (asked: string): Route | null =>
    asked.startsWith("git diff") && existsSync(marker) ? to : null;
  const opened = await openChanged(t, [run(line)], { route });
  assert.match(await said(opened), /^0\ngit version/);
});

test("what is heard of only when the agent has told its end is no row of its own", async (t) => {
  const call = (toolCallId: string, command: string): Step => ({
    toolCall: { toolCallId, title: command, kind: "execute", rawInput: { command } },
  });
  const over = (toolCallId: string): Step => ({
    toolUpdate: { toolCallId, status: "completed", rawOutput: { exitCode: 0 } },
  });
  const steps = [call("a", "make"), run(LEARN), over("a"), call("b", "git diff --stat"), over("b")];
  const opened = await openChanged(t, [...steps, { sleep: 100 }, run("git diff --stat"), { sleep: 300 }]);
  const rows = opened.rows().map(({ title, status }) => [title, status]);
  assert.deepEqual(
    rows.filter(([title]) => title === "git diff --stat"),
    [["git diff --stat", "seen"]],
  );
  const { id } = opened.rows().find(({ title }) => title === "git diff --stat") ?? {};
  const decisions = (await opened.records()).filter(
    ({ doorway, asked }) => doorway === "shim" && asked === "git diff --stat",
  );
  assert.deepEqual(
    decisions.map(({ phase, call: of }) => [phase, of]),
    [["decision", id]],
  );
});
