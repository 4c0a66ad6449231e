import type { Answer, Api, OfferedTool, Said, StreamEvent } from "./conversation.ts";
import { type Fields, fields, fieldsOfSchema, list, text, textOf } from "./json.ts";

const USAGE = {
  input_tokens: 1,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: 1,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: 2,
};

/** OpenAI Responses. */
export const RESPONSES: Api = {
  request: (path, body) => {
    if (!path.endsWith("/responses")) return null;
    const asked = fields(body);
    const input = asked["input"];
    const items = typeof input === "string" ? [{ role: "user", content: input }] : list(input).map(fields);
    const told = items.filter(({ role }) => role === "developer" || role === "system");
    return {
      model: text(asked["model"]),
      stream: asked["stream"] === true,
      instructions: [text(asked["instructions"]), ...told.map(({ content }) => textOf(content))].join("\n"),
      tools: list(asked["tools"]).flatMap((tool) => toolsOf(tool, null)),
      said: items.flatMap(saidBy),
    };
  },
  stream: (answer, model) => {
    const item = itemOf(answer);
    const begun = { ...frame(model), status: "in_progress", output: [] };
    const said: readonly Fields[] =
      answer.kind === "text"
        ? [{ type: "response.output_text.delta", ...PLACE, content_index: 0, delta: answer.text }]
        : [];
    const events: readonly Fields[] = [
      { type: "response.created", response: begun },
      { type: "response.output_item.added", output_index: 0, item },
      ...said,
      { type: "response.output_item.done", output_index: 0, item },
      { type: "response.completed", response: finished(answer, model) },
    ];
    return events.map((data, number): StreamEvent => ({
      name: text(data["type"]),
      data: { ...data, sequence_number: number },
    }));
  },
  whole: finished,
};

const PLACE = { item_id: "item_scripted", output_index: 0 };

function frame(model: string): object {
  return { id: "resp_scripted", object: "response", created_at: 0, model };
}

function finished(answer: Answer, model: string): object {
  return { ...frame(model), status: "completed", output: [itemOf(answer)], usage: USAGE };
}

function itemOf(answer: Answer): object {
  if (answer.kind === "text") {
    const content = [{ type: "output_text", text: answer.text, annotations: [] }];
    return { type: "message", id: PLACE.item_id, role: "assistant", status: "completed", content };
  }
  const { id, tool, input } = answer;
  const named = { id: PLACE.item_id, call_id: id, name: tool.name, status: "completed" };
  const grouped = tool.namespace === null ? named : { ...named, namespace: tool.namespace };
  return tool.plain
    ? { type: "custom_tool_call", ...grouped, input }
    : { type: "function_call", ...grouped, arguments: JSON.stringify(input) };
}

function toolsOf(tool: unknown, namespace: string | null): readonly OfferedTool[] {
  const { type, name, parameters, tools } = fields(tool);
  switch (type) {
    case "function":
      return [{ name: text(name), namespace, plain: false, ...fieldsOfSchema(parameters) }];
    case "custom":
      return [{ name: text(name), namespace, plain: true, fields: [], lists: [] }];
    case "namespace":
      return list(tools).flatMap((each) => toolsOf(each, text(name)));
    default:
      return [];
  }
}

function saidBy({ type, role, content, output }: Readonly<Record<string, unknown>>): readonly Said[] {
  switch (type) {
    case "function_call":
    case "custom_tool_call":
      return [{ by: "model", calls: 1 }];
    case "function_call_output":
    case "custom_tool_call_output":
      return [{ by: "tool", text: textOf(output) }];
    default:
      if (role === "assistant") return [{ by: "model", calls: 0 }];
      return role === "user" ? [{ by: "person", text: textOf(content) }] : [];
  }
}
