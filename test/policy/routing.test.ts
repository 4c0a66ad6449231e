import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";

import { probe } from "../../extension/door/probe.ts";
import { unroutedRule } from "../../extension/policy/draftRoute.ts";
import { loosenings } from "../../extension/policy/loosens.ts";
import { readPolicy } from "../../extension/policy/read.ts";
import { RoutingRules } from "../../extension/policy/routing.ts";
import type { RoutingEntry } from "../../extension/policy/schema.ts";
import { hashOf } from "../../extension/policy/trust.ts";
import { PolicySource } from "../../extension/policy/source.ts";
import { withRules } from "../../extension/policy/write.ts";
import { tempDir } from "../harness/temp.ts";
import { policyOf } from "./support.ts";

const ROOT = "/srv/shop";
const entry = (command: string | string[], as: string, more: Partial<RoutingEntry> = {}): RoutingEntry => ({
  id: "x.rule",
  reason: "Because.",
  command,
  as,
  ...more,
});

/** What a command's words become: the whole line, `asked`, or nothing where no rule is about it. */
function sent(rules: readonly RoutingEntry[], line: string, project = ROOT): string | undefined {
  const words = line.split(" ");
  const route = new RoutingRules([policyOf({ routing: [...rules] })], project).of(words);
  if (route === null) return undefined;
  return route.words === null ? "asked" : [...route.words, ...words.slice(route.replaces)].join(" ");
}

test("a rule leaves a command as asked, or sends it elsewhere; its words are read exactly", () => {
  const cases: readonly (readonly [command: string, as: string, line: string, to: string | undefined])[] = [
    ["pytest **", "asked", "pytest", "asked"],
    ["pytest **", "asked", "pytest -q tests", "asked"],
    ["pytest", "asked", "pytest -q", undefined],
    ["pytest **", "asked", "py.test -q", undefined],
    ["npm test", "make test", "npm test", "make test"],
    ["npm test", "make test", "npm test -- -x", undefined],
    ["pytest **", "docker compose run app pytest **", "pytest -q a", "docker compose run app pytest -q a"],
    ["npm run * **", "bun run **", "npm run build --x", "bun run --x"],
    ["npm run **", "bun run **", "npm run build --x", "bun run build --x"],
  ];
  for (const [command, as, line, to] of cases) assert.equal(sent([entry(command, as)], line), to, line);
});

test("the first rule that fits counts, the person's own before the project's", () => {
  const own = policyOf({ routing: [entry("pytest -q", "asked", { id: "mine.q" })] });
  const theirs = policyOf({ routing: [entry("pytest **", "make test-args **", { id: "shop.t" })] });
  const rules = new RoutingRules([own, theirs], ROOT);
  assert.deepEqual(rules.of(["pytest", "-q"])?.rule, "mine.q");
  assert.deepEqual(rules.of(["pytest", "-x"])?.rule, "shop.t");
  assert.deepEqual(rules.programs, ["pytest", "pytest"]);
});

test("a rule for one project counts in no other", () => {
  const rules = [entry("pytest **", "asked", { project: "/srv/shop/" })];
  assert.equal(sent(rules, "pytest"), "asked");
  assert.equal(sent(rules, "pytest", "/srv/shop2"), undefined);
});

test("a word that is known at run time only is any word", () => {
  const rules = new RoutingRules([policyOf({ routing: [entry("pytest **", "asked")] })], ROOT);
  assert.equal(rules.of(["pytest", null])?.words, null);
  assert.equal(rules.of([null, "-q"]), null);
});

describe("what can't be meant is told by its key", () => {
  const cases: readonly (readonly [RoutingEntry, RegExp])[] = [
    [entry("** pytest", "asked"), /must begin with the name of a program/],
    [entry("pytest **", "make test"), /must both end with \*\*/],
    [entry("npm ** test **", "bun **"), /must both end with/],
    [entry("pytest", "make **"), /no \*\* at its end/],
    [entry("pytest **", "make * **"), /only \*\* at the end/],
    [entry("pytest **", "**"), /only \*\* at the end/],
    [entry(["pytest **", "python -m pytest **"], "make **"), /same number of words/],
    [entry("pytest", "asked", { project: "shop" }), /whole path/],
    [entry("pytest", "asked", { match: ["npm test"] }), /does not apply to its example/],
    [entry("pytest **", "asked", { notMatch: ["cd x && pytest -q"] }), /should leave alone/],
  ];
  for (const [rule, said] of cases) {
    test(`${JSON.stringify(rule.command)} as ${rule.as}`, () => {
      const read = readPolicy(JSON.stringify({ version: 1, routing: [rule] }), probe);
      assert.ok(!read.ok);
      assert.match(read.error.map(({ message }) => message).join("\n"), said);
    });
  }
  test("an id stands once, whatever the list", () => {
    const deny = [{ id: "x.rule", command: "npm", reason: "r", remedy: "r" }];
    const read = readPolicy(JSON.stringify({ version: 1, deny, routing: [entry("a", "asked")] }), probe);
    assert.ok(!read.ok && /stands here twice/.test(read.error[0]?.message ?? ""));
  });
});

test("every difference is told, also one in order", () => {
  const [a, b] = [entry("a **", "asked", { id: "x.a" }), entry("a b", "make b", { id: "x.b" })];
  const told = (before: RoutingEntry[], after: RoutingEntry[]): string[] =>
    loosenings(policyOf({ routing: before }), policyOf({ routing: after })).map(({ message }) => message);
  assert.deepEqual(told([], [a, b]), ["“a **” runs as asked: Because.", "“a b” runs as “make b”: Because."]);
  assert.deepEqual(told([a, b], [b]), ["No longer: “a **” runs as asked"]);
  assert.deepEqual(told([a, b], [b, a]), ["Commands are routed by the same rules in another order."]);
  assert.deepEqual(told([a], [{ ...a, id: "y.a", reason: "Other." }]), []);
});

test("of a repository's rules only those count that a person has accepted, and a branch takes none away", async (t) => {
  const base = await tempDir(t);
  const projectFile = join(base, "agent-policy.json");
  const source = new PolicySource(
    {
      userFile: join(base, "policy.json"),
      projectFile,
      repository: base,
      stateDirectory: join(base, "state"),
    },
    probe,
  );
  const text = JSON.stringify({ version: 1, routing: [entry("pytest **", "make test **")] });
  writeFileSync(projectFile, text);
  assert.equal(source.current().routing.of(["pytest"]), null);
  assert.deepEqual(
    source.current().pending?.loosens.map(({ what }) => what),
    ["x.rule"],
  );
  assert.ok((await source.accept(hashOf(text))).ok);
  assert.equal(source.current().routing.of(["pytest"])?.rule, "x.rule");
  writeFileSync(projectFile, JSON.stringify({ version: 1 }));
  assert.equal(source.current().routing.of(["pytest"])?.rule, "x.rule");
  assert.equal(source.current().pending?.loosens.length, 1);
});

test("the rule that is written for a call names what it runs, and nothing of its words besides", () => {
  const cases: readonly (readonly [words: readonly (string | null)[], command: string | undefined])[] = [
    [["pytest", "-q", "tests/a.py"], "pytest **"],
    [["pip", "install", "requests"], "pip install **"],
    [["python", "-m", "pytest", "-q"], "python -m pytest **"],
    [["npm", "run", "build"], "npm run build **"],
    [["npm", "run", null], "npm run **"],
    [["python", "x.py", "1"], "python x.py **"],
    [["npx", "pretty it"], "npx **"],
    [[null], undefined],
  ];
  for (const [words, command] of cases) {
    const rule = unroutedRule(words, ROOT);
    assert.equal(rule?.command, command);
    if (rule === null) continue;
    const text = withRules("{}", { version: 1, routing: [rule] });
    const policy = policyOf(JSON.parse(text) as object);
    assert.equal(new RoutingRules([policy], ROOT).of(words)?.words, null, "it is about the call itself");
  }
});
