import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { PERMIT_MS, Permits } from "../../extension/approvals/permits.ts";
import type { ActScope } from "../../extension/approvals/scope.ts";
import type { Loss } from "../../extension/guard/loss.ts";

const LOSS: Loss = {
  root: "/p",
  files: [{ path: "a.txt", state: "modified", added: 3, removed: 1 }],
  fileCount: 1,
  commits: 0,
  stashes: 0,
  complete: true,
};
const ACT: ActScope = {
  key: "git\0reset\0--hard",
  cwd: "/p",
  effects: ["git.discard", "read"],
  loss: LOSS,
};
const NOW = 1_000_000;

function permitted(): Permits {
  const permits = new Permits("permit", 50);
  permits.lapse("c1", ACT, "git reset --hard");
  assert.ok(permits.leave("c1", NOW));
  return permits;
}

test("without the person's yes afterwards nothing is permitted", () => {
  const permits = new Permits("permit", 50);
  permits.lapse("c1", ACT, "git reset --hard");
  assert.equal(permits.spend(ACT, NOW), false);
  assert.equal(permits.leave("c2", NOW), null);
});

test("the second try passes once, and the button works once", () => {
  const permits = permitted();
  assert.equal(permits.leave("c1", NOW), null);
  assert.equal(permits.spend(ACT, NOW + 1), true);
  assert.equal(permits.spend(ACT, NOW + 2), false);
});

test("it holds for ten minutes", () => {
  assert.equal(permitted().spend(ACT, NOW + PERMIT_MS - 1), true);
  assert.equal(permitted().spend(ACT, NOW + PERMIT_MS), false);
});

describe("it covers what the person was shown, and nothing else", () => {
  const others: Readonly<Record<string, Partial<ActScope>>> = {
    "another command": { key: "git\0clean\0-fd" },
    "another folder": { cwd: "/p/sub" },
    "another effect": { effects: ["git.clean"] },
    "one file more": { loss: { ...LOSS, fileCount: 2 } },
    "another file": {
      loss: { ...LOSS, files: [{ path: "b.txt", state: "modified", added: 3, removed: 1 }] },
    },
    "more of the same file": {
      loss: { ...LOSS, files: [{ path: "a.txt", state: "modified", added: 9, removed: 1 }] },
    },
    "a commit as well": { loss: { ...LOSS, commits: 1 } },
    "what could not be seen in time": { loss: { ...LOSS, complete: false } },
  };
  for (const [name, other] of Object.entries(others)) {
    test(name, () => {
      const permits = permitted();
      assert.equal(permits.spend({ ...ACT, ...other }, NOW), false);
      assert.equal(permits.spend(ACT, NOW), true, "and is not spent by it");
    });
  }

  test("less is covered", () => {
    assert.equal(permitted().spend({ ...ACT, loss: null }, NOW), true);
    assert.equal(permitted().spend({ ...ACT, effects: ["read"] }, NOW), true);
  });
});

describe("of commits and stash entries it covers those that were named", () => {
  const revision = (kind: "commit" | "stash", id: string) => ({ kind, id, root: "/p", subject: id });
  const spends = (shown: Partial<Loss>, now: Partial<Loss>): boolean => {
    const permits = new Permits("permit", 50);
    permits.lapse("c1", { ...ACT, loss: { ...LOSS, ...shown } }, "git reset --hard");
    permits.leave("c1", NOW);
    return permits.spend({ ...ACT, loss: { ...LOSS, ...now } }, NOW);
  };
  const [one, other] = [revision("commit", "a1"), revision("commit", "b2")];

  test("the same one, and not another in its place", () => {
    const shown = { commits: 1, revisions: [one] };
    assert.equal(spends(shown, shown), true);
    assert.equal(spends(shown, { commits: 1, revisions: [other] }), false);
    assert.equal(spends(shown, { stashes: 1, revisions: [revision("stash", "a1")] }), false);
  });

  test("one more where more were told of than were named", () => {
    const shown = { commits: 2, revisions: [one] };
    assert.equal(spends(shown, { commits: 1, revisions: [other] }), true);
    assert.equal(spends(shown, { commits: 2, revisions: [other, revision("commit", "c3")] }), false);
  });
});

test("of very many that lapsed the oldest can't be allowed any more", () => {
  const permits = new Permits("permit", 50);
  for (let n = 0; n <= 50; n += 1) permits.lapse(`c${n}`, ACT, "");
  assert.equal(permits.leave("c0", NOW), null);
  assert.ok(permits.leave("c50", NOW));
});

test("a permit that is revoked lets nothing pass, and one that is over is not listed", () => {
  const permits = permitted();
  const [permit] = permits.current(NOW);
  assert.equal(permit?.shown, "git reset --hard");
  assert.deepEqual(permits.current(NOW + PERMIT_MS), []);
  permits.revoke(permit?.id ?? "");
  assert.equal(permits.spend(ACT, NOW), false);
});
