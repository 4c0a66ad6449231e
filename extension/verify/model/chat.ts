import type { Answer, Api, OfferedTool, Said, StreamEvent } from "./conversation.ts";
import { fields, fieldsOfSchema, list, text, textOf } from "./json.ts";

const USAGE = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };

/** OpenAI Chat Completions. */
export const CHAT: Api = {
  request: (path, body) => {
    if (!path.endsWith("/chat/completions")) return null;
    const asked = fields(body);
    const messages = list(asked["messages"]).map(fields);
    const tells = (role: unknown): boolean => role === "system" || role === "developer";
    return {
      model: text(asked["model"]),
      stream: asked["stream"] === true,
      instructions: textOf(messages.filter(({ role }) => tells(role)).map(({ content }) => textOf(content))),
      tools: list(asked["tools"]).flatMap(toolOf),
      said: messages.filter(({ role }) => !tells(role)).map(saidBy),
    };
  },
  stream: (answer, model) => {
    const chunk = (delta: object, finish: string | null): StreamEvent => ({
      name: null,
      data: {
        ...frame(model, "chat.completion.chunk"),
        choices: [{ index: 0, delta, finish_reason: finish }],
      },
    });
    const said =
      answer.kind === "text" ? { content: answer.text } : { tool_calls: [{ index: 0, ...callOf(answer) }] };
    return [
      chunk({ role: "assistant", ...said }, null),
      chunk({}, finishReason(answer)),
      { name: null, data: { ...frame(model, "chat.completion.chunk"), choices: [], usage: USAGE } },
      { name: null, data: "[DONE]" },
    ];
  },
  whole: (answer, model) => {
    const said =
      answer.kind === "text" ? { content: answer.text } : { content: null, tool_calls: [callOf(answer)] };
    const choice = { index: 0, message: { role: "assistant", ...said }, finish_reason: finishReason(answer) };
    return { ...frame(model, "chat.completion"), choices: [choice], usage: USAGE };
  },
};

function frame(model: string, object: string): object {
  return { id: "chatcmpl-scripted", object, created: 0, model };
}

function callOf({ id, tool, input }: Extract<Answer, { kind: "call" }>): object {
  return { id, type: "function", function: { name: tool.name, arguments: JSON.stringify(input) } };
}

function finishReason(answer: Answer): string {
  return answer.kind === "text" ? "stop" : "tool_calls";
}

function toolOf(tool: unknown): readonly OfferedTool[] {
  const { name, parameters } = fields(fields(tool)["function"]);
  return name === undefined
    ? []
    : [{ name: text(name), namespace: null, plain: false, ...fieldsOfSchema(parameters) }];
}

function saidBy({ role, content, tool_calls: calls }: Readonly<Record<string, unknown>>): Said {
  if (role === "assistant") return { by: "model", calls: list(calls).length };
  return { by: role === "tool" ? "tool" : "person", text: textOf(content) };
}
