import assert from "node:assert/strict";
import { test } from "node:test";

import * as fc from "fast-check";

import { loosenings } from "../../extension/policy/loosens.ts";
import { isStricter } from "../../extension/policy/verdict.ts";
import { decided, policyOf, type Said } from "./support.ts";

const rule = { reason: "Because.", remedy: "Instead." };
const npm = { ...rule, id: "x.npm", command: "npm" };
const whats = (before: Said, after: Said): string[] =>
  loosenings(policyOf(before), policyOf(after)).map(({ what }) => what);

test("what would let more through is named, one by one", () => {
  const cases: readonly (readonly [Said, Said, readonly string[]])[] = [
    [{}, { allow: [npm] }, ["x.npm"]],
    [{ allow: [npm] }, { allow: [{ ...npm, command: "npm **" }] }, ["x.npm"]],
    [{ deny: [npm] }, {}, ["x.npm"]],
    [{ deny: [npm] }, { ask: [npm] }, ["x.npm"]],
    [{ ask: [npm] }, { ask: [{ ...npm, command: "npm publish" }] }, ["x.npm"]],
    [{ branches: { protected: ["a", "b"] } }, { branches: { protected: ["b"] } }, ["branches.protected"]],
    [{ branches: { write: ["a"] } }, { branches: { write: ["a", "b"] } }, ["branches.write"]],
    [{ branches: { write: ["a"] } }, {}, ["branches.write"]],
    [
      { files: { writable: ["a"], protected: ["b"], secret: ["c"], restore: ["d"] } },
      { files: { writable: ["a", "x"] } },
      ["files.protected", "files.secret", "files.restore", "files.writable"],
    ],
    [{ network: { read: "ask" } }, { network: { hosts: ["a.org"] } }, ["network.hosts", "network.read"]],
    [{ environments: { production: ["a.org"] } }, {}, ["environments.production"]],
    [{ spend: { perRun: 1, perDay: 5 } }, { spend: { perRun: 2 } }, ["spend.perRun", "spend.perDay"]],
    [{ sessions: { where: "worktree" } }, {}, ["sessions.where"]],
  ];
  for (const [before, after, expected] of cases) assert.deepEqual(whats(before, after), expected);
});

test("a rule is told by what it applies to, not by the reason that its author gives", () => {
  const before = policyOf({ ask: [{ ...rule, id: "x.gone", effect: "publish", path: ["dist", "out"] }] });
  const after = policyOf({
    allow: [{ id: "x.push", command: ["git push **", "git fetch"], host: "a.org", reason: "Only reads." }],
  });
  assert.deepEqual(
    loosenings(before, after).map(({ message }) => message),
    [
      "No longer holds back effect “publish”; path “dist”, “out”: Because.",
      "Allows “git push **”, “git fetch”; host “a.org”: Only reads.",
    ],
  );
});

test("what only tightens, or says the same in other words, loosens nothing", () => {
  const cases: readonly (readonly [Said, Said])[] = [
    [{}, { deny: [npm], ask: [{ ...npm, id: "x.b", command: "pip" }] }],
    [{ ask: [npm] }, { deny: [npm] }],
    [{ allow: [npm] }, {}],
    [{ deny: [npm] }, { deny: [{ ...npm, id: "y.npm", reason: "Other.", command: ["npm"] }] }],
    [{}, { branches: { write: ["a"], protected: ["b"] }, files: { writable: ["src"] } }],
    [{ network: { hosts: ["a.org"] } }, { network: { read: "deny" } }],
    [{ spend: { perRun: 2 } }, { spend: { perRun: 1 } }],
  ];
  for (const [before, after] of cases) assert.deepEqual(whats(before, after), []);
});

const LINES = [
  "ls",
  "cat src/a.sql",
  "touch src/a",
  "touch docs/b",
  "rm -r src",
  "npm install x",
  "npm publish",
  "frobnicate x",
  "git commit -m x",
  "git push",
  "git push -f origin b",
  "curl -d x https://a.org",
  "curl https://b.org",
] as const;

const conditions = fc.oneof(
  fc.record({ command: fc.constantFrom("npm", "npm install", "npm **", "touch **", "frobnicate **", "ls") }),
  fc.record({
    effect: fc.constantFrom("publish" as const, "network" as const, "write" as const, "read" as const),
  }),
  fc.record({ rule: fc.constantFrom("git.push", "deps.*", "unclear.program") }),
  fc.record({ path: fc.constantFrom("src", "*.sql", "docs/**") }),
  fc.record({ host: fc.constantFrom("a.org", "*.org") }),
  fc.record({ branch: fc.constantFrom("b", "*") }),
);
const rules = fc.array(conditions, { maxLength: 3 });
const list = (...values: string[]) => fc.option(fc.subarray(values), { nil: undefined });
const some = { requiredKeys: [] };

/** Any policy that is in order. */
const policies: fc.Arbitrary<Said> = fc
  .record({
    deny: rules,
    ask: rules,
    allow: rules,
    branches: fc.record({ write: list("b", "feature/*"), protected: list("b", "develop") }, some),
    files: fc.record({ writable: list("src", "docs"), protected: list("src"), secret: list("*.sql") }, some),
    network: fc.record(
      { read: fc.constantFrom("allow", "ask", "deny"), hosts: list("a.org", "b.org") },
      some,
    ),
  })
  .map((drawn) => {
    const named = (name: string) => (each: object, index: number) => ({
      ...rule,
      ...each,
      id: `${name}.r${index}`,
    });
    const said = {
      ...drawn,
      deny: drawn.deny.map(named("deny")),
      ask: drawn.ask.map(named("ask")),
      allow: drawn.allow.map(named("allow")),
    };
    return JSON.parse(JSON.stringify(said)) as Said;
  });

test("whatever the repository proposes, nothing is let through that wasn't before", () => {
  fc.assert(
    fc.property(
      policies,
      policies,
      policies,
      fc.constantFrom(...LINES),
      (user, repository, proposed, line) => {
        const before = decided(line, { user, repository }, { branch: "b" });
        const after = decided(line, { user, repository, proposed }, { branch: "b" });
        assert.ok(!isStricter(before.verdict, after.verdict), `${before.rule} → ${after.rule}`);
      },
    ),
    { numRuns: 400 },
  );
});

test("a text of which nothing is said to loosen is nowhere less strict once it is accepted", () => {
  fc.assert(
    fc.property(policies, policies, policies, fc.constantFrom(...LINES), (user, one, two, line) => {
      // Most pairs loosen something: what is added to a policy seldom does.
      const deny = [...(one.deny ?? []), ...(two.deny ?? [])];
      const more: Said = {
        ...one,
        deny: deny.map((each, index) => Object.assign({}, each, { id: `d.r${index}` })),
      };
      for (const after of [two, more]) {
        if (loosenings(policyOf(one), policyOf(after)).length > 0) continue;
        const before = decided(line, { user, repository: one }, { branch: "b" });
        const then = decided(line, { user, repository: after }, { branch: "b" });
        assert.ok(!isStricter(before.verdict, then.verdict), `${before.rule} → ${then.rule}`);
      }
    }),
    { numRuns: 400 },
  );
});
