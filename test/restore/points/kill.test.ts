import { test } from "node:test";
import { testGit } from "../../git/support.ts";
import { killWhileApplying, killWhileTaking } from "./killing.ts";

const git = testGit(process.env);
/** The soak has ten times as many. */
const ROUNDS = 20;

test(`killed while it takes points, ${ROUNDS} times: all that are there are whole`, async (t) => {
  t.diagnostic(`${await killWhileTaking(t, git, ROUNDS)} points`);
});

test(`killed while it applies a point, ${ROUNDS} times: finished or undone, nothing is lost`, async (t) => {
  t.diagnostic(JSON.stringify(await killWhileApplying(t, git, ROUNDS)));
});
