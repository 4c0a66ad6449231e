import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import type { Route } from "../../extension/toolchain/route.ts";
import { tempDir } from "../harness/temp.ts";
import type { Step } from "../agents/script.ts";
import { openChanged } from "./support/changed.ts";
import { openSession } from "./support/session.ts";

const run = (line: string): Step => ({ shell: { line, wait: true } });

test("what an agent runs in its own shell is held before it runs", async (t) => {
  const opened = await openChanged(t, [run("git reset --hard; echo ended $? > ../status")], {
    answer: "reject",
  });
  assert.equal(await readFile(join(opened.project, "a.txt"), "utf8"), "mine\n");
  assert.equal(await readFile(join(opened.project, "../status"), "utf8"), "ended 126\n");
  const row = opened.row();
  assert.deepEqual([row.asked, row.status, row.doorways], ["git reset --hard", "rejected", ["shim"]]);
});

const execute = (toolCallId: string, command: string): { toolCallId: string } & Record<string, unknown> => ({
  toolCallId,
  title: command,
  kind: "execute",
  rawInput: { command },
});

/** What a real agent does: it asks, runs the line in a shell of its own, and reports. */
function asked(line: string, exit = 0): Step[] {
  return [
    {
      requestPermission: {
        toolCall: execute("a", line),
        ifAllowed: [
          run(line),
          { toolUpdate: { toolCallId: "a", status: "completed", rawOutput: { exitCode: exit } } },
        ],
      },
    },
  ];
}

/** Each call with an id of its own. */
const numbered = (steps: readonly Step[]): Step[] =>
  steps.map((step, index) => JSON.parse(JSON.stringify(step).replaceAll('"a"', `"a${index}"`)) as Step);

test("one command at two doorways is one question and one row", async (t) => {
  const opened = await openChanged(t, asked("git reset --hard"), { answer: "allow-once" });
  assert.equal(opened.of("approval.opened").length, 1);
  const row = opened.row();
  assert.deepEqual([row.status, row.doorways, row.answeredBy], ["done", ["permission", "shim"], "grant"]);
  assert.equal(await readFile(join(opened.project, "a.txt"), "utf8"), "one\n");
});

test("code that a line gives to an interpreter is looked into there, too", async (t) => {
  const shims = ["python3"];
  const plain = "python3 - <<'END' > said\nprint('said')\nEND";
  const opened = await openChanged(t, asked(plain), { answer: "reject", shims });
  assert.equal(await readFile(join(opened.project, "said"), "utf8"), "said\n");
  const other = "echo 'import os; os.remove(\"a.txt\")' > code; python3 - < code";
  const held = await openChanged(t, asked(other), { answer: "reject", shims });
  assert.equal(await readFile(join(held.project, "a.txt"), "utf8"), "mine\n");
});

test("a variable of the line counts where its program asks", async (t) => {
  const rebase = "git stash -q && GIT_SEQUENCE_EDITOR=true git rebase -q -i --root";
  const opened = await openChanged(t, [run("GIT_SEQUENCE_EDITOR=true git rebase -q -i HEAD; true")]);
  assert.deepEqual(opened.of("approval.opened"), []);
  const asks = await openChanged(t, [run(rebase)], { answer: "reject" });
  assert.deepEqual(
    asks.of("approval.opened").map(({ approval }) => approval.rule),
    ["git.rebase.rewrite"],
  );
});

test("the project's own commands are looked into where their shims ask", async (t) => {
  const tool = (module: string): string =>
    `#!/code/.venv/bin/python\nimport sys\nfrom ${module} import main\nsys.exit(main())\n`;
  const line = [
    "mkdir -p .venv/bin src",
    "echo 'def main(): return 0' > src/mine.py",
    `printf '${tool("mine").replaceAll("\n", "\\n")}' > .venv/bin/mine`,
    `printf '${tool("theirs").replaceAll("\n", "\\n")}' > .venv/bin/theirs`,
    "chmod +x .venv/bin/*",
    'PATH="$PATH:$PWD/.venv/bin"; mine list; theirs list',
  ];
  const opened = await openChanged(t, [run(line.join("; "))], {
    answer: "reject",
    shims: ["mine", "theirs"],
  });
  assert.deepEqual(
    opened.of("approval.opened").map(({ approval }) => [approval.asked, approval.rule]),
    [["theirs list", "unclear.code"]],
  );
});

test("a program that is nowhere is not asked about, and missed as ever", async (t) => {
  const line = "nowhere --purge all 2> ../said; echo ended $? >> ../said";
  const opened = await openChanged(t, [run(line)], { answer: "reject", shims: ["nowhere"] });
  assert.deepEqual(opened.of("approval.opened"), []);
  assert.equal(
    await readFile(join(opened.project, "../said"), "utf8"),
    "nowhere: command not found\nended 127\n",
  );
});

test("a yes to a line is one to each of its commands, once", async (t) => {
  const opened = await openChanged(t, asked("cd . && git reset --hard && echo again"), {
    answer: "allow-once",
  });
  assert.equal(opened.of("approval.opened").length, 1);
  assert.deepEqual(
    opened.rows().map(({ asked: line, status }) => [line, status]),
    [
      ["cd . && git reset --hard && echo again", "done"],
      ["git reset --hard", "done"],
    ],
  );
});

test("a yes to a line is none to what it does not say", async (t) => {
  const line = "git reset --hard && sh -c 'git clean -f$1' x q";
  const opened = await openChanged(t, asked("git reset --hard && true"), { answer: "allow-once" });
  assert.equal(opened.of("approval.opened").length, 1);
  const other = await openChanged(
    t,
    [
      {
        requestPermission: {
          toolCall: execute("a", "git reset --hard && true"),
          ifAllowed: [{ shell: { line: "touch new.txt", wait: true } }, run(line)],
        },
      },
    ],
    { answer: "allow-once" },
  );
  assert.deepEqual(
    other.of("approval.opened").map(({ approval }) => approval.asked),
    ["git reset --hard && true", "git clean -fq"],
  );
});

test("commits that an agent made in its own shell are its own", async (t) => {
  const commit = (name: string): string =>
    `echo ${name} > ${name} && git add ${name} && git -c user.name=a -c user.email=a@example.invalid commit -q -m ${name}`;
  const steps = [commit("b"), commit("c"), "git reset -q --soft HEAD~2"].flatMap((line) => asked(line));
  const opened = await openChanged(t, numbered(steps), { answer: "reject" });
  assert.deepEqual(
    opened.of("approval.opened").map(({ approval }) => approval.asked),
    [],
  );
});

test("a spent yes asks again", async (t) => {
  const opened = await openChanged(
    t,
    [
      {
        requestPermission: {
          toolCall: execute("a", "git reset --hard"),
          ifAllowed: [run("git reset --hard; echo more > a.txt; git reset --hard")],
        },
      },
    ],
    { answer: "allow-once" },
  );
  assert.equal(opened.of("approval.opened").length, 2);
});

test("what is harmless runs unasked, and what it runs in gets it as it was", async (t) => {
  const line = [
    "printf 'a\\nb' | git hash-object --stdin > ../out",
    `git config --get-regexp '^user' "$(printf 'x\\ny')" >> ../out`,
    "echo status $? >> ../out",
    "exec 9>../nine; git status -s >&9; exec 9>&-",
    "git rev-parse --is-inside-work-tree >> ../out",
  ].join("; ");
  const opened = await openChanged(t, [run(line)]);
  assert.equal(opened.of("approval.opened").length, 0);
  assert.equal(
    await readFile(join(opened.project, "../out"), "utf8"),
    "0a207c060e61f3b88eaee0a8cd0696f46fb155eb\nstatus 1\ntrue\n",
  );
  assert.equal(await readFile(join(opened.project, "../nine"), "utf8"), " M a.txt\n");
});

test("what a rule refuses does not run, and says so in words of its own", async (t) => {
  const opened = await openChanged(t, [run("git push --force origin main 2> ../said; echo $? >> ../said")]);
  const said = await readFile(join(opened.project, "../said"), "utf8");
  assert.match(said, /^interlock: .+\ninterlock: .+\n126\n$/);
  assert.deepEqual([opened.row().status, opened.row().verdict], ["refused", "deny"]);
});

test("a routed program runs as the project means it, and the agent is told", async (t) => {
  const route = (line: string): Route | null =>
    line.startsWith("pytest")
      ? {
          kind: "same",
          rule: "test",
          from: line,
          to: line.replace("pytest", "printf '%s|' --locked"),
          reason: "",
        }
      : null;
  const opened = await openChanged(t, [run(`pytest -q 'a  b' "it's" '' > ../out 2> ../said`)], { route });
  assert.equal(await readFile(join(opened.project, "../out"), "utf8"), "--locked|-q|a  b|it's||");
  assert.equal(
    await readFile(join(opened.project, "../said"), "utf8"),
    `interlock: pytest -q 'a  b' 'it'\\''s' '' -> printf '%s|' --locked -q 'a  b' 'it'\\''s' ''\n`,
  );
  assert.equal(opened.row().status, "done");
});

test("what was routed is not routed once more by what it runs", async (t) => {
  const route = (line: string): Route | null =>
    line.startsWith("frob")
      ? { kind: "same", rule: "test", from: line, to: "sh inner.sh", reason: "" }
      : null;
  const program = "printf '#!/bin/sh\\necho real' > ../frob; chmod +x ../frob; printf 'frob -q' > inner.sh";
  const opened = await openChanged(t, [run(`${program}; PATH=$PATH:.. frob -q > ../out`)], {
    route,
    shims: ["frob"],
    answer: "allow-once",
  });
  assert.equal(await readFile(join(opened.project, "../out"), "utf8"), "real\n");
});

test("stopping the turn refuses what waits, and nothing starts after it", async (t) => {
  const project = join(await tempDir(t), "project");
  await mkdir(project);
  await writeFile(join(project, "a.txt"), "mine\n");
  const opened = await openSession(
    t,
    { turns: [[run("rm a.txt; echo $? > ../status; rm a.txt; echo $? >> ../status"), { sleep: 100 }]] },
    { shims: ["rm"], project },
  );
  const turn = opened.session.prompt("go");
  await opened.until("approval.opened");
  await opened.session.cancel();
  await turn;
  assert.equal(await readFile(join(project, "a.txt"), "utf8"), "mine\n");
  assert.ok(opened.rows().every(({ status }) => status === "cancelled"));
});

test("a program that stops waiting takes its question with it", async (t) => {
  const opened = await openChanged(t, [run("timeout 2 git reset --hard; echo $? > ../status")]);
  assert.equal(await readFile(join(opened.project, "../status"), "utf8"), "124\n");
  assert.equal(await readFile(join(opened.project, "a.txt"), "utf8"), "mine\n");
  assert.deepEqual(
    opened.of("approval.settled").map(({ settlement }) => settlement.by),
    ["gave-up"],
  );
});

test("names that are no text are asked about, and an argument of any length is told", async (t) => {
  const opened = await openChanged(
    t,
    [
      run(
        `printf a > "$(printf '../k\\377')"; rm "$(printf '../k\\377')"; git rev-parse --sq-quote $(printf %0100000d 0) | wc -c > ../out`,
      ),
    ],
    { answer: "reject" },
  );
  assert.equal(opened.of("approval.opened").length, 1);
  assert.deepEqual(
    opened.rows().map(({ verdict, asked: line }) => [verdict, line?.slice(0, 25)]),
    [
      ["ask", `rm "$(printf '../k\\377')"`],
      ["allow", "git rev-parse --sq-quote "],
    ],
  );
  assert.equal(await readFile(join(opened.project, "../out"), "utf8"), "100004\n");
});

test("two hundred at once are all answered, each with its own answer", async (t) => {
  const opened = await openChanged(t, [
    run(
      "for i in $(seq 200); do git rev-parse --sq-quote $i > ../out.$i & done; wait; cat ../out.* | sort -V > ../all",
    ),
  ]);
  const all = await readFile(join(opened.project, "../all"), "utf8");
  assert.deepEqual(
    all.split("\n").filter((line) => line !== ""),
    Array.from({ length: 200 }, (_, index) => ` '${index + 1}'`),
  );
});
