import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { parse as parseJsonc } from "jsonc-parser";
import { parse as parseToml, stringify as writeToml } from "smol-toml";
import { type AgentDefinition, agentEnvironment } from "../acp/agents.ts";
import { PRIVATE_FILE, PRIVATE_FOLDER } from "../state/directory.ts";
import { fields } from "./model/json.ts";
import { type OwnFile, type Settings, type VerifiedId, verifiedAgent } from "./homes.ts";

/** Bytes of a settings file that are read. */
const MAX_BYTES = 1024 * 1024;
/** Names of settings that a report lists. */
const MAX_LISTED = 40;

/** What of a person's own settings came along. Names of settings alone, never what they say. */
export interface Copied {
  /** Such as `.claude/settings.json: permissions`. */
  readonly kept: readonly string[];
  readonly left: readonly string[];
}

/** A home folder for an agent: files by their paths below it, and variables beside. */
export interface AgentHome {
  readonly files: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
}

type ByFile = Readonly<Record<string, Settings>>;

/** A home in which the agent's model is the one at `url`. `more`: settings beside, by their files. */
export function pointedHome(id: VerifiedId, url: string, more: ByFile = {}): AgentHome {
  const { settings, env } = verifiedAgent(id);
  const pointing: ByFile = settings(url);
  const paths = [...new Set([...Object.keys(pointing), ...Object.keys(more)])];
  const files = paths.map(
    (path) => [path, settingsText(path, { ...more[path], ...pointing[path] })] as const,
  );
  return { files: Object.fromEntries(files), env: env(url) };
}

/** A home without anything of its person; what their entry says of where its program is counts all the same. */
export function cleanHome(
  id: VerifiedId,
  url: string,
  agent: AgentDefinition,
  host: NodeJS.ProcessEnv,
): AgentHome {
  const { program } = verifiedAgent(id);
  const given = Object.entries(agentEnvironment(agent, host)).filter(([name]) => program.includes(name));
  const home = pointedHome(id, url);
  return { ...home, env: { ...Object.fromEntries(given), ...home.env } };
}

/** The same with what decides whether the agent asks among the settings of its person. `host`: where those are looked for. */
export async function ownHome(
  id: VerifiedId,
  url: string,
  agent: AgentDefinition,
  host: NodeJS.ProcessEnv,
): Promise<{ readonly home: AgentHome; readonly copied: Copied }> {
  const { own, program, variables } = verifiedAgent(id);
  const given = agentEnvironment(agent, host);
  const settings: Record<string, Settings> = {};
  const texts: Record<string, string> = {};
  const [kept, left]: [string[], string[]] = [[], []];
  for (const file of own) {
    const folder = folderOf(file, given, host);
    for (const path of await pathsOf(folder, file.path)) {
      const text = await textOf(join(folder, path));
      const target = join(file.folder.below, path);
      if (text === null) continue;
      const copy = copyOf(file, text);
      if (typeof copy.copied === "string") texts[target] = copy.copied;
      else settings[target] = copy.copied;
      kept.push(...copy.kept.map((name) => `${target}: ${name}`));
      left.push(...copy.left.map((name) => `${target}: ${name}`));
    }
  }
  const env: Record<string, string> = { ...cleanHome(id, url, agent, host).env };
  for (const [name, value] of Object.entries(given)) {
    if (program.includes(name)) continue;
    const copy = Object.hasOwn(variables, name) ? variables[name]?.(value) : undefined;
    if (typeof copy === "string") env[name] = copy;
    (copy === undefined ? left : kept).push(`env: ${name}`);
  }
  const home = pointedHome(id, url, settings);
  return {
    home: { files: { ...home.files, ...texts }, env: { ...env, ...home.env } },
    copied: { kept: kept.slice(0, MAX_LISTED), left: left.slice(0, MAX_LISTED) },
  };
}

/** Writes a home into a folder. */
export async function writeHome(folder: string, { files }: AgentHome): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true, mode: PRIVATE_FOLDER });
    await writeFile(join(folder, path), text, { mode: PRIVATE_FILE });
  }
}

function folderOf(
  { folder: { variable, below } }: OwnFile,
  given: Readonly<Record<string, string>>,
  host: NodeJS.ProcessEnv,
): string {
  const home = given["HOME"] ?? host["HOME"] ?? host["USERPROFILE"] ?? "/";
  return given[variable] ?? host[variable] ?? join(home, below);
}

async function pathsOf(folder: string, path: string): Promise<readonly string[]> {
  if (!path.includes("*")) return [path];
  const [start = "", end = ""] = basename(path).split("*");
  const names = await readdir(join(folder, dirname(path))).catch(() => []);
  const fitting = names.filter((name) => name.startsWith(start) && name.endsWith(end));
  return fitting.map((name) => join(dirname(path), name));
}

async function textOf(path: string): Promise<string | null> {
  const text = await readFile(path, "utf8").catch(() => null);
  return text === null || text.length > MAX_BYTES ? null : text;
}

interface Copy {
  readonly copied: Settings | string;
  readonly kept: readonly string[];
  readonly left: readonly string[];
}

function copyOf({ keeps, format }: OwnFile, text: string): Copy {
  const read = readOwn(format, text);
  const copied = keeps(read);
  if (format === "text") {
    return typeof copied === "string"
      ? { copied, kept: ["rules"], left: [] }
      : { copied: "", kept: [], left: ["rules"] };
  }
  const [from, to] = [fields(read), fields(copied)];
  const names = Object.keys(from).filter((name) => /^[\w$-]{1,60}$/.test(name));
  return {
    copied: to,
    kept: names.filter((name) => Object.hasOwn(to, name)),
    // Named among both where a part of it came along.
    left: names.filter((name) => JSON.stringify(to[name]) !== JSON.stringify(from[name])),
  };
}

/** The text of a file with these settings. */
function settingsText(path: string, settings: Settings): string {
  return path.endsWith(".toml") ? writeToml(settings) : JSON.stringify(settings);
}

/** What a file says; null where it can't be read. */
function readOwn(format: OwnFile["format"], text: string): unknown {
  try {
    if (format === "text") return text;
    return format === "toml" ? parseToml(text) : (parseJsonc(text) as unknown);
  } catch {
    return null;
  }
}
