import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { programOnPath } from "../../process/path.ts";
import { isInside } from "../../shell/path.ts";

/** Where a script of a package runs. */
export interface ScriptPlace {
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
}

type Settings = ReadonlyMap<string, string>;

/** Bytes of a file of settings; people's have a few lines. */
const MAX_BYTES = 64 * 1024;
/** Settings that choose where others are read, or what is shared by all projects: a file of the project has no part in them. */
const OF_PERSON = new Set(["prefix", "globalconfig", "userconfig", "cache"]);

/**
 * What the files that npm reads for a package's script say: its own, the person's, the machine's, and what came with npm. Variables that
 * name such files are judged by themselves. Settings are called as variables have them: `legacy_peer_deps`.
 */
export class NpmSettings {
  readonly home: string;
  /** Where Node is installed, and npm with it; null where that is in the project. */
  readonly node: string | null;
  /** Where npm installs for the whole machine, as a variable says it, a file, or by where Node is. */
  readonly prefixes: readonly string[];
  readonly #place: ScriptPlace;
  readonly #own: Settings;
  readonly #others: readonly Settings[];

  constructor(place: ScriptPlace) {
    const { cwd, environment } = place;
    const { HOME: home = "/nowhere", PATH: path = "", npm_config_local_prefix: local } = environment;
    this.#place = place;
    this.home = home;
    const program = programOnPath("node", path, () => false);
    const prefix = program === null ? null : dirname(dirname(program));
    this.node = prefix === null || isInside(cwd, prefix) ? null : prefix;
    this.#own = this.#read(local !== undefined && isInside(local, cwd) ? join(local, ".npmrc") : undefined);
    const ofPerson = this.#read(this.#named("userconfig") ?? join(home, ".npmrc"));
    const ofNpm = this.#read(this.#besideNpm());
    this.#others = [ofPerson, this.#read(this.#named("globalconfig")), ofNpm];
    const written = ofPerson.get("prefix") ?? ofNpm.get("prefix") ?? null;
    this.prefixes = [this.#named("prefix") ?? null, written, this.node].filter((each) => each !== null);
  }

  /** What is written of a setting, nearest first; undefined where nothing is. */
  written(setting: string): string | undefined {
    const files = OF_PERSON.has(setting) ? this.#others : [this.#own, ...this.#others];
    return files.find((each) => each.has(setting))?.get(setting);
  }

  /** What a variable says: npm leaves those as they are that a person has written its own way. */
  #named(setting: string): string | undefined {
    const { environment } = this.#place;
    return environment[`npm_config_${setting}`] ?? environment[`NPM_CONFIG_${setting.toUpperCase()}`];
  }

  /** What a distribution has set for the npm that it brings. */
  #besideNpm(): string | undefined {
    const { npm_execpath: npm = "" } = this.#place.environment;
    return this.node !== null && isInside(this.node, npm) ? join(dirname(dirname(npm)), "npmrc") : undefined;
  }

  #read(file: string | undefined): Settings {
    try {
      const text = file === undefined ? "" : readFileSync(file, "utf8");
      const lines = text.length > MAX_BYTES ? [] : text.split(/\r?\n/);
      return new Map(lines.flatMap((line) => this.#setting(line)));
    } catch {
      return new Map();
    }
  }

  /** Lists, and what belongs to one registry, are left out: npm hands them on in another form, or not at all. */
  #setting(line: string): readonly [string, string][] {
    const [, key, text = "true"] = /^\s*([\w-]+)\s*(?:=\s*(.*?))?\s*$/.exec(line) ?? [];
    if (key === undefined) return [];
    const plain = text.replace(/^(["'])(.*)\1$/, "$2");
    const whole = plain.replaceAll(/\$\{(\w+)\}/g, (asWritten, name: string) => {
      return this.#place.environment[name] ?? asWritten;
    });
    return [[key.toLowerCase().replaceAll("-", "_"), this.#asVariable(whole)]];
  }

  /** As npm sets it for scripts: what is off is empty, and paths are whole. */
  #asVariable(text: string): string {
    if (text === "false" || text === "null") return "";
    return text.startsWith("~/") ? join(this.home, text.slice(2)) : text;
  }
}
