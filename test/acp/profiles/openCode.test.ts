import assert from "node:assert/strict";
import { test } from "node:test";

import { launchSetup } from "../../../extension/acp/profiles/profiles.ts";

/** What OpenCode is started with, where its settings come to these; null: it didn't print them. */
async function started(
  settings: object | null,
  variables: Record<string, string> = {},
): Promise<{ env: Record<string, string>; asked: readonly (readonly string[])[] }> {
  const asked: (readonly string[])[] = [];
  const printed = (args: readonly string[]): Promise<string | null> => {
    asked.push(args);
    return Promise.resolve(settings === null ? null : JSON.stringify(settings));
  };
  const context = { cwd: "/", environment: {}, variables, hook: null, printed };
  const { env } = await launchSetup({ command: "opencode", args: ["acp"] }, context);
  return { env, asked };
}

async function rules(settings: object, variables: Record<string, string> = {}) {
  const { env } = await started(settings, variables);
  const agents = JSON.parse(env["OPENCODE_CONFIG_CONTENT"] ?? "null") as {
    agent: Record<string, { permission: unknown }>;
  };
  return { all: JSON.parse(env["OPENCODE_PERMISSION"] ?? "null") as unknown, ...agents };
}

/** As text: the order of rules counts. */
function same(found: unknown, expected: unknown): void {
  assert.equal(JSON.stringify(found), JSON.stringify(expected));
}

test("it asks before commands and edits where nothing is said", async () => {
  const { all, agent } = await rules({});
  same(all, { "bas?": { "*": "ask" } });
  same(agent, {
    build: { permission: { "edi?": { "*": "ask" } } },
    general: { permission: { "edi?": { "*": "ask" } } },
  });
});

test("what a person allows is asked about, and what they deny stays denied", async () => {
  const { all, agent } = await rules({
    permission: { "*": "allow", bash: { "git *": "allow", "rm *": "deny" }, edit: { "*.lock": "deny" } },
  });
  same(all, {
    "bas?": { "*": "ask", "git *": "ask", "rm *": "deny" },
    "edi?": { "*": "ask", "*.lock": "deny" },
  });
  same(agent["build"]?.permission, { "edi?": { "*": "ask", "*.lock": "deny" } });
  same((await rules({ permission: "allow" })).all, { "bas?": { "*": "ask" }, "edi?": { "*": "ask" } });
});

test("an agent of the person's own asks, too, and one that may not edit gets no question in place of that", async () => {
  const { agent } = await rules({
    agent: {
      mine: { permission: { bash: { "*": "allow", "curl *": "deny" } } },
      reviewer: { permission: { "*": "deny" } },
      plan: { model: "m" },
    },
  });
  same(agent["mine"]?.permission, { "bas?": { "*": "ask", "curl *": "deny" }, "edi?": { "*": "ask" } });
  same(agent["reviewer"]?.permission, { "bas?": { "*": "deny" }, "edi?": { "*": "deny" } });
  assert.equal(agent["plan"], undefined);
});

test("what a person sets in the same variables stays", async () => {
  const theirs = {
    OPENCODE_PERMISSION: '{"webfetch":"deny"}',
    OPENCODE_CONFIG_CONTENT: '{"model":"m/n","agent":{"build":{"model":"m/o","permission":"allow"}}}',
  };
  const { all, agent, ...rest } = await rules({ agent: { build: { permission: { "*": "allow" } } } }, theirs);
  same(all, { webfetch: "deny", "bas?": { "*": "ask" } });
  same(rest, { model: "m/n" });
  same(agent["build"], {
    model: "m/o",
    permission: { "*": "allow", "bas?": { "*": "ask" }, "edi?": { "*": "ask" } },
  });
});

test("where its settings can't be read it is left as it is", async () => {
  const broken = { OPENCODE_PERMISSION: "not json" };
  for (const { env } of [await started(null), await started({}, broken)]) {
    assert.equal(env["OPENCODE_CONFIG_CONTENT"], undefined);
    assert.notEqual(env["OPENCODE_PERMISSION"]?.startsWith("{"), true);
  }
});

test("its settings are asked of the program that is started", async () => {
  assert.deepEqual((await started({})).asked, [["debug", "config"]]);
});
