import assert from "node:assert/strict";
import { test } from "node:test";

import { probe } from "../../extension/door/probe.ts";
import { readPolicy } from "../../extension/policy/read.ts";
import type { PolicyFile } from "../../extension/policy/schema.ts";
import { policyTemplate } from "../../extension/policy/template.ts";
import { freshId, withRules } from "../../extension/policy/write.ts";

const RULE = { id: "mine.uv-add", command: "uv add rich", reason: "Because." };
const ALLOWS: PolicyFile = { version: 1, allow: [RULE] };

function valid(text: string): PolicyFile {
  const read = readPolicy(text, probe);
  assert.ok(read.ok, text);
  return read.value;
}

test("the template keeps every comment, and has the rule at the end of its list", () => {
  const text = withRules(policyTemplate(), ALLOWS);
  assert.deepEqual(valid(text).allow, [RULE]);
  const kept = policyTemplate()
    .split("\n")
    .filter((line) => line.includes("//"));
  for (const line of kept) assert.ok(text.includes(line), line);
});

test("a list that has rules keeps what is said of them where it stands", () => {
  const text = `{
  // Mine.
  "version": 1,
  "allow": [
    // The first.
    { "id": "a.b", "command": "codegen **", "reason": "x" }, // and why
    /* The second. */
    { "id": "a.c", "command": "other", "reason": "y" } // the last one
    // Nothing below.
  ],
}
`;
  assert.equal(
    withRules(text, ALLOWS),
    `{
  // Mine.
  "version": 1,
  "allow": [
    // The first.
    { "id": "a.b", "command": "codegen **", "reason": "x" }, // and why
    /* The second. */
    { "id": "a.c", "command": "other", "reason": "y" }, // the last one
    {
      "id": "mine.uv-add",
      "command": "uv add rich",
      "reason": "Because."
    }
    // Nothing below.
  ],
}
`,
  );
});

for (const [what, text] of [
  ["an empty object", "{ }"],
  ["no list", '{"version": 1}'],
  ["an empty list with a comment", '{\n  "version": 1,\n  "allow": [\n    // none yet\n  ]\n}\n'],
  ["a list on one line", '{"version":1,"allow":[{"id":"a.b","command":"c","reason":"d"}]}'],
  [
    "a comma behind the last rule",
    '{"version":1,"allow":[{"id":"a.b","command":"c","reason":"d"} , /* x */ ]}',
  ],
  ["a comma in a comment", '{"version":1,"allow":[{"id":"a.b","command":"c","reason":"d"} /* , */]}'],
  ["tabs", '{\n\t"version": 1,\n\t"allow": [\n\t\t{ "id": "a.b", "command": "c", "reason": "d" }\n\t]\n}\n'],
  [
    "lines that end as on Windows",
    '{\r\n  "version": 1,\r\n  "allow": [\r\n    { "id": "a.b", "command": "c", "reason": "d" }\r\n  ]\r\n}\r\n',
  ],
] as const) {
  test(`a rule is added to ${what}`, () => {
    const added = withRules(text, ALLOWS);
    const allow = added.includes('"version"')
      ? valid(added).allow
      : valid(added.replace("{", '{"version": 1,')).allow;
    assert.deepEqual(allow?.at(-1), RULE);
    for (const comment of text.match(/\/\/.*|\/\*.*?\*\//g) ?? []) assert.ok(added.includes(comment.trim()));
    if (text.includes("\r\n")) assert.equal(/[^\r]\n/.test(added), false);
    if (text.includes("\t")) assert.match(added, /\n\t\t{\n\t\t\t"id"/);
  });
}

test("a new list goes behind what is said of the key before it", () => {
  const text = '{\n    "version": 1 // the first\n    // "deny": nothing yet\n}\n';
  const added = withRules(text, ALLOWS);
  assert.ok(added.startsWith('{\n    "version": 1, // the first\n    "allow": [\n        {\n'), added);
  assert.ok(added.endsWith('\n    ]\n    // "deny": nothing yet\n}\n'), added);
});

test("several rules go to their own lists", () => {
  const deny = [{ id: "mine.no-x", command: "x", reason: "r", remedy: "s" }];
  const read = valid(
    withRules('{"version":1}', { version: 1, deny, allow: [RULE, { ...RULE, id: "mine.two" }] }),
  );
  assert.deepEqual([read.deny?.length, read.allow?.length], [1, 2]);
});

test("an id that is taken gets a number", () => {
  assert.equal(freshId("mine.uv-add", null), "mine.uv-add");
  const policy: PolicyFile = {
    version: 1,
    allow: [RULE],
    ask: [{ ...RULE, remedy: "x", id: "mine.uv-add-2" }],
  };
  assert.equal(freshId("mine.uv-add", policy), "mine.uv-add-3");
});

test("a mark of the byte order, as some editors write it, is no part of a policy", () => {
  const text = '\uFEFF{ "version": 1 }\n';
  assert.deepEqual(valid(text), { version: 1 });
  assert.deepEqual(valid(withRules(text, ALLOWS)).allow, [RULE]);
  const broken = readPolicy('\uFEFF{ "version": 1, "nope": 2 }', probe);
  assert.deepEqual(broken.ok ? [] : broken.error.map(({ line, column }) => [line, column]), [[1, 17]]);
});
