import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";

import { parseShell } from "../../extension/shell/parse.ts";
import { PROJECTS } from "./projects.ts";
import { benchWith, folderWith, programs, put } from "./support.ts";

const bench = benchWith([programs("uv", "bun")], false);
const folders = new Map(Object.entries(PROJECTS).map(([name, files]) => [name, folderWith(files)]));
put(folders.get("npm") ?? "", { "examples/one/package.json": "{}" });

/** A project, what is asked, and what is proposed in its place; null where it isn't refused. */
const ROWS: readonly (readonly [project: string, line: string, instead: string | null])[] = [
  ["uv", "poetry install", "uv sync"],
  ["uv", "poetry add rich 'httpx>=1'", "uv add rich 'httpx>=1'"],
  ["uv", "cd sub && poetry remove requests", "uv remove requests"],
  ["uv", "poetry run pytest -k 'a b' --x", "uv run pytest -k 'a b' --x"],
  ["uv", "pdm add -d rich", "uv add …"],
  ["uv", "pipenv install --dev rich", "uv add --dev rich"],
  ["uv", "pip install -U requests", "uv add requests"],
  ["uv", "pip install git+https://example.invalid/x.git", "uv add git+https://example.invalid/x.git"],
  ["uv", "pip install -r requirements-other.txt", "uv add -r requirements-other.txt"],
  ["uv", ".venv/bin/pip install -U requests", "uv add requests"],
  ["uv", "uv pip sync requirements.txt", "uv sync"],
  ["uv", "pip install --no-deps -e .", "uv sync"],
  ["uv", "pip install --no-build-isolation .", "uv sync"],
  ["uv", "pip install --constraint c.txt rich", "uv add …"],
  ["uv", "xargs -a names.txt pip install -U", "uv add …"],
  ["uv", "conda install numpy", "uv add numpy"],
  ["uv", "conda install -n base numpy", null],
  ["uv", "mamba remove -y requests", "uv remove requests"],
  ["uv", "conda env list", null],
  ["uv", "timeout 60 poetry lock 2>&1 | tail -1", "uv lock"],
  ["uv", "poetry add $NAMES", "uv add …"],
  // No matter of the project's, or of its packages.
  ["uv", "pip install --upgrade pip", null],
  ["uv", "pip install --target build rich", null],
  ["uv", "pip install --user rich", null],
  ["uv", "pip list", null],
  ["uv", "/usr/bin/pip install rich", null],
  ["uv", "python -m venv /tmp/x && /tmp/x/bin/pip install rich", null],
  ["uv", "source other/bin/activate && pip install -U rich", null],
  ["uv", "VIRTUAL_ENV=/x uv pip install -U rich", null],
  ["uv", "sudo pip install -U rich", null],
  ["uv", "poetry --version", null],
  ["uv", "poetry self update", null],
  ["uv", "echo poetry install", null],
  ["uv", "uv sync", null],
  ["uv", "uv tool install poetry", null],
  ["poetry", "uv sync", "poetry install"],
  ["poetry", "uv run --with rich pytest", "poetry run pytest"],
  ["poetry", "uv run --no-project x", null],
  ["poetry", "uv pip install rich", "poetry add rich"],
  ["poetry", "pip install -q rich", "poetry add rich"],
  ["poetry", "pip install -r requirements.txt", "poetry install"],
  ["poetry", "python -m pip uninstall -y rich", "poetry remove rich"],
  ["poetry", "pip install poetry", null],
  ["poetry", "pip install --target build rich", null],
  ["poetry", "conda install -y rich", "poetry add rich"],
  ["pipenv", "pip install -r requirements.txt rich", "pipenv install -r requirements.txt rich"],
  ["pipenv", "uv add rich", "pipenv install rich"],
  ["unowned", "poetry install", null],
  ["twolocks", "poetry install", null],
  ["requirements", "uv pip install rich", null],
  ["bun", "npm install --force", "bun install"],
  ["bun", "npm i -D x --foreground-scripts", "bun add …"],
  ["bun", "npm ci --cache /tmp/c", "bun install"],
  ["bun", "npm in --force", "bun install"],
  ["bun", "npm dedupe", "bun install"],
  ["bun", "yarn install --check-files", "bun install"],
  ["bun", "npm install --install-strategy hoisted x", "bun add …"],
  ["bun", "xargs -a names.txt npm i", "bun add …"],
  ["bun", "npm install -g x", null],
  ["bun", "npm init", null],
  ["bun-nolock", "npm ci", null],
  ["npm", "bun install", "npm install"],
  ["npm", "yarn", "npm install"],
  ["npm", "bun add -D x", "npm install --save-dev x"],
  ["npm", "bun run test", null],
  ["npm", "bun ci", null],
  ["npm/examples/one", "bun install", null],
  ["pnpm", "npm install x", "pnpm add x"],
  ["pnpm", "npm test", null],
  ["yarn", "npm uninstall x", "yarn remove x"],
  ["js-unowned", "npm install", null],
  ["js-twolocks", "npm install", null],
];

for (const [project, line, instead] of ROWS) {
  test(`${project}: ${line} → ${instead ?? "not refused"}`, async () => {
    const [name = "", ...inside] = project.split("/");
    const cwd = join(folders.get(name) ?? "", ...inside);
    const found = bench.toolchain.foreign(parseShell(line, { cwd, home: "/home/nobody" }));
    assert.equal(found?.instead ?? null, instead);
  });
}

test("a script with dependencies of its own needs no manager's consent", async () => {
  const cwd = folders.get("poetry") ?? "";
  put(cwd, { "own.py": "# /// script\n# dependencies = []\n# ///\n", "plain.py": "" });
  const foreign = (line: string) => bench.toolchain.foreign(parseShell(line, { cwd }));
  assert.equal(foreign("uv run own.py"), null);
  assert.equal(foreign("uv run plain.py a")?.instead, "poetry run plain.py a");
});
