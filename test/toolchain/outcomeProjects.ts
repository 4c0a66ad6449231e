import type { Files } from "./support.ts";

/** A real small project, and what makes it ready. */
export interface OutcomeProject {
  readonly files: Files;
  /** Run once, by the shell. */
  readonly make: string;
  /** Written once it is made. */
  readonly after?: Files;
}

const PYTHON: Files = {
  "where.py": "import os, sys\nprint(sys.prefix, sys.argv[1:], os.environ.get('FOO'))\n",
  "status.py": "import sys\nsys.exit(int(sys.argv[1]))\n",
  "echo.py": "import sys\nsys.stdout.write(sys.stdin.read().upper())\n",
  "nested.py":
    "import subprocess\nprint(subprocess.run(['python', '-c', 'import sys; print(sys.prefix)'], capture_output=True, text=True).stdout)\n",
  "test_demo.py": "import iniconfig\n\n\ndef test_ok():\n    pass\n",
  "sub/test_bad.py": "def test_bad():\n    assert 0\n",
  "messy.py": "import sys\nimport os\n\nx: int = 'text'\nprint( os )\n",
};
const PYPROJECT =
  '[project]\nname = "demo"\nversion = "0.1.0"\nrequires-python = ">=3.10"\ndependencies = ["iniconfig"]\n';
const DEV = '\n[dependency-groups]\ndev = ["pytest"]\n';
const SHOW =
  "console.log(JSON.stringify({ args: process.argv.slice(2), bun: process.versions.bun ?? null, user: process.env.npm_lifecycle_event ?? null }));\n";
const SCRIPTS = {
  show: "node show.cjs",
  pretest: "node show.cjs before",
  test: "node show.cjs tests",
  fail: "exit 7",
};
const SCRIPT_FILES: Files = {
  "show.cjs": SHOW,
  "bare.ts": "const n: number = 1;\nconsole.log('bare', n);\n",
  "needs.ts": "import s from 'semver';\nconsole.log(s.valid('1.2.3'));\n",
  "messy.js": "var a = 1 ;;\nconsole.log( a );\ndebugger\n",
  "sum.test.js": "test('adds', () => {\n  expect(1 + 1).toBe(2);\n});\n",
  "tsconfig.json": '{ "compilerOptions": { "strict": true, "noEmit": true }, "files": ["wrong.ts"] }\n',
  "wrong.ts": "export const n: number = 'text';\n",
};
const DEPENDENCIES = { semver: "7.6.0" };

function manifest(more: object = {}): string {
  return `${JSON.stringify({ name: "demo", version: "1.0.0", private: true, scripts: SCRIPTS, ...more }, null, 2)}\n`;
}

/** A further manager, at the version with which this was last tried. */
export const PNPM = "pnpm@10.34.8";

/** The projects by the names under which outcomes.ts speaks of them. */
export const OUTCOME_PROJECTS: Readonly<Record<string, OutcomeProject>> = {
  uv: {
    files: { ...PYTHON, "pyproject.toml": PYPROJECT + DEV, "requirements.txt": "iniconfig\n" },
    make: "uv sync --quiet",
    after: { "other.txt": "packaging\n" },
  },
  "uv-stale": {
    files: { ...PYTHON, "pyproject.toml": PYPROJECT + DEV },
    make: "uv sync --quiet",
    after: { "pyproject.toml": PYPROJECT.replace('"iniconfig"', '"iniconfig", "packaging"') + DEV },
  },
  "uv-missing": { files: { ...PYTHON, "pyproject.toml": `${PYPROJECT}\n[tool.uv]\n` }, make: "true" },
  "uv-monorepo": {
    files: {
      ...PYTHON,
      "pyproject.toml": `${PYPROJECT}\n[tool.uv.workspace]\nmembers = ["packages/*"]\n`,
      "packages/a/pyproject.toml": PYPROJECT.replace("demo", "a"),
      "packages/a/where.py": PYTHON["where.py"] ?? "",
      "outside/pyproject.toml": PYPROJECT.replace("demo", "outside"),
      "outside/where.py": PYTHON["where.py"] ?? "",
    },
    make: "uv sync --quiet --all-packages",
  },
  requirements: {
    files: { ...PYTHON, "requirements.txt": "iniconfig\npytest\n", "more.txt": "packaging\n" },
    make: "uv venv --quiet && uv pip install --quiet -r requirements.txt",
  },
  "requirements-venv": {
    files: { ...PYTHON, "requirements.txt": "iniconfig\n" },
    make: "uv venv --quiet venv",
  },
  poetry: {
    files: {
      ...PYTHON,
      "pyproject.toml":
        '[tool.poetry]\nname = "demo"\nversion = "0.1.0"\ndescription = ""\nauthors = []\n\n[tool.poetry.dependencies]\npython = ">=3.10"\niniconfig = "*"\n',
      "poetry.lock":
        'package = []\n\n[metadata]\nlock-version = "2.1"\npython-versions = ">=3.10"\ncontent-hash = ""\n',
    },
    make: "true",
  },
  unowned: { files: { ...PYTHON, "pyproject.toml": PYPROJECT }, make: "true" },
  ambiguous: {
    files: { ...PYTHON, "pyproject.toml": PYPROJECT },
    make: "uv lock --quiet",
    after: { "poetry.lock": "" },
  },
  bun: {
    files: { ...SCRIPT_FILES, "package.json": manifest({ dependencies: DEPENDENCIES }), "sub/x.js": "" },
    make: "bun install --silent",
  },
  "bun-bare": {
    files: { ...SCRIPT_FILES, "package.json": manifest({ dependencies: DEPENDENCIES }) },
    make: "bun install --silent --lockfile-only",
  },
  "bun-stale": {
    files: { ...SCRIPT_FILES, "package.json": manifest({ dependencies: DEPENDENCIES }) },
    make: "bun install --silent",
    after: { "package.json": manifest({ dependencies: { semver: "7.5.0" } }) },
  },
  "bun-missing": {
    files: {
      ...SCRIPT_FILES,
      "package.json": manifest({ packageManager: "bun@1.4.5", dependencies: DEPENDENCIES }),
    },
    make: "true",
  },
  "bun-monorepo": {
    files: {
      "package.json": manifest({ workspaces: ["packages/*"] }),
      "show.cjs": SHOW,
      "packages/a/package.json": manifest({ name: "a", dependencies: DEPENDENCIES }),
      "packages/a/show.cjs": SHOW,
      "outside/package.json": manifest({ name: "outside" }),
      "outside/show.cjs": SHOW,
    },
    make: "bun install --silent",
  },
  npm: {
    files: { ...SCRIPT_FILES, "package.json": manifest({ dependencies: DEPENDENCIES }) },
    make: "npm install --silent --no-audit --no-fund",
  },
  pnpm: {
    files: { ...SCRIPT_FILES, "package.json": manifest({ dependencies: DEPENDENCIES }) },
    make: "pnpm install --silent",
  },
  "js-unowned": { files: { ...SCRIPT_FILES, "package.json": manifest() }, make: "true" },
  "js-ambiguous": {
    files: { ...SCRIPT_FILES, "package.json": manifest() },
    make: "bun install --silent --lockfile-only",
    after: {
      "package-lock.json": '{ "name": "demo", "lockfileVersion": 3, "packages": {} }\n',
      "bun.lock": "{}\n",
    },
  },
  mixed: {
    files: {
      ...PYTHON,
      ...SCRIPT_FILES,
      "pyproject.toml": PYPROJECT + DEV,
      "package.json": manifest({ dependencies: DEPENDENCIES }),
    },
    make: "uv sync --quiet && bun install --silent",
  },
};
