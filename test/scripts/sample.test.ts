import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, test } from "node:test";
import type { TestContext } from "node:test";

import { ownEnvironment } from "../../scripts/lib/environment.ts";
import { makeSample } from "../../scripts/lib/sample.ts";
import { run } from "../../scripts/lib/process.ts";
import { tool } from "../../scripts/lib/tools.ts";
import { sampleFor } from "../harness/sample.ts";
import { tempDir } from "../harness/temp.ts";
import { skipWithout } from "../harness/tools.ts";

async function inFolder(folder: string, name: "uv" | "bun", ...args: string[]) {
  const program = await tool(name);
  const env = ownEnvironment();
  // `bun run` starts bun again by its name.
  env["PATH"] = `${dirname(program)}:${env["PATH"]}`;
  const { code, stdout, stderr } = await run(program, args, { cwd: folder, env });
  return { code, text: stdout + stderr };
}

async function git(folder: string, ...args: string[]): Promise<string> {
  return (await run("git", args, { cwd: folder })).stdout;
}

async function correct(file: string, wrong: string, right: string): Promise<void> {
  const text = await readFile(file, "utf8");
  assert.equal(text.split(wrong).length, 2, `${wrong} once in ${file}`);
  await writeFile(file, text.replace(wrong, right));
}

async function needsAll(t: TestContext): Promise<boolean> {
  for (const need of ["git", "bun", "uv", "python"] as const) if (!(await skipWithout(t, need))) return false;
  return true;
}

describe("the sample project", () => {
  test("is on main with one commit, a change and a file that git doesn't know", async (t) => {
    if (!(await needsAll(t))) return;
    const folder = await sampleFor(t);
    assert.equal((await git(folder, "branch", "--show-current")).trim(), "main");
    assert.equal((await git(folder, "rev-list", "--count", "HEAD")).trim(), "1");
    assert.equal(
      await git(folder, "status", "--short"),
      " M src/ledger/money.py\n M web/src/format.ts\n?? data/september.csv\n",
    );
  });

  test("has one lint error, one misspelt name and one failing test, and is green when mended", async (t) => {
    if (!(await needsAll(t))) return;
    const folder = await sampleFor(t);
    const web = join(folder, "web");

    const ruff = await inFolder(folder, "uv", "run", "ruff", "check", "--output-format", "concise");
    assert.match(ruff.text, /report\.py:\d+:\d+: F401[^]*Found 1 error/);
    const ty = await inFolder(folder, "uv", "run", "ty", "check", "--output-format", "concise");
    assert.match(
      ty.text,
      /report\.py:\d+:\d+: error\[missing-attribute\][^\n]*`catgory`\nFound 1 diagnostic/,
    );
    const pytest = await inFolder(folder, "uv", "run", "pytest", "-q");
    assert.match(pytest.text, /test_an_entry_is_described_in_one_line[^]*\n1 failed, 14 passed/);

    const oxlint = await inFolder(web, "bun", "run", "lint");
    assert.match(oxlint.text, /prefer-const[^]*Found 0 warnings and 1 error/);
    const tsc = await inFolder(web, "bun", "run", "types");
    assert.match(tsc.text, /^src\/bars\.ts.*error TS2551: .* Did you mean 'cents'\?$/m);
    assert.equal((await inFolder(web, "bun", "run", "test")).code, 0);

    await inFolder(folder, "uv", "run", "ruff", "check", "--fix", "--quiet");
    await correct(join(folder, "src", "ledger", "report.py"), "catgory", "category");
    await inFolder(web, "bun", "x", "oxlint", "--fix");
    await correct(join(web, "src", "bars.ts"), "censt", "cents");
    for (const args of [
      ["ruff", "check"],
      ["ruff", "format", "--check"],
      ["ty", "check"],
    ]) {
      assert.equal((await inFolder(folder, "uv", "run", ...args)).code, 0, args.join(" "));
    }
    for (const script of ["lint", "types", "test"]) {
      assert.equal((await inFolder(web, "bun", "run", script)).code, 0, script);
    }
    assert.match((await inFolder(folder, "uv", "run", "pytest", "-q")).text, /15 passed/);
  });

  test("is its TypeScript half where there is no Python", async (t) => {
    if (!(await skipWithout(t, "git"))) return;
    const folder = await tempDir(t);
    await makeSample(folder, {});
    assert.deepEqual((await git(folder, "ls-files")).trim().split("\n"), [
      ".gitignore",
      ".vscode/settings.json",
      "README.md",
      "data/august.csv",
      "web/.oxlintrc.json",
      "web/bun.lock",
      "web/package.json",
      "web/src/bars.test.ts",
      "web/src/bars.ts",
      "web/src/format.test.ts",
      "web/src/format.ts",
      "web/tsconfig.json",
    ]);
    assert.equal(await git(folder, "status", "--short"), " M web/src/format.ts\n?? data/september.csv\n");
  });
});
