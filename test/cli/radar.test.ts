import { join } from "node:path";
import { test } from "node:test";

import type { Script } from "../agents/script.ts";
import { makeRepository } from "../git/support.ts";
import { startRun } from "./support.ts";

/** Writes a file, and stays at work. */
const writes = (content: string): Script => ({
  turns: [[{ writeFile: { path: "${cwd}/b.txt", content } }, { sleep: 60_000 }]],
});

test("two runs in one folder are told of each other while both are at it", async (t) => {
  const first = await startRun(t, writes("first\n"), { prepare: makeRepository });
  await first.until("b.txt");
  const env = { INTERLOCK_STATE_DIR: join(first.base, "state") };
  const second = await startRun(t, writes("second\n"), { args: ["--cwd", first.project], env });
  await Promise.all(
    [first, second].map((each) => each.until("“Scripted” changes b.txt as well, in the same folder.")),
  );
});

test("two runs in worktrees are told of the conflict before any merge", async (t) => {
  const first = await startRun(t, writes("first\n"), { prepare: makeRepository, args: ["--worktree"] });
  await first.until("edit");
  const env = { INTERLOCK_STATE_DIR: join(first.base, "state") };
  const args = ["--worktree", "--cwd", first.project];
  const second = await startRun(t, writes("second\n"), { args, env });
  await Promise.all(
    [first, second].map((each) => each.until("Merging with “Scripted” would conflict in b.txt.")),
  );
});
