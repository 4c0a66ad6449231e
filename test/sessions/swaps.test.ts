import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";

import type { Approval, Choice } from "../../extension/approvals/approval.ts";
import { MAX_PENDING } from "../../extension/approvals/store.ts";
import type { Step } from "../agents/script.ts";
import { inProject } from "../../extension/toolchain/swapConsents.ts";
import { tempDir } from "../harness/temp.ts";
import { commitSome } from "../restore/points/support.ts";
import { benchFor, benchWith, folderWith, put, skip } from "../toolchain/support.ts";
import { openSession, type Options, type TestSession } from "./support/session.ts";

const NEEDS = ["uv", "ruff", "bun", "python"] as const;
const bench = await benchFor(...NEEDS);

const BAD = "import sys\nimport os\n\nprint( os )\n";
const FILES = {
  "pyproject.toml": '[project]\nname = "demo"\nversion = "0.1.0"\nrequires-python = ">=3.10"\n',
  "uv.lock":
    'version = 1\nrevision = 3\nrequires-python = ">=3.10"\n\n[[package]]\nname = "demo"\nversion = "0.1.0"\nsource = { virtual = "." }\n',
  "bad.py": BAD,
};
const terminal = (command: string): Step => ({ terminal: { command } });

/** Everything in a folder by its name, but for what belongs to git and to Interlock. */
function contents(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
  const paths = files.map(({ parentPath, name }) => join(parentPath, name));
  const own = paths.filter((path) => !/\/(?:\.git|agent-audit)\//.test(path));
  return Object.fromEntries(own.map((path) => [path.slice(folder.length + 1), readFileSync(path, "utf8")]));
}

/** A session in a project that has neither flake8 nor black, before its first prompt. */
async function project(
  t: TestContext,
  turns: Step[][],
  options: Partial<Options> = {},
): Promise<TestSession> {
  if (bench === undefined) throw new Error("nothing to run");
  const folder = options.project ?? join(await tempDir(t), "project");
  if (!existsSync(folder)) put(folder, FILES);
  const { toolchain, processes } = bench;
  const parts = { project: folder, toolchain, processes, swap: "ask" as const };
  return openSession(t, { turns }, { ...parts, ...options });
}

/** Asks, and gives the card that opened. */
async function card(opened: TestSession) {
  const { approval } = await opened.until("approval.opened", ({ approval: { kind } }) => kind === "swap");
  return approval;
}

function answer(opened: TestSession, id: string, choice: Choice): void {
  assert.ok(opened.approvals.settle(id, choice, "person"));
}

test("the card shows what both programs find, and looking changes nothing", async (t) => {
  if (bench === undefined) return void (await skip(t, ...NEEDS));
  const opened = await project(t, [[terminal("flake8 bad.py")]]);
  const before = contents(opened.project);
  const done = opened.session.prompt("go");
  const asked = await card(opened);
  assert.equal(asked.reason, "flake8 isn't part of this project; ruff would answer.");
  assert.deepEqual(
    [asked.asked, asked.run, asked.cwd],
    ["flake8 bad.py", "ruff check bad.py", opened.project],
  );
  assert.deepEqual(asked.choices, ["use-swap", "as-asked", "never-swap", "reject"]);
  const [flake8, ruff] = asked.swap?.findings ?? [];
  assert.equal(flake8?.missing, undefined);
  assert.match(flake8?.lines.join("\n") ?? "", /^\.?\/?bad\.py:1:1: F401/m);
  assert.match(ruff?.lines.join("\n") ?? "", /^bad\.py:1:8: F401/m);
  assert.ok((flake8?.count ?? 0) >= 3 && (ruff?.count ?? 0) >= 1, JSON.stringify([flake8, ruff]));
  assert.deepEqual(contents(opened.project), before);
  assert.equal(opened.row().status, "held");
  answer(opened, asked.id, "use-swap");
  await done;
  assert.equal(opened.row().route?.rule, "swap.flake8");
  assert.match(JSON.stringify(opened.answers()), /interlock: flake8 bad\.py -> ruff check bad\.py/);
  assert.match(opened.output(), /F401/);
});

test("accepted once, it holds for the project in other sessions, until it is taken back", async (t) => {
  if (bench === undefined) return void (await skip(t, ...NEEDS));
  const base = await tempDir(t);
  const folder = join(base, "project");
  const first = await project(t, [[terminal("flake8 bad.py")]], { base, project: folder });
  const done = first.session.prompt("go");
  answer(first, (await card(first)).id, "use-swap");
  await done;
  const records = await first.records();
  assert.ok(records.some(({ rule, answeredBy }) => rule === "swap.accepted" && answeredBy === "person"));

  const second = await project(t, [[terminal("flake8 bad.py")]], { base, project: folder });
  await second.session.prompt("go");
  assert.deepEqual(second.of("approval.opened"), []);
  assert.equal(second.row().route?.rule, "swap.flake8");

  await second.swaps.revoke(folder, "swap.flake8");
  const third = await project(t, [[terminal("flake8 bad.py")]], { base, project: folder });
  const again = third.session.prompt("go");
  answer(third, (await card(third)).id, "reject");
  await again;
  assert.equal(third.row().status, "rejected");
});

test("what was said of a project holds in its worktrees, folder by folder", () => {
  const swap = { root: "/state/worktrees/shop/fix/web", rule: "swap.eslint" };
  const place = { project: "/home/me/shop", trees: ["/state/worktrees/shop/fix"] };
  assert.equal(inProject(swap, place).root, "/home/me/shop/web");
  assert.equal(inProject({ ...swap, root: "/elsewhere" }, place).root, "/elsewhere");
});

test("a program of a bun project is fetched to compare without a trace in the project", async (t) => {
  if (bench === undefined) return void (await skip(t, ...NEEDS));
  const folder = join(await tempDir(t), "project");
  put(folder, {
    "package.json": '{ "name": "demo", "packageManager": "bun@1.4.5" }\n',
    "messy.js": "const a  = 1\n",
    // What the project says of fetching and starting programs is not followed before anyone said yes.
    ".npmrc": "registry=http://127.0.0.1:9/\n",
    ".env": "NODE_OPTIONS=--require=./ran.cjs\n",
    "ran.cjs": 'require("node:fs").writeFileSync(__dirname + "/ran", "");\n',
  });
  const line = "npx prettier --check messy.js";
  const opened = await project(t, [[terminal(line)]], { project: folder });
  const before = contents(folder);
  const done = opened.session.prompt("go");
  const asked = await card(opened);
  const [prettier, bun] = asked.swap?.findings ?? [];
  assert.match(prettier?.lines.join("\n") ?? "", /messy\.js/, JSON.stringify(prettier));
  assert.match(bun?.lines.join("\n") ?? "", /messy\.js/, JSON.stringify(bun));
  assert.deepEqual(contents(folder), before);
  answer(opened, asked.id, "reject");
  await done;
});

/** Lines in a shell of the agent's own, whose programs ask by themselves. */
const shell = (line: string): Step => ({
  shell: { line: `PATH="$PATH:${bench?.folders.join(":")}"; ${line}`, wait: true },
});
const SHIMS = ["flake8", "black"];

test("several commands that wait have one card, and another program has its own after that", async (t) => {
  if (bench === undefined) return void (await skip(t, ...NEEDS));
  const line = "flake8 bad.py & flake8 . & black --check bad.py & wait";
  const opened = await project(t, [[shell(line)]], { shims: SHIMS });
  const done = opened.session.prompt("go");
  const first = await card(opened);
  await opened.untilRow(() => opened.rows().filter(({ status }) => status === "held").length === 3);
  assert.equal(opened.approvals.pending().length, 1);
  answer(opened, first.id, "use-swap");
  const { approval: next } = await opened.until("approval.opened", ({ approval: { id } }) => id !== first.id);
  assert.notEqual(next.rule, first.rule);
  answer(opened, next.id, "use-swap");
  await done;
  assert.equal(opened.of("approval.opened").length, 2);
  const rules = opened.rows().map(({ route }) => route?.rule ?? "");
  assert.deepEqual(
    rules.toSorted((one, other) => (one < other ? -1 : 1)),
    ["swap.black", "swap.flake8", "swap.flake8"],
    opened.told(),
  );
});

test("as asked, this time: it is judged like any other, and the next one is asked about again", async (t) => {
  if (bench === undefined) return void (await skip(t, ...NEEDS));
  const opened = await project(t, [[terminal("flake8 bad.py"), terminal("flake8 bad.py")]]);
  const done = opened.session.prompt("go");
  const first = await card(opened);
  answer(opened, first.id, "as-asked");
  const { approval: next } = await opened.until("approval.opened", ({ approval: { id } }) => id !== first.id);
  assert.equal(next.rule, "swap.flake8");
  answer(opened, next.id, "never-swap");
  await done;
  const rows = opened.rows().map(({ route, run, status }) => [route, run, status]);
  assert.deepEqual(
    rows,
    [
      [null, "flake8 bad.py", "failed"],
      [null, "flake8 bad.py", "failed"],
    ],
    opened.told(),
  );
  assert.deepEqual(opened.swaps.of(opened.project), { accepted: [], never: true });
  const rules = (await opened.records()).map(({ rule }) => rule);
  assert.ok(rules.includes("routing.as-asked") && rules.includes("swap.never"), rules.join());
});

test("who rejects it has neither run, and says why", async (t) => {
  if (bench === undefined) return void (await skip(t, ...NEEDS));
  const line = "flake8 bad.py 2> ../read; echo $? >> ../read";
  const opened = await project(t, [[shell(line)]], { shims: SHIMS });
  const done = opened.session.prompt("go");
  const { id } = await card(opened);
  assert.ok(opened.approvals.settle(id, "reject", "person", "not now"));
  await done;
  const read = readFileSync(join(opened.project, "../read"), "utf8");
  assert.match(read, /^interlock: The person rejected this, and says: “not now”/);
  assert.equal(opened.row().status, "rejected");
});

test("where nobody can be asked the agent reads whose turn it is, and nothing is fetched to compare", async (t) => {
  if (bench === undefined) return void (await skip(t, ...NEEDS));
  const opened = await project(t, [[terminal("flake8 bad.py"), terminal("black bad.py")]], {
    attended: false,
  });
  opened.approvals.onChange(({ type, approval }) => {
    if (type === "opened") opened.approvals.settle(approval.id, "reject", "nobody-there");
  });
  await opened.session.prompt("go");
  const [first, second] = opened.rows();
  assert.equal(first?.status, "refused");
  assert.equal(
    first?.problem?.message,
    "flake8 isn't part of this project; ruff would answer. So this was not run.",
  );
  assert.match(first?.problem?.next ?? "", /A person has to accept it once.*use `ruff check bad\.py`/);
  assert.match(second?.problem?.next ?? "", /use `ruff format bad\.py`/);
  const opens = opened.of("approval.opened");
  assert.deepEqual(
    opens.map(({ approval }) => approval.swap),
    [{ tool: "flake8", by: "ruff" }],
  );
  assert.equal(readFileSync(join(opened.project, "bad.py"), "utf8"), BAD);
});

test("one that writes is shown as a diff on the card, and on each row before it runs", async (t) => {
  if (bench === undefined) return void (await skip(t, ...NEEDS));
  const again = "cd . && black bad.py";
  const opened = await project(t, [[terminal("black bad.py")], [terminal(again)]]);
  const done = opened.session.prompt("go");
  const asked = await card(opened);
  assert.deepEqual(asked.diffs, ["bad.py"]);
  assert.match(asked.swap?.findings?.[0].lines.join("\n") ?? "", /would reformat/);
  assert.match(asked.swap?.findings?.[1].lines.join("\n") ?? "", /would be reformatted/i);
  assert.equal(readFileSync(join(opened.project, "bad.py"), "utf8"), BAD, "nothing is written to look");
  answer(opened, asked.id, "use-swap");
  await done;
  const written = readFileSync(join(opened.project, "bad.py"), "utf8");
  assert.match(written, /^print\(os\)$/m);
  const [diff] = opened.row().diffs ?? [];
  assert.deepEqual(
    [diff?.path, diff?.oldText, diff?.newText],
    [join(opened.project, "bad.py"), BAD, written],
  );

  put(opened.project, { "bad.py": BAD });
  await opened.session.prompt("again");
  assert.equal(
    opened.of("approval.opened").length,
    1,
    "in its folder an edit is seen afterwards, and not asked about",
  );
  assert.equal(opened.rows().at(-1)?.diffs?.[0]?.newText, written);
});

test("an agent that stops waiting leaves the card, and is told what was answered", async (t) => {
  if (bench === undefined) return void (await skip(t, ...NEEDS));
  const line = "timeout 3 flake8 bad.py; true";
  const opened = await project(t, [[shell(line)], []], { shims: SHIMS });
  const done = opened.session.prompt("go");
  const { id } = await card(opened);
  await done;
  assert.equal(opened.approvals.pending().length, 1, opened.told());
  answer(opened, id, "use-swap");
  const { prompt } = await opened.until("turn.started", ({ turn }) => turn === 2);
  assert.match(
    prompt,
    /^ruff answers for flake8 in this project from now on\. Try `flake8 bad\.py` again\.$/,
  );
});

test("a turn that the person stops takes the card with it", async (t) => {
  if (bench === undefined) return void (await skip(t, ...NEEDS));
  const opened = await project(t, [[terminal("flake8 bad.py")]]);
  const done = opened.session.prompt("go");
  await card(opened);
  await opened.session.cancel();
  await done;
  assert.deepEqual(opened.approvals.pending(), []);
  assert.equal(opened.row().status, "cancelled");
});

test("with `on` nobody is asked, with `off` nothing answers, and a never counts in each", async (t) => {
  if (bench === undefined) return void (await skip(t, ...NEEDS));
  for (const [swap, never, rule] of [
    ["on", false, "swap.flake8"],
    ["off", false, undefined],
    ["on", true, undefined],
    ["ask", true, undefined],
  ] as const) {
    const opened = await project(t, [[terminal("flake8 bad.py")]], { swap });
    if (never) await opened.swaps.never(opened.project);
    await opened.session.prompt("go");
    assert.equal(opened.row().route?.rule, rule, `${swap} ${never}`);
    assert.deepEqual(opened.of("approval.opened"), []);
  }
});

test("what a person saves while it is found out what would be written is not lost by the line", async (t) => {
  if (bench === undefined) return void (await skip(t, ...NEEDS));
  const folder = join(await tempDir(t), "project");
  put(folder, { ...FILES, "notes.txt": "committed\n" });
  commitSome(folder);
  const notes = join(folder, "notes.txt");
  const ruff = bench.toolchain.tools.find("ruff", folder)?.path ?? "";
  const saves = `case "$PWD" in */interlock-copy-*) echo saved > '${notes}';; esac`;
  const slow = folderWith({ ruff: `#!/bin/sh\n${saves}\nexec '${ruff}' "$@"\n` });
  const { toolchain, processes } = benchWith([slow, ...bench.folders]);
  const line = terminal("black bad.py; git checkout -- notes.txt");
  const opened = await project(t, [[line]], {
    project: folder,
    toolchain,
    processes,
    swap: "on",
    answer: "reject",
  });
  await opened.session.prompt("go");
  const [asked] = opened.of("approval.opened");
  assert.equal(asked?.approval.rule, "git.checkout.discard", opened.told());
  assert.equal(readFileSync(notes, "utf8"), "saved\n");
});

test("an agent with too many questions already reads that, and not that its call was cancelled", async (t) => {
  if (bench === undefined) return void (await skip(t, ...NEEDS));
  const opened = await project(t, [[terminal("flake8 bad.py")]]);
  const about: Omit<Approval, "id"> = {
    session: opened.session.id,
    call: "other",
    kind: "unclear",
    act: "command",
    asked: "other",
    run: "other",
    cwd: opened.project,
    rule: "other",
    reason: "other",
    openedAt: 0,
    choices: ["allow-once", "reject"],
    reasonGoes: "prompt",
  };
  for (let index = 0; index < MAX_PENDING; index++)
    void opened.approvals.open(about, new AbortController().signal);
  await opened.session.prompt("go");
  assert.deepEqual(
    [opened.row().status, opened.row().problem?.code],
    ["refused", "too-many-questions"],
    opened.told(),
  );
});

test("what would be asked about as it stands is not run to compare", async (t) => {
  if (bench === undefined) return void (await skip(t, ...NEEDS));
  const opened = await project(t, [[terminal("flake8 bad.py; git push")]]);
  const done = opened.session.prompt("go");
  const asked = await card(opened);
  const [flake8, ruff] = asked.swap?.findings ?? [];
  assert.match(flake8?.missing ?? "", /it would need your yes/);
  assert.match(ruff?.lines.join("\n") ?? "", /F401/);
  answer(opened, asked.id, "reject");
  await done;
});

test("a program of the project's own is not run to compare, nor to see what it would write", async (t) => {
  if (bench === undefined) return void (await skip(t, ...NEEDS));
  const folder = join(await tempDir(t), "project");
  const program = `#!/bin/sh\necho ran >> '${folder}/ran'\n`;
  put(folder, { ...FILES, ".venv/pyvenv.cfg": "home = /usr/bin\n", ".venv/bin/ruff": program });
  put(folder, { ".venv/bin/python": program });
  const opened = await project(t, [[terminal("black bad.py")]], { project: folder });
  const done = opened.session.prompt("go");
  const first = await card(opened);
  assert.deepEqual(first.diffs, ["bad.py"]);
  answer(opened, first.id, "reject");
  await done;
  assert.equal(existsSync(join(folder, "ran")), false);
});
