import { readFileSync, realpathSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { meaningOf, steersPrograms } from "../../guard/environment.ts";
import { programOnPath } from "../../process/path.ts";
import { isInside } from "../../shell/path.ts";
import { type NpmLine, npmLines } from "../../toolchain/npmrc.ts";

type Variables = Readonly<Record<string, string>>;

/** Where a script of a package runs. */
export interface ScriptPlace {
  readonly cwd: string;
  readonly environment: Variables;
  /** Those variables that the agent was given: the others may be the model's. */
  readonly given: Variables;
  /** What lies in them was written by the model, or by the project. */
  readonly folders: readonly string[];
}

type Settings = ReadonlyMap<string, string>;

/** Bytes of a file of settings; people's have a few lines. */
const MAX_BYTES = 64 * 1024;
/** Settings that choose where others are read, what is shared by all projects, or which programs and code run. */
const OF_PERSON =
  /^(prefix|globalconfig|userconfig|cache|(script_)?shell|node_options|git|editor|viewer|browser|init_module|onload_script|node_gyp|nodedir|devdir|python|make|npm_path|(global_)?pnpmfile)$/;
/** Those of them that a project may choose: who could put others in their place needs no setting. */
const PROGRAM = /^((script_)?shell|git|python|make)$/;
const USUAL_PROGRAM = /^(\/(usr\/)?bin\/)?((ba|da|z)?sh|git|make|python[\d.]*)$/;

/**
 * What the files that npm reads for a package's script say: its own, the person's, the machine's, and what came with npm. None is read
 * because the model named it, and one that the model may write chooses no program. Settings are called as variables have them:
 * `legacy_peer_deps`.
 */
export class NpmSettings {
  readonly home: string;
  /** Where Node is installed, and npm with it: as the PATH has it, and with links followed. None where that is the model's. */
  readonly nodes: readonly string[];
  /** Where npm installs for the whole machine, as a variable says it, a file, or by where Node is. */
  readonly prefixes: readonly string[];
  /** Where the machine's settings may be. */
  readonly globalconfigs: readonly string[];
  readonly #place: ScriptPlace;
  readonly #files: readonly Settings[];

  constructor(place: ScriptPlace) {
    const { cwd, environment, given } = place;
    const { npm_config_local_prefix: local, npm_config_globalconfig: named = "" } = environment;
    this.#place = place;
    this.home = given["HOME"] ?? "/nowhere";
    this.nodes = this.#nodes();
    const own = this.#read(local !== undefined && isInside(local, cwd) ? join(local, ".npmrc") : undefined);
    const ofPerson = this.#read(this.#given("userconfig") ?? join(this.home, ".npmrc"));
    const ofNpm = this.#read(this.#besideNpm());
    const written = ofPerson.get("prefix") ?? ofNpm.get("prefix");
    this.prefixes = [this.#given("prefix"), written, ...this.nodes].filter((each) => each !== undefined);
    const beside = this.prefixes.map((prefix) => join(prefix, "etc/npmrc"));
    this.globalconfigs = [this.#given("globalconfig") ?? "/etc/npmrc", "/etc/npmrc", ...beside];
    const ofMachine = this.#read(this.globalconfigs.includes(named) ? named : undefined);
    this.#files = [own, ofPerson, ofMachine, ofNpm];
  }

  /** What is written of a setting, nearest first; undefined where nothing is. */
  written(setting: string): string | undefined {
    return this.#files.find((each) => each.has(setting))?.get(setting);
  }

  /** What a variable of the person's says: npm leaves those as they are that were written its own way. */
  #given(setting: string): string | undefined {
    const { given } = this.#place;
    return given[`npm_config_${setting}`] ?? given[`NPM_CONFIG_${setting.toUpperCase()}`];
  }

  #nodes(): readonly string[] {
    const program = programOnPath("node", this.#place.environment["PATH"] ?? "", () => false);
    if (program === null || this.#isModels(program)) return [];
    return placesOf(program).map((each) => dirname(dirname(each)));
  }

  /** True for what the model may have written, or what leads there. */
  #isModels(file: string): boolean {
    const { cwd, folders } = this.#place;
    return [cwd, ...folders].some((folder) => placesOf(file).some((place) => isInside(folder, place)));
  }

  /** What a distribution has set for the npm that it brings. */
  #besideNpm(): string | undefined {
    const npm = resolve(this.#place.environment["npm_execpath"] ?? "/");
    return this.nodes.some((node) => isInside(node, npm)) ? join(dirname(dirname(npm)), "npmrc") : undefined;
  }

  #read(file: string | undefined): Settings {
    try {
      const text = file === undefined ? "" : readFileSync(file, "utf8");
      const lines = text.length > MAX_BYTES ? [] : npmLines(text, this.#place.given);
      const all = lines.flatMap((line) => this.#setting(line));
      const isModels = file !== undefined && this.#isModels(file);
      return new Map(isModels ? all.filter(([key, value]) => isOfProject(key, value)) : all);
    } catch {
      return new Map();
    }
  }

  /** Lists, and what belongs to one registry, are left out: npm hands them on in another form, or not at all. */
  #setting({ key, value = "true" }: NpmLine): readonly [string, string][] {
    if (!/^[\w-]+$/.test(key)) return [];
    return [[key.toLowerCase().replaceAll("-", "_"), this.#asVariable(value)]];
  }

  /** As npm sets it for scripts: what is off is empty, and paths are whole. */
  #asVariable(text: string): string {
    if (text === "false" || text === "null") return "";
    return text.startsWith("~/") ? join(this.home, text.slice(2)) : text;
  }
}

/** A file as it is called, and with links followed. */
function placesOf(file: string): readonly string[] {
  const named = resolve(file);
  try {
    return [named, realpathSync(named)];
  } catch {
    return [named];
  }
}

/** True for what a file of the project's may say. */
function isOfProject(setting: string, text: string): boolean {
  if (!OF_PERSON.test(setting)) return true;
  if (PROGRAM.test(setting)) return USUAL_PROGRAM.test(text);
  const name = setting.toUpperCase();
  const value = { text, known: true, glob: false, start: 0, end: 0 };
  return steersPrograms(name) && meaningOf({ name, value }, "project") === "harmless";
}
