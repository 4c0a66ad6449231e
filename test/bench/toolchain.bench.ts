import { execFileSync, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";

import { DIST } from "../../scripts/lib/paths.ts";
import { tool } from "../../scripts/lib/tools.ts";
import { startRun } from "../cli/support.ts";
import type { Owner } from "../harness/temp.ts";

/** Pairs of the calls that take milliseconds, in turns: the medians are printed. */
const CALLS = 60;
/** Pairs of those that take about a second. */
const LONG_CALLS = 7;
/** Runs of each installer: the median is printed. */
const INSTALLS = 3;
/** As many trivial tests as a project of some size has. */
const TEST_FILES = 100;
const TESTS_IN_FILE = 4;
const SUITE_RUNS = 5;
/** What a slow checker may take on the whole standard library. */
const CHECKER_MS = 20 * 60_000;
/** Folders of the standard library that are no library: its own tests, bundled wheels and programs. */
const NO_LIBRARY =
  /\/(?:test|tests|site-packages|lib2to3|idlelib|turtledemo|lib-dynload|ensurepip|__pycache__|config-[^/]*)(?:\/|$)/;

/**
 * What an application of some years asks for. Versions are left to the index: both sides install the same ones. jest 30 is left out:
 * npm 11 writes a lock for it that `npm ci` then refuses.
 */
const PYTHON_PACKAGES = ["django", "requests", "rich", "pytest", "httpx", "sqlalchemy", "pydantic"];
const SCRIPT_PACKAGES = { express: "^5", eslint: "^9", jest: "^29", webpack: "^5", typescript: "^5" };

const works: (() => Promise<void> | void)[] = [];
const owner: Owner = { after: (work) => void works.push(work) };
const base = realpathSync(mkdtempSync(join(tmpdir(), "interlock-bench-")));
owner.after(() => rmSync(base, { recursive: true, force: true, maxRetries: 5 }));

const [uv, bun, ruff, ty, node] = await Promise.all([
  tool("uv"),
  tool("bun"),
  tool("ruff"),
  tool("ty"),
  tool("node24"),
]);
const { VIRTUAL_ENV: _, ...rest } = process.env;
const PATH = [...[uv, bun, ruff, ty, node].map((path) => dirname(path)), rest["PATH"] ?? ""].join(delimiter);
const env = { ...rest, PATH, UV_PYTHON_DOWNLOADS: "never" };

function run(line: string, cwd: string, ends: readonly number[] = [0]): number {
  const started = performance.now();
  const { status, stderr, stdout } = spawnSync("bash", ["-c", line], {
    cwd,
    env,
    encoding: "utf8",
    timeout: CHECKER_MS,
    maxBuffer: 1024 * 1024 * 1024,
  });
  const ms = performance.now() - started;
  if (!ends.includes(status ?? -1))
    throw new Error(`${line}: ${status}\n${stdout.slice(-2_000)}${stderr.slice(-2_000)}`);
  return ms;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

const ms = (value: number): string => (value < 100 ? value.toFixed(1) : value.toFixed(0));

/** A row of the table: what was asked, by what, and by what it is routed to. */
function row(what: string, one: number, other: number): void {
  const ratio = other > one ? `${(other / one).toFixed(2)}x longer` : `${(one / other).toFixed(1)}x shorter`;
  console.log(`| ${what} | ${ms(one)} | ${ms(other)} | ${ms(other - one)} | ${ratio} |`);
}

function folder(name: string, files: Readonly<Record<string, string>>): string {
  const path = join(base, name);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(path, file)), { recursive: true });
    writeFileSync(join(path, file), text);
  }
  return path;
}

/** By which line Interlock has it run. */
function routeOf(line: string, cwd: string): string {
  const args = [join(DIST, "cli.js"), "route", "--json", "--cwd", cwd, "--", line];
  const state = { INTERLOCK_STATE_DIR: join(base, "state") };
  const answer = execFileSync(process.execPath, args, { env: { ...env, ...state }, encoding: "utf8" });
  const { route } = JSON.parse(answer) as { route: { to: string } | null };
  if (route === null) throw new Error(`${line} is not routed`);
  return route.to;
}

/** Two lines that are timed in turns by the agent's own shell. */
interface Pair {
  readonly name: string;
  readonly bare: string;
  readonly asked: string;
  readonly calls: number;
}

/** Runs pairs inside a session's agent, where the shims stand first on the PATH: its whole way is in the time. */
async function inSession(pairs: readonly Pair[], prepare: (project: string) => void): Promise<void> {
  const timed = ({ name, bare, asked, calls }: Pair): string =>
    `for i in $(seq ${calls}); do a=$EPOCHREALTIME; ${bare} >/dev/null 2>&1; b=$EPOCHREALTIME; ` +
    `${asked} >/dev/null 2>&1; c=$EPOCHREALTIME; echo "${name} $a $b $c" >> ../times; done`;
  const line = pairs.map(timed).join("\n");
  const {
    ended,
    base: around,
    stdout,
    stderr,
  } = await startRun(
    owner,
    { turns: [[{ shell: { line, wait: true, program: "bash" } }]] },
    { env, prepare },
  );
  if ((await ended) !== 0 || !existsSync(join(around, "times"))) throw new Error(stdout() + stderr());
  const times = readFileSync(join(around, "times"), "utf8").trim().split("\n");
  for (const { name } of pairs) {
    const all = times
      .map((each) => each.split(" "))
      .filter(([of]) => of === name)
      .map(([, ...at]) => at.map((each) => Number(each.replace(",", ".")) * 1_000));
    const between = (from: number, to: number): number =>
      median(all.map((at) => (at[to] ?? 0) - (at[from] ?? 0)));
    row(name.replaceAll("_", " "), between(0, 1), between(1, 2));
  }
}

async function calls(): Promise<void> {
  const git = execFileSync("bash", ["-c", "command -v git"], { env, encoding: "utf8" }).trim();
  const slow = "import time\n\n\ndef test_a():\n    time.sleep(1)\n";
  const pairs: readonly Pair[] = [
    {
      name: "git_--version,_direct_and_by_the_shim",
      bare: `${git} --version`,
      asked: "git --version",
      calls: CALLS,
    },
    {
      name: "uv_run_python_-c_pass_and_python_-c_pass",
      bare: `${uv} run --locked python -c pass`,
      asked: "python -c pass",
      calls: CALLS,
    },
    {
      name: "uv_run_pytest_and_pytest,_a_second_of_tests",
      bare: `${uv} run --locked pytest -q`,
      asked: "pytest -q",
      calls: LONG_CALLS,
    },
    {
      name: "bun_run_and_npm_run,_an_empty_script",
      bare: `${bun} run nothing`,
      asked: "npm run nothing",
      calls: CALLS,
    },
    {
      name: "bun_run_and_npm_run,_a_second_long",
      bare: `${bun} run wait`,
      asked: "npm run wait",
      calls: LONG_CALLS,
    },
  ];
  await inSession(pairs, (project) => {
    const manifest = '[project]\nname = "a"\nversion = "1"\nrequires-python = ">=3.10"\ndependencies = []\n';
    writeFileSync(join(project, "pyproject.toml"), `${manifest}\n[dependency-groups]\ndev = ["pytest"]\n`);
    writeFileSync(join(project, "test_a.py"), slow);
    const scripts = { nothing: "true", wait: "sleep 1" };
    writeFileSync(
      join(project, "package.json"),
      JSON.stringify({ name: "a", scripts, dependencies: { semver: "7.6.0" } }),
    );
    run("git init -q && uv sync -q && bun install --silent", project);
  });
}

function installs(): void {
  const requirements = PYTHON_PACKAGES.map((each) => `${each}\n`).join("");
  const dependencies = JSON.stringify(PYTHON_PACKAGES);
  const python = folder("python", {
    "requirements.txt": requirements,
    "pyproject.toml": `[project]\nname = "a"\nversion = "1"\nrequires-python = ">=3.10"\ndependencies = ${dependencies}\n`,
  });
  run("git init -q && uv lock -q", python);
  const byUv = routeOf("pip install -r requirements.txt", python);
  const [pip, routed]: number[][] = [[], []];
  // The first of each fills the caches.
  for (let at = 0; at <= INSTALLS; at++) {
    run("rm -rf .venv pip-env && uv venv -q pip-env --seed", python);
    pip?.push(run("pip-env/bin/pip install -q -r requirements.txt", python));
    routed?.push(run(byUv, python));
  }
  row(`pip install -r and ${byUv}, caches warm`, median(pip?.slice(1) ?? []), median(routed?.slice(1) ?? []));

  const manifest = JSON.stringify({ name: "a", private: true, dependencies: SCRIPT_PACKAGES });
  const [npmProject, bunProject] = ["npm", "bun"].map((name) => folder(name, { "package.json": manifest }));
  run("git init -q && npm install --silent --package-lock-only --no-audit --no-fund", npmProject ?? "");
  run("git init -q && bun install --silent --lockfile-only", bunProject ?? "");
  const byBun = routeOf("npm ci", bunProject ?? "");
  const [npm, other]: number[][] = [[], []];
  for (let at = 0; at <= INSTALLS; at++) {
    for (const each of [npmProject, bunProject])
      rmSync(join(each ?? "", "node_modules"), { recursive: true, force: true });
    npm?.push(run("npm ci --silent --no-audit --no-fund --prefer-offline", npmProject ?? ""));
    other?.push(run(byBun, bunProject ?? ""));
  }
  row(`npm ci and ${byBun}, caches warm`, median(npm?.slice(1) ?? []), median(other?.slice(1) ?? []));
}

function suites(): void {
  const cases = Array.from(
    { length: TESTS_IN_FILE },
    (_, at) => `test("adds ${at}", () => {\n  expect(${at} + 1).toBe(${at + 1});\n});\n`,
  ).join("");
  const files = Array.from({ length: TEST_FILES }, (_, at) => [`t/a${at}.test.js`, cases] as const);
  const manifest = JSON.stringify({ name: "a", devDependencies: { jest: SCRIPT_PACKAGES.jest } });
  const project = folder("suite", { "package.json": manifest, ...Object.fromEntries(files) });
  run("bun install --silent", project);
  const [jest, bunTest]: number[][] = [[], []];
  for (let at = 0; at < SUITE_RUNS; at++) {
    jest?.push(run("node_modules/.bin/jest --silent", project));
    bunTest?.push(run("bun test", project));
  }
  row(`jest and bun test, ${TEST_FILES * TESTS_IN_FILE} tests`, median(jest ?? []), median(bunTest ?? []));
}

/** Once each: the slow side takes minutes. What they find is their own affair. */
function checkers(): void {
  const project = folder("library", {});
  mkdirSync(project);
  run("uv venv -q && uv pip install -q flake8 black mypy", project);
  const library = execFileSync(
    "python3",
    ["-c", "import sysconfig; print(sysconfig.get_paths()['stdlib'])"],
    {
      env,
      encoding: "utf8",
    },
  ).trim();
  // In a package of its own: by their own names the modules would hide those that the checkers run on.
  const copy = join(project, "library");
  cpSync(library, copy, { recursive: true, filter: (path) => !NO_LIBRARY.test(path.slice(library.length)) });
  writeFileSync(join(copy, "__init__.py"), "");
  const answers = [0, 1, 2, 123];
  const bin = join(project, ".venv", "bin");
  const flake8 = run(`${bin}/flake8 library`, project, answers);
  const black = run(`${bin}/black --check -q library`, project, answers);
  const mypy = run(`${bin}/mypy --no-incremental library`, project, answers);
  const lint = run("ruff check --no-cache -q library", project, answers);
  const format = run("ruff format --no-cache --check -q library", project, answers);
  const types = run("ty check -q library", project, answers);
  row("flake8 and ruff check, the standard library", flake8, lint);
  row("black and ruff format", black, format);
  row("mypy and ty", mypy, types);
  row("the three of them", flake8 + black + mypy, lint + format + types);
}

const [load = 0] = loadavg();
console.log(`Milliseconds; ${availableParallelism()} cores, load ${load.toFixed(1)} at the beginning.\n`);
console.log("| what | one | the other | more | ratio |\n| --- | ---: | ---: | ---: | --- |");
try {
  await calls();
  installs();
  suites();
  checkers();
} finally {
  for (const work of works.toReversed()) await work();
}
