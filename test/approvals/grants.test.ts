import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Grants, type GrantScope } from "../../extension/approvals/grants.ts";
import { noLoss } from "../../extension/guard/loss.ts";
import type { Doorway } from "../../extension/audit/record.ts";

const SCOPE: GrantScope = {
  call: "c1",
  key: "git\0reset\0--hard",
  cwd: "/p",
  effects: ["git.discard", "read"],
  parts: [],
  loss: null,
};

/** Grants with one that was given at the question of a hook. */
function granted(): Grants {
  const grants = new Grants();
  grants.issue(SCOPE, { doorway: "hook" });
  return grants;
}

test("a yes at one doorway covers the same act at the next ones, once each, until it is run", () => {
  const grants = granted();
  assert.equal(grants.present(SCOPE, "permission", false), true);
  assert.equal(grants.present(SCOPE, "permission", false), false, "a second sighting there is a second act");
  assert.equal(grants.present(SCOPE, "shim", true), true);
  assert.equal(grants.present(SCOPE, "terminal", true), false, "spent by running");
});

test("a second act of the same kind at the doorway of the question is asked about", () => {
  assert.equal(granted().present(SCOPE, "hook", false), false);
});

describe("a yes never covers more than it was asked for", () => {
  const others: Readonly<Record<string, Partial<GrantScope>>> = {
    "another call": { call: "c2" },
    "another command": { key: "git\0clean\0-fd" },
    "another folder": { cwd: "/p/sub" },
    "one effect more": { effects: ["git.clean", "git.discard", "read"] },
    "another effect": { effects: ["git.clean"] },
    "a loss that was not shown": { loss: { ...noLoss("/p"), commits: 1 } },
  };
  for (const [name, other] of Object.entries(others)) {
    test(name, () => {
      const grants = granted();
      assert.equal(grants.present({ ...SCOPE, ...other }, "shim", true), false);
      assert.equal(grants.present(SCOPE, "shim", true), true, "and is not spent by it");
    });
  }

  test("fewer effects are covered", () => {
    assert.equal(granted().present({ ...SCOPE, effects: ["read"] }, "shim", true), true);
  });

  test("nothing once the call has ended", () => {
    const grants = granted();
    grants.void(SCOPE.call);
    assert.equal(grants.present(SCOPE, "shim", true), false);
  });
});

test("a yes to one more act of the same question leaves the earlier one, and each is spent by itself", () => {
  const grants = granted();
  const other = { ...SCOPE, key: "ls" };
  grants.issue(other, { doorway: "hook", more: true });
  assert.equal(grants.present(SCOPE, "shim", true), true);
  assert.equal(grants.present(SCOPE, "terminal", true), false);
  assert.equal(grants.present(other, "shim", true), true);
});

test("a later yes of the same call takes the place of the earlier one", () => {
  const grants = granted();
  grants.issue({ ...SCOPE, key: "ls" }, { doorway: "hook" });
  const doorway: Doorway = "shim";
  assert.equal(grants.present(SCOPE, doorway, true), false);
  assert.equal(grants.present({ ...SCOPE, key: "ls" }, doorway, true), true);
});
