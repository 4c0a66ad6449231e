/** The name under which agents know the server. */
export const SERVER_NAME = "interlock";

/** The names of Interlock's own tools: agents report their calls of them by these. */
export const OWN_TOOLS = [
  "run",
  "test",
  "lint",
  "typecheck",
  "format",
  "add_dependency",
  "remove_dependency",
  "sync",
  "gates",
  "restore_points",
  "policy_explain",
] as const;
export type OwnTool = (typeof OWN_TOOLS)[number];

/** How agents write a tool of a server in one word: `mcp__interlock__run`, `mcp.interlock.run`, `interlock_run`. */
const TITLE = new RegExp(`^(?:mcp[._:]+)?${SERVER_NAME}[._:/]+(\\w+)$`);

/** A call of one of Interlock's own tools, as an agent's report names it; null where it is of something else. */
export function ownToolCall(
  title: string | null | undefined,
  input: unknown,
): { readonly name: OwnTool; readonly args: unknown } | null {
  if (isObject(input) && input["server"] === SERVER_NAME && isOwn(input["tool"]))
    return { name: input["tool"], args: input["arguments"] };
  const [, name] = TITLE.exec(title ?? "") ?? [];
  return isOwn(name) ? { name, args: input } : null;
}

/** Stands for a call of a tool with its arguments, whoever tells of it. */
export function ownToolKey(name: OwnTool, args: unknown): string {
  return `${SERVER_NAME} ${name} ${stableText(args ?? {})}`;
}

function isOwn(name: unknown): name is OwnTool {
  return OWN_TOOLS.some((each) => each === name);
}

/** The same text for the same value, in whichever order its fields came. */
function stableText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(stableText).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value) ?? "null";
  const fields = Object.keys(value).toSorted();
  return `{${fields.map((name) => `${JSON.stringify(name)}:${stableText(value[name])}`).join(",")}}`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
