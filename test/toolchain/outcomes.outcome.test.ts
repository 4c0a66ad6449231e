import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { cpSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";

import { parseShell } from "../../extension/shell/parse.ts";
import { ROOT } from "../../scripts/lib/paths.ts";
import { OUTCOME_PROJECTS, PNPM } from "./outcomeProjects.ts";
import { type Outcome, OUTCOMES, SWAPPED } from "./outcomes.ts";
import { type Bench, benchFor, benchWith, folderWith, put, skip } from "./support.ts";

const NEEDS = ["uv", "bun", "ruff", "ty", "python", "node24"] as const;
/** What programs make beside the project's own files. */
const PASSED =
  /^(?:\.git|\.venv|venv|node_modules|__pycache__|\.pytest_cache|\.ruff_cache|\.gitignore|.*\.egg-info)$/;
/** The fewest that say something of routing as a whole. */
const MIN_ROWS = 150;

const found = await benchFor(...NEEDS);
const bench = found && (await withOthers(found));

/** With one more manager, and the linter that this repository has, behind the pinned programs. */
async function withOthers(pinned: Bench): Promise<Bench> {
  const tools = folderWith({ "package.json": "{}" });
  const made = await pinned.run(`bun add --silent ${PNPM}`, tools);
  assert.equal(made.code, 0, made.stderr);
  const folders = [...pinned.folders, join(tools, "node_modules", ".bin")];
  return benchWith([...folders, join(ROOT, "node_modules", ".bin")]);
}

async function made(name: string): Promise<string> {
  const { files = {}, make = "", after = {} } = OUTCOME_PROJECTS[name] ?? {};
  const folder = folderWith(files);
  const result = await bench?.run(make, folder);
  assert.ok(result === undefined || result.code === 0, `${name}: ${result?.stdout} ${result?.stderr}`);
  put(folder, after);
  return folder;
}

/** The project's files, each with a hash of what it holds. */
function contents(folder: string, inside = "."): ReadonlyMap<string, string> {
  const all = new Map<string, string>();
  for (const entry of readdirSync(join(folder, inside), { withFileTypes: true })) {
    if (PASSED.test(entry.name)) continue;
    const path = join(inside, entry.name);
    const isEnvironment = entry.isDirectory() && readdirSync(join(folder, path)).includes("pyvenv.cfg");
    if (isEnvironment) all.set(path, "");
    else if (entry.isDirectory()) for (const [each, hash] of contents(folder, path)) all.set(each, hash);
    else
      all.set(
        path,
        createHash("sha1")
          .update(readFileSync(join(folder, path)))
          .digest("hex"),
      );
  }
  return all;
}

function changed(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): readonly string[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((path) => before.get(path) !== after.get(path))
    .sort();
}

/** A project of its own for what changes one. */
function copyOf(folder: string): string {
  const copy = folderWith({});
  cpSync(folder, copy, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => !path.endsWith("/.git"),
  });
  return copy;
}

/** What is run to see what becomes of a line, once it is held against what was to be decided. */
async function decided(row: Outcome, folder: string, it: Bench, swap: boolean): Promise<string | null> {
  const { route } = it.route(row.line, folder, swap);
  const runs = route?.to ?? row.line;
  const script = parseShell(runs, { cwd: folder });
  const foreign = it.toolchain.foreign(script);
  if (row.held === "refused") {
    assert.ok(foreign, `${runs} was not refused`);
    const [program = ""] = foreign.instead.split(" ");
    return it.toolchain.tools.find(program, folder) === null ? runs : foreign.instead;
  }
  assert.equal(foreign, null, `${runs} was refused`);
  if (!swap) {
    const { trouble } = await it.toolchain.locks.lookAt(script);
    const changes = / (?:add|remove) /.test(runs);
    assert.equal(changes ? undefined : trouble?.state, row.held, runs);
  }
  if (row.held === "missing") return null;
  if (row.held === undefined) assert.equal(route?.rule ?? null, row.by, runs);
  return runs;
}

function check(rows: Readonly<Record<string, readonly Outcome[]>>, swap: boolean): void {
  for (const [name, outcomes] of Object.entries(rows)) {
    const where = `in a project of the kind ${name}${swap ? ", where swaps are allowed" : ""}`;
    describe(where, { concurrency: 1 }, async () => {
      const project = await made(name);
      for (const row of outcomes) {
        const kind = row.held ?? row.by ?? "as asked";
        test(`${row.line} (${kind}) exits with ${row.exit}, changing ${row.changes.join(", ") || "nothing"}`, async (t) => {
          if (bench === undefined) return void (await skip(t, ...NEEDS));
          const runs = await decided(row, project, bench, swap);
          if (runs === null || (swap && row.by === null)) return;
          const folder = row.changes.length > 0 ? copyOf(project) : project;
          const before = contents(folder);
          const result = await bench.run(runs, folder);
          const said = `${result.stdout}${result.stderr}`;
          assert.equal(result.code, row.exit, `${runs}\n${said}`);
          assert.ok(row.says.test(result.stdout) || row.says.test(said), `${runs}\n${said}`);
          assert.deepEqual(changed(before, contents(folder)), row.changes, `${runs}\n${said}`);
        });
      }
    });
  }
}

describe("what becomes of a line, seen by running it", { concurrency: 2 }, () => {
  check(OUTCOMES, false);
  check(SWAPPED, true);

  test("is told of as many lines as say something", () => {
    const count = [...Object.values(OUTCOMES), ...Object.values(SWAPPED)].flat().length;
    assert.ok(count >= MIN_ROWS, String(count));
  });
});
