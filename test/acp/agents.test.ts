import assert from "node:assert/strict";
import { test } from "node:test";

import { agentEnvironment, findAgent, readAgents } from "../../extension/acp/agents.ts";

const ONE = { id: "one", name: "One", command: "one" };

test("the built-in agent is there without any setting, and first", () => {
  for (const setting of [undefined, null, [], {}, "agents", 7]) {
    const { agents, problems } = readAgents(setting);
    assert.deepEqual(
      agents.map(({ id }) => id),
      ["builtin"],
    );
    const isList = setting === undefined || setting === null || Array.isArray(setting);
    assert.deepEqual(
      problems.map(({ message }) => message),
      isList ? [] : ["The agents are no list."],
    );
  }
});

test("an entry needs an id, a name and a command; the rest is empty unless it is said", () => {
  const { agents, problems } = readAgents([ONE]);
  assert.deepEqual(agents[1], { ...ONE, args: [], env: {} });
  assert.deepEqual(problems, []);
});

test("a broken entry is named by its number and left out; the others stay", () => {
  const broken = [
    {},
    { ...ONE, id: "Not An Id" },
    { ...ONE, args: "x" },
    { ...ONE, color: "red" },
    "one",
    null,
  ];
  const { agents, problems } = readAgents([...broken, { ...ONE, id: "two" }]);
  assert.deepEqual(
    agents.map(({ id }) => id),
    ["builtin", "two"],
  );
  assert.deepEqual(
    problems.map(({ code, message }) => [code, /number (\d)/.exec(message)?.[1]]),
    broken.map((_, index) => ["agents.invalid", String(index + 1)]),
  );
});

test("what is wrong with an entry is said by its fields, in words for a person", () => {
  const said = (entry: unknown): string | undefined => readAgents([entry]).problems[0]?.message;
  assert.equal(
    said({ name: "My agent", id: "My Agent", args: ["acp", 7] }),
    "Agent number 1 (“My agent”) can't be used: “id” takes lower-case letters, digits, - and _ (64 at most, " +
      "the first a letter or digit), “command” is missing, “args” takes a list of texts.",
  );
  assert.equal(
    said({ ...ONE, name: "", env: { A: 1, B: 2 }, comand: "x" }),
    "Agent number 1 (“one”) can't be used: “name” takes 1 to 100 characters, " +
      "“env” takes names of variables, each with a text, it has no field “comand”.",
  );
  for (const entry of ["one", null, 7, []])
    assert.equal(
      said(entry),
      "Agent number 1 can't be used: it is no object with “id”, “name” and “command”.",
    );
});

test("an id that is taken is left out, the built-in one's too", () => {
  const { agents, problems } = readAgents([ONE, { ...ONE, name: "Other" }, { ...ONE, id: "builtin" }]);
  assert.deepEqual(agents.map(({ name }) => name).slice(1), ["One"]);
  assert.deepEqual(
    problems.map(({ code }) => code),
    ["agents.duplicate", "agents.duplicate"],
  );
});

test("an agent that doesn't exist is answered with those that do", () => {
  const { agents } = readAgents([ONE]);
  const found = findAgent(agents, "three");
  assert.equal(!found.ok && found.error.next, "Known agents: builtin, one.");
});

test("a variable may be handed on from the editor's environment by its name alone", () => {
  const agent = {
    ...ONE,
    args: [],
    env: { KEY: "${env:SECRET}", MIX: "a-${env:B}-${env:MISSING}", PLAIN: "$B" },
  };
  assert.deepEqual(agentEnvironment(agent, { SECRET: "s3cret", B: "b" }), {
    KEY: "s3cret",
    MIX: "a-b-",
    PLAIN: "$B",
  });
});
