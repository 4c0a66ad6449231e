import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { Channel } from "../doorways/channel/channel.ts";
import { shimScript } from "../doorways/shim/script.ts";
import { Origins } from "../doorways/shim/origin.ts";
import { ShimDoorway, type ShimParts } from "../doorways/shim/shim.ts";
import type { Processes } from "../process/processes.ts";
import { PRIVATE_FOLDER } from "../state/directory.ts";

export interface ShimsParts extends Pick<ShimParts, "door" | "calls" | "given"> {
  readonly processes: Pick<Processes, "run">;
  /** Where folders for pipes are made: short, and the person's alone. */
  readonly parent: string;
  /** Folders of the model and the project: what lies elsewhere is installed. */
  readonly folders: readonly string[];
  /** Names of the programs that ask. */
  readonly programs: readonly string[];
}

/** Who may run the script: its token is in it. */
const PRIVATE_PROGRAM = 0o700;
const DD = ["/bin/dd", "/usr/bin/dd", "/run/current-system/sw/bin/dd"];

/** The programs that stand first on one agent's PATH, and the channel by which they ask. */
export class Shims {
  readonly #channel: Channel;

  /** Null where this system can't have them: then what the agent's shells run is only seen afterwards. */
  static async open(parts: ShimsParts): Promise<Shims | null> {
    const dd = DD.find((path) => existsSync(path));
    if (process.platform === "win32" || dd === undefined) return null;
    const token = randomUUID();
    const doorway = new ShimDoorway({
      door: parts.door,
      calls: parts.calls,
      given: parts.given,
      token,
      origins: new Origins(process.pid, parts.folders),
    });
    try {
      await mkdir(parts.parent, { recursive: true, mode: PRIVATE_FOLDER });
      await sweep(parts.parent);
      const channel = await Channel.open(parts.parent, parts.processes, (fields, signal) =>
        doorway.answer(fields, signal),
      );
      await writePrograms(channel.folder, shimScript({ channel: channel.folder, token, dd }), parts.programs);
      return new Shims(channel);
    } catch {
      return null;
    }
  }

  private constructor(channel: Channel) {
    this.#channel = channel;
  }

  /** The PATH of the agent, from the one that it would have had. */
  path(path: string): string {
    return [join(this.#channel.folder, "bin"), ...(path === "" ? [] : [path])].join(delimiter);
  }

  /** Once everything that the agent started has ended. */
  close(): Promise<void> {
    return this.#channel.close();
  }
}

async function writePrograms(folder: string, script: string, names: readonly string[]): Promise<void> {
  const [program, bin] = [join(folder, "shim"), join(folder, "bin")];
  await mkdir(bin, { mode: PRIVATE_FOLDER });
  await writeFile(program, script, { mode: PRIVATE_PROGRAM });
  await Promise.all([...new Set(names)].map((name) => symlink(program, join(bin, name))));
}

/** What hosts left that were ended before they could tidy up. */
async function sweep(parent: string): Promise<void> {
  const names = await readdir(parent);
  const left = names.filter((name) => {
    const host = Number(/^il-(\d+)-/.exec(name)?.[1]);
    return Number.isSafeInteger(host) && !lives(host);
  });
  await Promise.all(left.map((name) => rm(join(parent, name), { recursive: true, force: true })));
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
