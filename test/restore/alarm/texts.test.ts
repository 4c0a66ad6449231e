import assert from "node:assert/strict";
import { test } from "node:test";

import type { AlarmRaised } from "../../../extension/restore/alarm/alarm.ts";
import { lossProblem } from "../../../extension/restore/alarm/texts.ts";

function said(losses: AlarmRaised["losses"], atWork: readonly string[] = []): string {
  const point = { id: "p1", time: "2026-11-21T13:43:12.000Z" } as unknown as AlarmRaised["point"];
  const where = { root: "/srv/project", elsewhere: [], beside: false };
  const { message } = lossProblem({ ...where, losses, point, lossPoint: point, atWork });
  return message.replace(
    /^Work is gone, and nothing that was approved explains it: (.*) \(since .*\)\. (.*)$/,
    atWork.length === 0 ? "$1" : "$1; $2",
  );
}

const file = (path: string, how: "removed" | "reverted" | "replaced") =>
  ({ what: "file", path, how }) as const;

test("files that went the same way are told together, and only some by name", () => {
  assert.equal(said([file("a", "reverted")]), "the changes of a were discarded");
  assert.equal(
    said([file("a", "reverted"), file("n", "removed"), file("b", "reverted"), file("m", "removed")]),
    "the changes of a, b were discarded, n, m were removed",
  );
  const five = ["a", "b", "c", "d", "e"].map((path) => file(path, "reverted"));
  assert.equal(said(five), "the changes of a, b, c and 2 more were discarded");
});

test("what is no file is told one by one, and beyond three is counted", () => {
  const ref = { what: "ref", name: "refs/heads/work", commits: 2 } as const;
  const stashes = ["one", "two", "three"].map((message) => ({ what: "stash", message }) as const);
  assert.equal(
    said([ref, ...stashes]),
    "2 commits of work, the stash entry “one”, the stash entry “two”, 1 more",
  );
});

test("it says whether an agent of ours was at work meanwhile", () => {
  const [lost, point] = [[file("a", "removed")], { id: "p1", time: "2026-11-21T13:43:12.000Z" }];
  assert.equal(said(lost, ["Claude Code", "Codex"]), "a was removed; At work then: Claude Code, Codex.");
  const raised = {
    root: "/srv",
    losses: lost,
    point,
    lossPoint: point,
    atWork: [],
    elsewhere: [],
    beside: true,
  } as unknown as AlarmRaised;
  assert.match(lossProblem(raised).message, /^Work in \/srv is gone.* No agent was at work then\.$/);
  assert.match(
    lossProblem({ ...raised, elsewhere: ["Codex"] }).message,
    / At work then, in another folder: Codex\.$/,
  );
});
