import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import * as fc from "fast-check";

import { beforehand } from "../../../extension/door/beforehand.ts";
import { FastPath } from "../../../extension/doorways/shim/fastPath.ts";
import { changed, KnownSurroundings } from "../../../extension/doorways/shim/surroundings.ts";
import { judgeUnseen } from "../../../extension/door/considered.ts";
import { CANDIDATES } from "../../../extension/doorways/shim/harmless.ts";
import { readExported, variablesOf } from "../../../extension/doorways/shim/exported.ts";
import { probe } from "../../../extension/door/probe.ts";
import { compileLayer } from "../../../extension/policy/compile.ts";
import { NO_POLICY, type PolicyInForce } from "../../../extension/policy/decide.ts";
import { readPolicy } from "../../../extension/policy/read.ts";
import { MODES } from "../../../extension/policy/rules.ts";
import { parseShell } from "../../../extension/shell/parse.ts";
import { quoteAll } from "../../../extension/shell/quote.ts";
import bench from "../../bench/commands.json" with { type: "json" };
import { tempDir } from "../../harness/temp.ts";
import { considerIn } from "../../restore/support/consider.ts";
import { PARTS } from "../../restore/support/corpora.ts";
import { pristine } from "../../restore/support/sandbox.ts";
import { exportedBy, FastShims, GIVEN, STARTED, tables, using } from "./support.ts";

const SLOW = { timeout: 300_000 };
const PROGRAMS = CANDIDATES.map(({ program }) => program);

/** Argument lists of the programs that have a fast path, in a line: also inside of other words. */
function callsIn(line: string): string[][] {
  const { commands } = parseShell(line, { cwd: "/home/me/project", home: "/home/me" });
  return commands.flatMap(({ words }) => {
    const texts = words.map(({ text }) => text);
    return PROGRAMS.includes(texts[0] ?? "") ? [texts] : [];
  });
}

test("over all corpora: what the fast path passes, the door allows", SLOW, async (t) => {
  const calls = PARTS.flatMap(({ corpus }) =>
    Object.entries(corpus).flatMap(([state, lines]) =>
      lines.flatMap((line) => callsIn(line).map((argv) => ({ state, argv }))),
    ),
  );
  const more = bench.flatMap((line) => callsIn(line).map((argv) => ({ state: "", argv })));
  const all = [...calls, ...more];
  const passed = new FastShims(await tempDir(t)).pass(all.map(({ argv }) => argv));
  assert.equal(passed.length, all.length);
  const passing = all.filter((_, index) => passed[index] === true);
  assert.ok(passing.length > 200, `${passing.length} of ${all.length} pass`);
  const places = new Map([["", Object.keys(PARTS[0]?.corpus ?? {})[0] ?? ""]]);
  const wrong: string[] = [];
  const seen = new Set<string>();
  for (const { state, argv } of passing) {
    const line = quoteAll(argv);
    const name = places.get(state) ?? state;
    if (seen.has(`${name} ${line}`)) continue;
    seen.add(`${name} ${line}`);
    const { sandbox, state: place } = pristine(name);
    const { verdict, rule } = await considerIn(sandbox, join(sandbox, place.cwd), line);
    if (verdict !== "allow") wrong.push(`[${name}] ${line}: ${verdict} ${rule}`);
  }
  assert.deepEqual(wrong, []);
});

const FOLDERS = ["/home/me/project", "/", "/home/me/.ssh", "/home/me/.state", "/tmp"];

/** What the rules say of it, without a look at anything, wherever it is. */
function problems(argv: readonly string[]): string[] {
  return FOLDERS.flatMap((cwd) =>
    MODES.flatMap((mode) => {
      const act = { kind: "command", line: quoteAll(argv), argv, cwd, env: {} } as const;
      const { judgement, basis } = judgeUnseen(act, { ...using, mode });
      const reads = basis.analysis.effects.every(({ kind, needs }) => kind === "read" && needs.length === 0);
      return judgement.verdict === "allow" && reads ? [] : [`${cwd} ${mode}: ${quoteAll(argv)}`];
    }),
  );
}

const WORDS = CANDIDATES.flatMap(({ lines, like }) => [
  ...lines.flatMap((line) => line.split(" ")),
  ...like.first,
  ...like.options,
  ...like.valued.flatMap((option) => [`${option}=`, `${option}=a b`, `${option}=$(x)`]),
]);
const DANGEROUS = [
  ..."-delete -exec rm {} ; + -fprint -fls -okdir --output=x --outp --ext-diff --exec-path=. -c core.pager=x -C .. --git-dir=/ -O".split(
    " ",
  ),
  ..."reset --hard clean -fdx push --force checkout -- . HEAD~1 a..b @{u} stash drop branch -D main tag -d config --unset alias.x".split(
    " ",
  ),
  ..."-1 -01 -1x -10000000000000000000 * ?? ~ ~root /etc/passwd .env id_rsa --help -h --no-index - '' status\\ --short a\nb \t".split(
    " ",
  ),
  "",
  "status --short",
  "--stat\n--output=x",
  "é",
  "'",
  '"',
  "\\",
  "`x`",
  "$(x)",
];

test("a program and words of any kind: what passes only reads, in any folder and mode", SLOW, async (t) => {
  const shims = new FastShims(await tempDir(t));
  const word = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...WORDS) },
    { weight: 2, arbitrary: fc.constantFrom(...DANGEROUS) },
    { weight: 1, arbitrary: fc.string({ maxLength: 12 }).filter((text) => !text.includes("\0")) },
    { weight: 1, arbitrary: fc.stringMatching(/^[a-z0-9._/~^@:=,+%{}#*? -]{0,12}$/) },
  );
  const list = fc
    .tuple(fc.constantFrom(...PROGRAMS), fc.array(word, { maxLength: 6 }))
    .map((each) => each.flat());
  let passing = 0;
  fc.assert(
    fc.property(fc.array(list, { minLength: 400, maxLength: 400 }), (lists) => {
      const passed = shims.pass(lists);
      for (const [index, argv] of lists.entries()) {
        if (passed[index] !== true) continue;
        passing++;
        assert.deepEqual(problems(argv), []);
      }
    }),
    { numRuns: 12, endOnFailure: true },
  );
  assert.ok(passing > 300, `${passing} passed`);
});

test("bytes that are no text, and what is too long for one piece, ask", async (t) => {
  const shims = new FastShims(await tempDir(t));
  const odd = [0x01, 0x09, 0x0a, 0x0d, 0x1b, 0x7f, 0x80, 0xa0, 0xc3, 0xe9, 0xff];
  const lists = odd.flatMap((byte) => [
    ["git", "log", Buffer.from([byte])],
    ["git", "log", Buffer.from([0x61, byte, 0x62])],
    ["find", Buffer.from([0x2e, byte]), "-name", "x"],
    ["git", Buffer.from([...Buffer.from("status"), byte])],
  ]);
  assert.deepEqual(shims.pass(lists).filter(Boolean), []);
  const long = [20, 200, 2_000, 100_000].map((length) => ["git", "log", "a".repeat(length)]);
  assert.deepEqual(shims.pass(long), [true, true, false, false]);
  assert.deepEqual(
    shims.pass([["git"], ["find"], ["git", ""], ["git", "status --short"]]).filter(Boolean),
    [],
  );
});

test("variables around it: it passes where the door would count none of them", SLOW, async (t) => {
  const shims = new FastShims(await tempDir(t));
  assert.deepEqual(shims.pass([["git", "status"]]), [true]);
  const { _, ...direct } = STARTED;
  assert.deepEqual(shims.pass([["git", "status"]], direct), [false], "the agent's program itself");
  const name = fc.constantFrom(
    ..."COLUMNS AGENT_ID FOO GIT_DIR GIT_PAGER GIT_EXTERNAL_DIFF LD_PRELOAD HOME PATH PWD OLDPWD SHLVL _ IFS ENV BASH_ENV PS4 INTERLOCK INTERLOCK_ROUTED interlock_dir LESSOPEN PAGER LC_ALL".split(
      " ",
    ),
  );
  const value = fc.oneof(
    fc.constantFrom(...Object.values(STARTED), "", "x", "a b", "it's", '"', "\\", "/", "a\nb"),
    fc.constantFrom(
      "'\nexport HOME='/home/me",
      "x'\nexport GIT_DIR='/y",
      "80'\n",
      "\n",
      "é\nexport COLUMNS='80'",
    ),
    fc.string({ maxLength: 8 }).filter((text) => !text.includes("\0")),
  );
  let passing = 0;
  fc.assert(
    fc.property(
      fc.dictionary(name, value, { maxKeys: 3 }),
      fc.subarray(Object.keys(STARTED)),
      (set, kept) => {
        const environment = { ...pick(STARTED, kept), ...set };
        const [passes] = shims.pass([["git", "status"]], environment);
        if (passes !== true) return;
        passing++;
        const { all, read } = readExported(exportedBy(environment));
        const variables = variablesOf(all);
        assert.equal(read, true);
        assert.deepEqual(changed(variables, GIVEN), {});
        assert.equal(variables["PATH"], GIVEN["PATH"]);
        assert.deepEqual(
          Object.keys(variables).filter((each) => /^interlock/i.test(each)),
          [],
        );
      },
    ),
    { numRuns: 250, endOnFailure: true },
  );
  // What is only left out, or counts nowhere, changes nothing.
  assert.ok(passing > 5, `${passing} passed`);
});

function pick(from: Readonly<Record<string, string>>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(from).filter(([name]) => names.includes(name)));
}

function policyOf(text: object): PolicyInForce {
  const read = readPolicy(JSON.stringify({ version: 1, ...text }), probe);
  assert.ok(read.ok, JSON.stringify(read));
  return { sides: [[compileLayer("user", read.value)]], unreadable: null };
}

test("a policy that asks takes a command out, and with any policy only whole lines are left", () => {
  const ask = [{ id: "mine.status", command: "git status", reason: "I want to know.", remedy: "Ask." }];
  const asks = tables({ ...using, policy: policyOf({ ask }) }).get("git");
  assert.equal(asks?.lines.includes("status --short"), false);
  assert.equal(asks?.lines.includes("diff"), true);
  assert.equal(asks?.like, null);
  const unreadable: PolicyInForce = { sides: [[]], unreadable: { layer: "user", words: "line 1" } };
  assert.equal(tables({ ...using, policy: unreadable }).size, 0);
  const hosts = { ...using, policy: policyOf({ environments: { live: ["origin"] } }), environment: "live" };
  assert.equal(tables(hosts).get("git")?.lines.includes("remote get-url origin"), false);
});

test("without a policy every candidate stays; what a project routes, or shows to route, doesn't", () => {
  for (const { program, lines, like } of CANDIDATES)
    assert.deepEqual(tables().get(program), { lines, like }, program);
  const route = { kind: "same", rule: "r", from: "", to: "x", reason: "" } as const;
  assert.equal(tables({ ...using, route: () => route }).size, 0);
  assert.equal(tables({ ...using, suggest: () => route }).size, 0);
});

test("a policy that came, went or was written since asks", async (t) => {
  const folder = await tempDir(t);
  const [there, absent] = [join(folder, "there"), join(folder, "absent")];
  await writeFile(there, "");
  await utimes(there, 1_000, 1_000);
  const shims = new FastShims(join(folder, "run"), { files: [there], absent: [absent] });
  const passes = (): boolean => shims.pass([["git", "status"]])[0] === true;
  assert.equal(passes(), true);
  await utimes(there, Date.now() / 1_000 + 1, Date.now() / 1_000 + 1);
  assert.equal(passes(), false);
  await rm(there);
  assert.equal(passes(), false);
  await writeFile(there, "");
  await utimes(there, 1_000, 1_000);
  assert.equal(passes(), true);
  await writeFile(absent, "");
  assert.equal(passes(), false);
});

test("a folder that is gone, or has an odd name, asks", async (t) => {
  const base = await tempDir(t);
  const shims = new FastShims(join(base, "run"));
  const gone = join(base, "gone");
  await mkdir(gone);
  const line = `interlock_dir=${shims.folder}; interlock_name=git; run() { echo passed; exit; }
    try() ( . ${shims.folder}/bin/git; echo asked )
    cd ${gone}; try status; rmdir ${gone}; try status; mkdir '${base}/é'; cd '${base}/é'; try status; mkdir "${base}/a b"; cd "${base}/a b"; try status`;
  const said = execFileSync("/bin/sh", ["-c", line], { env: STARTED, cwd: base, encoding: "utf8" });
  assert.deepEqual(said.trim().split("\n"), ["passed", "asked", "asked", "passed"]);
});

test("once it is closed nothing is written into its folder, which may then go", async (t) => {
  const channel = join(await tempDir(t), "run");
  await mkdir(join(channel, "bin"), { recursive: true });
  const known = new KnownSurroundings({ shims: "/nowhere", project: "/home/me/project" });
  const { all } = readExported(exportedBy(STARTED));
  known.learn(all, variablesOf(all), GIVEN);
  let made = 0;
  const door = {
    beforehand: () => ({
      passes: (argv: readonly string[]) => beforehand(argv, using),
      policy: NO_POLICY,
      policyFiles: [],
      roots: [`/made/${++made}`],
    }),
  };
  const { signal } = new AbortController();
  const facts = { channel, token: "token", dd: "/bin/dd" };
  const fast = new FastPath({ facts, door, known, programs: ["git", "find"], stopped: () => signal });
  await fast.refresh();
  assert.deepEqual(await readdir(join(channel, "bin")), ["find", "git"]);
  const writing = fast.refresh();
  await fast.close();
  await rm(channel, { recursive: true });
  await Promise.all([writing, fast.refresh()]);
  assert.equal(existsSync(channel), false);
});
