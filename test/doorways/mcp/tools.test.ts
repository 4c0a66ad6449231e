import assert from "node:assert/strict";
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test, type TestContext } from "node:test";

import { sampleFor } from "../../harness/sample.ts";
import { benchFor, skip } from "../../toolchain/support.ts";
import type { Options } from "../../sessions/support/session.ts";
import { reach, type Reached } from "./support.ts";

// The sample has a lint error and a misspelt name in each half, and one failing test in each.
const NEEDS = ["uv", "bun", "node24", "python", "ruff", "ty"] as const;
const bench = await benchFor(...NEEDS);
const folder = bench === undefined ? "" : await sampleFor({ after });
const REPORT = join(folder, "src/ledger/report.py");

/** A session in the sample, with the project's own tools. */
async function open(t: TestContext, options: Options = {}): Promise<Reached | null> {
  if (bench === undefined) return skip(t, ...NEEDS);
  const { toolchain, processes } = bench;
  const route = (line: string) => bench.route(line, folder).route;
  return reach(t, { project: folder, toolchain, processes, route, ...options });
}

/** Changes a file until the test is over. */
function change(t: TestContext, path: string, text: string): void {
  const before = readFileSync(path, "utf8");
  t.after(() => writeFileSync(path, before));
  writeFileSync(path, text);
}

test("test runs what the project means by it: counts, and each failure in one line", async (t) => {
  const reached = await open(t);
  if (reached === null) return;
  const { client, opened } = reached;
  const { text, data, isError } = await client.call("test");
  assert.equal(isError, false);
  const [python, script] = data["runs"] as Record<string, unknown>[];
  assert.equal(python?.["command"], "pytest");
  assert.match(String(python?.["ran"]), /uv run --locked pytest|bin\/pytest/);
  assert.ok(Number(python?.["passed"]) > 0 && Number(python?.["failed"]) > 0, text);
  assert.match(text, /^FAILED tests\/test_\w+\.py::/m);
  assert.equal(script?.["command"], "bun run test");
  assert.deepEqual(
    opened.rows().map(({ asked, doorways }) => [asked, doorways]),
    [
      ["pytest", ["mcp"]],
      ["bun run test", ["mcp"]],
    ],
  );
  const chosen = await client.call("test", { args: ["tests/test_money.py"] });
  assert.match(chosen.text, /Several parts have tests of their own/);
});

test("lint and types: what is new, one line each, by programs that are rows of their own", async (t) => {
  const reached = await open(t);
  if (reached === null) return;
  const { client, opened } = reached;
  const first = await client.call("lint");
  assert.match(first.text, /^2 findings · ruff [\d.]+, oxlint [\d.]+$/m);
  assert.match(first.text, /^src\/ledger\/report\.py:3:\d+ F401 /m);
  assert.equal(first.data["new"], null);
  // What was there before moves by a line, and is not new for that.
  const more = "\n\ndef more() -> None:\n    import json\n";
  change(t, REPORT, `# moved\n${readFileSync(REPORT, "utf8")}${more}`);
  const second = await client.call("lint");
  assert.match(second.text, /^1 new findings, 3 in all · ruff/);
  assert.match(second.text, /^src\/ledger\/report\.py:30:\d+ F401 .*json/m);
  assert.doesNotMatch(second.text, /:4:/);
  assert.match(second.text, /^All of them: ruff check --output-format concise/m);
  const rows = opened.rows();
  assert.ok(rows.length >= 4 && rows.every(({ doorways }) => String(doorways) === "mcp"), opened.told());
  assert.deepEqual(
    rows[0]?.gates?.map(({ tool, state, findings }) => [tool, state, findings]),
    [["ruff", "failed", 1]],
  );
  assert.equal(opened.output(), "");

  const types = await client.call("typecheck", { paths: ["src/ledger/report.py"] });
  assert.match(types.text, /^1 findings · ty [\d.]+\nsrc\/ledger\/report\.py:26:\d+ \S+ /);
  const outside = await client.call("lint", { paths: ["../.."] });
  assert.match(outside.text, /is not in the project/);
});

test("format writes by the project's own formatter, or only says what it would", async (t) => {
  const reached = await open(t);
  if (reached === null) return;
  const { client, opened } = reached;
  change(t, REPORT, readFileSync(REPORT, "utf8"));
  appendFileSync(REPORT, "x   =  1\n");
  const would = await client.call("format", { paths: ["src/ledger/report.py"], check: true });
  assert.match(would.text, /^ruff: exit 1 .*\n(.*\n)*1 file would be reformatted$/);
  assert.match(readFileSync(REPORT, "utf8"), /x {3}= {2}1/);
  const did = await client.call("format", { paths: ["src/ledger/report.py"] });
  assert.equal(did.isError, false, did.text);
  assert.match(readFileSync(REPORT, "utf8"), /^x = 1$/m);
  const none = await client.call("format", { paths: ["web/src/bars.ts"] });
  assert.match(none.text, /No formatter was found/);
  assert.equal(opened.rows().length, 2);
});

test("a change of dependencies is the owner's command, and waits for a person", async (t) => {
  const reached = await open(t, { answer: "reject" });
  if (reached === null) return;
  const { client, opened } = reached;
  const before = readFileSync(join(folder, "pyproject.toml"), "utf8");
  const add = await client.call("add_dependency", { packages: ["httpx>=0.28"], dev: true });
  assert.equal(add.isError, true);
  const remove = await client.call("remove_dependency", { packages: ["left-pad"], cwd: "web" });
  assert.equal(remove.isError, true);
  assert.deepEqual(
    opened.of("approval.opened").map(({ approval }) => [approval.asked, approval.rule]),
    [
      ["uv add --dev 'httpx>=0.28'", "deps.change"],
      ["bun remove left-pad", "deps.change"],
    ],
  );
  assert.equal(readFileSync(join(folder, "pyproject.toml"), "utf8"), before);
});

test("sync installs from the lock, and from nothing else", async (t) => {
  const reached = await open(t);
  if (reached === null) return;
  const { client, opened } = reached;
  const { isError, text } = await client.call("sync");
  assert.equal(isError, false, text);
  assert.match(text, /^uv sync --locked: exit 0/);
  assert.equal(opened.row().asked, "uv sync --locked");
  const lock = join(folder, "web/bun.lock");
  change(t, lock, readFileSync(lock, "utf8"));
  rmSync(lock);
  const without = await client.call("sync", { cwd: "web" });
  assert.equal(without.isError, true);
  assert.match(without.text, /no lock|Nothing proves/);
  assert.equal(existsSync(lock), false);
});

test("reading tools answer from the session's own state, and are no rows", async (t) => {
  const reached = await open(t);
  if (reached === null) return;
  const { client, opened } = reached;
  opened.gates.standing = [
    { gate: "lint", state: "failed", findings: 2, tools: ["ruff 0.17.5"], at: 1, ms: 1 },
    { gate: "tests", state: "unknown", findings: 0, tools: [], at: 0, ms: 0, detail: "Never ran." },
  ];
  const { text } = await client.call("gates");
  assert.match(text, /^lint: failed · 2 findings · ruff 0\.17\.5\ntests: unknown · Never ran\.$/m);
  const asks = await client.call("policy_explain", { command: "git reset --hard" });
  assert.match(asks.text, /^ask · git\.reset\.discard · /);
  const goes = await client.call("policy_explain", { command: "pytest -q" });
  assert.match(goes.text, /^allow · .*\nwould run: .*pytest -q/);
  assert.equal(opened.of("approval.opened").length, 0);
  assert.deepEqual(opened.rows(), []);
});
