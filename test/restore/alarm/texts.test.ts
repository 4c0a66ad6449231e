import assert from "node:assert/strict";
import { test } from "node:test";

import type { AlarmRaised } from "../../../extension/restore/alarm/alarm.ts";
import { lossProblem } from "../../../extension/restore/alarm/texts.ts";

function said(losses: AlarmRaised["losses"]): string {
  const point = { id: "p1", time: "2026-11-21T13:43:12.000Z" } as unknown as AlarmRaised["point"];
  const { message } = lossProblem({ root: "/srv/project", losses, point, lossPoint: point });
  return message.replace(
    /^Work is gone, and nothing that was approved explains it: (.*) \(since .*\)\.$/,
    "$1",
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
