import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Grants, type GrantScope } from "../../extension/approvals/grants.ts";
import type { Doorway } from "../../extension/audit/record.ts";

const SCOPE: GrantScope = {
  session: "s1",
  call: "c1",
  key: "git\0reset\0--hard",
  cwd: "/p",
  effects: ["git.discard", "read"],
};

/** Grants with one that was given at the question of a hook. */
function granted(): Grants {
  const grants = new Grants();
  grants.issue(SCOPE, "hook");
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
    "another session": { session: "s2" },
    "another call": { call: "c2" },
    "another command": { key: "git\0clean\0-fd" },
    "another folder": { cwd: "/p/sub" },
    "one effect more": { effects: ["git.clean", "git.discard", "read"] },
    "another effect": { effects: ["git.clean"] },
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
    grants.void(SCOPE.session, SCOPE.call);
    assert.equal(grants.present(SCOPE, "shim", true), false);
  });
});

test("a later yes of the same call takes the place of the earlier one", () => {
  const grants = granted();
  grants.issue({ ...SCOPE, key: "ls" }, "hook");
  const doorway: Doorway = "shim";
  assert.equal(grants.present(SCOPE, doorway, true), false);
  assert.equal(grants.present({ ...SCOPE, key: "ls" }, doorway, true), true);
});

describe("two sessions, which both count their calls from one", () => {
  const other: GrantScope = { ...SCOPE, session: "s2" };

  test("each have their own yes", () => {
    const grants = granted();
    grants.issue({ ...other, key: "ls" }, "hook");
    assert.equal(grants.present(SCOPE, "shim", true), true);
    assert.equal(grants.present({ ...other, key: "ls" }, "shim", true), true);
  });

  test("end their calls without an effect on each other", () => {
    const grants = granted();
    grants.void("s2", SCOPE.call);
    assert.equal(grants.present(SCOPE, "shim", true), true);
  });

  test("have their own standing yes", () => {
    const grants = new Grants();
    grants.stand("s1", "git.push feature/agent/a");
    assert.equal(grants.stands("s1", "git.push feature/agent/a"), true);
    assert.equal(grants.stands("s2", "git.push feature/agent/a"), false);
  });

  test("end without an effect on each other, and nothing outlives its session", () => {
    const grants = granted();
    grants.issue(other, "hook");
    for (const session of ["s1", "s2"]) grants.stand(session, "key");
    grants.endSession("s1");
    assert.equal(grants.present(SCOPE, "shim", true), false);
    assert.equal(grants.stands("s1", "key"), false);
    assert.equal(grants.present(other, "shim", true), true);
    assert.equal(grants.stands("s2", "key"), true);
  });
});
