import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import { tempDir } from "../harness/temp.ts";
import { benchFor, folderWith, skip } from "../toolchain/support.ts";
import { openSession } from "./support/session.ts";

const NEEDS = ["uv", "bun", "python", "node24"] as const;
const PACKAGE = {
  name: "demo",
  version: "1.0.0",
  private: true,
  scripts: { show: "node show.cjs", both: "python x.py npm-script && npm run show -- nested" },
  dependencies: { semver: "7.6.0" },
};
/** Each program in a way in which scripts start others. */
const SCRIPT = `set -e
python x.py plain
python x.py first | cat | python x.py last
for i in 1 2 3 4; do python x.py loop-$i; done
i=0; while [ $i -lt 3 ]; do i=$((i + 1)); npm run show -- while-$i; done
printf '%s\\n' a b c d | xargs -n1 python x.py xargs
printf '%s\\n' e f | xargs -I{} sh -c 'python x.py shell-{}'
make -s all
npm run both
(cd sub && python ../x.py below)
text=$(python x.py substituted); test -n "$text"
python x.py and && python x.py then
python x.py or || exit 1
run() { python x.py "$@"; }; run function
sh -c 'python x.py code; npm run show -- code'
bash <<'END'
python x.py heredoc
END
find . -maxdepth 1 -name x.py -exec python {} find ';'
env SOME=thing python x.py environment
echo input | python x.py reads
python x.py background & wait
case x in x) python x.py case ;; esac
{ python x.py group; } >/dev/null
exec python x.py exec
`;
const FILES = {
  "pyproject.toml": '[project]\nname = "demo"\nversion = "0.1.0"\nrequires-python = ">=3.9"\n',
  "package.json": JSON.stringify(PACKAGE),
  "x.py": "import sys\nprint('ran', *sys.argv[1:], sys.prefix != sys.base_prefix)\n",
  "show.cjs": "console.log('ran', ...process.argv.slice(2));\n",
  Makefile:
    "all:\n\tpython x.py make-1\n\tnpm run show -- make-2\n\t@for i in 3 4; do python x.py make-$$i; done\n",
  "all.sh": SCRIPT,
  "sub/y": "",
};
const COMMANDS = [
  ..."plain first last loop-1 loop-2 loop-3 loop-4 shell-e shell-f make-1 make-3 make-4 npm-script substituted and then or function code heredoc environment reads background case group exec"
    .split(" ")
    .map((word) => `python x.py ${word}`),
  ...["a", "b", "c", "d"].map((word) => `python x.py xargs ${word}`),
  ...["while-1", "while-2", "while-3", "make-2", "code"].map((word) => `npm run show -- ${word}`),
  "npm run both",
  "python ./x.py find",
  "python ../x.py below",
];

const bench = await benchFor(...NEEDS);
const made = folderWith(FILES);
if (bench !== undefined) {
  const { code, stderr } = await bench.run("uv sync --quiet && bun install --silent", made);
  assert.equal(code, 0, stderr);
}

test("in a script that npm itself runs, a program is routed like any other", async (t) => {
  if (bench === undefined) return void (await skip(t, ...NEEDS));
  const base = await tempDir(t);
  const project = join(base, "project");
  cpSync(made, project, { recursive: true, verbatimSymlinks: true });
  await rm(join(project, "bun.lock"));
  await writeFile(join(base, ".npmrc"), "prefix=~/global\nregistry=https://mine.example/\n");
  const { toolchain, processes } = bench;
  const scripts = { one: "python x.py one && python x.py two", also: "python x.py also" };
  await writeFile(join(project, "package.json"), JSON.stringify({ name: "demo", scripts }));
  const lines = `export PATH="$PATH:${bench.folders.join(":")}"; npm run -s one >../said 2>&1; npm run also --silent >>../said 2>&1; :`;
  const opened = await openSession(
    t,
    { turns: [[{ shell: { line: lines, wait: true, program: "/bin/bash" } }]] },
    { project, toolchain, processes, shims: toolchain.programs(project), agent: { env: { HOME: base } } },
  );
  await opened.session.prompt("go");
  const said = await readFile(join(base, "said"), "utf8");
  assert.match(said, /ran one True\n[^]*ran two True\n[^]*ran also True\n/);
  assert.deepEqual(opened.of("approval.opened"), [], said);
});

test("each command of a script is routed as it would be one by one", { timeout: 200_000 }, async (t) => {
  if (bench === undefined) return void (await skip(t, ...NEEDS));
  assert.ok(COMMANDS.length >= 30);
  const project = join(await tempDir(t), "project");
  cpSync(made, project, { recursive: true, verbatimSymlinks: true });
  const { toolchain, processes } = bench;
  const path = `PATH="$PATH:${bench.folders.join(":")}"`;
  const line = `export ${path}; bash all.sh >../said 2>../told; echo $? >>../said`;
  const opened = await openSession(
    t,
    { turns: [[{ shell: { line, wait: true, program: "/bin/bash" } }]] },
    { project, toolchain, processes, shims: toolchain.programs(project), answer: "allow-once" },
  );
  await opened.session.prompt("go");
  const said = await readFile(join(project, "../said"), "utf8");
  assert.match(said, /\n0\n$/, said + (await readFile(join(project, "../told"), "utf8")));
  const told = opened.rows().map(({ asked, route }) => [asked, route?.to ?? null] as const);
  for (const command of COMMANDS) {
    const cwd = command.includes("below") ? join(project, "sub") : project;
    const { route } = bench.route(command, cwd);
    assert.ok(route, command);
    assert.deepEqual(
      told.filter(([asked]) => asked?.endsWith(command)).map(([, to]) => to),
      [route.to],
      command,
    );
  }
  // In the project's environment, each of them whose output is seen.
  assert.equal(
    said.match(/^ran .*True$/gm)?.length,
    COMMANDS.filter((each) => each.startsWith("python")).length - 3,
  );
  assert.deepEqual(opened.of("approval.opened"), []);
});
