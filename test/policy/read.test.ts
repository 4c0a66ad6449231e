import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { probe } from "../../extension/door/probe.ts";
import { readPolicy } from "../../extension/policy/read.ts";

/** What is wrong with a text, as compilers print it. */
function problems(text: string): string[] {
  const read = readPolicy(text, probe);
  return read.ok
    ? []
    : read.error.map(({ code, line, column, message }) => `${line}:${column} ${code} ${message}`);
}

/** A policy whose rules are one refusal with what is given. */
const withRule = (more: object): string =>
  JSON.stringify({ version: 1, deny: [{ id: "x.y", reason: "R.", remedy: "M.", ...more }] });

describe("a policy that is in order", () => {
  test("may hold comments, trailing commas and nothing but its version", () => {
    assert.deepEqual(problems('// why\n{ "version": 1, /* here */ "ask": [], }'), []);
  });

  test("may write one text or a list of them", () => {
    assert.deepEqual(problems(withRule({ command: "a b", effect: ["publish"] })), []);
  });
});

describe("a policy that is not", () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ["is empty", "", "1:1 policy.syntax The file is empty."],
    [
      "is no JSON",
      '{\n  "version": 1,\n  x\n}',
      "3:3 policy.syntax This is no JSON. Keys and texts stand in double quotes.",
    ],
    [
      "breaks off, which is said once",
      '{ "version": 1,\n',
      "2:1 policy.syntax A key in double quotes is expected here.",
    ],
    ["lacks a comma", '{ "version": 1\n "ask": [] }', "2:2 policy.syntax A comma is expected here."],
    ["has no version", "{}", "1:1 policy.value “version” is missing here."],
    [
      "has a newer version, which says all there is to say",
      '{\n  "new": 1,\n  "version": 2\n}',
      "3:14 policy.version This policy has version 2; this Interlock reads version 1. Until it is updated, it asks about everything.",
    ],
    [
      "has an unknown key",
      '{ "version": 1,\n  "denny": [] }',
      "2:3 policy.unknown “denny” is not known here. Did you mean “deny”?",
    ],
    [
      "has an unknown key further down",
      '{ "version": 1,\n  "files": {\n    "writeable": [] } }',
      "3:5 policy.unknown “writeable” is not known here. Did you mean “writable”?",
    ],
    [
      "has an unknown key in a rule",
      withRule({ comand: "a b" }),
      "1:62 policy.unknown “comand” is not known here. Did you mean “command”?",
    ],
    [
      "has an unknown key that is near to none",
      '{ "version": 1,\n  "colour": 1 }',
      "2:3 policy.unknown “colour” is not known here.",
    ],
    [
      "has a key twice",
      '{ "version": 1,\n "deny": [],\n "deny": [] }',
      "3:2 policy.value “deny” stands here twice.",
    ],
    [
      "has a wrong type",
      '{ "version": 1, "ask": "x" }',
      "1:24 policy.value “ask”: this must be of type array.",
    ],
    [
      "has a wrong word",
      '{ "version": 1, "network": { "read": "never" } }',
      "1:38 policy.value “read”: this must be one of: allow, ask, deny.",
    ],
    [
      "has a rule without a reason",
      '{ "version": 1, "allow": [\n  { "id": "a.b", "command": "x" }] }',
      "2:3 policy.value “reason” is missing here.",
    ],
  ];
  for (const [title, text, expected] of cases)
    test(`${title}: says where and what`, () => assert.deepEqual(problems(text), [expected]));

  test("says everything that is wrong, not only the first thing", () => {
    assert.equal(problems('{ "version": 1, "a": 1, "b": 2, "ask": 3 }').length, 3);
  });
});

describe("a rule that means nothing", () => {
  const message = (more: object): string =>
    problems(withRule(more))
      .join("\n")
      .replace(/^\S+ \S+ /, "");
  const cases: readonly (readonly [object, string])[] = [
    [{}, "The rule applies to nothing: name a command, effect, rule, path, host or branch."],
    [{ id: "git.push", command: "x" }, "“git.push” is the id of a built-in rule."],
    [
      { id: "nodots", command: "x" },
      "“id”: this must be lower case letters, digits and dashes; a rule's id has at least one dot.",
    ],
    [{ command: "** x" }, "“** x” must begin with the name of a program."],
    [{ rule: "git.pull" }, "There is no built-in rule “git.pull”."],
    [{ path: "../x" }, "“../x” is no path or pattern inside the project."],
    [{ path: "!x" }, "“!x” is no path or pattern inside the project."],
    [
      { host: "https://x.org" },
      "“https://x.org” is no name of a host; write it without protocol, port and path.",
    ],
    [{ command: "x", match: ["x y", "z"] }, "The rule “x.y” does not apply to its example: z"],
    [
      { command: "x", notMatch: ["y", "cd a && x"] },
      "The rule “x.y” applies to what it should leave alone: cd a && x",
    ],
    [{ command: [] }, "“command”: this is too short, or too small."],
    [{ command: 1 }, "“command”: this must be a text, or a list of texts that is not empty."],
    [{ effect: "pubish" }, "“effect”: this must be one of: read"],
  ];
  for (const [more, expected] of cases)
    test(`${JSON.stringify(more)}: ${expected}`, () =>
      assert.ok(message(more).startsWith(expected), message(more)));

  test("points at the example that fails", () => {
    const text = `{ "version": 1, "deny": [{ "id": "x.y", "reason": "R.", "remedy": "M.", "command": "x",\n "match": [\n  "x",\n  "z"] }] }`;
    assert.match(problems(text)[0] ?? "", /^4:3 policy.example /);
  });

  test("shares its id with no other", () => {
    const rule = { id: "x.y", reason: "R.", remedy: "M.", command: "x" };
    const text = JSON.stringify({ version: 1, deny: [rule], ask: [rule] });
    assert.match(problems(text)[0] ?? "", /policy.rule The id “x.y” stands here twice/);
  });
});
