import { fieldsOf, givenFields } from "./given.ts";
import { askingRules } from "./openCodeRules.ts";
import { type AgentProfile, COMMAND_TIMEOUT_MS, type LaunchContext } from "./profile.ts";

/** The word after which `opencode` speaks ACP. */
const ACP = "acp";
/** Has it print all settings that count in a folder, whichever file, variable or server they come from. */
const PRINTS_SETTINGS = ["debug", "config"];
/** It reads settings alone, and runs no plugin of the person's for that. */
const WITHOUT_PLUGINS = { OPENCODE_PURE: "1" };
/** JSON that OpenCode lays over the permissions of its settings, and over the settings. */
const PERMISSION = "OPENCODE_PERMISSION";
const CONTENT = "OPENCODE_CONFIG_CONTENT";

/**
 * OpenCode 1.18. It asks for nothing where nobody says otherwise, and the last rule counts: rules that ask must stand behind those that
 * allow, and before those that deny, so its own settings are read first. Where they can't be, it is left as its person has set it up.
 */
export const openCode: AgentProfile = {
  programs: ["opencode"],
  packages: ["opencode-ai"],
  patience: { OPENCODE_EXPERIMENTAL_BASH_DEFAULT_TIMEOUT_MS: COMMAND_TIMEOUT_MS },
  launch: async (context) => {
    const { variables } = context;
    const [permission, content] = [givenFields(variables[PERMISSION]), givenFields(variables[CONTENT])];
    const settings = await settingsOf(context);
    if (permission === null || content === null || settings === null) return {};
    const { all, agents } = askingRules(settings);
    const given = fieldsOf(content["agent"]);
    const agent = Object.fromEntries(
      Object.entries(agents).map(([name, rules]) => {
        const { permission: theirs, ...rest } = fieldsOf(given[name]);
        const first = typeof theirs === "string" ? { "*": theirs } : fieldsOf(theirs);
        return [name, { ...rest, permission: { ...first, ...rules } }];
      }),
    );
    return {
      env: {
        [PERMISSION]: JSON.stringify({ ...permission, ...all }),
        [CONTENT]: JSON.stringify({ ...content, agent: { ...given, ...agent } }),
      },
    };
  },
};

async function settingsOf({
  args,
  printed,
}: LaunchContext): Promise<Readonly<Record<string, unknown>> | null> {
  const at = args.lastIndexOf(ACP);
  if (at === -1) return null;
  const text = await printed([...args.slice(0, at), ...PRINTS_SETTINGS], WITHOUT_PLUGINS);
  return text === null || text.trim() === "" ? null : givenFields(text);
}
