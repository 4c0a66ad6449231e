import type { Answer, OfferedTool, Request } from "./conversation.ts";

/** What the scripted model does next. */
export type Step =
  | { readonly do: "run"; readonly command: string }
  | { readonly do: "write"; readonly path: string; readonly text: string }
  /** `tool`: as its server names it. */
  | { readonly do: "call"; readonly tool: string; readonly input: Readonly<Record<string, unknown>> }
  | { readonly do: "say"; readonly text: string };

/**
 * What the model does for a prompt, by a key that the prompt holds: one call after the other, then `say` or a plain end. What an
 * agent asks besides (a title, a summary) holds no key, or offers no tools, and is answered with a word.
 */
export type Script = ReadonlyMap<string, readonly Step[]>;

/** The answer for a request. Which step is next is read from the conversation alone: what is asked twice is answered alike. */
export function answerOf(script: Script, request: Request): Answer {
  const asked = request.said.findLastIndex(
    (said) => said.by === "person" && [...script.keys()].some((key) => said.text.includes(key)),
  );
  const prompt = request.said[asked];
  if (prompt?.by !== "person" || request.tools.length === 0) return { kind: "text", text: "Fine." };
  const steps = [...script].findLast(([key]) => prompt.text.includes(key))?.[1] ?? [];
  const since = request.said.slice(asked + 1);
  const done = since.reduce((sum, said) => sum + (said.by === "model" ? said.calls : 0), 0);
  const step = steps[done];
  if (step === undefined) return { kind: "text", text: "Done." };
  if (step.do === "say") return { kind: "text", text: step.text };
  const call = callFor(step, request.tools);
  if (call === null) return { kind: "text", text: `No tool for “${step.do}” is offered.` };
  return { kind: "call", id: `call_${asked}_${done}`, ...call };
}

type Call = Pick<Extract<Answer, { kind: "call" }>, "tool" | "input">;

/** The tools by which known agents run commands and write files; the first that is offered is taken. */
const RUNS = [
  "Bash",
  "bash",
  "exec_command",
  "shell_command",
  "shell",
  "local_shell",
  "run_shell_command",
  "execute_command",
  "run_command",
];
const WRITES = ["Write", "write", "write_file", "apply_patch", "create_file"];

function callFor(step: Exclude<Step, { do: "say" }>, tools: readonly OfferedTool[]): Call | null {
  switch (step.do) {
    case "run": {
      const tool = offered(RUNS, tools);
      return tool === null ? null : { tool, input: runInput(tool, step.command) };
    }
    case "write": {
      const tool = offered(WRITES, tools);
      if (tool !== null) return { tool, input: writeInput(tool, step.path, step.text) };
      return callFor({ do: "run", command: `printf %s ${quoted(step.text)} > ${quoted(step.path)}` }, tools);
    }
    case "call": {
      const tool = tools.find(({ name }) => name === step.tool || name.endsWith(`_${step.tool}`));
      return tool === undefined ? null : { tool, input: step.input };
    }
  }
}

function offered(names: readonly string[], tools: readonly OfferedTool[]): OfferedTool | null {
  for (const name of names) {
    const tool = tools.find((each) => each.name === name);
    if (tool !== undefined) return tool;
  }
  return null;
}

function runInput(tool: OfferedTool, command: string): Call["input"] {
  const field = ["command", "cmd"].find((name) => tool.fields.includes(name)) ?? "command";
  const line = tool.lists.includes(field) ? ["bash", "-c", command] : command;
  // Some want to be told what it is for.
  return tool.fields.includes("description")
    ? { [field]: line, description: "As the script says" }
    : { [field]: line };
}

function writeInput(tool: OfferedTool, path: string, text: string): Call["input"] {
  if (tool.name === "apply_patch") {
    const lines = text.replace(/\n$/, "").split("\n");
    const patch = [
      "*** Begin Patch",
      `*** Add File: ${path}`,
      ...lines.map((line) => `+${line}`),
      "*** End Patch",
    ];
    return tool.plain ? patch.join("\n") : { input: patch.join("\n") };
  }
  const where = ["file_path", "filePath", "path"].find((name) => tool.fields.includes(name)) ?? "path";
  const what = ["content", "contents", "text"].find((name) => tool.fields.includes(name)) ?? "content";
  return { [where]: path, [what]: text };
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
