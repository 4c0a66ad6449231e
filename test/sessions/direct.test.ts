import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { tempDir } from "../harness/temp.ts";
import { benchFor, put, skip } from "../toolchain/support.ts";
import { openSession } from "./support/session.ts";

const bench = await benchFor("uv", "python", "node24");

/** What a program sees of how it was started. `uv run` counts its own depth. */
const SEES = `import json, os, sys
print(json.dumps({
    "depth": os.environ.get("UV_RUN_RECURSION_DEPTH"), "prefix": sys.prefix, "args": sys.argv[1:],
    "venv": os.environ.get("VIRTUAL_ENV"), "first": os.environ["PATH"].split(":")[0], "locked": os.environ.get("UV_LOCKED"), "uv": os.environ.get("UV"),
}))
sys.exit(3)
`;

test("once lock and environment are known to agree, an agent's python starts without uv, and sees the same", async (t) => {
  if (bench === undefined) return void (await skip(t, "uv", "python", "node24"));
  const project = join(await tempDir(t), "project");
  put(project, {
    "pyproject.toml": '[project]\nname = "demo"\nversion = "0.1.0"\nrequires-python = ">=3.10"\n',
    "sees.py": SEES,
  });
  const made = await bench.run("uv sync --quiet", project);
  assert.equal(made.code, 0, made.stderr);
  // uv is asked beside the first call that it could be told of.
  const call = `python sees.py "it's" '' 'a  b' >> ../seen 2>> ../told; echo $? >> ../codes`;
  const line = `PATH="$PATH:${bench.folders.join(":")}"; ${call}; sleep 2; ${call}`;
  const { toolchain, processes } = bench;
  const opened = await openSession(
    t,
    { turns: [[{ shell: { line, wait: true } }]] },
    { project, toolchain, processes, shims: ["uv", "python"] },
  );
  await opened.session.prompt("go");
  const read = (name: string): string[] =>
    readFileSync(join(project, "..", name), "utf8")
      .trim()
      .split("\n");
  const [first, second] = read("seen").map((each) => JSON.parse(each) as Record<string, unknown>);
  const environment = join(project, ".venv");
  const same = {
    prefix: environment,
    args: ["it's", "", "a  b"],
    venv: environment,
    first: join(environment, "bin"),
    locked: "1",
    uv: join(bench.folders[0] ?? "", "uv"),
  };
  assert.deepEqual(first, { depth: "1", ...same });
  assert.deepEqual(second, { depth: null, ...same });
  assert.deepEqual(read("codes"), ["3", "3"]);
  assert.match(read("told").join("\n"), /^interlock: python .* -> uv run --locked python /);
});
