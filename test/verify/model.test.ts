import assert from "node:assert/strict";
import { describe, test, type TestContext } from "node:test";

import type { Script } from "../../extension/verify/model/script.ts";
import { ScriptedModel } from "../../extension/verify/model/server.ts";

const SCRIPT: Script = new Map([
  [
    "[work]",
    [
      { do: "run", command: "git status" },
      { do: "write", path: "/p/a.txt", text: "a\nb\n" },
      { do: "call", tool: "gates", input: { only: "lint" } },
      { do: "say", text: "All done." },
    ],
  ],
]);
const PROMPT = "Please do [work] now.";

async function model(t: TestContext): Promise<ScriptedModel> {
  const started = await ScriptedModel.start(SCRIPT);
  t.after(() => started.stop());
  return started;
}

async function post(url: string, body: object): Promise<{ readonly type: string; readonly text: string }> {
  const response = await fetch(url, { method: "POST", body: JSON.stringify(body) });
  assert.equal(response.status, 200);
  return { type: response.headers.get("content-type") ?? "", text: await response.text() };
}

async function json(url: string, body: object): Promise<unknown> {
  const { type, text } = await post(url, body);
  assert.equal(type, "application/json");
  return JSON.parse(text);
}

/** The data of a stream's events; the events' names are checked to be those of the data. */
async function streamed(url: string, body: object): Promise<readonly Record<string, unknown>[]> {
  const { type, text } = await post(url, body);
  assert.equal(type, "text/event-stream");
  return text.split("\n\n").flatMap((event) => {
    const data = /^data: (.*)$/m.exec(event)?.[1];
    if (data === undefined || data === "[DONE]") return [];
    const read = JSON.parse(data) as Record<string, unknown>;
    const name = /^event: (.*)$/m.exec(event)?.[1];
    if (name !== undefined) assert.equal(read["type"], name);
    return [read];
  });
}

const schema = (...names: readonly string[]): object => ({
  type: "object",
  properties: Object.fromEntries(names.map((name) => [name, { type: "string" }])),
});

describe("a scripted model, by each API", () => {
  test("Anthropic Messages: the steps one after the other, whole and as a stream", async (t) => {
    const { url, seen, wasTold } = await model(t).then((each) => ({
      url: `${each.url}/v1/messages`,
      seen: each.seen,
      wasTold: each.wasTold.bind(each),
    }));
    const tools = [
      { name: "Bash", input_schema: schema("command", "description") },
      { name: "Write", input_schema: schema("file_path", "content") },
      { name: "mcp__interlock__gates", input_schema: schema("only") },
    ];
    const messages: object[] = [{ role: "user", content: [{ type: "text", text: PROMPT }] }];
    const asked = { model: "m", system: "You are told of a marker.", tools, messages };
    const calls: unknown[] = [];
    for (let step = 0; step < 3; step++) {
      const { content, stop_reason: reason } = (await json(url, asked)) as {
        content: { type: string; id: string; name: string; input: unknown }[];
        stop_reason: string;
      };
      const [call] = content;
      assert.equal(reason, "tool_use");
      calls.push([call?.name, call?.input]);
      // Asked again, it says the same.
      const events = await streamed(url, { ...asked, stream: true });
      assert.deepEqual(
        events.map(({ type }) => type),
        [
          "message_start",
          "content_block_start",
          "content_block_delta",
          "content_block_stop",
          "message_delta",
          "message_stop",
        ],
      );
      const delta = events[2]?.["delta"] as { readonly partial_json: string };
      assert.deepEqual(JSON.parse(delta.partial_json), call?.input);
      messages.push({ role: "assistant", content });
      messages.push({
        role: "user",
        content: [{ type: "tool_result", tool_use_id: call?.id, content: "ok" }],
      });
    }
    assert.deepEqual(calls, [
      ["Bash", { command: "git status", description: "As the script says" }],
      ["Write", { file_path: "/p/a.txt", content: "a\nb\n" }],
      ["mcp__interlock__gates", { only: "lint" }],
    ]);
    const { content, id } = (await json(url, asked)) as { content: unknown; id: string };
    assert.deepEqual(content, [{ type: "text", text: "All done." }]);
    // Claude Code takes two messages with one id for the same, and moves the later one into the earlier turn.
    assert.notEqual(((await json(url, asked)) as { id: string }).id, id);
    assert.deepEqual([wasTold("a marker"), wasTold("no such")], [true, false]);
    assert.equal(seen.length, 8);
  });

  test("OpenAI Chat Completions", async (t) => {
    const url = `${(await model(t)).url}/v1/chat/completions`;
    const offered = (name: string, ...names: readonly string[]): object => {
      return { type: "function", function: { name, parameters: schema(...names) } };
    };
    const tools = [
      offered("bash", "command"),
      offered("write", "filePath", "content"),
      offered("interlock_gates"),
    ];
    const messages: object[] = [
      { role: "system", content: "s" },
      { role: "user", content: PROMPT },
    ];
    const [first, last] = await streamed(url, { model: "m", stream: true, tools, messages });
    const [choice] = (first ?? {})["choices"] as {
      readonly delta: { readonly tool_calls: readonly object[] };
    }[];
    const call = choice?.delta.tool_calls[0] as { readonly function: { readonly arguments: string } };
    assert.deepEqual(JSON.parse(call.function.arguments), { command: "git status" });
    assert.equal(((last ?? {})["choices"] as { finish_reason: string }[])[0]?.finish_reason, "tool_calls");
    messages.push({ role: "assistant", tool_calls: [call] }, { role: "tool", content: "ok" });
    const whole = JSON.stringify(await json(url, { model: "m", tools, messages }));
    assert.match(whole, /"name":"write","arguments":"{\\"filePath\\":\\"\/p\/a.txt\\"/);
  });

  test("OpenAI Responses, with groups of tools and one that takes a patch", async (t) => {
    const url = `${(await model(t)).url}/v1/responses`;
    const tools = [
      { type: "function", name: "shell", parameters: { properties: { command: { type: "array" } } } },
      { type: "custom", name: "apply_patch" },
      { type: "namespace", name: "mcp__interlock", tools: [{ type: "function", name: "gates" }] },
    ];
    const input: object[] = [
      { type: "message", role: "developer", content: [{ type: "input_text", text: "told" }] },
      { type: "message", role: "user", content: [{ type: "input_text", text: PROMPT }] },
    ];
    const items: unknown[] = [];
    for (let step = 0; step < 4; step++) {
      const events = await streamed(url, { model: "m", stream: true, tools, input });
      assert.deepEqual(
        events.map((each) => each["sequence_number"]),
        events.map((_, index) => index),
      );
      const response = events.at(-1)?.["response"] as { readonly output: readonly Record<string, unknown>[] };
      const item = response.output[0] ?? {};
      items.push([item["type"], item["namespace"], item["name"], item["arguments"] ?? item["input"]]);
      input.push(item, { type: "function_call_output", call_id: item["call_id"], output: "ok" });
    }
    assert.deepEqual(items, [
      ["function_call", undefined, "shell", JSON.stringify({ command: ["bash", "-c", "git status"] })],
      [
        "custom_tool_call",
        undefined,
        "apply_patch",
        "*** Begin Patch\n*** Add File: /p/a.txt\n+a\n+b\n*** End Patch",
      ],
      ["function_call", "mcp__interlock", "gates", JSON.stringify({ only: "lint" })],
      ["message", undefined, undefined, undefined],
    ]);
  });

  test("Gemini", async (t) => {
    const { url } = await model(t);
    const tools = [
      { functionDeclarations: [{ name: "run_shell_command", parametersJsonSchema: schema("command") }] },
    ];
    const contents: object[] = [{ role: "user", parts: [{ text: PROMPT }] }];
    const asked = { systemInstruction: { parts: [{ text: "s" }] }, tools, contents };
    const [event] = await streamed(`${url}/v1beta/models/g-1:streamGenerateContent?alt=sse`, asked);
    assert.match(
      JSON.stringify(event),
      /"functionCall":\{"id":"[^"]+","name":"run_shell_command","args":\{"command":"git status"\}\}/,
    );
    contents.push({ role: "model", parts: [{ functionCall: {} }] });
    contents.push({ role: "user", parts: [{ functionResponse: { response: { output: "ok" } } }] });
    // It offers nothing to write files with: the shell does.
    const whole = JSON.stringify(await json(`${url}/v1beta/models/g-1:generateContent`, asked));
    assert.match(whole, /printf %s 'a\\nb\\n' > '\/p\/a.txt'/);
  });

  test("what has no key, or offers no tools, is answered with a word; other paths and rubbish with an error", async (t) => {
    const { url } = await model(t);
    const messages = [{ role: "user", content: "What would be a title?" }];
    const title = await json(`${url}/v1/messages`, { model: "m", messages });
    assert.deepEqual((title as { content: unknown }).content, [{ type: "text", text: "Fine." }]);
    assert.equal((await fetch(`${url}/v1/models`)).status, 404);
    assert.equal((await fetch(`${url}/v1/messages`, { method: "POST", body: "{" })).status, 400);
  });
});
