import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { canLast, Kinds, type KindScope } from "../../extension/approvals/kinds.ts";
import { noLoss } from "../../extension/guard/loss.ts";

const SCOPE: KindScope = {
  rule: "deps.change",
  kind: "uv add …",
  cwd: "/p",
  effects: ["deps.change", "read"],
};

test("what was allowed for the session is covered again and again, and fewer effects too", () => {
  const kinds = new Kinds();
  kinds.allow({ scope: SCOPE, covers: "uv add …" });
  assert.equal(kinds.cover(SCOPE), true);
  assert.equal(kinds.cover({ ...SCOPE, effects: ["deps.change"] }), true);
});

describe("nothing else is covered", () => {
  const others: Readonly<Record<string, Partial<KindScope>>> = {
    "another rule": { rule: "unclear.program" },
    "another kind": { kind: "uv remove …" },
    "another folder": { cwd: "/p/sub" },
    "one effect more": { effects: ["deps.change", "read", "write"] },
  };
  for (const [name, other] of Object.entries(others)) {
    test(name, () => {
      const kinds = new Kinds();
      kinds.allow({ scope: SCOPE, covers: "uv add …" });
      assert.equal(kinds.cover({ ...SCOPE, ...other }), false);
    });
  }
});

test("the oldest of very many is forgotten, which only asks again", () => {
  const kinds = new Kinds();
  for (let n = 0; n <= 100; n += 1) kinds.allow({ scope: { ...SCOPE, kind: `k${n}` }, covers: "" });
  assert.equal(kinds.cover({ ...SCOPE, kind: "k0" }), false);
  assert.equal(kinds.cover({ ...SCOPE, kind: "k100" }), true);
});

test("no yes lasts for what loses work, nor where it isn't known what would be lost", () => {
  const nothing = noLoss("/p");
  assert.equal(canLast("change", ["deps.change"], null), true);
  assert.equal(canLast("unclear", ["unclear"], nothing), true);
  assert.equal(canLast("loss", ["git.discard"], nothing), false);
  for (const loss of [{ fileCount: 1 }, { commits: 1 }, { stashes: 1 }, { complete: false }]) {
    assert.equal(canLast("change", ["deps.change"], { ...nothing, ...loss }), false);
  }
});

test("no yes lasts for what can't be taken back, or opens the door itself", () => {
  for (const effect of ["publish", "remote.change", "privilege", "secret", "interlock"] as const) {
    assert.equal(canLast("change", ["read", effect], null), false, effect);
  }
});

test("what is revoked is asked again, and nothing else", () => {
  const kinds = new Kinds();
  const other = { ...SCOPE, kind: "uv remove …" };
  kinds.allow({ scope: SCOPE, covers: "uv add …" });
  kinds.allow({ scope: other, covers: "uv remove …" });
  const [first] = kinds.allowed;
  kinds.revoke(first?.id ?? "");
  assert.deepEqual([kinds.cover(SCOPE), kinds.cover(other)], [false, true]);
});
