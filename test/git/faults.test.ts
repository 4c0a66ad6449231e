import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { consider } from "../../extension/door/considered.ts";
import type { Git } from "../../extension/git/run.ts";
import type { Judgement } from "../../extension/guard/judge.ts";
import { findProgram } from "../../scripts/lib/programs.ts";
import { eventually, isAlive } from "../harness/processes.ts";
import { tempDir } from "../harness/temp.ts";
import { makeRepository, personGit, testGit, write } from "./support.ts";

async function judged(git: Git, folder: string, line: string): Promise<Judgement> {
  const { judgement } = await consider(
    { kind: "command", line, argv: null, cwd: folder, env: {} },
    {
      git,
      mode: "careful",
      route: () => null,
      around: { roots: [folder], home: undefined, temporary: [] },
      signal: new AbortController().signal,
      shell: "/bin/bash",
    },
  );
  return judgement;
}

/** Lines whose verdict hangs on the state of the repository; in a clean one each would pass. */
const BY_STATE = [
  "git reset --hard",
  "git checkout -- a.txt",
  "git clean -fd",
  "git branch -D other",
  "git stash drop",
  "rm a.txt",
];
const READING = ["git status", "cat a.txt", "ls", "grep -rn x ."];

/** A folder with a program named git. */
async function gitThat(t: Parameters<typeof tempDir>[0], script: string): Promise<NodeJS.ProcessEnv> {
  const folder = await tempDir(t);
  write(folder, { git: `#!/bin/sh\n${script}\n` });
  return { ...process.env, PATH: `${folder}:${process.env["PATH"] ?? ""}` };
}

async function cleanRepository(t: Parameters<typeof tempDir>[0]): Promise<string> {
  const folder = await tempDir(t);
  makeRepository(folder);
  personGit(folder, "add", ".");
  personGit(folder, "commit", "-q", "-m", "All of it");
  personGit(folder, "branch", "other");
  return folder;
}

async function asksAndReads(git: Git, folder: string): Promise<void> {
  for (const line of BY_STATE) {
    const { verdict, loss } = await judged(git, folder, line);
    assert.equal(verdict, "ask", line);
    assert.equal(loss, null, line);
  }
  for (const line of READING) assert.equal((await judged(git, folder, line)).verdict, "allow", line);
}

describe("where git can't say, what hangs on it asks, and reading goes on", () => {
  test("in a healthy repository each of the lines passes", async (t) => {
    const folder = await cleanRepository(t);
    const git = testGit(process.env);
    for (const line of [...BY_STATE, ...READING]) {
      assert.equal((await judged(git, folder, line)).verdict, "allow", line);
    }
  });

  test("git is missing", async (t) => {
    const folder = await cleanRepository(t);
    await asksAndReads(testGit({ ...process.env, PATH: await tempDir(t) }), folder);
  });

  test("git ends badly", async (t) => {
    await asksAndReads(testGit(await gitThat(t, "exit 70")), await cleanRepository(t));
  });

  test("git is killed", async (t) => {
    await asksAndReads(testGit(await gitThat(t, "kill -9 $$")), await cleanRepository(t));
  });

  test("git is too slow: no question waits for it, and it is ended", async (t) => {
    const folder = await cleanRepository(t);
    const started = join(await tempDir(t), "started");
    const git = testGit(await gitThat(t, `echo $$ >> '${started}'; exec sleep 86400`));
    const { verdict, loss } = await judged(
      git,
      folder,
      "git reset --hard other; git clean -fd; rm a.txt; git stash clear",
    );
    assert.equal(verdict, "ask");
    assert.equal(loss, null);
    const pids = readFileSync(started, "utf8").trim().split("\n").map(Number);
    for (const pid of pids) await eventually(`git ${pid} is ended`, async () => !(await isAlive(pid)));
  });

  test("git was slow once, and is asked anew", async (t) => {
    const folder = await cleanRepository(t);
    const real = findProgram("git") ?? "git";
    const mark = join(await tempDir(t), "mark");
    const git = testGit(await gitThat(t, `[ -e '${mark}' ] && exec ${real} "$@"; exec sleep 30`));
    assert.equal((await judged(git, folder, "git reset --hard")).verdict, "ask");
    writeFileSync(mark, "");
    await eventually("git is asked again", async () => {
      return (await judged(git, folder, "git reset --hard")).verdict === "allow";
    });
  });

  test("the repository is corrupted", async (t) => {
    const folder = await cleanRepository(t);
    writeFileSync(join(folder, ".git", "index"), "rubbish");
    const git = testGit(process.env);
    for (const line of ["git reset --hard", "git checkout -- a.txt", "git clean -fd", "rm a.txt"]) {
      assert.equal((await judged(git, folder, line)).verdict, "ask", line);
    }
    const broken = await cleanRepository(t);
    writeFileSync(join(broken, ".git", "HEAD"), "rubbish");
    await asksAndReads(git, broken);
  });

  test("opened on the root of the disk or on a home folder, it is bounded", async () => {
    for (const [folder, line] of [
      ["/", "rm -rf *"],
      ["/", "find . -delete"],
      [homedir(), "find . -delete"],
    ] as const) {
      const started = performance.now();
      assert.notEqual(
        (await judged(testGit(process.env), folder, line)).verdict,
        "allow",
        `${line} in ${folder}`,
      );
      // Many times the bound, on a busy machine: what counts is that a disk is not walked.
      assert.ok(performance.now() - started < 15_000, `${line} in ${folder}`);
      assert.equal((await judged(testGit(process.env), folder, "ls")).verdict, "allow");
    }
  });

  test("in a tree where a status takes over a second, it is unknown, and asks", async (t) => {
    const folder = await cleanRepository(t);
    const real = findProgram("git") ?? "git";
    const script = `case " $* " in *" status "*|*" ls-files "*) exec sleep 1.2;; esac; exec ${real} "$@"`;
    const git = testGit(await gitThat(t, script));
    for (const line of ["git reset --hard", "git checkout -- a.txt", "rm a.txt"]) {
      const { verdict, loss } = await judged(git, folder, line);
      assert.deepEqual([verdict, loss], ["ask", null], line);
    }
  });

  test("an index that is locked is read all the same", async (t) => {
    const folder = await cleanRepository(t);
    writeFileSync(join(folder, ".git", "index.lock"), "");
    write(folder, { "a.txt": "mine\n" });
    const git = testGit(process.env);
    assert.equal((await judged(git, folder, "git checkout -- b.txt")).verdict, "allow");
    assert.equal((await judged(git, folder, "git reset --hard")).loss?.fileCount, 1);
  });
});

describe("settings that hide changes from a person don't hide them here", () => {
  test("untracked files, renames and submodules", async (t) => {
    const folder = await cleanRepository(t);
    const library = await cleanRepository(t);
    personGit(folder, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", library, "lib");
    personGit(folder, "commit", "-q", "-m", "Submodule");
    write(folder, { "untracked.txt": "mine\n" });
    write(join(folder, "lib"), { "a.txt": "mine\n" });
    for (const setting of [
      ["status.showUntrackedFiles", "no"],
      ["diff.ignoreSubmodules", "all"],
      ["submodule.lib.ignore", "all"],
      ["status.relativePaths", "false"],
      ["status.branch", "true"],
      ["core.quotePath", "true"],
      ["diff.noprefix", "true"],
      ["core.untrackedCache", "true"],
    ]) {
      personGit(folder, "config", ...setting);
    }
    const git = testGit(process.env);
    assert.equal((await judged(git, folder, "git clean -f")).verdict, "ask");
    assert.equal((await judged(git, folder, "rm untracked.txt")).loss?.fileCount, 1);
    assert.equal((await judged(git, folder, "rm -rf lib")).verdict, "ask");
  });
});

test("looking changes nothing in the repository", async (t) => {
  const folder = await cleanRepository(t);
  write(folder, { "a.txt": "mine\n" });
  const before = personGit(folder, "rev-parse", "HEAD") + hashOf(folder);
  const git = testGit(process.env);
  for (const line of BY_STATE) await judged(git, folder, line);
  assert.equal(personGit(folder, "rev-parse", "HEAD") + hashOf(folder), before);
});

/** The index byte by byte: a refresh would write it anew. */
function hashOf(folder: string): string {
  return personGit(folder, "hash-object", join(folder, ".git", "index"));
}

test("a folder that is gone is read about, and nothing else", async (t) => {
  const gone = join(await tempDir(t), "gone");
  const git = testGit(process.env);
  assert.equal((await judged(git, gone, "git status && ls")).verdict, "allow");
});
