import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { EFFECTS } from "../../extension/guard/effect.ts";
import { MODES, RULES, ruleVerdict, type RuleId } from "../../extension/policy/rules.ts";
import { isStricter } from "../../extension/policy/verdict.ts";

const IDS = Object.keys(RULES) as RuleId[];

test("the ids of the rules never change: people write them in their policies", () => {
  const golden = readFileSync(new URL("rules.golden.txt", import.meta.url), "utf8");
  const lines = IDS.map(
    (id) => `${id} ${RULES[id].effect} ${RULES[id].ask} ${RULES[id].verdicts.join(" ")}\n`,
  );
  assert.equal(lines.join(""), golden);
});

test("every rule says what the act does, and names an effect that there is", () => {
  for (const id of IDS) {
    assert.match(RULES[id].reason(), /^[A-Z].*\.$/, id);
    assert.ok(EFFECTS.includes(RULES[id].effect), id);
  }
});

test("only what loses work looks like a warning", () => {
  const kinds = new Set(IDS.filter((id) => RULES[id].ask === "loss").map((id) => RULES[id].effect));
  assert.deepEqual([...kinds].toSorted(), [
    "delete",
    "git.clean",
    "git.discard",
    "git.history",
    "git.push.force",
    "git.ref",
    "git.stash.drop",
    "overwrite",
  ]);
});

test("the default mode stands in the middle", () => {
  assert.deepEqual(MODES, ["read-only", "careful", "trusting"]);
  assert.equal(ruleVerdict("deps.change", "careful"), "ask");
  assert.equal(ruleVerdict("deps.change", "trusting"), "allow");
  assert.equal(ruleVerdict("deps.change", "read-only"), "deny");
});

test("deny is stricter than ask, ask than allow, and nothing than itself", () => {
  const order = ["allow", "ask", "deny"] as const;
  for (const [i, a] of order.entries())
    for (const [j, b] of order.entries()) assert.equal(isStricter(a, b), i > j);
});
