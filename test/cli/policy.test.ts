import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, test, type TestContext } from "node:test";

import { PolicySource } from "../../extension/policy/source.ts";
import { probe } from "../../extension/door/probe.ts";
import { ROOT } from "../../scripts/lib/paths.ts";
import { tempDir } from "../harness/temp.ts";

interface Answer {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A project with folders of its own for what Interlock keeps, and the command line in it. */
async function project(t: TestContext) {
  const base = await tempDir(t);
  const folder = join(base, "project");
  await mkdir(folder);
  const [state, config] = [join(base, "state"), join(base, "config")];
  const env = { ...process.env, INTERLOCK_STATE_DIR: state, INTERLOCK_CONFIG_DIR: config };
  const projectFile = join(folder, "agent-policy.json");
  return {
    folder,
    config,
    projectFile,
    interlock: async (...args: string[]): Promise<Answer> => {
      const child = spawn(process.execPath, [join(ROOT, "dist", "cli.js"), ...args], { cwd: folder, env });
      const ended = once(child, "close") as Promise<[number | null]>;
      const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
      return { code, stdout, stderr };
    },
    accept: async (): Promise<void> => {
      const userFile = join(config, "policy.json");
      const places = { userFile, projectFile, repository: folder, stateDirectory: state };
      const source = new PolicySource(places, probe);
      await source.accept(source.current().pending?.hash ?? "");
    },
  };
}

const LOOSE = `{ "version": 1, "allow": [{ "id": "x.y", "command": "frobnicate", "reason": "It only prints." }] }`;

describe("interlock policy init", () => {
  test("writes the project's policy, once", async (t) => {
    const { interlock, projectFile } = await project(t);
    assert.deepEqual(await interlock("policy", "init"), { code: 0, stdout: `${projectFile}\n`, stderr: "" });
    const written = await readFile(projectFile, "utf8");
    assert.equal(written, await readFile(new URL("../policy/init.golden.txt", import.meta.url), "utf8"));
    const again = await interlock("policy", "init");
    assert.equal(again.code, 1);
    assert.match(again.stderr, /is there already/);
    assert.equal(await readFile(projectFile, "utf8"), written);
  });

  test("says in a sentence that its folder can't be written", async (t) => {
    const { interlock, config } = await project(t);
    await writeFile(config, "");
    const { code, stderr } = await interlock("policy", "init", "--user");
    assert.equal(code, 1);
    assert.match(stderr, /^interlock: “.*policy\.json” can't be written: .*\. Make its folder writable\.$/m);
  });

  test("writes the user's own, in a folder that need not be there", async (t) => {
    const { interlock, config } = await project(t);
    assert.equal((await interlock("policy", "init", "--user")).stdout, `${join(config, "policy.json")}\n`);
    const { stdout } = await interlock("policy", "validate", "--user");
    assert.equal(stdout, "../config/policy.json: in order\n");
  });
});

describe("interlock policy validate", () => {
  test("says what is wrong by line and column, as compilers do", async (t) => {
    const { interlock, projectFile, folder } = await project(t);
    assert.deepEqual(await interlock("policy", "validate"), {
      code: 0,
      stdout: "There is no policy here.\n",
      stderr: "",
    });
    await writeFile(projectFile, '{\n  "version": 1,\n  "denny": []\n}\n');
    const { code, stdout } = await interlock("policy", "validate");
    assert.deepEqual(
      [code, stdout],
      [1, "agent-policy.json:3:3: “denny” is not known here. Did you mean “deny”?\n"],
    );
    await rename(projectFile, join(folder, "other.json"));
    assert.equal((await interlock("policy", "validate")).code, 0);
    const other = await interlock("policy", "validate", "--json", "other.json");
    assert.equal(other.code, 1);
    const { ok, files } = JSON.parse(other.stdout) as { ok: boolean; files: { problems: unknown[] }[] };
    assert.equal(ok, false);
    assert.deepEqual(files[0]?.problems, [
      {
        code: "policy.unknown",
        line: 3,
        column: 3,
        message: "“denny” is not known here. Did you mean “deny”?",
      },
    ]);
    const missing = await interlock("policy", "validate", "missing.json");
    assert.equal(missing.code, 1);
    assert.match(
      missing.stderr,
      /^interlock: There is no file “.*missing\.json”\. Name a policy file, or none\.$/m,
    );
  });
});

describe("interlock policy show", () => {
  test("of a fresh template it says that nothing is changed, and else what is, in words", async (t) => {
    const { interlock, projectFile } = await project(t);
    await interlock("policy", "init");
    const shown = (await interlock("policy", "show")).stdout;
    assert.equal(
      shown.slice(shown.indexOf("The project's")).replace(projectFile, "FILE"),
      `The project's: in force, since it only tightens
  FILE
  It changes nothing.
`,
    );
    await writeFile(
      projectFile,
      JSON.stringify({
        version: 1,
        branches: { write: [], protected: ["develop"] },
        files: { writable: ["src", "test"], protected: [], secret: ["keys/"] },
        network: { read: "deny", hosts: ["api.example.com"] },
        environments: { production: ["*.prod.example.com"], staging: [] },
        sessions: { where: "worktree" },
        spend: { perRun: 5, perDay: 20.5 },
        deny: [{ id: "x.n", command: "deploy", reason: "Not here.", remedy: "Ask." }],
      }),
    );
    const full = (await interlock("policy", "show")).stdout;
    assert.equal(
      full.slice(full.indexOf("  branches"), full.indexOf("\n\nNot in force")),
      `  branches that agents write to: none
  more protected branches: develop
  folders that agents write in: src, test
  asked before they are read or sent: keys/
  reading from machines that aren't listed: refused
  machines that data may be sent to: api.example.com
  hosts of production, asked about: *.prod.example.com
  sessions work in a worktree of their own
  prompts are held from $5.00 a session on
  prompts are held from $20.50 a day on
  never: “deploy” · Not here. (x.n)`,
    );
  });

  test("says which layers there are, and what is not in force", async (t) => {
    const { interlock, projectFile, folder, accept } = await project(t);
    await writeFile(projectFile, LOOSE);
    const before = (await interlock("policy", "show")).stdout;
    assert.equal(
      before.replaceAll(folder, "~").replace(/^ {2}.*policy\.json$/m, "  (own)"),
      `Built-in rules: in force

Your own: none
  (own)

The project's: in force but for 1 thing that it loosens
  ~/agent-policy.json
  allows: “frobnicate” · It only prints. (x.y)

Not in force until a person applies it, by “Interlock: Apply the Policy…”:
  x.y: Allows “frobnicate”: It only prints.
`,
    );
    await accept();
    const after = (await interlock("policy", "show")).stdout;
    assert.match(
      after,
      /^The project's: in force\n {2}\S+\n {2}allows: “frobnicate” · It only prints\. \(x\.y\)$/m,
    );
    assert.doesNotMatch(after, /Not in force/);
    const { pending } = JSON.parse((await interlock("policy", "show", "--json")).stdout) as {
      pending: unknown;
    };
    assert.equal(pending, null);
  });
});

describe("interlock check", () => {
  test("answers by the policies, as an editor would", async (t) => {
    const { interlock, projectFile, accept } = await project(t);
    const check = async (line: string): Promise<unknown[]> => {
      const { code, stdout } = await interlock("check", "--json", "--", line);
      const { verdict, rule } = JSON.parse(stdout) as { verdict: string; rule: string };
      return [code, verdict, rule];
    };
    await writeFile(projectFile, LOOSE);
    assert.deepEqual(await check("frobnicate"), [10, "ask", "unclear.program"]);
    await accept();
    assert.deepEqual(await check("frobnicate"), [0, "allow", "x.y"]);
    await writeFile(projectFile, "{");
    assert.deepEqual(await check("ls"), [10, "ask", "policy.unreadable"]);
  });

  test("--explain prints every step, and who decided", async (t) => {
    const { interlock, projectFile, folder } = await project(t);
    const rule = { id: "x.deny", command: "frobnicate", reason: "It is broken.", remedy: "Use another." };
    await writeFile(projectFile, JSON.stringify({ version: 1, deny: [rule] }));
    const { code, stdout } = await interlock("check", "--explain", "--", "nice frobnicate | cat");
    assert.equal(code, 11);
    assert.equal(
      stdout.replaceAll(folder, "~"),
      `Read as
  nice frobnicate  · ~
  cat  · ~

Route
  as it was asked

Effects
  unclear  frobnicate
    built-in       ask   unclear.program  What this program does is not known.
    not accepted   deny  x.deny  It is broken.
  read  cat
    built-in       allow read  Only reads.

Verdict
  deny  x.deny  It is broken.
    because of: frobnicate
    instead: Use another.
`,
    );
    const plain = await interlock(
      "check",
      "--explain",
      "--",
      "rm none.txt; rm none.txt; echo 'a b' '\u001b[31m'",
    );
    assert.equal(
      plain.stdout.replaceAll(folder, "~"),
      `Read as
  rm none.txt  · ~
  echo 'a b' '\\x1b[31m'  · ~

Route
  as it was asked

Looked up
  files in ~: 0 files

Effects
  delete  rm none.txt
    built-in       allow fs.delete  Nothing would be lost.
  read  echo a b \\x1b[31m
    built-in       allow read  Only reads.

Verdict
  allow  fs.delete  Nothing would be lost.
`,
    );
    const json = await interlock("check", "--explain", "--json", "--", "git commit -m x");
    const { steps, verdict } = JSON.parse(json.stdout) as { verdict: string; steps: { facts: object[] } };
    assert.equal(verdict, "ask");
    assert.equal(steps.facts.length, 1);
  });
});

test("what can't be meant is a wrong call", async (t) => {
  const { interlock } = await project(t);
  for (const args of [
    ["policy"],
    ["policy", "accept"],
    ["policy", "init", "x"],
    ["policy", "show", "--stdin"],
    ["check", "--stdin", "--explain"],
    ["doctor", "--user"],
  ])
    assert.equal((await interlock(...args)).code, 2, args.join(" "));
});
