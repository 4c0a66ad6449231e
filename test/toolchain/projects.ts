import { bins, environment, type Files, uvLock } from "./support.ts";

/** Small projects, by the name under which the rows below speak of them. */
export const PROJECTS: Readonly<Record<string, Files>> = {
  uv: {
    "pyproject.toml":
      '[project]\nname = "demo"\ndependencies = ["requests>=2"]\n[project.scripts]\nserve = "demo:main"\n[dependency-groups]\ndev = ["pytest", "coverage"]\n',
    "uv.lock": uvLock({
      dependencies: ["requests"],
      dev: ["pytest", "coverage"],
      others: { requests: ["urllib3"], pytest: ["pluggy"] },
    }),
    "requirements.txt": "requests==1.2.3\n-r more/base.txt\n",
    "more/base.txt": "urllib3 ; python_version > '3'\n",
    "requirements-dev.txt": "-r requirements.txt\npytest\n-e .\n",
    "requirements-other.txt": "flask\n",
    "requirements-old.txt": "requests==0.9\n",
    "requirements-odd.txt": "git+https://example.invalid/x.git\n",
    "sub/x.py": "",
    ...environment(".venv", "python", "python3", "python3.11", "pytest", "pip", "demo-tool", "npm"),
  },
  "uv-more": {
    "pyproject.toml":
      '[project]\nname = "demo"\ndependencies = ["requests"]\n[project.optional-dependencies]\nfast = ["orjson"]\n[dependency-groups]\ndev = ["pytest"]\ndocs = ["sphinx"]\n',
    "uv.lock": uvLock({
      dependencies: ["requests"],
      dev: ["pytest"],
      groups: { docs: ["sphinx"] },
      extras: { fast: ["orjson"] },
    }),
  },
  "uv-workspace": {
    "pyproject.toml": '[project]\nname = "demo"\n[tool.uv.workspace]\nmembers = ["packages/*"]\n',
    "uv.lock": uvLock({ members: { "packages/a": "a" }, dev: ["pytest"] }),
    "packages/a/pyproject.toml": '[project]\nname = "a"\n',
    "outside/pyproject.toml": '[project]\nname = "outside"\n',
  },
  "uv-nolock": { "pyproject.toml": '[project]\nname = "demo"\n[tool.uv]\n' },
  "uv-broken": { "pyproject.toml": "[project\n", "uv.lock": uvLock({ dev: ["pytest"] }) },
  "uv-tools": {
    "pyproject.toml":
      '[project]\nname = "demo"\n[dependency-groups]\ndev = ["ruff", "black"]\n[tool.isort]\n',
    "uv.lock": uvLock({ dev: ["ruff", "black"] }),
    "setup.cfg": "[flake8]\n",
    ...environment(".venv", "ruff", "black"),
  },
  poetry: { "pyproject.toml": "[tool.poetry]\n", "poetry.lock": "" },
  pipenv: { Pipfile: "", "Pipfile.lock": "{}" },
  requirements: {
    "requirements.txt": "requests\n",
    "sub/x.py": "",
    ...environment(".venv", "python", "python3", "pytest"),
  },
  "requirements-bare": { "requirements.txt": "requests\n" },
  "requirements-project": {
    "requirements.txt": "requests\n",
    "pyproject.toml": '[project]\nname = "demo"\n',
    ...environment(".venv", "python"),
  },
  unowned: { "pyproject.toml": '[project]\nname = "demo"\n' },
  twolocks: { "pyproject.toml": '[project]\nname = "demo"\n', "uv.lock": uvLock({}), "poetry.lock": "" },
  bun: {
    "package.json": JSON.stringify({
      scripts: {
        test: "node t.js",
        start: "node s.js",
        build: "node b.js",
        "lint:fix": "x",
        eslint: "eslint .",
        named: "node $npm_config_x",
        cwd: "cd $INIT_CWD",
        around: "x",
        prearound: "y",
        store: "x",
      },
      dependencies: { semver: "7" },
    }),
    "bun.lock": "{}",
    "sub/x.js": "",
    ...bins("semver", "eslint", "tsc"),
  },
  "bun-nolock": { "package.json": '{"packageManager":"bun@1.4.5","scripts":{"test":"x"}}' },
  "bun-oxlint": { "package.json": "{}", "bun.lock": "{}", ...bins("oxlint") },
  "bun-tools": {
    "package.json": '{"scripts":{"lint":"eslint ."},"devDependencies":{"jest":"30"},"prettier":{}}',
    "bun.lock": "{}",
    "vitest.config.ts": "",
  },
  "bun-workspace": {
    "package.json": '{"workspaces":["packages/*"],"scripts":{"test":"x"}}',
    "bun.lock": "{}",
    "packages/a/package.json": '{"scripts":{"test":"x"}}',
    "outside/package.json": '{"scripts":{"test":"x"}}',
    ...bins("tsc"),
  },
  "bun-shell": {
    "package.json": '{"scripts":{"test":"x"}}',
    "bun.lock": "{}",
    "bunfig.toml": "[run]\nbun = true\n",
  },
  "bun-settings": {
    "package.json": '{"scripts":{"test":"x"}}',
    "bun.lock": "{}",
    "bunfig.toml": "[install]\nexact = true\n",
    ".npmrc": "registry = x\n",
  },
  "npm-settings": {
    "package.json": '{"scripts":{"test":"x"}}',
    "bun.lock": "{}",
    ".npmrc": "script-shell = zsh\n",
  },
  npm: { "package.json": '{"scripts":{"test":"x"}}', "package-lock.json": "{}", ...bins("tsc") },
  pnpm: { "package.json": '{"scripts":{"test":"x"}}', "pnpm-lock.yaml": "" },
  yarn: { "package.json": '{"scripts":{"test":"x"}}', "yarn.lock": "" },
  "js-unowned": { "package.json": '{"scripts":{"test":"x"}}' },
  "js-twolocks": { "package.json": '{"scripts":{"test":"x"}}', "bun.lock": "{}", "package-lock.json": "{}" },
};
