import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { appendFile, mkdir, readdir, readFile, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import type { EventBody, SessionEvent } from "../../extension/events/event.ts";
import { CallArchive } from "../../extension/panel/archive.ts";
import { Conversation } from "../../extension/panel/conversation.ts";
import { closingEvents, windowGone } from "../../extension/sessions/replay.ts";
import {
  listTranscripts,
  pruneTranscripts,
  readTranscript,
  Transcript,
  transcriptFolder,
} from "../../extension/sessions/transcript.ts";
import { eventually } from "../harness/processes.ts";
import { tempDir } from "../harness/temp.ts";
import { makeSession, openSession, type TestSession } from "./support/session.ts";

function pathOf(opened: TestSession): string {
  return join(transcriptFolder(opened.state, opened.session.place.root), `${opened.session.id}.jsonl`);
}

/** What a person sees of these events: header, rows, questions, plan, commands and the calls' details. */
function shown(events: readonly SessionEvent[]): unknown {
  const conversation = new Conversation("s", []);
  const archive = new CallArchive();
  for (const event of events) {
    conversation.apply(event);
    archive.apply(event);
  }
  const { header, approvals, gates, plan, commands, rows } = conversation;
  const all = Array.from({ length: rows.total }, (_, index) => rows.at(index));
  const details = rows.calls.map((index) => archive.details(all[index]?.id.slice(2) ?? ""));
  return { header, approvals, gates, plan, commands, all, details };
}

function numbered(bodies: readonly EventBody[]): SessionEvent[] {
  return bodies.map((body, index) => {
    const stamp = { v: 1, session: "s", seq: index + 1, at: 1_000 * (index + 1) } as const;
    return { ...stamp, ...body };
  });
}

const STARTED: EventBody[] = [
  { type: "session.opened", agent: { id: "a", name: "A" }, cwd: "/p" },
  { type: "session.state", state: { name: "ready" } },
];

test("a transcript is in the person's own state, for them alone, and nothing of it in the project", async (t) => {
  const opened = await openSession(t, { turns: [[{ say: "my secret" }]] });
  await opened.session.prompt("my password is 1234");
  await opened.session.close();
  const path = pathOf(opened);
  assert.ok(path.startsWith(opened.state));
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  for (const folder of [opened.state, join(opened.state, "transcripts"), join(path, "..")]) {
    assert.equal((await stat(folder)).mode & 0o777, 0o700, folder);
  }
  assert.deepEqual(await readdir(opened.project), ["agent-audit"]);
  assert.ok(!JSON.stringify(await opened.records()).includes("1234"));
});

test("a conversation that is read back shows what was shown while it was alive", async (t) => {
  const opened = await openSession(
    t,
    {
      afterSession: [
        { update: { sessionUpdate: "available_commands_update", availableCommands: [{ name: "fix" }] } },
      ],
      turns: [
        [
          { thought: "Hm ä€😀" },
          { say: "I'll look, " },
          { plan: [{ content: "Look", status: "in_progress" }] },
          { terminal: { command: "printf '\\033[31mred\\033[0m\\n'; exit 3" } },
          { writeFile: { path: "${cwd}/a.txt", content: "one\n" } },
          { terminal: { command: "frobnicate" } },
          { toolCall: { toolCallId: "x", title: "Left open", kind: "fetch", status: "in_progress" } },
          {
            update: {
              sessionUpdate: "usage_update",
              used: 5,
              size: 10,
              cost: { amount: 1, currency: "EUR" },
            },
          },
        ],
        [{ stderr: "dying" }, { exit: 1 }],
      ],
    },
    { answer: "reject" },
  );
  await opened.session.prompt("one");
  await opened.session.prompt("two");
  await opened.session.close();
  const back = await readTranscript(pathOf(opened));
  assert.deepEqual(back, opened.events);
  assert.deepEqual(shown(back), shown(opened.events));
  assert.deepEqual(
    back.map(({ seq }) => seq),
    back.map((_, index) => index + 1),
    "numbered without a gap",
  );
  assert.deepEqual(closingEvents(back, "reloaded"), [], "it had ended");
});

test("a session that ends with its window says so after a restart, and not that anybody closed it", async (t) => {
  const opened = await openSession(t, { turns: [[{ sleep: 60_000 }]] });
  void opened.session.prompt("go");
  await opened.session.close(windowGone());
  const back = await readTranscript(pathOf(opened));
  const last = back.at(-1);
  assert.ok(last?.type === "session.state" && last.state.name === "ended");
  assert.equal(last.state.reason, "VS Code was stopped or reloaded, and the agent ended with it.");
});

test("what is told while the file is written is in it, at the latest when the session closes", async (t) => {
  const opened = await openSession(t, { turns: [[{ repeat: { times: 500, steps: [{ say: "${n}," }] } }]] });
  await opened.session.prompt("go");
  await opened.session.close();
  assert.equal((await readTranscript(pathOf(opened))).length, opened.events.length);
});

test("a line that was cut off ends what is read, and the rest is there", async (t) => {
  const path = join(await tempDir(t), "s.jsonl");
  const events = numbered(STARTED);
  const whole = events.map((event) => `${JSON.stringify(event)}\n`).join("");
  for (const torn of [
    '{"v":1,"type":"mess',
    "\u0000\u0000",
    '{"v":2,"type":"message"}\n',
    "null\n",
    "[]\n",
  ]) {
    await writeFile(path, whole + torn);
    assert.deepEqual(await readTranscript(path), events, torn);
  }
});

test("a host that went away in the middle leaves a session that has ended, with nothing open in it", () => {
  const approval = {
    id: "q",
    session: "s",
    call: "c2",
    kind: "loss",
    asked: "rm -rf x",
    cwd: "/p",
    rule: "fs.delete",
    reason: "Deletes.",
    act: "command",
    reasonGoes: "answer",
    openedAt: 1,
    choices: ["allow-once", "reject"],
  } as const;
  const events = numbered([
    ...STARTED,
    { type: "turn.started", turn: 1, prompt: "go" },
    { type: "call", turn: 1, call: "c1", patch: { kind: "command", title: "ls", status: "running" } },
    { type: "call", turn: 1, call: "c2", patch: { kind: "command", title: "rm", status: "held" } },
    { type: "call", turn: 1, call: "c3", patch: { kind: "command", title: "pwd", status: "done" } },
    { type: "approval.opened", approval },
  ]);
  const closing = closingEvents(events, "The window was reloaded.");
  assert.deepEqual(
    closing.map(({ type }) => type),
    ["approval.settled", "call", "call", "turn.ended", "session.state"],
  );
  assert.deepEqual(
    closing.map(({ seq }) => seq),
    [8, 9, 10, 11, 12],
  );
  const view = shown([...events, ...closing]) as {
    header: { state: string; detail: string };
    approvals: unknown[];
    all: { type: string; call?: { status: string } }[];
  };
  assert.deepEqual([view.header.state, view.header.detail], ["ended", "The window was reloaded."]);
  assert.deepEqual(view.approvals, []);
  assert.deepEqual(
    view.all.flatMap(({ call }) => call?.status ?? []),
    ["cancelled", "refused", "done"],
    "what was not answered is refused, and says so",
  );
  assert.equal(view.all.at(-1)?.type, "turn");
});

test("a session whose agent had crashed keeps saying how, and nothing without events", () => {
  const problem = { code: "agent.ended", message: "It stopped.", next: "Restart it." };
  const crashed: EventBody = { type: "session.state", state: { name: "crashed", problem, stderr: ["x"] } };
  assert.deepEqual(closingEvents(numbered([...STARTED, crashed]), "reloaded"), []);
  assert.deepEqual(closingEvents([], "reloaded"), []);
});

test("a state directory that can't be written costs the transcript, the restore points and the alarm, with one notice each, and not the session", async (t) => {
  const opened = await makeSession(t, { turns: [[{ say: "hello" }]] });
  await writeFile(opened.state, "in the way");
  await opened.session.start();
  await opened.session.prompt("go");
  await opened.until("notice");
  await opened.session.prompt("again");
  await eventually("all are told", () => opened.notices().length >= 3);
  assert.deepEqual(opened.notices().toSorted(), ["restore.blind", "restore.failed", "transcript.unwritable"]);
  assert.equal(opened.said(), "hellohello");
  await opened.session.close();
});

test("a transcript that is full ends with a notice, and stays readable", async (t) => {
  const folder = await tempDir(t);
  const problems: string[] = [];
  const transcript = new Transcript(folder, "s", ({ code }) => problems.push(code));
  const text = "x".repeat(1024 * 1024);
  for (let seq = 1; seq <= 40; seq += 1) {
    transcript.append({
      v: 1,
      session: "s",
      seq,
      at: seq,
      type: "message",
      turn: 1,
      message: "m",
      role: "agent",
      text,
    });
  }
  await transcript.close();
  assert.deepEqual(problems, ["transcript.full"]);
  const path = join(folder, "s.jsonl");
  assert.ok((await stat(path)).size <= 32 * 1024 * 1024);
  assert.equal((await readTranscript(path)).length, 31);
});

test("old and surplus transcripts go, with the outputs that belong to them; others stay", async (t) => {
  const folder = await tempDir(t);
  const now = Date.now();
  const day = 24 * 3_600_000;
  const make = async (name: string, ageMs: number): Promise<void> => {
    await writeFile(join(folder, `${name}.jsonl`), "");
    await mkdir(join(folder, name));
    await writeFile(join(folder, name, "c1.log"), "output");
    for (const path of [join(folder, `${name}.jsonl`), join(folder, name)]) {
      await utimes(path, new Date(now - ageMs), new Date(now - ageMs));
    }
  };
  for (let index = 0; index < 45; index += 1)
    await make(`s${String(index).padStart(2, "0")}`, index * 60_000);
  await make("old", 31 * day);
  await mkdir(join(folder, "young"));
  await mkdir(join(folder, "orphan"));
  await utimes(join(folder, "orphan"), new Date(now - 31 * day), new Date(now - 31 * day));
  await pruneTranscripts(folder, now);
  const left = await listTranscripts(folder);
  assert.deepEqual(
    left.map(({ session }) => session),
    Array.from({ length: 40 }, (_, index) => `s${String(index).padStart(2, "0")}`),
  );
  const folders = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  assert.deepEqual(
    folders.map(({ name }) => name).sort(),
    [...left.map(({ session }) => session), "young"].sort(),
  );
  await pruneTranscripts(join(folder, "no-such-folder"), now);
});

test("each session that starts clears away what is too old", async (t) => {
  const opened = await makeSession(t);
  const folder = transcriptFolder(opened.state, opened.session.place.root);
  await mkdir(folder, { recursive: true });
  const old = join(folder, "old.jsonl");
  await appendFile(old, "");
  await utimes(old, new Date(0), new Date(0));
  await opened.session.start();
  await opened.session.close();
  assert.equal(existsSync(old), false);
  assert.notEqual(await readFile(pathOf(opened), "utf8"), "");
});

test("transcripts of two projects lie apart", () => {
  const folders = new Set(["/a", "/b", "/a/b"].map((root) => transcriptFolder("/state", root)));
  assert.equal(folders.size, 3);
});
