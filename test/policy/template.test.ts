import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import * as z from "zod/mini";

import { probe } from "../../extension/door/probe.ts";
import { RULES } from "../../extension/policy/rules.ts";
import { readPolicy } from "../../extension/policy/read.ts";
import { EMPTY_POLICY, loosenings } from "../../extension/policy/loosens.ts";
import { policyFile } from "../../extension/policy/schema.ts";
import { policyTemplate } from "../../extension/policy/template.ts";
import { decided } from "./support.ts";

const ROOT = new URL("../../", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, ROOT), "utf8");

test("what `policy init` writes is the golden, and in order", () => {
  assert.equal(policyTemplate(), read("test/policy/init.golden.txt"));
  assert.ok(readPolicy(policyTemplate(), probe).ok);
});

test("the person's own speaks of all projects, and needs nobody's yes; it says the same otherwise", () => {
  const [own, project] = [policyTemplate("user"), policyTemplate("project")];
  assert.match(own, /for you, in all your projects/);
  assert.doesNotMatch(own, /in this project|accepted this text/);
  const said = (text: string): string => text.slice(text.indexOf("{"));
  assert.equal(said(own), said(project));
});

test("it changes no verdict", () => {
  const policy = readPolicy(policyTemplate(), probe);
  assert.ok(policy.ok);
  assert.deepEqual(loosenings(EMPTY_POLICY, policy.value), []);
  const { version: _, ...user } = policy.value;
  for (const line of [
    "ls",
    "npm install x",
    "git commit -m x",
    "curl https://a.org",
    "touch a",
    "cat .env",
  ]) {
    const [plain, with_] = [decided(line, {}, { branch: "x" }), decided(line, { user }, { branch: "x" })];
    assert.deepEqual([with_.verdict, with_.rule], [plain.verdict, plain.rule], line);
  }
});

test("what it has in comments is in order as well, once it is taken out of them", () => {
  const uncommented = policyTemplate()
    .split("\n")
    .map((line) =>
      line.replace(
        /^(\s*)\/\/ ("(write|writable)"|\{|\}| {2}"(id|command|as|reason|remedy|match|notMatch)")/,
        "$1$2",
      ),
    )
    .join("\n");
  const policy = readPolicy(uncommented, probe);
  assert.deepEqual(policy.ok ? [] : policy.error, []);
  assert.ok(policy.ok && policy.value.deny?.length === 1 && policy.value.branches?.write?.length === 1);
});

/** A schema without what only people read. */
function bare(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map((each) => bare(each));
  if (typeof schema !== "object" || schema === null) return schema;
  const entries = Object.entries(schema)
    .filter(([key, value]) => !((key === "description" || key === "title") && typeof value === "string"))
    .filter(([key]) => !/^(\$schema|allow(Comments|TrailingCommas))$/.test(key) || key in {})
    .map(([key, value]): [string, unknown] => [
      key,
      key === "required" ? [...(value as string[])].toSorted() : bare(value),
    ]);
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

test("the schema for editors says what the reader accepts, key by key", () => {
  const published: unknown = JSON.parse(read("media/agent-policy.schema.json"));
  assert.deepEqual(bare(published), bare(z.toJSONSchema(policyFile, { target: "draft-7" })));
});

test("the schema explains every key", () => {
  const unexplained: string[] = [];
  const look = (schema: { properties?: Record<string, object>; items?: object }, path: string): void => {
    for (const [key, inner] of Object.entries(schema.properties ?? {})) {
      if (!("description" in inner) && key !== "$schema") unexplained.push(`${path}.${key}`);
      look(inner, `${path}.${key}`);
    }
    if (schema.items !== undefined) look(schema.items, `${path}[]`);
  };
  look(JSON.parse(read("media/agent-policy.schema.json")) as object, "");
  assert.deepEqual(unexplained, []);
});

test("package.json gives the file its language and its schema", () => {
  const { contributes } = JSON.parse(read("package.json")) as {
    contributes: {
      languages: { id: string; filenames: string[] }[];
      jsonValidation: { fileMatch: string[]; url: string }[];
    };
  };
  assert.deepEqual(contributes.languages[0]?.filenames, ["agent-policy.json"]);
  assert.equal(contributes.jsonValidation[0]?.url, "./media/agent-policy.schema.json");
});

test("docs/policy.md lists every built-in rule with what each mode makes of it", () => {
  const rows = read("docs/policy.md")
    .split("\n")
    .map((line) => /^\| `([\w.]+)` *\| (\w+) *\| (\w+) *\| (\w+) *\|/.exec(line))
    .filter((row) => row !== null)
    .map(([, id, ...verdicts]) => [id, ...verdicts].join(" "));
  const declared = Object.entries(RULES).map(([id, { verdicts }]) => [id, ...verdicts].join(" "));
  assert.deepEqual(rows, declared);
});

test("the example of docs/policy.md is in order", () => {
  const example = /```jsonc\n([\s\S]*?)```/.exec(read("docs/policy.md"))?.[1] ?? "";
  const policy = readPolicy(example, probe);
  assert.deepEqual(policy.ok ? [] : policy.error, []);
});
