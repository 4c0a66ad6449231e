import { join } from "node:path";
import type { Reader } from "./disk.ts";
import type { PythonEvidence } from "./evidence.ts";

/** Where a person's settings of pip may lie (pip's documentation, "Configuration"). */
export interface PipPlaces {
  readonly env: NodeJS.ProcessEnv;
  readonly home: string;
}

/** Settings that choose what is installed, from where, or into which place: uv reads none of them. */
const CHOOSING =
  "index-url extra-index-url find-links no-index constraint target prefix root user no-deps no-binary only-binary pre require-hashes".split(
    " ",
  );
const IN_FILE = new RegExp(`^\\s*(?:${CHOOSING.join("|").replaceAll("-", "[-_]")})\\s*[=:]`, "m");
const VARIABLES = CHOOSING.map((name) => `PIP_${name.toUpperCase().replaceAll("-", "_")}`);

/** True where pip is set up so that uv would install something else, or somewhere else. */
export function pipIsSetUp(
  reader: Reader,
  { env, home }: PipPlaces,
  environment: PythonEvidence["environment"],
): boolean {
  if (VARIABLES.some((name) => env[name])) return true;
  const files = [
    ...pipSettingFiles({ env, home }),
    ...(environment === null
      ? []
      : [join(environment.folder, "pip.conf"), join(environment.folder, "pip.ini")]),
  ];
  return files.some((path) => reader.parsed(path, setsUp) === true);
}

/** pip's settings files of a person and a machine; the last one wins. */
export function pipSettingFiles({ env, home }: PipPlaces): readonly string[] {
  const { PIP_CONFIG_FILE: chosen, XDG_CONFIG_HOME: config = join(home, ".config"), APPDATA: roaming } = env;
  return [
    "/etc/pip.conf",
    join(home, ".pip", "pip.conf"),
    join(config, "pip", "pip.conf"),
    join(home, "Library", "Application Support", "pip", "pip.conf"),
    ...(roaming === undefined ? [] : [join(roaming, "pip", "pip.ini")]),
    ...(chosen === undefined || chosen === "" ? [] : [chosen]),
  ];
}

function setsUp(text: string): boolean {
  return IN_FILE.test(text);
}
