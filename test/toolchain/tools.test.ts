import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";

import { doctor } from "../../extension/toolchain/doctor.ts";
import { machineName, thisMachine } from "../../extension/toolchain/provision/pins.ts";
import { testRun } from "../../extension/toolchain/testRun.ts";
import { Toolchain } from "../../extension/toolchain/toolchain.ts";
import { atLeast } from "../../extension/toolchain/versions.ts";
import { benchWith, bins, environment, folderWith, programs, put, testProcesses, uvLock } from "./support.ts";

function saying(version: string): string {
  return `#!/bin/sh\necho "tool ${version} (built today)"\n`;
}

const HERE = machineName(thisMachine());

/** A program as Interlock leaves one that it brought. */
function shelved(tool: string): Record<string, string> {
  const text = "#!/bin/sh\n";
  const sha256 = createHash("sha256").update(text).digest("hex");
  const stamp = { version: 1, tool, toolVersion: "1.2.3", sha256, size: text.length, mtimeMs: 0 };
  return {
    [`${tool}-1.2.3-${HERE}/${tool}`]: text,
    [`${tool}-1.2.3-${HERE}/stamp.json`]: JSON.stringify(stamp),
  };
}

describe("a tool", () => {
  const path = programs("ruff", "tsc", "uv");
  const folder = folderWith({
    ...bins("tsc"),
    ...environment(".venv", "ruff"),
    "pyproject.toml": '[project]\nname = "demo"\n',
    "uv.lock": uvLock({}),
    "package.json": "{}",
    "deep/er/x.ts": "",
  });
  const { tools } = benchWith([path], false).toolchain;

  test("is the project's own, before the machine's", () => {
    assert.deepEqual(tools.find("ruff", folder), { path: join(folder, ".venv/bin/ruff"), source: "project" });
    assert.deepEqual(tools.find("tsc", join(folder, "deep/er")), {
      path: join(folder, "node_modules/.bin/tsc"),
      source: "project",
    });
    assert.deepEqual(tools.find("uv", folder), { path: join(path, "uv"), source: "path" });
    assert.equal(tools.find("ty", folder), null);
  });

  test("that Interlock brought is called by its path, one on the PATH by its name", () => {
    const brought = folderWith({ ...shelved("uv"), ...shelved("bun") });
    const env = { PATH: path };
    const options = { processes: testProcesses(env), env, provided: brought, home: "/", roots: [] };
    assert.deepEqual(new Toolchain(options).runners(), {
      uv: "uv",
      bun: join(brought, `bun-1.2.3-${HERE}`, "bun"),
      ruff: "ruff",
      ty: null,
      oxlint: null,
    });
  });

  test("is found where its installer puts it, when the PATH doesn't say", () => {
    const home = folderWith({ ".local/bin/uv": "#!/bin/sh\n", ".bun/bin/bun": "#!/bin/sh\n" });
    const env = { PATH: path };
    const options = { processes: testProcesses(env), env, provided: "/nowhere", home, roots: [] };
    assert.deepEqual(new Toolchain(options).runners(), {
      uv: "uv",
      bun: join(home, ".bun/bin/bun"),
      ruff: "ruff",
      ty: null,
      oxlint: null,
    });
  });

  test("that can't be executed is none", () => {
    const plain = folderWith({ uv: "text" });
    assert.equal(benchWith([plain], false).toolchain.tools.command("uv"), null);
  });

  test("states its version, and is asked again when it changed", async () => {
    const own = folderWith({ ruff: saying("0.17.5") });
    assert.equal(await tools.version(join(own, "ruff"), own), "0.17.5");
    put(own, { ruff: saying("0.18.0-rc.1") });
    assert.equal(await tools.version(join(own, "ruff"), own), "0.18.0-rc.1");
    put(own, { ruff: "#!/bin/sh\nexit 3\n" });
    assert.equal(await tools.version(join(own, "ruff"), own), null);
    rmSync(join(own, "ruff"));
    assert.equal(await tools.version(join(own, "ruff"), own), null);
  });

  test("is compared by numbers, not by letters", () => {
    assert.ok(atLeast("3.10.2", "3.9"));
    assert.ok(atLeast("7.0.2", "7.0"));
    assert.ok(!atLeast("6.0.3", "7.0"));
    assert.ok(!atLeast("3.9.20", "3.10"));
  });
});

describe("the doctor", () => {
  const gitVersion = (): Promise<string> => Promise.resolve("2.50.1");

  test("advises nothing that no project here would use, and says git's version", async () => {
    const path = folderWith({ git: saying("2"), node: saying("24.1.0") });
    const folder = folderWith({ "package.json": "{}" });
    const { tools } = await doctor(benchWith([path], false).toolchain, folder, gitVersion);
    const advised = tools.filter(({ next }) => next !== "").map(({ tool }) => tool);
    assert.deepEqual(advised, ["tsc", "oxlint"]);
    assert.equal(tools.find(({ tool }) => tool === "git")?.version, "2.50.1");
  });

  test("takes samples of tests for nobody's projects, but where one of them is asked about", async () => {
    const folder = folderWith({
      "package.json": "{}",
      "test/fixtures/py/pyproject.toml": "",
      "pkg/testdata/requirements.txt": "",
      "api/pyproject.toml": "",
    });
    const projects = async (of: string): Promise<readonly string[]> => {
      const report = await doctor(benchWith([], false).toolchain, of, gitVersion);
      return report.projects.map(({ language, folder: at }) => `${language} ${at.slice(folder.length)}`);
    };
    assert.deepEqual(await projects(folder), ["javascript ", "python /api"]);
    assert.ok((await projects(join(folder, "test/fixtures"))).includes("python /test/fixtures/py"));
  });

  test("sees every project of a folder, what it needs, and what to do", async () => {
    const folder = folderWith({
      "pyproject.toml": '[project]\nname = "demo"\n',
      "uv.lock": uvLock({}),
      "web/package.json": '{"packageManager":"bun@1.4.5"}',
    });
    const path = folderWith({
      git: saying("2"),
      uv: saying("0.13.8"),
      python3: saying("3.9.1"),
      node: saying("24.1.0"),
    });
    const report = await doctor(benchWith([path], false).toolchain, folder, gitVersion);
    assert.deepEqual(
      report.projects.map(({ language, lock, owner }) => [language, lock, owner.state]),
      [
        ["python", "fresh", "owned"],
        ["javascript", "missing", "owned"],
      ],
    );
    const states = Object.fromEntries(
      report.tools.map(({ tool, state, needed }) => [tool, `${state}${needed ? "!" : ""}`]),
    );
    assert.deepEqual(states, {
      git: "ok!",
      python: "old!",
      uv: "ok!",
      ruff: "missing",
      ty: "missing",
      node: "ok!",
      bun: "missing!",
      tsc: "missing",
      oxlint: "missing",
    });
    assert.equal(report.ok, false);
    for (const { state, next } of report.tools) assert.equal(next === "", state === "ok");
  });

  test("says of each project which files speak of it, and which tools work on it", async () => {
    const folder = folderWith({
      "package.json": '{"name":"all"}',
      "api/pyproject.toml": '[project]\nname = "api"\n[tool.uv]\n',
      "web/package.json": "{}",
      "web/package-lock.json": "{}",
      "site/package.json": '{"packageManager":"npm@11.0.0"}',
      "old/package.json": "{",
    });
    const path = folderWith({ uv: saying("0.13.8"), ruff: saying("0.17.5"), node: saying("24.1.0") });
    const { projects } = await doctor(benchWith([path], false).toolchain, folder, gitVersion);
    const told = projects.map(({ folder: at, lock, evidence, tools, problems }) => ({
      at: at.slice(folder.length + 1),
      lock,
      evidence: evidence.map(({ what }) => what),
      tools: tools.map(({ tool, state }) => `${tool} ${state}`),
      problems: problems.length,
    }));
    const node = ["node ok", "tsc missing", "oxlint missing"];
    const python = ["python missing", "uv ok", "ruff ok", "ty missing"];
    const sorted = told.toSorted((one, other) => one.at.localeCompare(other.at));
    assert.deepEqual(sorted, [
      { at: "", lock: "none", evidence: ["package.json"], tools: node, problems: 0 },
      { at: "api", lock: "missing", evidence: ["[tool.uv]", "pyproject.toml"], tools: python, problems: 0 },
      { at: "old", lock: "none", evidence: ["package.json"], tools: node, problems: 1 },
      {
        at: "site",
        lock: "missing",
        evidence: ["packageManager npm@11.0.0", "package.json"],
        tools: node,
        problems: 0,
      },
      {
        at: "web",
        lock: "present",
        evidence: ["package-lock.json", "package.json"],
        tools: node,
        problems: 0,
      },
    ]);
  });

  test("finds nothing wrong with an empty folder but what is missing for everything", async () => {
    const path = folderWith({ git: saying("2") });
    const report = await doctor(benchWith([path], false).toolchain, folderWith({}), gitVersion);
    assert.deepEqual(report.projects, []);
    assert.equal(report.ok, true);
  });
});

describe("a command that runs tests", () => {
  const RUNS: readonly (readonly [string, boolean])[] = [
    ["pytest -x", true],
    ["uv run --locked pytest", true],
    ["python -m pytest tests", true],
    ["python3 -m unittest", true],
    ["cd web && npm test", true],
    ["bun run test:unit", true],
    ["bun test", true],
    ["bun x --no-install vitest run", true],
    ["npx jest", true],
    ["node --test x.js", true],
    ["cargo test", true],
    ["pytest | tail -5", false],
    ["pytest; git status", false],
  ];
  for (const [line, exits] of RUNS) {
    test(`${line}: its status is ${exits ? "" : "not "}that of the tests`, () => {
      assert.equal(testRun(line, "/x")?.exits, exits);
    });
  }

  test("is not one that only speaks of them", () => {
    for (const line of [
      "cat pytest.log",
      "echo 'bun test'",
      "git commit -m 'npm test'",
      "npm run build",
      "ruff check tests",
    ]) {
      assert.equal(testRun(line, "/x"), null, line);
    }
  });
});
