import type { Answer, Api, OfferedTool, Said } from "./conversation.ts";
import { fields, fieldsOfSchema, list, text, textOf } from "./json.ts";

/** `/v1beta/models/NAME:streamGenerateContent`. */
const PATH = /\/models\/([^/:]+):(stream)?[gG]enerateContent$/;

/** Gemini `generateContent`. */
export const GEMINI: Api = {
  request: (path, body) => {
    const found = PATH.exec(path);
    if (found === null) return null;
    const asked = fields(body);
    return {
      model: found[1] ?? "",
      stream: found[2] !== undefined,
      instructions: textOf(fields(asked["systemInstruction"])["parts"]),
      tools: list(asked["tools"]).flatMap((group) => list(fields(group)["functionDeclarations"]).map(toolOf)),
      said: list(asked["contents"]).flatMap(saidIn),
    };
  },
  stream: (answer, model) => [{ name: null, data: whole(answer, model) }],
  whole,
};

function whole(answer: Answer, model: string): object {
  const part =
    answer.kind === "text"
      ? { text: answer.text }
      : { functionCall: { id: answer.id, name: answer.tool.name, args: answer.input } };
  return {
    candidates: [{ index: 0, content: { role: "model", parts: [part] }, finishReason: "STOP" }],
    usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1, totalTokenCount: 2 },
    modelVersion: model,
  };
}

function toolOf(tool: unknown): OfferedTool {
  const { name, parameters, parametersJsonSchema } = fields(tool);
  const schema = parametersJsonSchema ?? parameters;
  return { name: text(name), namespace: null, plain: false, ...fieldsOfSchema(schema) };
}

function saidIn(content: unknown): readonly Said[] {
  const { role, parts: written } = fields(content);
  const parts = list(written).map(fields);
  if (role === "model") {
    return [{ by: "model", calls: parts.filter((part) => part["functionCall"] !== undefined).length }];
  }
  const results = parts.filter((part) => part["functionResponse"] !== undefined);
  const words = textOf(parts);
  return [
    ...results.map((part): Said => {
      const { response } = fields(part["functionResponse"]);
      return { by: "tool", text: JSON.stringify(response ?? null) };
    }),
    ...(words === "" ? [] : [{ by: "person", text: words } as const]),
  ];
}
