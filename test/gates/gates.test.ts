import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, test, type TestContext } from "node:test";

import { type GatesOptions, Gates } from "../../extension/gates/gates.ts";
import { eventually } from "../harness/processes.ts";
import { type Bench, benchWith, type Files, folderWith, put } from "../toolchain/support.ts";

// The tools are shell scripts here, so that they can crash, hang and write rubbish when it is asked of them.
const FINDING = (file: string, severity = "F401") =>
  `{"code":"${severity}","filename":"${file}","message":"m","location":{"row":1,"column":1},"end_location":{"row":1,"column":2},"cell":null}`;

function open(t: TestContext, files: Files, options: Partial<GatesOptions> = {}) {
  const folder = folderWith({ "a.py": "import os\n", "b.py": "\n", "pyproject.toml": "", ...files });
  const bench: Bench = benchWith([join(folder, "bin"), "/usr/bin", "/bin"], false);
  const gates = new Gates({
    folder,
    toolchain: bench.toolchain,
    processes: bench.processes,
    ...options,
  });
  t.after(() => gates.dispose());
  const lint = (...names: string[]) =>
    gates
      .edited(names.map((name) => join(folder, name)))
      .then((all) => all.filter(({ tool }) => tool === "ruff"));
  return { folder, gates, lint };
}

/** A ruff that finds one thing in every file it is given, and notes what it was asked. */
const RUFF = `#!/bin/sh
[ "$1" = --version ] && { echo "ruff 9.9.9"; exit 0; }
echo "$*" >> "$(dirname "$0")/../asked"
while [ "$1" != -- ]; do shift; done; shift
for file; do printf '%s\\n' '${FINDING("@")}' | sed "s#@#$file#"; done
exit 1
`;

describe("a gate", () => {
  test("is unknown before anything ran: no tick without a run", (t) => {
    const { gates } = open(t, {});
    for (const { state, detail } of gates.reports()) {
      assert.equal(state, "unknown");
      assert.ok(detail);
    }
  });

  test("fails on what its tool found in the files of the edit", async (t) => {
    const { gates, folder, lint } = open(t, { "bin/ruff": RUFF });
    const [result] = await lint("a.py");
    assert.deepEqual([result?.state, result?.findings], ["failed", 1]);
    const report = gates.report("lint");
    assert.deepEqual([report.state, report.findings, report.tools], ["failed", 1, ["ruff 9.9.9"]]);
    assert.equal(gates.findings(join(folder, "a.py")).length, 1);
    assert.equal(gates.findings(join(folder, "b.py")).length, 0);
  });

  const BROKEN: readonly (readonly [string, string | null, RegExp])[] = [
    ["is missing", null, /not found: add it/],
    [
      "crashes",
      "#!/bin/sh\necho 'error: configuration is broken' >&2\nexit 2\n",
      /failed \(2\): error: configuration/,
    ],
    ["dies", "#!/bin/sh\nkill -SEGV $$\n", /failed \(SIGSEGV\)/],
    ["writes rubbish", "#!/bin/sh\necho oops\nexit 0\n", /not understood: oops/],
    ["is no program", "not a program", /ENOEXEC|failed|could not be started/],
  ];
  for (const [what, script, reason] of BROKEN) {
    test(`is unavailable, with the reason, when its tool ${what}`, async (t) => {
      const files = script === null ? {} : { "bin/ruff": script.startsWith("#!") ? script : `#!\n${script}` };
      const { gates, lint } = open(t, files);
      const [result] = await lint("a.py");
      assert.equal(result?.state, "unavailable");
      assert.equal(gates.report("lint").state, "unavailable");
      assert.match(gates.report("lint").detail ?? "", reason);
    });
  }

  test("that failed before and can't tell now does not pass", async (t) => {
    const { gates, folder, lint } = open(t, { "bin/ruff": RUFF });
    await lint("a.py");
    put(folder, { "bin/ruff": "#!/bin/sh\nexit 2\n" });
    await lint("a.py");
    assert.notEqual(gates.report("lint").state, "passed");
  });

  test("asks for no tool because of files aside, until one of them is edited", async (t) => {
    const { gates, folder, lint } = open(t, { "fixtures/x/pyproject.toml": "", "fixtures/x/a.py": "" });
    rmSync(join(folder, "pyproject.toml"));
    await gates.runAll("lint");
    assert.equal(gates.report("lint").state, "unknown");
    await lint("fixtures/x/a.py");
    assert.equal(gates.report("lint").state, "unavailable");
  });

  test("forgets a file that is gone", async (t) => {
    const { gates, folder, lint } = open(t, { "bin/ruff": RUFF });
    await lint("a.py", "b.py");
    assert.equal(gates.findings().length, 2);
    rmSync(join(folder, "a.py"));
    assert.deepEqual(await lint("a.py"), []);
    assert.deepEqual([gates.findings().length, gates.report("lint").findings], [1, 1]);
  });

  test("asks about files of the project only", async (t) => {
    const { gates, folder } = open(t, {
      "bin/ruff": RUFF,
      "node_modules/x/a.py": "",
      ".venv/lib/a.py": "",
      "notes.md": "",
    });
    const outside = join(folderWith({ "a.py": "" }), "a.py");
    const inside = ["node_modules/x/a.py", ".venv/lib/a.py", "notes.md"].map((name) => join(folder, name));
    assert.deepEqual(await gates.edited([outside, ...inside, `${folder}-other/a.py`]), []);
    assert.ok(!existsSync(join(folder, "asked")));
  });

  test("gathers edits of one burst, and those made while it runs, into one run each", async (t) => {
    const slow = RUFF.replace("while", "sleep 0.3; while");
    const { folder, lint } = open(t, { "bin/ruff": slow });
    const first = [lint("a.py"), lint("b.py"), lint("a.py")];
    await eventually("the first run began", () => existsSync(join(folder, "asked")));
    const second = [lint("a.py"), lint("b.py")];
    const results = await Promise.all([...first, ...second]);
    assert.ok(results.every(([result]) => result?.state === "failed"));
    const asked = readFileSync(join(folder, "asked"), "utf8").trim().split("\n");
    assert.equal(asked.length, 2);
  });

  test("that is cancelled answers unknown, and leaves nothing running", async (t) => {
    const { gates, lint, folder } = open(t, {
      "bin/ruff": `#!/bin/sh\n[ "$1" = --version ] && exit 0\necho $$ > "$(dirname "$0")/pid"\nsleep 60\n`,
    });
    const answer = lint("a.py");
    const pid = join(folder, "bin/pid");
    await eventually("it runs", () => existsSync(pid) && readFileSync(pid, "utf8") !== "");
    assert.equal(gates.report("lint").state, "running");
    gates.cancel();
    assert.equal((await answer)[0]?.state, "unknown");
    assert.throws(() => process.kill(Number(readFileSync(pid, "utf8")), 0));
  });

  test("keeps no more findings than anybody can read, and says so", async (t) => {
    const many = `#!/bin/sh\n[ "$1" = --version ] && { echo "ruff 1.2.3"; exit 0; }\nyes '${FINDING("a.py")}' | head -5000\nexit 1\n`;
    const { gates, lint } = open(t, { "bin/ruff": many });
    await lint("a.py");
    const report = gates.report("lint");
    assert.equal(report.findings, 2_000);
    assert.ok(report.detail);
  });

  test("tells its listeners that it runs, and what came of it", async (t) => {
    const { gates, lint } = open(t, { "bin/ruff": RUFF });
    const told: string[] = [];
    const end = gates.onReport(({ gate, state }) => gate === "lint" && told.push(state));
    await lint("a.py");
    assert.deepEqual(told, ["running", "failed"]);
    end();
    await lint("a.py");
    assert.equal(told.length, 2);
  });

  test("reads the tests that an agent ran", (t) => {
    const { gates } = open(t, {});
    gates.observe("pytest -q | tail -1", 0, "1 failed, 2 passed in 0.1s\n");
    const report = gates.report("tests");
    assert.deepEqual([report.state, report.passed, report.findings], ["failed", 2, 1]);
  });

  test("looks again once a command may have written files, and runs meanwhile", async (t) => {
    const clean = '#!/bin/sh\n[ "$1" = --version ] && { echo "ruff 9.9.9"; exit 0; }\nexit 0\n';
    const { gates, folder, lint } = open(t, { "bin/ruff": clean });
    await lint("a.py");
    assert.equal(gates.report("lint").state, "passed");
    const found = FINDING(join(folder, "a.py"));
    put(folder, { "bin/ruff": `${clean.slice(0, -"exit 0\n".length)}echo '${found}'\nexit 1\n` });
    const told: string[] = [];
    gates.onReport(({ gate, state }) => gate === "lint" && told.push(state));
    const looked = gates.touched("files");
    assert.deepEqual([gates.report("lint").state, told], ["running", ["running"]]);
    await looked;
    assert.deepEqual([gates.report("lint").state, told.at(-1)], ["failed", "failed"]);
  });

  test("that was never asked is not asked because of a command", async (t) => {
    const { gates, folder } = open(t, { "bin/ruff": RUFF });
    await gates.touched("sources");
    assert.ok(!existsSync(join(folder, "asked")));
    assert.equal(gates.report("lint").state, "unknown");
  });

  test("of tests outlives commands that leave the sources, and no others", async (t) => {
    const { gates } = open(t, {});
    gates.observe("pytest", 0, "2 passed in 0.1s\n");
    await gates.touched("files");
    assert.equal(gates.report("tests").state, "passed");
    await gates.touched("sources");
    assert.equal(gates.report("tests").state, "unknown");
  });
});
