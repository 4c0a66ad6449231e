import * as l10n from "@vscode/l10n";
import * as z from "zod/mini";
import { fail, ok, type Problem, type Result } from "../errors.ts";
import { helperRuntime } from "../process/runtime.ts";
import { PROFILES } from "./profiles/profiles.ts";

/**
 * An agent as data: what a person writes in the setting `interlock.agents`. Values of `env` may use
 * `${env:NAME}` to hand on a variable of the editor's own environment, such as a key.
 */
export const agentDefinition = z.strictObject({
  id: z.string().check(z.regex(/^[a-z0-9][a-z0-9_-]{0,63}$/)),
  name: z.string().check(z.minLength(1), z.maxLength(100)),
  command: z.string().check(z.minLength(1)),
  args: z._default(z.array(z.string()), []),
  env: z._default(z.record(z.string(), z.string()), {}),
  profile: z.optional(z.enum(PROFILES)),
});
type WrittenAgent = z.infer<typeof agentDefinition>;

export interface AgentDefinition extends WrittenAgent {
  /** It has no model behind it, and costs nothing. */
  readonly free?: true;
  /** It is the editor's own: no process of ours, prompted in the editor's chat, and here only to call tools. */
  readonly ofEditor?: true;
}

/** What each field takes, as a person reads it. */
const TAKES: Readonly<Record<keyof WrittenAgent, () => string>> = {
  id: () =>
    l10n.t("“id” takes lower-case letters, digits, - and _ (64 at most, the first a letter or digit)"),
  name: () => l10n.t("“name” takes 1 to 100 characters"),
  command: () => l10n.t("“command” takes a program, by its name or path"),
  args: () => l10n.t("“args” takes a list of texts"),
  env: () => l10n.t("“env” takes names of variables, each with a text"),
  profile: () => l10n.t("“profile” takes one of: {0}", PROFILES.join(", ")),
};

/** Characters of what somebody wrote that a sentence about it repeats. */
const SHOWN_CHARACTERS = 60;

export const BUILT_IN_AGENT = "builtin";

/** The agent that comes with Interlock: no key, no model. `programs`: the folder where it was built, if not beside. */
function builtInAgent(programs: string | undefined): AgentDefinition {
  const { command, args, env } = helperRuntime("agent", programs);
  return {
    id: BUILT_IN_AGENT,
    name: l10n.t("Built-in helper"),
    command,
    args: [...args],
    env: { ...env },
    free: true,
  };
}

/** Who calls Interlock's own tools from the editor's chat. */
export function editorAgent(): AgentDefinition {
  return { id: "vscode", name: l10n.t("VS Code's agent"), command: "", args: [], env: {}, ofEditor: true };
}

export interface AgentList {
  readonly agents: readonly AgentDefinition[];
  /** Entries that can't be used, one sentence each. */
  readonly problems: readonly Problem[];
}

/** The agents of the settings, with the built-in one first. A broken entry is named and left out. */
export function readAgents(setting: unknown, programs?: string): AgentList {
  const agents: AgentDefinition[] = [builtInAgent(programs)];
  const problems: Problem[] = [];
  const next = l10n.t("Correct it in the setting “interlock.agents”.");
  if (setting !== undefined && setting !== null && !Array.isArray(setting))
    problems.push({ code: "agents.invalid", message: l10n.t("The agents are no list."), next });
  const entries = Array.isArray(setting) ? (setting as readonly unknown[]) : [];
  for (const [index, entry] of entries.entries()) {
    const parsed = agentDefinition.safeParse(entry);
    if (!parsed.success) {
      const which = nameOf(entry);
      const wrong = wrongWith(entry, parsed.error);
      const message =
        which === undefined
          ? l10n.t("Agent number {0} can't be used: {1}.", index + 1, wrong)
          : l10n.t("Agent number {0} (“{1}”) can't be used: {2}.", index + 1, which, wrong);
      problems.push({ code: "agents.invalid", message, next });
    } else if (agents.some((agent) => agent.id === parsed.data.id)) {
      const message = l10n.t("Two agents have the id “{0}”; the second one is left out.", parsed.data.id);
      problems.push({ code: "agents.duplicate", message, next });
    } else agents.push(parsed.data);
  }
  return { agents, problems };
}

/** What a person would know a broken entry by. */
function nameOf(entry: unknown): string | undefined {
  if (typeof entry !== "object" || entry === null) return undefined;
  const { name, id } = entry as { readonly name?: unknown; readonly id?: unknown };
  const known = [name, id].find((each) => typeof each === "string" && each.trim() !== "");
  return typeof known === "string" ? known.slice(0, SHOWN_CHARACTERS) : undefined;
}

/** Which fields are wrong, and what they take: each once. The schema's own words are for programmers. */
function wrongWith(entry: unknown, { issues }: z.core.$ZodError): string {
  const told = issues.flatMap((issue): readonly string[] => {
    const [field] = issue.path;
    if (issue.code === "unrecognized_keys")
      return issue.keys.map((key) => l10n.t("it has no field “{0}”", key.slice(0, SHOWN_CHARACTERS)));
    if (!isField(field)) return [l10n.t("it is no object with “id”, “name” and “command”")];
    if ((entry as Partial<AgentDefinition>)[field] === undefined) return [l10n.t("“{0}” is missing", field)];
    return [TAKES[field]()];
  });
  return [...new Set(told)].join(", ");
}

function isField(name: unknown): name is keyof WrittenAgent {
  return typeof name === "string" && Object.hasOwn(TAKES, name);
}

/** An agent by its id, or what there is instead. */
export function findAgent(agents: readonly AgentDefinition[], id: string): Result<AgentDefinition> {
  const found = agents.find((agent) => agent.id === id);
  if (found !== undefined) return ok(found);
  return fail({
    code: "agents.unknown",
    message: l10n.t("There is no agent “{0}”.", id),
    next: l10n.t("Known agents: {0}.", agents.map((agent) => agent.id).join(", ")),
  });
}

/** The variables of an agent, with `${env:NAME}` replaced. A variable that isn't set becomes empty. */
export function agentEnvironment(agent: AgentDefinition, host: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(agent.env).map(([name, value]) => [
      name,
      value.replace(/\$\{env:(\w+)\}/g, (_, variable: string) => host[variable] ?? ""),
    ]),
  );
}
