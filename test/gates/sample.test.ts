import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test, type TestContext } from "node:test";

import type { GateResult } from "../../extension/gates/gate.ts";
import { Gates } from "../../extension/gates/gates.ts";
import { groupLives } from "../../extension/process/group.ts";
import { sampleFor } from "../harness/sample.ts";
import { benchFor, put, skip } from "../toolchain/support.ts";
import { connectWith } from "./support/connect.ts";

// The sample has a lint error and a misspelt name in each half, and one failing test.
const bench = await benchFor("uv", "bun", "node24", "python", "ruff", "ty");
const folder = bench === undefined ? "" : await sampleFor({ after });
const PY = "src/ledger/report.py";
const TS = "web/src/bars.ts";

async function open(t: TestContext, warm: boolean): Promise<Gates | null> {
  if (bench === undefined) return skip(t, "uv", "bun", "node24", "python", "ruff", "ty");
  const { toolchain, processes } = bench;
  const gates = new Gates({
    folder,
    toolchain,
    processes,
    ...(warm ? { connect: connectWith(processes) } : {}),
  });
  t.after(() => gates.dispose());
  return gates;
}

function brief(results: readonly GateResult[]): Readonly<Record<string, string>> {
  return Object.fromEntries(results.map(({ tool, state, findings }) => [tool, `${state} ${findings}`]));
}

function read(name: string): string {
  return readFileSync(join(folder, name), "utf8");
}

/** Changes a file until the test is over. */
function change(t: TestContext, name: string, from: string, to: string): void {
  const before = read(name);
  assert.ok(before.includes(from), `${name} holds ${from}`);
  t.after(() => writeFileSync(join(folder, name), before));
  writeFileSync(join(folder, name), before.replace(from, to));
}

for (const warm of [false, true]) {
  describe(`in the sample, with its tools ${warm ? "kept warm" : "started for each question"}`, () => {
    test("both halves are told apart, by the projects' own tools", async (t) => {
      const gates = await open(t, warm);
      if (gates === null) return;
      const edited = (...names: string[]) =>
        gates.edited(names.map((name) => join(folder, name))).then(brief);
      const failed = { ruff: "failed 1", oxlint: "failed 1", ty: "failed 1", tsc: "failed 1" };
      assert.deepEqual(await edited(PY, TS), failed);
      assert.deepEqual(await edited(PY), { ruff: "failed 1", ty: "failed 1" });
      assert.deepEqual(
        gates
          .findings()
          .map(({ code, line }) => `${code} ${line}`)
          .sort(),
        ["F401 3", "TS2551 25", "eslint(prefer-const) 16", "missing-attribute 25"],
      );
      change(t, PY, "catgory", "category");
      change(t, TS, "censt", "cents");
      assert.deepEqual(await edited(PY, TS), { ...failed, ty: "passed 0", tsc: "passed 0" });
      assert.equal(gates.report("types").state, "passed");
    });

    test("a new file, and one that goes, change what others say", async (t) => {
      const gates = await open(t, warm);
      if (gates === null) return;
      const edited = (...names: string[]) =>
        gates.edited(names.map((name) => join(folder, name))).then(brief);
      t.after(() => {
        for (const name of ["web/src/more.ts", "web/src/user.ts"])
          rmSync(join(folder, name), { force: true });
      });
      put(folder, {
        "web/src/user.ts": 'import { more } from "./more.ts";\nexport const length: string = more;\n',
      });
      assert.equal((await edited("web/src/user.ts"))["tsc"]?.startsWith("failed"), true);
      put(folder, { "web/src/more.ts": "export const more = 1;\n" });
      await edited("web/src/more.ts");
      const codes = () => gates.findings(join(folder, "web/src/user.ts")).map(({ code }) => code);
      assert.deepEqual(
        codes().filter((code) => code.startsWith("TS2")),
        ["TS2322"],
      );
      rmSync(join(folder, "web/src/more.ts"));
      await edited("web/src/more.ts");
      assert.deepEqual(
        codes().filter((code) => code.startsWith("TS2")),
        ["TS2307"],
      );
    });
  });
}

describe("in the whole sample", () => {
  test("lint, types and tests stand as the sample promises", async (t) => {
    const gates = await open(t, false);
    if (gates === null) return;
    const reports = await gates.runAll();
    assert.deepEqual(
      reports.map(({ gate, state, findings }) => `${gate} ${state} ${findings}`),
      ["lint failed 2", "types failed 2", "tests failed 1"],
    );
    assert.ok((reports[2]?.passed ?? 0) > 5);
    assert.deepEqual(reports[2]?.tools, ["pytest", "bun"]);
  });

  test("a person's edit behind our back is seen with the next edit", async (t) => {
    const gates = await open(t, true);
    if (gates === null) return;
    await gates.edited([join(folder, "src/ledger/money.py")]);
    assert.equal(gates.report("types").state, "passed");
    change(t, PY, "from", "import nothing_of_that_name\nfrom");
    await gates.edited([join(folder, "src/ledger/money.py")]);
    assert.equal(gates.report("types").state, "failed");
  });

  test("servers are started once for all edits, and end with their gates", async (t) => {
    if (bench === undefined) return void (await skip(t, "uv", "bun", "node24", "python", "ruff", "ty"));
    const { toolchain, processes } = bench;
    const servers: number[] = [];
    const connect = connectWith({
      spawn: (request) => {
        const server = processes.spawn(request);
        servers.push(server.pid ?? 0);
        return server;
      },
    });
    const gates = new Gates({ folder, toolchain, processes, connect });
    t.after(() => gates.dispose());
    const files = [join(folder, PY), join(folder, TS)];
    await gates.edited(files);
    const tools = new Set((await gates.edited(files)).map(({ tool }) => tool));
    assert.ok(tools.has("ty") && tools.has("tsc"));
    assert.equal(servers.length, 2);
    assert.ok(servers.every(groupLives));
    await gates.dispose();
    assert.ok(!servers.some(groupLives));
  });
});
