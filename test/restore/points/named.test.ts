import assert from "node:assert/strict";
import { test } from "node:test";
import { App } from "../../../extension/app.ts";
import { ApprovalStore } from "../../../extension/approvals/store.ts";
import { cliGates } from "../../../extension/cli/gates.ts";
import { diskFiles } from "../../../extension/doorways/fs/disk.ts";
import { testGit } from "../../git/support.ts";
import { bench, must, put, sh, taken, treeOf } from "./support.ts";

const git = testGit(process.env);

test("ignored files that a policy names are kept, and come back", async (t) => {
  const { base, repo, state } = await bench(t, git);
  const app = new App({
    version: "0.0.0",
    environment: { ...process.env, HOME: base, INTERLOCK_STATE_DIR: state, INTERLOCK_CONFIG_DIR: base },
    files: diskFiles,
    approvals: new ApprovalStore(),
    roots: () => [repo],
    settings: () => ({
      mode: "careful",
      shims: false,
      hooks: false,
      mcp: false,
      routing: "off",
      swap: "off",
      tellsRoute: true,
      agents: [],
    }),
    gatesFor: cliGates,
    baseline: false,
  });
  t.after(() => app.dispose());
  put(repo, { ".gitignore": "*.key\nlocal/\n", "agent-policy.json": '{ "version": 1 }\n' });
  sh(repo, "git add .; git commit -qm policy");
  const ignored = { "mine.key": "key\n", "local/notes.md": "mine\n", "local/plans/a.md": "mine\n" };
  put(repo, { ...ignored, "local/other.md": "not named\n" });
  put(base, { "policy.json": JSON.stringify({ version: 1, files: { restore: ["*.key"] } }) });
  put(repo, {
    "agent-policy.json": JSON.stringify({
      version: 1,
      files: { restore: ["local/notes.md", "local/plans"] },
    }),
  });
  const before = treeOf(repo);
  await app.policy(repo);
  const point = await taken(app.restorePoints, repo);
  sh(repo, "git clean -qfdx; git reset -q --hard");
  must(await app.restorePoints.apply(repo, point.id));
  assert.deepEqual(treeOf(repo), new Map([...before].filter(([path]) => path !== "local/other.md")));
  const stored = sh(repo, "git cat-file --batch-all-objects --batch-check | cut -d' ' -f1").split("\n");
  assert.equal(stored.includes(sh(repo, "git hash-object mine.key").trim()), false, "in git's objects");
});

test("a repository inside whose name is no text is named as not covered", async (t) => {
  const { repo, points } = await bench(t, git);
  sh(repo, 'd=$\'in\\xff\'; mkdir "$d"; cd "$d"; git init -q; echo i > i; git add .; git commit -qm i');
  const point = await taken(points, repo);
  const { state } = must(await points.show(repo, point.id));
  assert.deepEqual(state.notCovered, [{ path: "in\xff", size: 0, why: "unreadable" }]);
});
