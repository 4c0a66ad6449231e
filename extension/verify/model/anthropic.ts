import { randomUUID } from "node:crypto";
import type { Answer, Api, OfferedTool, Said, StreamEvent } from "./conversation.ts";
import { fields, fieldsOfSchema, list, text, textOf } from "./json.ts";

/** Anthropic Messages, version 2023-06-01. */
export const ANTHROPIC: Api = {
  request: (path, body) => {
    if (!path.endsWith("/v1/messages")) return null;
    const asked = fields(body);
    return {
      model: text(asked["model"]),
      stream: asked["stream"] === true,
      instructions: textOf(asked["system"]),
      tools: list(asked["tools"]).flatMap(toolOf),
      said: list(asked["messages"]).flatMap(saidIn),
    };
  },
  stream: (answer, model) => {
    const block = { type: "content_block_delta", index: 0 };
    const delta =
      answer.kind === "text"
        ? { ...block, delta: { type: "text_delta", text: answer.text } }
        : { ...block, delta: { type: "input_json_delta", partial_json: JSON.stringify(answer.input) } };
    const start =
      answer.kind === "text"
        ? { type: "text", text: "" }
        : { type: "tool_use", id: answer.id, name: answer.tool.name, input: {} };
    const events = [
      { type: "message_start", message: { ...message(model), content: [], stop_reason: null } },
      { type: "content_block_start", index: 0, content_block: start },
      delta,
      { type: "content_block_stop", index: 0 },
      {
        type: "message_delta",
        delta: { stop_reason: stopReason(answer), stop_sequence: null },
        usage: { output_tokens: 1 },
      },
      { type: "message_stop" },
    ];
    return events.map((data): StreamEvent => ({ name: data.type, data }));
  },
  whole: (answer, model) => ({
    ...message(model),
    content: [
      answer.kind === "text"
        ? { type: "text", text: answer.text }
        : { type: "tool_use", id: answer.id, name: answer.tool.name, input: answer.input },
    ],
    stop_reason: stopReason(answer),
  }),
};

function message(model: string): object {
  return {
    // Claude Code takes two messages with one id for the same.
    id: `msg_${randomUUID()}`,
    type: "message",
    role: "assistant",
    model,
    stop_sequence: null,
    usage: { input_tokens: 1, output_tokens: 1 },
  };
}

function stopReason(answer: Answer): string {
  return answer.kind === "text" ? "end_turn" : "tool_use";
}

function toolOf(tool: unknown): readonly OfferedTool[] {
  const { name, input_schema: schema } = fields(tool);
  return [{ name: text(name), namespace: null, plain: false, ...fieldsOfSchema(schema) }];
}

function saidIn(message: unknown): readonly Said[] {
  const { role, content } = fields(message);
  const parts = typeof content === "string" ? [{ type: "text", text: content }] : list(content).map(fields);
  if (role === "assistant") {
    return [{ by: "model", calls: parts.filter((part) => part["type"] === "tool_use").length }];
  }
  const results = parts.filter((part) => part["type"] === "tool_result");
  const words = textOf(parts.filter((part) => part["type"] === "text"));
  return [
    ...results.map((part): Said => ({ by: "tool", text: textOf(part["content"]) })),
    ...(words === "" ? [] : [{ by: "person", text: words } as const]),
  ];
}
