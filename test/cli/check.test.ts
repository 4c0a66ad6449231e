import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test, type TestContext } from "node:test";

import { ROOT } from "../../scripts/lib/paths.ts";
import { makeRepository, personGit } from "../git/support.ts";
import { tempDir } from "../harness/temp.ts";

const CLI = join(ROOT, "dist", "cli.js");

interface Answer {
  readonly id?: unknown;
  readonly verdict: string;
  readonly rule: string;
  readonly reason: string;
  readonly effects: readonly string[];
  readonly route: unknown;
  readonly losses?: unknown;
}

function interlock(cwd: string, args: readonly string[], input: string | Buffer = "") {
  const env = { ...process.env, INTERLOCK_STATE_DIR: join(cwd, "..", "state") };
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, "check", ...args], {
    cwd,
    env,
    input,
  });
  return { status, stdout: stdout.toString(), stderr: stderr.toString() };
}

async function repository(t: TestContext): Promise<string> {
  const folder = join(await tempDir(t), "project");
  mkdirSync(folder);
  makeRepository(folder);
  return folder;
}

async function answers(t: TestContext, input: string | Buffer, cwd?: string): Promise<Answer[]> {
  const { status, stdout, stderr } = interlock(cwd ?? (await repository(t)), ["--stdin"], input);
  assert.deepEqual([status, stderr], [0, ""]);
  return stdout
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Answer);
}

const lines = (...questions: unknown[]): string =>
  questions.map((each) => `${JSON.stringify(each)}\n`).join("");

describe("one command", () => {
  test("ends with 0 for allow, 10 for ask and 11 for deny", async (t) => {
    const cwd = await repository(t);
    const rows: readonly (readonly [string, number])[] = [
      ["git status", 0],
      ["git reset --hard", 10],
      ["rm -rf agent-audit", 11],
    ];
    assert.deepEqual(
      rows.map(([line]) => [line, interlock(cwd, ["--", line]).status]),
      rows,
    );
  });

  test("tells a person what would be lost, and why", async (t) => {
    const { stdout } = interlock(await repository(t), ["--", "git reset --hard"]);
    assert.match(stdout, /^ask {2}git\.reset\.discard {2}\S/);
    assert.match(stdout, /modified {2}a\.txt {2}\+1 −1/);
  });

  test("tells which commits and stash entries would be lost, to a person and to a program", async (t) => {
    const cwd = await repository(t);
    personGit(cwd, "stash", "-q", "-m", "half of it");
    personGit(cwd, "commit", "-q", "--allow-empty", "-m", "Ring the bell \u0007");
    const hash = (revision: string): string => personGit(cwd, "rev-parse", revision).trim();
    const [commit, stash] = [hash("HEAD"), hash("stash@{0}")];
    const line = "git reset --hard HEAD~1; git stash drop";
    const { stdout } = interlock(cwd, ["--", line]);
    assert.ok(stdout.includes(`    commit  ${commit.slice(0, 7)}  Ring the bell \\x07\n`), stdout);
    assert.ok(stdout.includes(`    stash  ${stash.slice(0, 7)}  On feature/agent/x: half of it\n`), stdout);
    const told = JSON.parse(interlock(cwd, ["--json", "--", line]).stdout) as Answer;
    assert.deepEqual(told.losses, {
      files: [],
      fileCount: 0,
      commits: 1,
      stashes: 1,
      revisions: [
        { kind: "commit", id: commit, subject: "Ring the bell \u0007" },
        { kind: "stash", id: stash, subject: "On feature/agent/x: half of it" },
      ],
      complete: true,
    });
  });

  test("shows a control character in a file's name as an escape", async (t) => {
    const cwd = await repository(t);
    writeFileSync(join(cwd, "x\u001b[2J\u202e.txt"), "");
    const { stdout } = interlock(cwd, ["--", "git clean -f"]);
    assert.match(stdout, /x\\x1b\[2J\\u202e\.txt/);
  });

  test("ends with the verdict and without a word where nobody reads", async (t) => {
    const cwd = await repository(t);
    const env = { ...process.env, INTERLOCK_STATE_DIR: join(cwd, "..", "state") };
    for (const [more, line, status] of [
      ["--json", "git reset --hard", 10],
      ["--mode=careful", "git status", 0],
    ] as const) {
      const child = spawn(process.execPath, [CLI, "check", more, "--", line], { cwd, env });
      child.stdout.destroy();
      let stderr = "";
      child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
      const [code] = (await once(child, "close")) as [number];
      assert.deepEqual([code, stderr], [status, ""]);
    }
  });

  test("tells a program the same as one line of JSON, without an id", async (t) => {
    const { stdout, status } = interlock(await repository(t), ["--json", "--", "git reset --hard"]);
    const { reason, ...rest } = JSON.parse(stdout) as Answer;
    assert.notEqual(reason, "");
    assert.deepEqual(rest, {
      verdict: "ask",
      rule: "git.reset.discard",
      effects: ["git.discard"],
      route: null,
      losses: {
        files: [{ path: "a.txt", state: "modified", added: 1, removed: 1 }],
        fileCount: 1,
        commits: 0,
        stashes: 0,
        complete: true,
      },
      instead: "Keep them with `git stash push` first, or reset single files.",
      lock: null,
    });
    assert.deepEqual([status, stdout.split("\n").length], [10, 2]);
  });

  test("one word is a line of shell, several are a program with its arguments", async (t) => {
    const cwd = await repository(t);
    assert.equal(interlock(cwd, ["--", "echo hi; git reset --hard"]).status, 10);
    assert.equal(interlock(cwd, ["--", "git", "reset", "--hard"]).status, 10);
    assert.equal(interlock(cwd, ["--", "echo", "; git reset --hard"]).status, 0);
  });

  test("is judged in the folder that --cwd names", async (t) => {
    const cwd = await repository(t);
    const clean = await tempDir(t);
    assert.equal(interlock(cwd, ["--", "rm a.txt"]).status, 10);
    assert.equal(interlock(cwd, ["--cwd", clean, "--", "rm a.txt"]).status, 0);
    const { status, stderr } = interlock(cwd, ["--cwd", "nowhere", "--", "ls"]);
    assert.equal(status, 1);
    assert.match(stderr, /nowhere/);
  });

  test("words that are off end with 2", async (t) => {
    const cwd = await tempDir(t);
    for (const words of [
      [],
      ["ls"],
      ["--"],
      ["--stdin", "--", "ls"],
      ["--frobnicate", "--", "ls"],
      ["--mode", "x", "--", "ls"],
    ])
      assert.equal(interlock(cwd, words).status, 2, words.join(" "));
  });

  test("nothing is written to the folder that is asked about", async (t) => {
    const cwd = await tempDir(t);
    interlock(cwd, ["--", "rm -rf *"]);
    assert.equal(interlock(cwd, ["--", "ls"]).status, 0);
    const { stdout } = spawnSync("ls", ["-A", cwd], { encoding: "utf8" });
    assert.equal(stdout, "");
  });
});

describe("lines of questions", () => {
  test("are answered in their order, however long each takes", async (t) => {
    const slow = (n: number): boolean => n % 3 === 0;
    const questions = Array.from({ length: 60 }, (_, id) => ({
      id,
      command: slow(id) ? "git reset --hard" : "ls",
    }));
    const got = await answers(t, lines(...questions));
    assert.deepEqual(
      got.map(({ id, verdict }) => [id, verdict]),
      questions.map(({ id }) => [id, slow(id) ? "ask" : "allow"]),
    );
  });

  test("hand back an id of any JSON type as it came", async (t) => {
    const ids = [1, "two", null, true, 1.5, { a: [1] }, [], ""];
    const got = await answers(t, lines(...ids.map((id) => ({ id, command: "ls" })), { command: "ls" }));
    assert.deepEqual(
      got.map(({ id, verdict }) => [id, verdict]),
      [...ids, null].map((id) => [id, "allow"]),
    );
  });

  test("that can't be read are asked about, each on its line and by its id", async (t) => {
    const bad = [
      "nonsense",
      "{",
      "null",
      "[]",
      "3",
      '{"id":7}',
      '{"id":8,"command":5}',
      '{"id":9,"command":"ls","cwd":1}',
    ];
    const got = await answers(t, `${bad.join("\n")}\n${lines({ id: 10, command: "ls" })}`);
    assert.deepEqual(
      got.map(({ id, verdict, rule }) => [id, verdict, rule]),
      [
        ...[null, null, null, null, null, 7, 8, 9].map((id) => [id, "ask", "unclear.input"]),
        [10, "allow", "read"],
      ],
    );
  });

  test("empty lines are no questions, an empty command does nothing", async (t) => {
    const got = await answers(t, `\n\n  \n${lines({ id: 1, command: "" }, { id: 2, command: " \n" })}\n`);
    assert.deepEqual(
      got.map(({ id, verdict }) => [id, verdict]),
      [
        [1, "allow"],
        [2, "allow"],
      ],
    );
  });

  test("may end in CRLF, without a last newline, and begin with a mark of byte order", async (t) => {
    const got = await answers(
      t,
      `\uFEFF${JSON.stringify({ id: 1, command: "ls" })}\r\n${JSON.stringify({ id: 2, command: "git reset --hard" })}`,
    );
    assert.deepEqual(
      got.map(({ id, verdict }) => [id, verdict]),
      [
        [1, "allow"],
        [2, "ask"],
      ],
    );
  });

  test("hold any character: only a newline ends them", async (t) => {
    const got = await answers(
      t,
      lines({ id: "\u2028", command: "echo \u2028\u2029\u0085ü" }, { id: 2, command: "ls" }),
    );
    assert.deepEqual(
      got.map(({ id }) => id),
      ["\u2028", 2],
    );
  });

  test("too long a command is not clear, too long a line is not read, and the next one is", async (t) => {
    const command = `echo ${"x".repeat(200_000)}`;
    const got = await answers(
      t,
      lines({ id: 1, command }, { id: 2, command: command.repeat(10) }, { id: 3, command: "ls" }),
    );
    assert.deepEqual(
      got.map(({ id, rule }) => [id, rule]),
      [
        [1, "unclear.syntax"],
        [null, "unclear.input"],
        [3, "read"],
      ],
    );
  });

  test("are judged in their own folder, which may be relative, a link, or no repository", async (t) => {
    const cwd = await repository(t);
    mkdirSync(join(cwd, "sub"));
    symlinkSync(cwd, join(cwd, "..", "link"));
    const elsewhere = await tempDir(t);
    const command = "git reset --hard";
    const folders = [undefined, "sub", "../link", elsewhere, "nowhere", "a.txt", ""];
    const got = await answers(
      t,
      lines(...folders.map((folder) => ({ id: folder, command, cwd: folder }))),
      cwd,
    );
    assert.deepEqual(
      got.map(({ id, verdict, rule }) => [id, verdict, rule]),
      [
        [null, "ask", "git.reset.discard"],
        ["sub", "ask", "git.reset.discard"],
        ["../link", "ask", "git.reset.discard"],
        [elsewhere, "allow", "git.reset.discard"],
        ["nowhere", "ask", "unclear.input"],
        ["a.txt", "ask", "unclear.input"],
        ["", "ask", "git.reset.discard"],
      ],
    );
  });

  test("end without a word when nobody reads the answers any more", async (t) => {
    const cwd = await repository(t);
    const questions = join(cwd, "..", "questions");
    writeFileSync(questions, lines(...Array.from({ length: 3_000 }, (_, id) => ({ id, command: "ls" }))));
    const line = '("$1" "$2" check --stdin < "$3"; echo "$?" >&2) | head -n 1';
    const argv = ["-c", line, "sh", process.execPath, CLI, questions];
    const { stdout, stderr } = spawnSync("sh", argv, { cwd, encoding: "utf8" });
    assert.equal((JSON.parse(stdout) as Answer).id, 0);
    assert.equal(stderr, "1\n");
  });

  test("no line at all is no error", async (t) => {
    assert.deepEqual(await answers(t, ""), []);
  });
});
