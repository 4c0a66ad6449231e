import { dirname, join } from "node:path";
import { programOnPath } from "../../process/path.ts";
import { isInside } from "../../shell/path.ts";

/** Where a script of a package runs. */
export interface ScriptPlace {
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * True for a variable that npm, bun and their like set for each script of a package that they run, with the value that they give it: no word of
 * the model's. Another value is one: `npm_config_userconfig` may name a file with another registry.
 */
export function setByRunner(name: string, value: string, { cwd, environment }: ScriptPlace): boolean {
  const [, setting] = /^npm_config_(\w+)$/.exec(name) ?? [];
  const { HOME: home = "/nowhere", PATH: path = "", npm_lifecycle_event: script } = environment;
  if (setting === undefined || script === undefined) return false;
  switch (setting) {
    case "user_agent":
      return /^(npm|bun|pnpm|yarn)\/[\w.?/ -]*$/.test(value);
    case "npm_version":
      return /^\d[\w.-]*$/.test(value);
    case "noproxy":
    case "allow_scripts":
      return value === "";
    case "local_prefix":
      return value.startsWith("/") && isInside(value, cwd);
    case "cache":
      return value === join(home, ".npm");
    case "userconfig":
      return value === join(home, ".npmrc");
    case "init_module":
      return value === join(home, ".npm-init.js");
  }
  const node = programOnPath("node", path, () => false);
  const prefix = node === null ? null : dirname(dirname(node));
  if (prefix === null || isInside(cwd, prefix)) return false;
  switch (setting) {
    case "prefix":
    case "global_prefix":
      return value === prefix;
    case "globalconfig":
      return value === join(prefix, "etc/npmrc") || value === "/etc/npmrc";
    case "node_gyp":
      return isInside(join(prefix, "lib/node_modules/npm"), value);
    default:
      return false;
  }
}
