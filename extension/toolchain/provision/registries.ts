import * as l10n from "@vscode/l10n";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "smol-toml";
import { fail, ok, type Result } from "../../errors.ts";
import { npmLines } from "../npmrc.ts";
import { pipSettingFiles } from "../pipSettings.ts";
import type { Pin } from "./pins.ts";

/** Where a person's settings of uv, pip and npm may lie. */
export interface SettingPlaces {
  readonly env: NodeJS.ProcessEnv;
  /** The user's home folder. */
  readonly home: string;
}

/** A registry of packages as a person's settings name it. */
export interface Registry {
  readonly from: Pin["from"];
  /** Ends with a slash, and holds no password. */
  readonly url: URL;
  /** The header's value by which the person's settings log in; for its own host alone. */
  readonly authorization: string | null;
}

/** The public registries, where a person's settings name none. */
export const PUBLIC = { PyPI: "https://pypi.org/simple", npm: "https://registry.npmjs.org" } as const;
/** The scope of bun's packages. */
const BUN = "@oven";

/**
 * The registry that a person's own settings choose, read in the order of the tools that own them: for PyPI uv's variables and
 * files, then pip's; for npm its variables, then its files. A repository's own files are not asked: they are not the person's.
 * `scope`: that of npm's package, which can have a registry of its own; null where it has none.
 */
export function registryOf(
  from: Pin["from"],
  places: SettingPlaces,
  scope: string | null = BUN,
): Result<Registry> {
  const npm = from === "npm" ? npmSettings(places) : null;
  const chosen =
    npm === null
      ? indexOf(places)
      : ((scope === null ? undefined : npm(`${scope}:registry`)) ?? npm("registry"));
  const text = chosen ?? PUBLIC[from];
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !isSafe(url)) {
    return fail({
      code: "tool.registry",
      message: l10n.t(
        "Your settings name “{0}” for {1}, which is no HTTPS address.",
        withoutPassword(text),
        from,
      ),
      next: l10n.t("Mend that setting, or install the tool yourself."),
    });
  }
  const { username, password } = url;
  url.username = "";
  url.password = "";
  url.search = "";
  url.hash = "";
  if (!url.pathname.endsWith("/")) url.pathname += "/";
  const inUrl = username === "" ? null : basic(decodeURIComponent(username), decodeURIComponent(password));
  return ok({ from, url, authorization: inUrl ?? (npm === null ? null : npmLogin(npm, url)) });
}

/** Nothing on the way can read or change what is fetched; this machine itself is no way. */
export function isSafe({ protocol, hostname }: URL): boolean {
  return (
    protocol === "https:" || (protocol === "http:" && ["127.0.0.1", "[::1]", "localhost"].includes(hostname))
  );
}

function withoutPassword(text: string): string {
  return text.replace(/\/\/[^/@]*@/, "//");
}

function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** The index of Python packages that takes the place of PyPI; undefined where none does. */
function indexOf({ env, home }: SettingPlaces): string | undefined {
  const { XDG_CONFIG_HOME: config = join(home, ".config"), APPDATA: roaming, UV_CONFIG_FILE: uv } = env;
  const uvFiles = [
    ...(uv ? [uv] : []),
    join(config, "uv", "uv.toml"),
    ...(roaming === undefined ? [] : [join(roaming, "uv", "uv.toml")]),
    "/etc/uv/uv.toml",
  ];
  // The last of pip's files wins.
  const pipFiles = pipSettingFiles({ env, home }).toReversed();
  const ways = [
    // uv lets an index have a name: `NAME=URL`.
    () => env["UV_DEFAULT_INDEX"]?.replace(/^[\w.-]+=/, ""),
    () => env["UV_INDEX_URL"],
    ...uvFiles.map((path) => () => uvIndex(read(path))),
    () => env["PIP_INDEX_URL"],
    ...pipFiles.map((path) => () => pipIndex(read(path))),
  ];
  for (const way of ways) {
    const found = way();
    if (found) return found;
  }
  return undefined;
}

function uvIndex(text: string): string | undefined {
  let settings: Record<string, unknown>;
  try {
    settings = parse(text);
  } catch {
    return undefined;
  }
  const { index, "index-url": old } = settings;
  const named = (Array.isArray(index) ? index : []) as readonly {
    readonly default?: unknown;
    readonly url?: unknown;
  }[];
  const url = named.find((each) => each.default === true)?.url ?? old;
  return typeof url === "string" ? url : undefined;
}

/** `index-url` of the section for all commands. */
function pipIndex(text: string): string | undefined {
  const [, section = ""] = /^\[global\]([^]*?)(?=^\[|$(?![^]))/m.exec(text) ?? [];
  return /^index[-_]url\s*[=:]\s*(\S+)/m.exec(section)?.[1];
}

type NpmSettings = (name: string) => string | undefined;

/** npm's settings: variables of any case, the person's file, then the machine's. */
function npmSettings({ env, home }: SettingPlaces): NpmSettings {
  const variables = new Map(
    Object.entries(env).map(([name, value]) => [name.toLowerCase().replace(/^npm_config_/, "npm:"), value]),
  );
  const { APPDATA: roaming } = env;
  const prefix = variables.get("npm:prefix");
  const files = [
    variables.get("npm:userconfig") ?? join(home, ".npmrc"),
    variables.get("npm:globalconfig"),
    prefix === undefined ? undefined : join(prefix, "etc", "npmrc"),
    roaming === undefined ? undefined : join(roaming, "npm", "etc", "npmrc"),
    "/usr/local/etc/npmrc",
    "/usr/etc/npmrc",
    "/etc/npmrc",
  ];
  const kept = files.map((path) =>
    path === undefined ? new Map<string, string>() : settingsIn(read(path), env),
  );
  return (name) => variables.get(`npm:${name}`) || kept.find((each) => each.get(name))?.get(name);
}

/** A name without a value says no registry. */
function settingsIn(text: string, env: NodeJS.ProcessEnv): ReadonlyMap<string, string> {
  const lines = npmLines(text, env);
  return new Map(lines.flatMap(({ key, value }) => (value === undefined ? [] : [[key, value] as const])));
}

/** npm keeps logins by address, without its protocol: of the registry's folder, or of one above it. */
function npmLogin(npm: NpmSettings, { host, pathname }: URL): string | null {
  const parts = pathname.split("/").filter((part) => part !== "");
  for (let length = parts.length; length >= 0; length -= 1) {
    const place = `//${[host, ...parts.slice(0, length)].join("/")}/`;
    const token = npm(`${place}:_authToken`);
    if (token) return `Bearer ${token}`;
    const auth = npm(`${place}:_auth`);
    if (auth) return `Basic ${auth}`;
    const user = npm(`${place}:username`);
    const password = npm(`${place}:_password`);
    if (user && password) return basic(user, Buffer.from(password, "base64").toString());
  }
  return null;
}
