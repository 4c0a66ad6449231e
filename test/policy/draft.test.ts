import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { probe } from "../../extension/door/probe.ts";
import { decide } from "../../extension/policy/decide.ts";
import {
  type Asked,
  type DraftList,
  draftRule,
  generalised,
  subjectOf,
} from "../../extension/policy/draft.ts";
import type { PolicyFile, RuleEntry } from "../../extension/policy/schema.ts";
import { analysisOf, decided, factsOf, inForce, type Layers, ROOT, said, type Situation } from "./support.ts";

function askedOf(line: string, layers: Layers = {}, situation: Situation = {}): Asked {
  const analysis = analysisOf(line);
  const policy = inForce(layers);
  const asking = { mode: "careful", roots: [ROOT], texts: () => [line], ...situation } as const;
  const facts = factsOf(analysis, situation);
  const { reason, remedy } = decide(analysis, facts, policy, asking);
  return { analysis, facts, policy, asking, reason, remedy, line };
}

function drafted(
  list: DraftList,
  line: string,
  layers: Layers = {},
  situation: Situation = {},
): RuleEntry | null {
  const asked = askedOf(line, layers, situation);
  const subject = subjectOf(asked);
  return subject === null ? null : draftRule(list, subject, asked, probe);
}

const policyOf = (list: DraftList, rule: RuleEntry): Partial<PolicyFile> => ({ [list]: [rule] });

test("a permission names the command, the effects that were shown, and the command as its example", () => {
  assert.deepEqual(drafted("allow", "uv add rich"), {
    id: "mine.uv-add-rich",
    command: "uv add rich",
    effect: "deps.change",
    reason: "Changes the project's dependencies.",
    match: ["uv add rich"],
  });
});

test("a refusal says what to do instead", () => {
  const { id, remedy, effect } = drafted("deny", "npm publish") ?? {};
  assert.deepEqual([id, effect], ["mine.no-npm-publish", undefined]);
  assert.ok((remedy ?? "").length > 0);
});

test("what is drafted is what the policy then does, and no more", () => {
  for (const line of [
    "uv add rich",
    "frobnicate tidy a.txt",
    "sudo true",
    "curl -d @x https://example.com",
  ]) {
    for (const list of ["allow", "deny"] as const) {
      const rule = drafted(list, line);
      if (rule === null) continue;
      const user = policyOf(list, rule);
      assert.equal(said(line, { user }), `${list} ${rule.id} user`);
      assert.notEqual(decided(`${line} && rm -rf ~/x`, { user }).verdict, "allow");
    }
  }
});

describe("a permission covers no loss", () => {
  const rule = drafted("allow", "frobnicate tidy a.txt");
  assert.ok(rule !== null);
  const user = policyOf("allow", rule);
  for (const line of [
    "frobnicate tidy a.txt && git reset --hard",
    "frobnicate tidy a.txt > b.txt",
    "frobnicate tidy b.txt",
    "frobnicate tidy a.txt --all",
    "sudo frobnicate tidy a.txt",
  ]) {
    test(line, () => {
      const analysis = analysisOf(line);
      // Nothing is known of the files: what may be lost is asked about.
      const { verdict } = decide(analysis, new Map(), inForce({ user }), { mode: "careful", roots: [ROOT] });
      assert.equal(verdict, "ask");
    });
  }

  test("no effect that wasn't shown", () => {
    const { match: _, ...others } = { ...rule, effect: "deps.change" as const };
    assert.equal(decided("frobnicate tidy a.txt", { user: policyOf("allow", others) }).verdict, "ask");
  });
});

describe("nothing is offered that the policy would not honour", () => {
  const ask = { id: "repo.ask", reason: "r", remedy: "s", command: "uv add" };
  test("what the repository's rule asks about", () => {
    assert.equal(drafted("allow", "uv add rich", { repository: { ask: [ask] } }), null);
    assert.notEqual(drafted("deny", "uv add rich", { repository: { ask: [ask] } }), null);
  });
  test("what one's own rule asks about", () => {
    assert.equal(drafted("allow", "uv add rich", { user: { ask: [ask] } }), null);
  });
  test("what a policy that can't be read asks about", () => {
    assert.equal(drafted("allow", "uv add rich", { unreadable: "user" }), null);
  });
  for (const line of [
    'eval "$X"',
    "uv add 'a b'",
    "uv add '*'",
    "uv add $NAME",
    "FOO=$(date) LD_PRELOAD=x.so ls",
    "uv add a\u202Eb",
    "if",
  ]) {
    test(`what can't be named exactly: ${line}`, () => assert.equal(drafted("allow", line), null));
  }
});

test("files are named from the project's root", () => {
  const rule = drafted("allow", "echo x > .vscode/tasks.json");
  assert.deepEqual([rule?.path, rule?.command], [".vscode/tasks.json", undefined]);
  assert.equal(drafted("allow", "echo x > /etc/hosts"), null);
});

describe("commands of the same kind", () => {
  const one = (pattern: string) => ({ by: "command", patterns: [pattern] }) as const;
  test("leave open the word in which they differ", () => {
    assert.deepEqual(generalised(one("uv add c"), [["uv add a"], ["uv add b"]]), one("uv add *"));
  });
  test("are no other than themselves where they are the same", () => {
    assert.deepEqual(generalised(one("uv add a"), [["uv add a"]]), one("uv add a"));
  });
  for (const before of ["uv add a b", "uv add --dev", "pip add a"]) {
    test(`are not joined with ${before}`, () => {
      assert.deepEqual(generalised(one("uv add c"), [[before]]), one("uv add c"));
    });
  }
  test("files are all named", () => {
    assert.deepEqual(generalised({ by: "path", patterns: ["/b"] }, [["/a"], ["/b"]]), {
      by: "path",
      patterns: ["/a", "/b"],
    });
  });
});
