/**
 * What becomes of a line: its rule (null: as asked), exit status, what it says, and the files of the project that it
 * changed. `refused`: another manager owns the project; what is proposed instead is run, or, where its program isn't here, what was
 * asked, which shows what the refusal is for. `stale`, `missing`: the door holds it
 * by the lock; of what is stale it is seen that the command itself would refuse, too.
 */
export interface Outcome {
  readonly line: string;
  readonly by: string | null;
  readonly held?: "refused" | "stale" | "missing";
  readonly exit: number;
  readonly says: RegExp;
  readonly changes: readonly string[];
}

type Routed = readonly [
  line: string,
  by: string | null,
  exit: number,
  says: RegExp,
  changes?: readonly string[],
];
type Held = readonly [
  line: string,
  held: "refused" | "stale" | "missing",
  exit: number,
  says: RegExp,
  changes?: readonly string[],
];

function routed(...rows: readonly Routed[]): readonly Outcome[] {
  return rows.map(([line, by, exit, says, changes = []]) => ({ line, by, exit, says, changes }));
}

function held(...rows: readonly Held[]): readonly Outcome[] {
  return rows.map(([line, why, exit, says, changes = []]) => ({
    line,
    by: null,
    held: why,
    exit,
    says,
    changes,
  }));
}

const UV_CHANGE = ["pyproject.toml", "uv.lock"];
const BUN_CHANGE = ["bun.lock", "package.json"];
const NPM_CHANGE = ["package-lock.json", "package.json"];

/** By the project's name in outcomeProjects.ts. */
export const OUTCOMES: Readonly<Record<string, readonly Outcome[]>> = {
  uv: [
    ...routed(
      ["python -X utf8 where.py", "uv.run.python", 0, /\.venv \[\] None/],
      ["env FOO=1 python where.py", "uv.run.python", 0, /\.venv \[\] 1/],
      ["timeout 30 python where.py a", "uv.run.python", 0, /\.venv \['a'\]/],
      [
        "python where.py 'a  b' \"c'd\" '$HOME' '*'",
        "uv.run.python",
        0,
        /\['a {2}b', "c'd", '\$HOME', '\*'\]/,
      ],
      ["python where.py *.txt", "uv.run.python", 0, /\['other\.txt', 'requirements\.txt'\]/],
      ["X=one; python where.py $X", "uv.run.python", 0, /\['one'\]/],
      ["(cd sub && python ../where.py); python where.py b", "uv.run.python", 0, /\[\][^]*\['b'\]/],
      ["if python status.py 0; then echo yes; fi", "uv.run.python", 0, /^yes/],
      ["python status.py 5; echo $?", "uv.run.python", 0, /^5/],
      ["! python status.py 1", "uv.run.python", 0, /^$/],
      ["python status.py 255", "uv.run.python", 255, /^$/],
      ["printf abc | python echo.py | tr B x", "uv.run.python", 0, /^AxC/],
      ["python echo.py < requirements.txt", "uv.run.python", 0, /INICONFIG/],
      ["python nested.py", "uv.run.python", 0, /\.venv$/m],
      ["echo $(python where.py s)", "uv.run.python", 0, /\.venv \['s'\]/],
      ['f() { python where.py "$@"; }; f 1 2', "uv.run.python", 0, /\['1', '2'\]/],
      ["for f in status.py; do python $f 4 || echo $?; done", "uv.run.python", 0, /^4/],
      ["python -c 'import os; os.kill(os.getpid(), 15)'; echo $?", "uv.run.python", 0, /^143/],
      ["python -m pytest -q test_demo.py 2>&1 | tail -1", "uv.run.python", 0, /1 passed/],
      ["pytest -q --co test_demo.py", "uv.run.tool", 0, /test_ok/],
      ["pytest -q sub test_demo.py", "uv.run.tool", 1, /1 failed, 1 passed/],
      ["py.test -q test_demo.py", "uv.run.tool", 0, /1 passed/],
      ["uv run where.py", null, 0, /\.venv \[\] None/],
      ["uv run python where.py z", "uv.locked", 0, /\.venv \['z'\]/],
      ["uv sync -q", "uv.locked", 0, /^$/],
      ["uv tree -q --depth 1", "uv.locked", 0, /^/],
      ["uv export -q --no-hashes | grep iniconfig==", "uv.locked", 0, /^iniconfig==/],
      ["uv pip install -r requirements.txt", "uv.sync.pip", 0, /^/],
      ["uv pip install -e .", "uv.sync.pip", 0, /^/],
      ["uv pip install packaging", "uv.add.pip", 0, /^/, UV_CHANGE],
      ["uv pip uninstall iniconfig", "uv.remove.pip", 0, /^/, UV_CHANGE],
      ["pip install 'packaging>=20' && python -c 'import packaging'", "uv.add.pip", 0, /^/, UV_CHANGE],
      ["pip install 'pytest<99'", "uv.add.pip", 0, /^/, UV_CHANGE],
      ["pip uninstall -y pytest", "uv.remove.pip", 0, /^/, UV_CHANGE],
      ["uv add packaging", null, 0, /^/, UV_CHANGE],
      ["pip list --format=freeze | grep iniconfig", "uv.pip.read", 0, /^iniconfig==/],
      ["pip freeze > frozen.txt && grep -c iniconfig frozen.txt", "uv.pip.read", 0, /^1/, ["frozen.txt"]],
      [
        "python3 -m venv .venv && source .venv/bin/activate && python where.py",
        "uv.sync.venv",
        0,
        /\.venv \[\]/,
      ],
      ["python -m pip show iniconfig | head -1", "uv.pip.read", 0, /^Name: iniconfig/],
      ["uv pip list --format=json", null, 0, /"iniconfig"/],
      ["/usr/bin/env true", null, 0, /^$/],
      ["echo 'pip install packaging'", null, 0, /^pip install packaging/],
    ),
    ...held(
      ["pip install -U packaging", "refused", 0, /^/, UV_CHANGE],
      ["pip install -r other.txt", "refused", 0, /^/, UV_CHANGE],
      ["uv pip install --upgrade packaging", "refused", 0, /^/, UV_CHANGE],
      ["uv pip sync requirements.txt", "refused", 0, /^/],
      ["poetry install", "refused", 0, /^/],
      ["poetry add packaging", "refused", 0, /^/, UV_CHANGE],
      ["poetry remove iniconfig", "refused", 0, /^/, UV_CHANGE],
      ["poetry run python where.py q", "refused", 0, /\.venv \['q'\]/],
      ["pdm sync", "refused", 0, /^/],
      ["pipenv install packaging", "refused", 0, /^/, UV_CHANGE],
      ["pipenv run pytest -q test_demo.py", "refused", 0, /1 passed/],
    ),
  ],
  "uv-stale": held(
    ["python where.py", "stale", 1, /needs to be updated/],
    ["pytest -q", "stale", 1, /needs to be updated/],
    ["uv run python where.py", "stale", 1, /needs to be updated/],
    ["uv sync", "stale", 1, /needs to be updated/],
    ["uv export", "stale", 1, /needs to be updated/],
    ["pip install -e .", "stale", 1, /needs to be updated/],
    ["uv pip install -e .", "stale", 1, /needs to be updated/],
    ["bash -c 'cd sub && pytest -q'", "stale", 1, /needs to be updated/],
  ),
  "uv-missing": [
    ...held(
      ["uv run python where.py", "missing", 0, /^/],
      ["uv sync", "missing", 0, /^/],
      ["pip install -e .", "missing", 0, /^/],
      ["uv pip install -e .", "missing", 0, /^/],
    ),
    ...routed(
      ["python where.py", null, 0, /\[\] None/],
      ["pip install packaging", "uv.add.pip", 0, /^/, UV_CHANGE],
    ),
  ],
  "uv-monorepo": routed(
    ["cd packages/a && python where.py", "uv.run.python", 0, /\.venv \[\]/],
    ["cd packages/a && uv run python where.py", "uv.locked", 0, /\.venv \[\]/],
    ["cd packages/a && pip install -e .", "uv.sync.pip", 0, /^/],
    [
      "cd packages/a && pip install packaging",
      "uv.add.pip",
      0,
      /^/,
      ["packages/a/pyproject.toml", "uv.lock"],
    ],
    ["cd outside && python where.py", null, 0, /\[\] None/],
    ["python where.py && (cd outside && python where.py)", "uv.run.python", 0, /\.venv \[\]/],
  ),
  requirements: routed(
    ["python where.py", "uv.run.environment", 0, /\.venv \[\] None/],
    ["python3 where.py 'a b'", "uv.run.environment", 0, /\.venv \['a b'\]/],
    ["cd sub && python ../where.py", "uv.run.environment", 0, /\.venv \[\]/],
    ["python nested.py", "uv.run.environment", 0, /\.venv$/m],
    ["python status.py 9", "uv.run.environment", 9, /^$/],
    ["pytest -q test_demo.py", "uv.run.environment", 0, /1 passed/],
    ["python -m pytest -q sub", "uv.run.environment", 1, /1 failed/],
    ["source .venv/bin/activate && python where.py", "uv.run.environment", 0, /\.venv \[\]/],
    ["pip install -r requirements.txt", "uv.pip.install", 0, /^/],
    ["pip install -q -r requirements.txt -r more.txt", "uv.pip.install", 0, /^/],
    ["python -m pip install --upgrade packaging", "uv.pip.install", 0, /^/],
    ["cd sub && pip install -r ../more.txt && python -c 'import packaging'", "uv.pip.install", 0, /^/],
    [".venv/bin/python -m pip install packaging", "uv.pip.install", 0, /^/],
    ["pip list --format=json", "uv.pip.look", 0, /"iniconfig"/],
    ["pip show iniconfig | head -1", "uv.pip.look", 0, /^Name: iniconfig/],
    ["pip freeze > frozen.txt && grep -c iniconfig frozen.txt", "uv.pip.look", 0, /^1/, ["frozen.txt"]],
    ["python -m pip check", "uv.pip.look", 0, /^/],
    ["pip install nothing-of-that-name-at-all-xyz", "uv.pip.install", 1, /^/],
    ["pip uninstall -y packaging", "uv.pip.uninstall", 0, /^/],
    ["python -m venv --without-pip other-env", null, 0, /^/, ["other-env"]],
  ),
  "requirements-venv": routed(
    ["pip install -r requirements.txt", "uv.pip.install", 0, /^/],
    ["python -c 'import iniconfig, sys; print(sys.prefix)'", "uv.run.environment", 0, /\/venv$/m],
    ["cd sub && python ../where.py", "uv.run.environment", 0, /\/venv \[\]/],
    ["pip freeze", "uv.pip.look", 0, /^iniconfig==/],
  ),
  poetry: [
    ...routed(
      ["cd sub && python ../where.py", null, 0, /\[\] None/],
      ["python where.py", null, 0, /\[\] None/],
      ["uv run --no-project python where.py", null, 0, /\[\] None/],
    ),
    ...held(
      // What it would have made: a lock without a dependency beside poetry's.
      ["uv sync", "refused", 0, /^/, ["uv.lock"]],
      ["uv lock", "refused", 0, /^/, ["uv.lock"]],
      ["uv tree", "refused", 0, /^/, ["uv.lock"]],
      ["uv run python status.py 3", "refused", 3, /^/, ["uv.lock"]],
    ),
  ],
  unowned: routed(
    ["python where.py", null, 0, /\[\] None/],
    ["python status.py 6", null, 6, /^$/],
    ["python -m venv --without-pip e", null, 0, /^/, ["e"]],
    ["python3 echo.py < where.py", null, 0, /IMPORT/],
  ),
  ambiguous: routed(
    ["python where.py", null, 0, /\[\] None/],
    ["python status.py 2", null, 2, /^$/],
    ["python -c 'print(1)'", null, 0, /^1/],
  ),
  bun: [
    ...routed(
      ["npm run show -- --x", "bun.run.script", 0, /"args":\["--x"\],"bun":null,"user":"show"/],
      ["npm test", "bun.run.script", 0, /before[^]*tests/],
      ["npm run fail || echo $?", "bun.run.script", 0, /^7/],
      ["cd sub && npm run show", "bun.run.script", 0, /"bun":null/],
      ["yarn run show a", "bun.run.script", 0, /"args":\["a"\]/],
      ["pnpm run show a", "bun.run.script", 0, /"args":\["a"\]/],
      ["FOO=1 npm run show 2>/dev/null | head -1", "bun.run.script", 0, /"bun":null/],
      ["npx semver 1.2.3 | cat", "bun.exec", 0, /^1\.2\.3/],
      ["yarn semver 1.2.3", "bun.exec", 0, /^1\.2\.3/],
      ["pnpm exec semver bad", "bun.exec", 1, /^$/],
      ["bun bare.ts", null, 0, /^bare 1/],
      ["bun needs.ts", null, 0, /^1\.2\.3/],
      ["node show.cjs", null, 0, /"bun":null/],
      ["npm ci", "bun.install", 0, /^/],
      ["npm i --no-audit", "bun.install", 0, /^/],
      ["pnpm i --prod", "bun.install", 0, /^/],
      ["bun install", "bun.frozen", 0, /^/],
      ["npm i is-number@7.0.0", "bun.add", 0, /^/, BUN_CHANGE],
      ["yarn add -D is-number@7.0.0", "bun.add", 0, /^/, BUN_CHANGE],
      ["pnpm rm semver", "bun.remove", 0, /^/, BUN_CHANGE],
      ["npm --version", null, 0, /^\d/],
    ),
    ...held(
      ["npm install --force", "refused", 0, /^/],
      ["npm install is-number@7.0.0 --no-package-lock", "refused", 0, /^/, BUN_CHANGE],
      ["npm update", "refused", 0, /^/],
      ["yarn upgrade", "refused", 0, /^/],
      ["pnpm install --no-frozen-lockfile", "refused", 0, /^/],
    ),
  ],
  "bun-bare": routed(
    ["bun bare.ts", "bun.file", 0, /^bare 1/],
    ["bun run bare.ts", "bun.file", 0, /^bare 1/],
    ["bun needs.ts", "bun.file", 1, /Cannot find package/],
    ["bun run --silent needs.ts", "bun.file", 1, /Cannot find package/],
    ["bun run show", null, 0, /"bun":null/],
    ["npm ci && bun needs.ts", "bun.install", 0, /1\.2\.3/],
  ),
  "bun-stale": held(
    ["npm ci", "stale", 1, /lockfile is frozen/],
    ["npm install", "stale", 1, /lockfile is frozen/],
    ["yarn", "stale", 1, /lockfile is frozen/],
    ["bun install", "stale", 1, /lockfile is frozen/],
    ["bun ci", "stale", 1, /lockfile is frozen/],
  ),
  "bun-missing": [
    ...held(
      ["npm ci", "missing", 0, /^/],
      ["bun install", "missing", 0, /^/],
      ["bun ci", "missing", 0, /^/],
      ["pnpm install", "missing", 0, /^/],
    ),
    ...routed(
      ["npm run show", "bun.run.script", 0, /"bun":null/],
      ["bun needs.ts", "bun.file", 1, /Cannot find/],
    ),
  ],
  "bun-monorepo": [
    ...routed(
      ["cd packages/a && npm run show", "bun.run.script", 0, /"bun":null/],
      ["cd packages/a && npm ci", "bun.install", 0, /^/],
      ["cd packages/a && npx semver 1.0.0", "bun.exec", 0, /^1\.0\.0/],
      ["cd packages/a && npm i is-number@7.0.0", "bun.add", 0, /^/, ["bun.lock", "packages/a/package.json"]],
      ["cd outside && npm run --silent show", null, 0, /"user":"show"/],
      ["npm run show && (cd outside && npm run --silent show)", "bun.run.script", 0, /"user":"show"/],
    ),
  ],
  npm: [
    ...routed(
      ["npm ci --silent", null, 0, /^/],
      ["npm run --silent show -- --x", null, 0, /"args":\["--x"\]/],
      ["npx --no-install semver 1.2.3", null, 0, /^1\.2\.3/],
      ["npm run --silent fail", null, 7, /^$/],
    ),
    ...held(
      ["bun install", "refused", 0, /^/],
      ["bun add is-number@7.0.0", "refused", 0, /^/, NPM_CHANGE],
      ["yarn add is-number@7.0.0", "refused", 0, /^/, NPM_CHANGE],
      ["pnpm remove semver", "refused", 0, /^/, NPM_CHANGE],
      ["yarn", "refused", 0, /^/],
    ),
  ],
  pnpm: [
    ...routed(
      ["pnpm install --frozen-lockfile", null, 0, /^/],
      ["pnpm run --silent show", null, 0, /"bun":null/],
      ["npm run --silent show", null, 0, /"user":"show"/],
    ),
    ...held(
      ["npm install", "refused", 0, /^/],
      ["npm install is-number@7.0.0", "refused", 0, /^/, ["package.json", "pnpm-lock.yaml"]],
      ["bun i", "refused", 0, /^/],
    ),
  ],
  "js-unowned": routed(
    ["npm run --silent show", null, 0, /"user":"show"/],
    ["npm run --silent fail", null, 7, /^$/],
    ["node show.cjs a", null, 0, /"args":\["a"\]/],
  ),
  "js-ambiguous": routed(
    ["npm run --silent show", null, 0, /"user":"show"/],
    ["node show.cjs", null, 0, /"bun":null/],
    ["npm test --silent", null, 0, /tests/],
  ),
  mixed: routed(
    ["python where.py && npm run show", "uv.run.python", 0, /\.venv[^]*"bun":null/],
    ["npm test && pytest -q test_demo.py", "bun.run.script", 0, /tests[^]*1 passed/],
    ["pip install -e . && npm ci", "uv.sync.pip", 0, /^/],
    ["npm i is-number@7.0.0", "bun.add", 0, /^/, BUN_CHANGE],
    ["pip install packaging", "uv.add.pip", 0, /^/, UV_CHANGE],
    ["npx semver 1.2.3 && python status.py 3", "bun.exec", 3, /^1\.2\.3/],
  ),
};

/** What another program answers, where a person allowed that. */
export const SWAPPED: Readonly<Record<string, readonly Outcome[]>> = {
  uv: routed(
    ["pylint messy.py", "swap.pylint", 1, /F401/],
    ["pyright messy.py", "swap.pyright", 1, /invalid-assignment/],
    ["flake8 messy.py && echo fine", "swap.flake8", 1, /F401/],
    ["black messy.py", "swap.black", 0, /^/, ["messy.py"]],
    ["isort messy.py", "swap.isort", 0, /^/, ["messy.py"]],
    ["python -m black --check messy.py", "swap.black", 1, /^/],
  ),
  bun: routed(
    ["npx eslint messy.js", "swap.eslint", 0, /no-debugger/],
    ["npx eslint --max-warnings 0 messy.js", "swap.eslint", 1, /no-debugger/],
    ["npx prettier --check messy.js", "swap.prettier", 1, /messy\.js/],
    ["npx -y prettier --write messy.js", "swap.prettier", 0, /messy\.js/, ["messy.js"]],
    ["bunx jest sum.test.js", "swap.jest", 0, /1 pass/],
    ["jest --ci -t adds", "swap.jest", 0, /1 pass/],
    ["bun x vitest run sum.test.js", "swap.vitest", 0, /1 pass/],
    ["npx tsc", null, 0, /^/],
  ),
};
