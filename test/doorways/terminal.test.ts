import assert from "node:assert/strict";
import { mkdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import type { Step } from "../agents/script.ts";
import { isAlive } from "../harness/processes.ts";
import { openSession } from "../sessions/support/session.ts";
import { request, requests } from "./support.ts";

const create = (command: string, params: object = {}): Step =>
  request("terminal/create", { command, ...params });
const wait = (terminalId = "t1"): Step => request("terminal/wait_for_exit", { terminalId });
const output = (terminalId = "t1"): Step => request("terminal/output", { terminalId });
const kill = (terminalId = "t1"): Step => request("terminal/kill", { terminalId });
const release = (terminalId = "t1"): Step => request("terminal/release", { terminalId });
const node = (code: string, params: object = {}): Step =>
  create(process.execPath, { args: ["-e", code], ...params });

const ASKED = { answer: "allow-once" } as const;

test("a line is read by a shell, an argument list is not", async (t) => {
  const { answers } = await requests(t, [
    create("echo $((1 + 1)) && echo 'a  b'"),
    wait("t1"),
    output("t1"),
    create("echo", { args: ["$((1 + 1))", "&&", "a  b"] }),
    wait("t2"),
    output("t2"),
    create("pwd"),
    wait("t3"),
    output("t3"),
  ]);
  const printed = answers.flatMap(({ result }) =>
    typeof result?.["output"] === "string" ? [result["output"]] : [],
  );
  assert.deepEqual(printed.slice(0, 2), ["2\na  b\n", "$((1 + 1)) && a  b\n"]);
  assert.match(printed[2] ?? "", /\/project\n$/, "the session's folder, where none is named");
});

test("variables and folder of the request are the command's own", async (t) => {
  const { answers } = await requests(
    t,
    [
      create("echo $GREETING; pwd", {
        cwd: "${cwd}/sub",
        env: [{ name: "GREETING", value: "hello there" }],
      }),
      wait(),
      output(),
    ],
    { prepare: ({ project }) => mkdir(join(project, "sub")).then(() => undefined) },
  );
  assert.match(String(answers[2]?.result?.["output"]), /^hello there\n.*\/project\/sub\n$/);
});

test("a folder that doesn't exist, is a file or is relative is refused before anything is judged", async (t) => {
  const { opened, answers } = await requests(
    t,
    [
      create("ls", { cwd: "${cwd}/nowhere" }),
      create("ls", { cwd: "${cwd}/file" }),
      create("ls", { cwd: "sub" }),
    ],
    { prepare: ({ project }) => writeFile(join(project, "file"), "") },
  );
  assert.deepEqual(
    answers.map(({ error }) => error?.data?.code),
    ["terminal.folder", "terminal.folder", "terminal.folder"],
  );
  assert.match(answers[2]?.error?.message ?? "", /“sub”.*absolute/);
  assert.deepEqual(opened.rows(), []);
});

test("a folder that is a link is followed before the command is judged", async (t) => {
  const { opened, answers } = await requests(t, [create("touch x", { cwd: "${cwd}/linked" })], {
    answer: "reject",
    prepare: ({ project, base }) => symlink(join(base, "outside"), join(project, "linked")),
  });
  assert.equal(opened.row().rule, "fs.write.outside");
  assert.equal(answers[0]?.error?.data?.code, "rejected");
});

test("exit codes and signals are told as they are", async (t) => {
  const { opened, answers } = await requests(
    t,
    [create("exit 7"), wait("t1"), create("kill -SEGV $$"), wait("t2")],
    ASKED,
  );
  assert.deepEqual(answers[1]?.result, { exitCode: 7, signal: null });
  assert.deepEqual(answers[3]?.result, { exitCode: null, signal: "SIGSEGV" });
  assert.deepEqual(
    opened.rows().map(({ status, exit, signal }) => [status, exit, signal]),
    [
      ["failed", 7, null],
      ["failed", null, "SIGSEGV"],
    ],
  );
});

test("a program that doesn't exist ends with 127 and a word of why", async (t) => {
  const { opened, answers } = await requests(
    t,
    [create("no-such-program", { args: ["-x"] }), wait(), output(), kill(), release()],
    ASKED,
  );
  assert.deepEqual(answers[1]?.result, { exitCode: 127, signal: null });
  assert.match(String(answers[2]?.result?.["output"]), /no-such-program: ENOENT/);
  assert.deepEqual([answers[3]?.error, answers[4]?.error], [undefined, undefined]);
  assert.deepEqual([opened.row().status, opened.row().exit], ["failed", 127]);
});

test("output is kept from its end up to the limit, cut at a character", async (t) => {
  const { answers } = await requests(
    t,
    [
      create("printf", { args: ["0123456789"], outputByteLimit: 4 }),
      wait("t1"),
      output("t1"),
      create("printf", { args: ["aäöü€"], outputByteLimit: 4 }),
      wait("t2"),
      output("t2"),
      create("printf", { args: ["short"], outputByteLimit: 5 }),
      wait("t3"),
      output("t3"),
      create("printf", { args: ["anything"], outputByteLimit: 0 }),
      wait("t4"),
      output("t4"),
    ],
    ASKED,
  );
  const seen = answers.flatMap(({ result }) => (result && "truncated" in result ? [result] : []));
  assert.deepEqual(
    seen.map(({ output, truncated }) => [output, truncated]),
    [
      ["6789", true],
      ["€", true],
      ["short", false],
      ["", true],
    ],
  );
});

test("terminals that are never released share a bound: of the oldest only the end is kept", async (t) => {
  const limit = 8 * 1024 * 1024;
  const prints = (id: string): Step[] => [
    create(`head -c ${limit} /dev/zero | tr '\\0' x`, { outputByteLimit: limit }),
    wait(id),
  ];
  const { answers } = await requests(
    t,
    [...["t1", "t2", "t3", "t4", "t5"].flatMap(prints), output("t1"), output("t5")],
    ASKED,
  );
  const [oldest, newest] = answers
    .slice(-2)
    .map(({ result }) => [String(result?.["output"]).length < limit, result?.["truncated"]]);
  assert.deepEqual(oldest, [true, true]);
  assert.deepEqual(newest, [false, false]);
});

test("while a command runs its output has no exit status", async (t) => {
  const { answers } = await requests(t, [create("sleep 1000"), output(), kill(), wait(), output()]);
  assert.deepEqual(answers[1]?.result, { output: "", truncated: false });
  assert.deepEqual(answers[3]?.result, { exitCode: null, signal: "SIGTERM" });
  assert.deepEqual(answers[4]?.result, {
    output: "",
    truncated: false,
    exitStatus: { exitCode: null, signal: "SIGTERM" },
  });
});

test("killing ends the whole tree, also what ignores SIGTERM or left its group", async (t) => {
  const line = `(trap '' TERM; echo $BASHPID; sleep 1000) & setsid sh -c 'echo $$; exec sleep 1000' & echo $$; wait`;
  const opened = await openSession(t, { turns: [[create(line), { sleep: 1_000 }, kill(), wait()]] }, ASKED);
  await opened.session.prompt("go");
  const pids = opened.output().trim().split("\n").map(Number);
  assert.equal(pids.length, 3);
  const alive = await Promise.all(pids.map((pid) => isAlive(pid)));
  assert.deepEqual(alive, [false, false, false]);
});

test("a command that leaves a server in the background has ended when its shell has", async (t) => {
  const { opened, answers } = await requests(t, [
    create("sleep 1000 & echo $!; exit 3"),
    wait(),
    output(),
    release(),
  ]);
  assert.deepEqual(answers[1]?.result, { exitCode: 3, signal: null });
  const background = Number(opened.output());
  assert.equal(answers[2]?.result?.["output"], `${background}\n`);
  assert.equal(await isAlive(background), false, "it went with the terminal");
});

test("a released terminal is gone for the agent, and its command has ended", async (t) => {
  const { opened, answers } = await requests(
    t,
    [create("echo $$; exec sleep 1000"), { sleep: 200 }, release(), wait(), output(), kill(), release()],
    ASKED,
  );
  const codes = answers.slice(2).map(({ error }) => error?.data?.code);
  assert.deepEqual(
    codes,
    Array.from({ length: 4 }, () => "terminal.unknown"),
  );
  assert.equal(await isAlive(Number(opened.output())), false);
  assert.equal(opened.row().status, "failed");
});

test("one who waits while the terminal is released still hears how it ended", async (t) => {
  const opened = await openSession(t, { turns: [[create("sleep 1000"), wait()]] });
  const prompt = opened.session.prompt("go");
  await opened.untilRow(({ status }) => status === "running");
  await opened.session.cancel();
  assert.equal(await prompt, "cancelled");
  assert.equal(opened.row().signal, "SIGTERM");
});

test("what was asked and what runs differ where the line is routed, and the row has both", async (t) => {
  const { opened } = await requests(t, [create("pytest -q", {}), wait()], {
    route: (from) => ({
      from,
      to: "echo uv run pytest -q",
      kind: "same",
      rule: "python.test",
      reason: "uv.lock",
      changes: [],
    }),
    answer: "allow-once",
  });
  const { asked, run, exit } = opened.row();
  assert.deepEqual([asked, run, exit], ["pytest -q", "echo uv run pytest -q", 0]);
  assert.equal(opened.output(), "uv run pytest -q\n");
  assert.deepEqual(
    (await opened.records()).map((record) => [record.phase, record.asked, record.run]),
    [
      ["decision", "pytest -q", "echo uv run pytest -q"],
      ["effect", "pytest -q", "echo uv run pytest -q"],
    ],
  );
});

test("a route that is only shown is in the row, and is not what runs", async (t) => {
  const { opened } = await requests(t, [create("echo pytest -q", {}), wait()], {
    suggest: (from) => ({
      from,
      to: "rm -rf /",
      kind: "same",
      rule: "python.test",
      reason: "uv.lock",
    }),
  });
  const { asked, run, route, suggested, verdict } = opened.row();
  assert.deepEqual(
    [asked, run, route, suggested?.to],
    ["echo pytest -q", "echo pytest -q", null, "rm -rf /"],
  );
  assert.equal(verdict, "allow", "it is not judged either");
  assert.equal(opened.output(), "pytest -q\n");
});

test("a person's no is told to the agent with what it could do instead", async (t) => {
  const { opened, answers } = await requests(t, [create("frobnicate")], { answer: "reject" });
  assert.equal(answers[0]?.error?.data?.code, "rejected");
  assert.match(answers[0]?.error?.message ?? "", /^interlock: The person rejected this\./);
  const { status, problem } = opened.row();
  assert.deepEqual([status, problem], ["rejected", undefined]);
});

test("short output is told whole and in order, cut nowhere inside a character", async (t) => {
  const code = `
    const text = Buffer.from("ä€😀".repeat(500));
    (async () => { for (const byte of text) { process.stdout.write(Buffer.from([byte])); await null; } })();`;
  const { opened } = await requests(t, [node(code), wait()], ASKED);
  assert.equal(opened.output(), "ä€😀".repeat(500));
});

test("100 MB of output are told in samples, and the whole is in a file that is said", async (t) => {
  const bytes = 100 * 1024 * 1024;
  const code = `
    const chunk = Buffer.alloc(1024 * 1024, "0123456789abcdef");
    let left = 100;
    const more = () => { while (left-- > 0) if (!process.stdout.write(chunk)) return process.stdout.once("drain", more); };
    more();`;
  const before = process.memoryUsage().rss;
  const { opened, answers } = await requests(
    t,
    [node(code, { outputByteLimit: 1_000 }), wait(), output()],
    ASKED,
  );
  const grown = process.memoryUsage().rss - before;
  assert.equal(String(answers[2]?.result?.["output"]).length, 1_000);
  assert.ok(opened.output().length < 2 * 1024 * 1024, `${opened.output().length} characters were told`);
  const path = /bytes in all; the whole output is in (\S+)/.exec(opened.output())?.[1] ?? "";
  const info = await stat(path);
  assert.equal(info.size, bytes);
  assert.equal(info.mode & 0o777, 0o600);
  assert.ok(path.startsWith(opened.state));
  assert.ok(grown < bytes, `it grew by ${grown} bytes`);
});

test("a file that can't be written costs the file, not the command, and says so", async (t) => {
  const { opened } = await requests(t, [create("head -c 300000 /dev/zero | tr '\\0' x"), wait()], {
    ...ASKED,
    prepare: async (opened) => {
      const transcripts = join(opened.state, "transcripts");
      await mkdir(transcripts, { recursive: true });
      const { transcriptFolder } = await import("../../extension/sessions/transcript.ts");
      const folder = transcriptFolder(opened.state, opened.session.place.root);
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, opened.session.id), "in the way");
    },
  });
  assert.match(opened.output(), /300000 bytes in all; what is not shown is lost: ENOTDIR/);
  assert.equal(opened.row().exit, 0);
});

test("the gates hear the command, its end and the end of its output", async (t) => {
  const { opened } = await requests(t, [create("echo 3 passed; exit 1"), wait()], ASKED);
  assert.deepEqual(opened.gates.commands, [{ line: "echo 3 passed; exit 1", exit: 1, output: "3 passed\n" }]);
});

const TOUCHES: readonly (readonly [string, readonly string[]])[] = [
  ["ls; git status", []],
  ["ruff check . || true", ["files"]],
  ["ruff check --fix . || true", ["sources"]],
  ["git commit -m x || true", ["files"]],
  ["git switch other || true", ["sources"]],
  ["git reset --hard || true", ["sources"]],
  ["touch new.py", ["sources"]],
];
for (const [line, touches] of TOUCHES) {
  test(`the gates hear that \`${line}\` may have written ${touches[0] ?? "nothing"}`, async (t) => {
    const { opened } = await requests(t, [create(line), wait()], ASKED);
    assert.deepEqual(opened.gates.touches, touches);
  });
}

test("a session that is closed while a command is decided runs nothing any more", async (t) => {
  const opened = await openSession(t, { turns: [[create("echo ran > ran.txt")]] });
  const prompt = opened.session.prompt("go");
  await opened.until("call");
  await opened.session.close();
  await prompt;
  await assert.rejects(readFile(join(opened.project, "ran.txt")), { code: "ENOENT" });
  assert.equal(opened.row().status, "cancelled");
});
