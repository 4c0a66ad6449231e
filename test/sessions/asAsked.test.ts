import assert from "node:assert/strict";
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";

import type { Step } from "../agents/script.ts";
import { tempDir } from "../harness/temp.ts";
import { benchFor, folderWith, skip } from "../toolchain/support.ts";
import { type Options, openSession, type TestSession } from "./support/session.ts";

const NEEDS = ["uv", "python", "node24"] as const;
const bench = await benchFor(...NEEDS);

/** A project of uv that was locked and installed, made once and copied. */
const MANIFEST = '[project]\nname = "demo"\nversion = "0.1.0"\nrequires-python = ">=3.10"\n\n[tool.uv]\n';
const made = folderWith({
  "pyproject.toml": MANIFEST,
  "x.py": "import sys\nprint('own' if sys.prefix != sys.base_prefix else 'machine')\n",
});
if (bench !== undefined) {
  const { code, stderr } = await bench.run("uv sync --quiet", made);
  assert.equal(code, 0, stderr);
}

const LINE = "python x.py";
const ROUTED = "uv run --locked python x.py";
const terminal = (command: string): Step => ({ terminal: { command } });
const inShell = (line: string): Step => ({
  shell: { line: `PATH="$PATH:${folders()}"; ${line}`, wait: true },
});
const folders = (): string => bench?.folders.join(":") ?? "";

async function open(t: TestContext, turns: Step[][], options: Options = {}): Promise<TestSession> {
  if (bench === undefined) throw new Error("nothing to run");
  const base = options.base ?? (await tempDir(t));
  const project = join(base, "project");
  if (!existsSync(project)) cpSync(made, project, { recursive: true, verbatimSymlinks: true });
  const { toolchain, processes } = bench;
  const shims = ["uv", "python", "poetry"];
  return openSession(t, { turns }, { base, project, toolchain, processes, shims, ...options });
}

const turnEnds = (opened: TestSession, wanted: number) =>
  opened.until("turn.ended", ({ turn }) => turn === wanted);
const runs = (opened: TestSession) => opened.rows().map(({ run }) => run);

test("a routed call runs as it was asked the next time, once; the agent is told, and it is in the record", async (t) => {
  if (bench === undefined) return void (await skip(t, ...NEEDS));
  const opened = await open(t, [[terminal(LINE)], [terminal(LINE), terminal(LINE)]]);
  await opened.session.prompt("go");
  const [first] = opened.rows();
  assert.deepEqual([first?.run, first?.route?.rule], [ROUTED, "uv.run.python"]);
  assert.ok((await opened.session.again.asAsked(first?.id ?? "")).ok);
  const { prompt, origin } = await opened.until("turn.started", ({ turn }) => turn === 2);
  assert.equal(prompt, "Run `python x.py` again: this once it runs as you typed it, if it is allowed.");
  assert.equal(origin, "answer");
  await turnEnds(opened, 2);
  assert.deepEqual(runs(opened), [ROUTED, LINE, ROUTED]);
  assert.equal(opened.rows()[0]?.again, "as-asked");
  const records = await opened.records();
  const word = records.find(({ rule }) => rule === "routing.as-asked");
  assert.deepEqual([word?.asked, word?.answeredBy], [`as asked ${LINE}`, "person"]);
  const decided = records.filter(({ phase, asked }) => phase === "decision" && asked === LINE);
  assert.deepEqual(
    decided.map(({ run }) => run),
    [ROUTED, LINE, ROUTED],
  );
  const again = await opened.session.again.asAsked(first?.id ?? "");
  assert.equal(again.ok ? "" : again.error.code, "routing.too-long-ago", "the word was given once");
});

test("it is about these words in this folder, is listed, and can be taken back", async (t) => {
  if (bench === undefined) return void (await skip(t, ...NEEDS));
  const others = [terminal("python x.py 1"), terminal("cd .. && cd project && python x.py")];
  const opened = await open(t, [[terminal(LINE)], others, [terminal(LINE)]]);
  await opened.session.prompt("go");
  await opened.session.again.asAsked(opened.rows()[0]?.id ?? "");
  await turnEnds(opened, 2);
  const [permit] = opened.session.granted.list();
  assert.deepEqual([permit?.what, permit?.covers, permit?.cwd], ["as-asked", LINE, opened.project]);
  await opened.session.granted.revoke(permit?.id ?? "");
  await opened.session.prompt("again");
  assert.ok(runs(opened).every((run) => run?.includes("uv run --locked")));
  assert.deepEqual(opened.notices(), ["routing.first", "grant.revoked"]);
});

test("one try is one act at whichever doorways it is seen, and a line's commands are part of it", async (t) => {
  if (bench === undefined) return void (await skip(t, ...NEEDS));
  const line = `${LINE} > ../tmp/out`;
  const toolCall = { toolCallId: "a", title: line, kind: "execute", rawInput: { command: line } };
  const asked: Step = { requestPermission: { toolCall, ifAllowed: [inShell(line)] } };
  const again: Step = {
    requestPermission: { toolCall: { ...toolCall, toolCallId: "b" }, ifAllowed: [inShell(line)] },
  };
  const opened = await open(t, [[asked], [again]]);
  const out = (): string => readFileSync(join(opened.project, "../tmp/out"), "utf8");
  await opened.session.prompt("go");
  assert.equal(out(), "own\n");
  const [first] = opened.rows();
  assert.equal(first?.asked, line);
  await opened.session.again.asAsked(first?.id ?? "");
  await turnEnds(opened, 2);
  assert.equal(out(), "machine\n");
});

test("it is no way around the lock", async (t) => {
  if (bench === undefined) return void (await skip(t, ...NEEDS));
  const line = "uv run python x.py";
  const opened = await open(t, [[terminal(line)], [terminal(line)]]);
  await opened.session.prompt("go");
  const text = MANIFEST.replace("\n\n", '\ndependencies = ["iniconfig"]\n\n');
  writeFileSync(join(opened.project, "pyproject.toml"), text);
  await opened.session.again.asAsked(opened.rows()[0]?.id ?? "");
  await turnEnds(opened, 2);
  const [, second] = opened.rows();
  assert.deepEqual([second?.run, second?.status], [line, "refused"]);
  assert.deepEqual(
    opened.approvals.pending().map(({ kind }) => kind),
    ["lock"],
  );
});

test("another manager is refused with the command to use; by the person's word it is asked about like any", async (t) => {
  if (bench === undefined) return void (await skip(t, ...NEEDS));
  const line = "poetry add iniconfig";
  const said = (opened: TestSession): string => readFileSync(join(opened.project, "../said"), "utf8");
  const base = await tempDir(t);
  mkdirSync(join(base, "bin"));
  writeFileSync(join(base, "bin/poetry"), "#!/bin/sh\nexit 9\n", { mode: 0o755 });
  const step: Step = { shell: { line: `PATH="$PATH:${join(base, "bin")}"; ${line} 2> ../said`, wait: true } };
  const opened = await open(t, [[step], [step]], { base });
  await opened.session.prompt("go");
  assert.match(said(opened), /uv owns this project, by uv\.lock: poetry would work beside it\./);
  assert.match(said(opened), /interlock: Use `uv add iniconfig`\.$/m);
  const [refused] = opened.rows();
  assert.deepEqual([refused?.status, refused?.rule], ["refused", "deps.foreign"]);
  await opened.session.again.asAsked(refused?.id ?? "");
  const { approval } = await opened.until("approval.opened");
  assert.deepEqual([approval.asked, approval.rule], [line, "deps.change"]);
  opened.approvals.settle(approval.id, "reject", "person");
  await turnEnds(opened, 2);
});

test("a rule of the person's own keeps commands unrouted in one project", async (t) => {
  if (bench === undefined) return void (await skip(t, ...NEEDS));
  const base = await tempDir(t);
  const rule = {
    id: "mine.x",
    command: "python **",
    as: "asked",
    project: join(base, "project"),
    reason: "r",
  };
  writeFileSync(join(base, "policy.json"), JSON.stringify({ version: 1, routing: [rule] }));
  const opened = await open(t, [[terminal(LINE), inShell(`${LINE} > ../tmp/out`)]], { base });
  await opened.session.prompt("go");
  assert.deepEqual([...new Set(runs(opened))], [LINE]);
  assert.equal(readFileSync(join(base, "tmp/out"), "utf8"), "machine\n");
});

test("the first route of a project is told once, also over sessions", async (t) => {
  if (bench === undefined) return void (await skip(t, ...NEEDS));
  const base = await tempDir(t);
  const turns = [[terminal("ls"), terminal(LINE), terminal(LINE)]];
  const opened = await open(t, turns, { base });
  await opened.session.prompt("go");
  const told = await opened.until("notice");
  assert.match(told.problem.message, /“python x\.py” runs as “uv run --locked python x\.py”\.$/);
  assert.equal(told.call, opened.rows().find(({ asked }) => asked === LINE)?.id);
  assert.deepEqual(opened.notices(), ["routing.first"]);
  const next = await open(t, turns, { base });
  await next.session.prompt("go");
  assert.equal(next.rows().length, 3);
  assert.deepEqual(next.notices(), []);
});

test("the agent reads one line of a route, by terminal and by shell, unless a person has switched that off", async (t) => {
  if (bench === undefined) return void (await skip(t, ...NEEDS));
  for (const tellsRoute of [true, false]) {
    const opened = await open(t, [[terminal(LINE), inShell(`${LINE} > ../tmp/out 2>&1`)]], { tellsRoute });
    await opened.session.prompt("go");
    const line = tellsRoute ? `interlock: ${LINE} -> ${ROUTED}\n` : "";
    assert.equal(readFileSync(join(opened.project, "../tmp/out"), "utf8"), `${line}own\n`);
    const read = opened.answers().flatMap(({ result }) => (result as { output?: string })?.output ?? []);
    assert.deepEqual(read, [`${line}own\n`]);
  }
});

test("INTERLOCK=off is refused where the guard is careful, and asked where it is trusting", async (t) => {
  if (bench === undefined) return void (await skip(t, ...NEEDS));
  const lines = [`INTERLOCK=off ${LINE} > ../tmp/out`, `export INTERLOCK=off; ${LINE} > ../tmp/out`];
  for (const line of lines) {
    for (const step of [terminal(line), inShell(line)]) {
      const careful = await open(t, [[step]], { answer: "allow-once" });
      await careful.session.prompt("go");
      const [row] = careful.rows();
      assert.deepEqual([row?.status, row?.rule], ["refused", "interlock.off"], careful.told());
      const trusting = await open(t, [[step]], { mode: "trusting", answer: "allow-once" });
      await trusting.session.prompt("go");
      assert.deepEqual(
        trusting.of("approval.opened").map(({ approval: { rule } }) => rule),
        ["interlock.off"],
      );
      assert.equal(readFileSync(join(trusting.project, "../tmp/out"), "utf8"), "machine\n");
    }
  }
});
