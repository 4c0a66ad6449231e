import { fieldsOf } from "./given.ts";

/** A pattern of what a tool is used on, and `ask`, `allow` or `deny`. Of those that match the last one counts. */
type Rule = readonly [pattern: string, action: string];
type Rules = Readonly<Record<string, Readonly<Record<string, string>>>>;

/**
 * The tools that ask, each with another spelling of its name. Keys are patterns of names, and keep the place that the person's settings gave
 * them: rules under a spelling of their own come last.
 */
const TOOLS = { bash: "bas?", edit: "edi?" } as const;
type Tool = keyof typeof TOOLS;

/** Agents of OpenCode's own that may edit, and those whose own rules deny it: what asks would let them do it. */
const EDITING = ["build", "general"];
const DENIED_EDITS = new Set(["plan", "explore", "compaction", "title", "summary"]);

/** The rules to add for all agents, and for single ones, by which what settings allow is asked about, and what they deny stays so. */
export function askingRules(settings: Readonly<Record<string, unknown>>): {
  readonly all: Rules;
  readonly agents: Readonly<Record<string, Rules>>;
} {
  const [every, own] = [settings["permission"], fieldsOf(settings["agent"])];
  const all = {
    ...added("bash", [["*", "ask"], ...asking(every, "bash")]),
    ...added("edit", asking(every, "edit")),
  };
  const agents = [...new Set([...EDITING, ...Object.keys(own)])]
    .map((name) => {
      const theirs = fieldsOf(own[name])["permission"];
      const edits: readonly Rule[] = DENIED_EDITS.has(name) ? [] : [["*", "ask"], ...asking(every, "edit")];
      const rules = {
        ...added("bash", asking(theirs, "bash")),
        ...added("edit", [...edits, ...asking(theirs, "edit")]),
      };
      return [name, rules] as const;
    })
    .filter(([, rules]) => Object.keys(rules).length > 0);
  return { all, agents: Object.fromEntries(agents) };
}

function asking(permission: unknown, tool: Tool): readonly Rule[] {
  return rulesOf(permission, tool).map(([pattern, action]) => [pattern, action === "allow" ? "ask" : action]);
}

function rulesOf(permission: unknown, tool: Tool): readonly Rule[] {
  if (typeof permission === "string") return [["*", permission]];
  return Object.entries(fieldsOf(permission)).flatMap(([key, value]): readonly Rule[] => {
    if (!matches(key, tool)) return [];
    if (typeof value === "string") return [["*", value]];
    return Object.entries(fieldsOf(value)).filter(
      (rule): rule is [string, string] => typeof rule[1] === "string",
    );
  });
}

/** In a JSON object a pattern stands once: where its last rule does. */
function added(tool: Tool, rules: readonly Rule[]): Rules {
  if (rules.length === 0) return {};
  const last = new Map<string, string>();
  for (const [pattern, action] of rules) {
    last.delete(pattern);
    last.set(pattern, action);
  }
  return { [TOOLS[tool]]: Object.fromEntries(last) };
}

/** As OpenCode does it: `*` and `?` stand for any characters, and for one. */
function matches(key: string, tool: Tool): boolean {
  const escaped = key.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`, "s").test(tool);
}
