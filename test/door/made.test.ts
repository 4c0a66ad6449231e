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

/** What a person was asked about, while these steps ran in a repository. `committed`: files without changes. */
async function asked(
  t: TestContext,
  steps: Step[],
  files: readonly string[] = [],
  committed: Readonly<Record<string, string>> = {},
): Promise<string[]> {
  const { opened } = await requests(t, steps, {
    answer: "reject",
    prepare: async ({ project }) => {
      git(project, "init", "-q");
      for (const [name, text] of Object.entries(committed)) await writeFile(join(project, name), text);
      git(project, "add", ".");
      git(project, "-c", "user.name=P", "-c", "user.email=p@example.invalid", "commit", "-q", "-m", "all");
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

test("files with names that it puts together are its own, and none that were there", async (t) => {
  const split = `awk '{print > "part" NR ".txt"}' l.txt`;
  const committed = { "l.txt": "1\n2\n" };
  assert.deepEqual(await asked(t, commands(split, "rm part*.txt"), [], committed), []);
  assert.deepEqual(await asked(t, commands("true", "rm part*.txt"), ["part9.txt"], committed), [
    "rm part*.txt",
  ]);
  assert.deepEqual(await asked(t, commands(split), ["part9.txt"], committed), [split]);
});

test("its own changes of what held none may be thrown away", async (t) => {
  const committed = { "c.txt": "committed\n", "d.txt": "committed\n" };
  for (const [change, undo] of [
    ["echo more >> c.txt", "git checkout -- c.txt"],
    ["sed -i s/committed/changed/ c.txt", "git restore c.txt"],
    ["git mv c.txt e.txt", "sed -i s/committed/changed/ e.txt"],
    ["cp d.txt c.txt", "cp d.txt c.txt"],
    ["sed s/m/n/ c.txt > n.txt && mv n.txt c.txt", "git checkout c.txt"],
  ] as const)
    assert.deepEqual(await asked(t, commands(change, undo), [], committed), [], change);
  const twice = [write("c.txt"), write("c.txt"), ...commands("git checkout -- c.txt")];
  assert.deepEqual(await asked(t, twice, [], committed), []);
});

test("where the person had changed it before, its changes are not all its own", async (t) => {
  const committed = { "mine.txt": "committed\n" };
  const lines = ["echo more >> mine.txt", "git checkout -- mine.txt"];
  assert.deepEqual(await asked(t, commands(...lines), ["mine.txt"], committed), [lines[1]]);
});

test("what a program of the project made where its words say so is the session's, a folder with its files", async (t) => {
  const script = `import pathlib, sys
for name in sys.argv[1:]:
    path = pathlib.Path(name.removeprefix("--out="))
    path.mkdir() if path.suffix == "" else path.write_text("x")
    if path.suffix == "": (path / "inside").write_text("x")
`;
  const makes = "python3 gen.py data.csv --out=built mine.txt";
  const lines = [makes, "python3 gen.py data.csv", "rm data.csv", "rm -r built", "rm mine.txt"];
  assert.deepEqual(await asked(t, commands(...lines), ["mine.txt"], { "gen.py": script }), [lines[4]]);
  const formats = { "fmt.py": "import sys\nopen(sys.argv[1] + '/a.txt', 'a').write('formatted')\n" };
  const own = commands("mkdir d && echo x > d/a.txt", "python3 fmt.py d", "rm d/a.txt");
  assert.deepEqual(await asked(t, own, [], formats), []);
});

test("what the agent made by itself after it was allowed is its own, too", async (t) => {
  const edit = { toolCallId: "a", title: "Write", kind: "edit", locations: [{ path: "${cwd}/new.txt" }] };
  const diff = { type: "diff", path: "${cwd}/new.txt", oldText: null, newText: "made\n" };
  const permitted: Step[] = [
    {
      requestPermission: {
        toolCall: { ...edit, content: [diff] },
        ifAllowed: [
          { change: { path: "${cwd}/new.txt", oldText: null, newText: "made\n" } },
          { toolUpdate: { toolCallId: "a", status: "completed" } },
        ],
      },
    },
  ];
  assert.deepEqual(await asked(t, [...permitted, ...commands("rm new.txt")]), []);
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
    "mkdir d && git add mine.txt && git mv mine.txt d/",
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

test("a process that it started it may end, and no other", async (t) => {
  const own = ["sleep 60 > /dev/null 2>&1 & echo $! > own.pid", "kill $(cat own.pid)"];
  const others = [
    `echo ${process.ppid} > other.pid`,
    "kill -0 1; kill $(cat other.pid)",
    `kill ${process.ppid}`,
  ];
  assert.deepEqual(await asked(t, commands(...own, ...others)), others.slice(1));
});

test("a session may rewrite and leave its own commits", async (t) => {
  const commit = (name: string): string =>
    `echo ${name} > ${name} && git add ${name} && git -c user.name=A -c user.email=a@example.invalid commit -q -m ${name}`;
  const drop =
    "GIT_SEQUENCE_EDITOR='sed -i 1d' git -c user.name=A -c user.email=a@example.invalid rebase -q -i";
  const branch = "git switch -q -c feature/agent/own";
  const own = [
    branch,
    commit("one"),
    commit("two"),
    `${drop} HEAD~2`,
    "git reset -q --soft HEAD~1",
    "git commit -q -m x",
  ];
  assert.deepEqual(await asked(t, commands(...own)), []);
});
