import assert from "node:assert/strict";
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";

import type { Choice } from "../../extension/approvals/approval.ts";
import type { Step } from "../agents/script.ts";
import { tempDir } from "../harness/temp.ts";
import { benchFor, folderWith, skip } from "../toolchain/support.ts";
import { reach } from "../doorways/mcp/support.ts";
import { makeSession, openSession, type TestSession } from "./support/session.ts";
import { inTerminal } from "./support/terminal.ts";

const NEEDS = ["uv", "bun", "python", "node24"] as const;
const bench = await benchFor(...NEEDS);

/** Two projects that were locked and installed, made once and copied. */
const PYPROJECT =
  '[project]\nname = "demo"\nversion = "0.1.0"\nrequires-python = ">=3.10"\ndependencies = ["iniconfig"]\n\n[tool.uv]\n';
const PACKAGE = { name: "demo", packageManager: "bun@1.4.5", dependencies: { semver: "7.6.0" } };
const made = {
  uv: folderWith({
    "pyproject.toml": PYPROJECT,
    "requirements.txt": "iniconfig\n",
    "x.py": "print('ran', __file__ is not None)\n",
  }),
  bun: folderWith({ "package.json": JSON.stringify(PACKAGE) }),
};
if (bench !== undefined) {
  for (const [line, folder] of [
    ["uv sync --quiet", made.uv],
    ["bun install --silent", made.bun],
  ] as const) {
    const { code, stderr } = await bench.run(line, folder);
    assert.equal(code, 0, stderr);
  }
}

type Kind = keyof typeof made;
type State = "fresh" | "stale" | "missing";
const LOCK = { uv: "uv.lock", bun: "bun.lock" } as const;
const SHIMS = ["uv", "bun", "python", "pip", "npm"];

/** A copy of a project in a state of its lock. */
async function project(t: TestContext, kind: Kind, state: State): Promise<string> {
  const folder = join(await tempDir(t), "project");
  cpSync(made[kind], folder, { recursive: true, verbatimSymlinks: true });
  if (state === "missing") rmSync(join(folder, LOCK[kind]));
  if (state !== "stale") return folder;
  if (kind === "uv") {
    const text = PYPROJECT.replace('"iniconfig"', '"iniconfig", "packaging"');
    writeFileSync(join(folder, "pyproject.toml"), text);
  } else {
    const dependencies = { ...PACKAGE.dependencies, "is-number": "7.0.0" };
    writeFileSync(join(folder, "package.json"), JSON.stringify({ ...PACKAGE, dependencies }));
  }
  return folder;
}

/** What must not change by itself. */
function pinned(folder: string): string {
  return ["uv.lock", "bun.lock"]
    .map((name) => join(folder, name))
    .map((path) => (existsSync(path) ? readFileSync(path, "utf8") : ""))
    .join();
}

const CASES: readonly (readonly [Kind, State, line: string])[] = [
  ["uv", "stale", "uv run python x.py"],
  ["uv", "stale", "uv run --frozen python x.py"],
  ["uv", "stale", "uv run --locked python x.py"],
  ["uv", "stale", "python x.py"],
  ["uv", "stale", "uv sync"],
  ["uv", "stale", "uv sync --frozen"],
  ["uv", "stale", "uv tree"],
  ["uv", "stale", "pip install -r requirements.txt"],
  ["uv", "missing", "uv run python x.py"],
  ["uv", "missing", "uv sync"],
  ["uv", "missing", "pip install -r requirements.txt"],
  ["bun", "stale", "bun install"],
  ["bun", "stale", "bun ci"],
  ["bun", "stale", "CI=1 bun install"],
  ["bun", "stale", "npm ci"],
  ["bun", "missing", "bun install"],
  ["bun", "missing", "bun ci"],
  ["bun", "missing", "npm ci"],
  ["bun", "missing", "npm install"],
];

/** Runs a line by one doorway, and gives what the agent read. */
const DOORWAYS = {
  terminal: async (t: TestContext, folder: string, line: string) => {
    const opened = await open(t, folder, [{ terminal: { command: line } }]);
    return { opened, read: JSON.stringify(opened.answers()) };
  },
  shim: async (t: TestContext, folder: string, line: string) => {
    const path = `PATH="$PATH:${bench?.folders.join(":")}"`;
    const whole = `${path}; ${line} 2> ../read; echo $? >> ../read`;
    const opened = await open(t, folder, [{ shell: { line: whole, wait: true } }]);
    return { opened, read: readFileSync(join(folder, "../read"), "utf8") };
  },
  mcp: async (t: TestContext, folder: string, line: string) => {
    if (bench === undefined) throw new Error("nothing to run");
    const { client, opened } = await reach(t, {
      project: folder,
      toolchain: bench.toolchain,
      processes: bench.processes,
    });
    const { text } = await client.call("run", { command: line });
    return { opened, read: text };
  },
  "guarded terminal": async (t: TestContext, folder: string, line: string) => {
    if (bench === undefined) throw new Error("nothing to run");
    const { toolchain, processes } = bench;
    const terminal = { top: () => process.pid };
    const opened = await makeSession(
      t,
      {},
      { project: folder, toolchain, processes, shims: SHIMS, terminal },
    );
    await opened.session.start();
    const whole = `PATH="$PATH:${bench.folders.join(":")}"; ${line}`;
    const { warned } = await inTerminal(opened, ["-c", whole]).ended;
    return { opened, read: warned };
  },
} as const;

async function open(
  t: TestContext,
  folder: string,
  steps: Step[],
  answer?: Choice,
  further: Step[] = [],
): Promise<TestSession> {
  if (bench === undefined) throw new Error("nothing to run");
  const { toolchain, processes } = bench;
  const opened = await openSession(
    t,
    { turns: [steps, further] },
    {
      project: folder,
      toolchain,
      processes,
      shims: SHIMS,
      ...(answer === undefined ? {} : { answer }),
    },
  );
  await opened.session.prompt("go");
  return opened;
}

for (const [kind, state, line] of CASES) {
  for (const [doorway, run] of Object.entries(DOORWAYS)) {
    test(`${state} ${LOCK[kind]}: ${line} by ${doorway} is refused with whose turn it is, and asked once`, async (t) => {
      if (bench === undefined) return void (await skip(t, ...NEEDS));
      const folder = await project(t, kind, state);
      const before = pinned(folder);
      const { opened, read } = await run(t, folder, line);
      assert.match(read, /It is the person's turn/);
      assert.match(read, doorway === "terminal" ? /"message":"interlock: / : /^interlock: /m);
      assert.match(read, state === "stale" ? /is behind/ : /There is no/);
      const cards = opened.of("approval.opened").map(({ approval }) => [approval.kind, approval.cwd]);
      assert.deepEqual(cards, [["lock", folder]], opened.told());
      assert.equal(pinned(folder), before);
      assert.deepEqual(
        opened.rows().map(({ status }) => status),
        ["refused"],
      );
    });
  }
}

for (const [doorway, run] of Object.entries(DOORWAYS)) {
  test(`a lock that is fresh lets a command run by ${doorway}, and of it is told its route alone`, async (t) => {
    if (bench === undefined) return void (await skip(t, ...NEEDS));
    const folder = await project(t, "uv", "fresh");
    const { opened, read } = await run(t, folder, "python x.py");
    const told = read.match(/interlock: [^\\\n"]*/g);
    assert.deepEqual(told, ["interlock: python x.py -> uv run --locked python x.py"], read);
    assert.deepEqual(opened.of("approval.opened"), []);
  });
}

const terminal = (command: string): Step => ({ terminal: { command } });

test("the card says what would change and shows the diff, and stays when the turn is over", async (t) => {
  if (bench === undefined) return void (await skip(t, ...NEEDS));
  for (const kind of ["uv", "bun"] as const) {
    const folder = await project(t, kind, "stale");
    const line = kind === "uv" ? "uv sync" : "bun install";
    const opened = await open(t, folder, [terminal(line), terminal(line)]);
    const [card, ...more] = opened.approvals.pending();
    assert.deepEqual(more, []);
    assert.match(card?.reason ?? "", /: 1 package would change \(\+ (packaging|is-number) [\d.]+\)\.$/);
    assert.deepEqual(card?.choices, ["update-lock", "as-it-is", "reject"]);
    const [{ diffs } = {}] = opened.rows();
    assert.equal(diffs?.[0]?.path, join(folder, LOCK[kind]));
    assert.match(diffs?.[0]?.newText ?? "", /packaging|is-number/);
    assert.deepEqual(
      opened.rows().map(({ status }) => status),
      ["refused", "refused"],
    );
  }
});

test("Update lock runs the owner's command at the door, tells the agent, and lets it go on", async (t) => {
  if (bench === undefined) return void (await skip(t, ...NEEDS));
  for (const [kind, line, update] of [
    ["uv", "uv run python x.py", "uv lock"],
    ["bun", "npm ci", "bun install --lockfile-only"],
  ] as const) {
    const folder = await project(t, kind, "stale");
    const opened = await open(t, folder, [terminal(line)], undefined, [terminal(line)]);
    const before = pinned(folder);
    const [card] = opened.approvals.pending();
    assert.ok(opened.approvals.settle(card?.id ?? "", "update-lock", "person"));
    const told = await opened.until("turn.started", ({ turn }) => turn === 2);
    assert.match(told.prompt, new RegExp(`^I had ${LOCK[kind]} updated. Try \`${line}\` again.$`));
    await opened.until("turn.ended", ({ turn }) => turn === 2);
    assert.deepEqual(
      opened.rows().map(({ asked, status }) => [asked, status]),
      [
        [line, "refused"],
        [update, "done"],
        [line, "done"],
      ],
      opened.told(),
    );
    assert.notEqual(pinned(folder), before);
    const records = (await opened.records()).filter(({ asked }) => asked === update);
    assert.deepEqual(
      records.map(({ phase, verdict, answeredBy }) => [phase, verdict, answeredBy]),
      [
        ["decision", "ask", "person"],
        ["effect", "ask", null],
      ],
    );
  }
});

test("the environment as it is: programs run in it, and nothing is installed", async (t) => {
  if (bench === undefined) return void (await skip(t, ...NEEDS));
  const folder = await project(t, "uv", "stale");
  const before = pinned(folder);
  const steps = ["python x.py", "uv run python x.py", "uv tree", "uv sync"].map(terminal);
  const opened = await open(t, folder, [terminal("uv run python x.py")], "as-it-is", steps);
  await opened.until("turn.ended", ({ turn }) => turn === 2);
  assert.deepEqual(
    opened.rows().map(({ asked, route, status, problem }) => [asked, route?.to, status, problem?.code]),
    [
      ["uv run python x.py", "uv run --locked python x.py", "refused", "lock.stale"],
      ["python x.py", "uv run --no-sync python x.py", "done", undefined],
      ["uv run python x.py", "uv run --no-sync python x.py", "done", undefined],
      ["uv tree", "uv tree --frozen", "done", undefined],
      ["uv sync", "uv sync --frozen", "refused", "lock.as-it-is"],
    ],
    opened.told(),
  );
  assert.equal(pinned(folder), before);
  assert.deepEqual(
    opened.session.granted.list().map(({ what, covers }) => [what, covers]),
    [["environment", folder]],
  );
  assert.ok((await opened.records()).some(({ rule }) => rule === "lock.as-it-is"));
});

test("after a no it is the agent's turn, and nobody is asked again until the files change", async (t) => {
  if (bench === undefined) return void (await skip(t, ...NEEDS));
  const folder = await project(t, "uv", "stale");
  const opened = await open(t, folder, [terminal("uv sync")], "reject", [terminal("uv sync")]);
  await opened.session.prompt("again");
  const problems = opened.rows().map(({ problem }) => problem?.next ?? "");
  assert.match(problems[1] ?? "", /It is your turn/);
  assert.equal(opened.of("approval.opened").length, 1);
  writeFileSync(
    join(folder, "pyproject.toml"),
    PYPROJECT.replace('"iniconfig"', '"iniconfig", "packaging<26"'),
  );
  await opened.session.prompt("once more");
  assert.equal(opened.of("approval.opened").length, 2);
});

test("an update that fails says why, and leaves the lock", async (t) => {
  if (bench === undefined) return void (await skip(t, ...NEEDS));
  const folder = await project(t, "uv", "stale");
  const text = PYPROJECT.replace('"iniconfig"', '"iniconfig>99999"');
  writeFileSync(join(folder, "pyproject.toml"), text);
  const before = pinned(folder);
  const opened = await open(t, folder, [terminal("uv sync")]);
  const [card] = opened.approvals.pending();
  assert.equal(card?.reason, "uv.lock is behind pyproject.toml.");
  opened.approvals.settle(card?.id ?? "", "update-lock", "person");
  const told = await opened.until("turn.started", ({ turn }) => turn === 2);
  assert.match(told.prompt, /^I wanted uv\.lock updated, and `uv lock` failed: uv\.lock is as it was\./);
  const notice = opened.of("notice").find(({ problem }) => problem.code === "lock.not-updated");
  assert.match(notice?.problem.message ?? "", /could not be updated by `uv lock`: [^]*iniconfig/);
  assert.equal(pinned(folder), before);
});

test("a lock that was mended elsewhere is not asked about any more", async (t) => {
  if (bench === undefined) return void (await skip(t, ...NEEDS));
  const folder = await project(t, "uv", "stale");
  const opened = await open(t, folder, [terminal("uv sync")], undefined, [terminal("uv sync")]);
  assert.equal(opened.approvals.pending().length, 1);
  await bench.run("uv lock --quiet", folder);
  await opened.session.prompt("again");
  assert.equal(opened.approvals.pending().length, 0);
  assert.equal(opened.rows().at(-1)?.status, "done");
});

test("what a routed command starts takes the lock the same way, and an approved change may write it", async (t) => {
  if (bench === undefined) return void (await skip(t, ...NEEDS));
  const says = 'echo "[$UV_LOCKED]" >> ../said';
  for (const by of ["terminal", "shim"] as const) {
    const folder = await project(t, "uv", "fresh");
    const path = `PATH="$PATH:${bench.folders.join(":")}"`;
    const lines = [`uv run sh -c '${says}'`, "uv run sh -c 'uv add --quiet typing-extensions'"];
    const steps = lines.map((line): Step =>
      by === "terminal" ? terminal(line) : { shell: { line: `${path}; ${line}`, wait: true } },
    );
    const opened = await open(t, folder, steps, "allow-once");
    assert.equal(readFileSync(join(folder, "../said"), "utf8"), "[1]\n", opened.told());
    assert.match(readFileSync(join(folder, "uv.lock"), "utf8"), /typing-extensions/, by);
  }
});

test("a change of dependencies is asked about with the diff of manifest and lock, and nothing is written for that", async (t) => {
  if (bench === undefined) return void (await skip(t, ...NEEDS));
  for (const [kind, line, files] of [
    ["uv", "pip install typing-extensions", ["pyproject.toml", "uv.lock"]],
    ["uv", "uv remove iniconfig", ["pyproject.toml", "uv.lock"]],
    ["bun", "npm install -D is-number@7.0.0", ["package.json", "bun.lock"]],
  ] as const) {
    const folder = await project(t, kind, "fresh");
    const before = pinned(folder);
    const opened = await open(t, folder, [terminal(line)], "reject");
    const [{ approval } = {}] = opened.of("approval.opened");
    assert.deepEqual(approval?.diffs, files, opened.told());
    const { diffs = [] } = opened.row();
    assert.deepEqual(
      diffs.map(({ path }) => path),
      files.map((name) => join(folder, name)),
    );
    assert.ok(diffs.every(({ oldText, newText }) => oldText !== newText && oldText !== null));
    assert.equal(pinned(folder), before);
  }
});

test("where nobody can be asked the agent is told so, and not to wait", async (t) => {
  if (bench === undefined) return void (await skip(t, ...NEEDS));
  const { toolchain, processes } = bench;
  const folder = await project(t, "uv", "stale");
  const script = { turns: [[terminal("uv sync"), terminal("uv run python x.py")]] };
  const opened = await openSession(t, script, { project: folder, toolchain, processes });
  opened.approvals.onChange(({ type, approval }) => {
    if (type === "opened") opened.approvals.settle(approval.id, "reject", "nobody-there");
  });
  await opened.session.prompt("go");
  for (const { problem } of opened.rows()) assert.match(problem?.next ?? "", /Nobody can be asked here/);
  assert.equal(opened.of("approval.opened").length, 1);
});
