import { join, resolve } from "node:path";
import { isInside } from "../../shell/path.ts";
import { NpmSettings, type ScriptPlace } from "./npmrc.ts";

/** What npm takes for an editor where nobody says which. */
const USUAL_EDITOR = "vi";

/**
 * Tells the variables that npm, bun and their like set for each script of a package that they run, with the value that they give them: no word of
 * the model's. They hand on what is set in the files that npm reads there, too. Another value is one: `npm_config_userconfig` may name a file
 * with another registry.
 */
export function setByRunner(place: ScriptPlace): (name: string, value: string) => boolean {
  const { cwd, environment } = place;
  if (environment["npm_lifecycle_event"] === undefined) return () => false;
  const settings = new NpmSettings(place);
  return (name, value) => {
    if (name === "EDITOR") return value === (environment["VISUAL"] ?? USUAL_EDITOR);
    const [, setting] = /^npm_config_(\w+)$/.exec(name) ?? [];
    return setting !== undefined && isOwn(setting, value, settings, cwd);
  };
}

function isOwn(setting: string, value: string, settings: NpmSettings, cwd: string): boolean {
  const { home, nodes, prefixes, globalconfigs } = settings;
  switch (setting) {
    case "user_agent":
      return /^(npm|bun|pnpm|yarn)\/[\w.?/ -]*$/.test(value);
    case "npm_version":
      return /^\d[\w.-]*$/.test(value);
    case "local_prefix":
      return value.startsWith("/") && isInside(value, cwd);
    case "userconfig":
      return value === join(home, ".npmrc");
    case "global_prefix":
      return prefixes.includes(value);
    case "globalconfig":
      return globalconfigs.includes(value);
  }
  const written = settings.written(setting);
  if (written !== undefined) return value === written;
  switch (setting) {
    case "noproxy":
    case "allow_scripts":
      return value === "";
    case "cache":
      return value === join(home, ".npm");
    case "init_module":
      return value === join(home, ".npm-init.js");
    case "prefix":
      return nodes.includes(value);
    case "node_gyp":
      return nodes.some((node) => isInside(join(node, "lib/node_modules/npm"), resolve(value)));
    default:
      return false;
  }
}
