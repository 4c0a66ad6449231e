import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { Channel } from "../doorways/channel/channel.ts";
import { Origins, WITHOUT_SHELL } from "../doorways/shim/origin.ts";
import { shimScript } from "../doorways/shim/script.ts";
import { ShimDoorway, type ShimParts } from "../doorways/shim/shim.ts";
import { childEnvironment } from "../process/environment.ts";
import type { Processes } from "../process/processes.ts";
import { PRIVATE_FOLDER } from "../state/directory.ts";
import { makeRuntimeFolder } from "../state/runtimeFolder.ts";

/** What a person wants to ask before it runs. */
export interface ShimSettings {
  /** Where folders for pipes are made: short, and the person's alone. */
  readonly parent: string;
  /** Folders of the model and the project: what lies elsewhere is installed. */
  readonly folders: readonly string[];
  /** Names of the programs that ask. */
  readonly programs: readonly string[];
}

export interface ShimsParts extends Pick<ShimParts, "door" | "calls"> {
  readonly processes: Pick<Processes, "run">;
  readonly host: NodeJS.ProcessEnv;
  /** The agent's variables as they would be without shims. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Who may run the script: its token is in it. */
const PRIVATE_PROGRAM = 0o700;
const DD = ["/bin/dd", "/usr/bin/dd", "/run/current-system/sw/bin/dd"];

/** The programs that stand first on one agent's PATH, and the channel by which they ask. */
export class Shims {
  /** What the agent is started with. */
  readonly environment: Readonly<Record<string, string | null>>;
  readonly #channel: Channel | null;

  /** Where nobody wants them, or the system can't have them, what an agent's shells run is only seen afterwards. */
  static async open(settings: ShimSettings | null, parts: ShimsParts): Promise<Shims> {
    const { host, variables, processes, door, calls } = parts;
    const dd = DD.find((path) => existsSync(path));
    if (settings === null || process.platform === "win32" || dd === undefined)
      return new Shims(variables, null);
    const given = childEnvironment(host, variables);
    const token = randomUUID();
    const origins = new Origins(process.pid, settings.folders);
    const doorway = new ShimDoorway({ door, calls, token, given, origins, folder: settings.parent });
    try {
      const folder = await makeRuntimeFolder(settings.parent);
      const channel = await Channel.open(folder, processes, (fields, signal) =>
        doorway.answer(fields, signal),
      );
      const bin = await writePrograms(channel.folder, token, dd, settings.programs);
      const path = [bin, given["PATH"] ?? ""].filter((each) => each !== "").join(delimiter);
      return new Shims({ ...variables, ...WITHOUT_SHELL, PATH: path }, channel);
    } catch {
      return new Shims(variables, null);
    }
  }

  private constructor(environment: Readonly<Record<string, string | null>>, channel: Channel | null) {
    this.environment = environment;
    this.#channel = channel;
  }

  /** Once everything that the agent started has ended. */
  async close(): Promise<void> {
    await this.#channel?.close();
  }
}

/** The folder that stands first on the PATH. */
async function writePrograms(
  channel: string,
  token: string,
  dd: string,
  names: readonly string[],
): Promise<string> {
  const [program, bin] = [join(channel, "shim"), join(channel, "bin")];
  await mkdir(bin, { mode: PRIVATE_FOLDER });
  await writeFile(program, shimScript({ channel, token, dd }), { mode: PRIVATE_PROGRAM });
  await Promise.all([...new Set(names)].map((name) => symlink(program, join(bin, name))));
  return bin;
}
