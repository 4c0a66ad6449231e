import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import type { AgentHook, LaunchSetup } from "../acp/profiles/profile.ts";
import { launchSetup } from "../acp/profiles/profiles.ts";
import type { AgentDefinition } from "../acp/agents.ts";
import type { Calls } from "../door/calls.ts";
import { kindOfCaller } from "../doorways/channel/caller.ts";
import { type Answerer, Channel, type Listener } from "../doorways/channel/channel.ts";
import type { ChannelFacts } from "../doorways/channel/script.ts";
import { HookDoorway } from "../doorways/hook/hook.ts";
import { HOOK } from "../doorways/hook/request.ts";
import { hookLine, hookScript } from "../doorways/hook/script.ts";
import { readExported } from "../doorways/shim/exported.ts";
import { FastPath, type FastPathParts, fitsFastPath } from "../doorways/shim/fastPath.ts";
import { startEnvironment } from "../process/ancestry.ts";
import { Origins, WITHOUT_SHELL } from "../doorways/shim/origin.ts";
import { BIN, PRIVATE_PROGRAM, SHIM_PROGRAM, shimScript } from "../doorways/shim/script.ts";
import { ShimDoorway, type ShimParts } from "../doorways/shim/shim.ts";
import { KnownSurroundings } from "../doorways/shim/surroundings.ts";
import { childEnvironment } from "../process/environment.ts";
import type { Processes } from "../process/processes.ts";
import { PRIVATE_FOLDER } from "../state/directory.ts";
import { makeRuntimeFolder } from "../state/runtimeFolder.ts";
import { writeLaunchers } from "./launchers.ts";

/** What a person wants to ask before it runs. */
export interface InsideSettings {
  /** Where folders for pipes are made: short, and the person's alone. */
  readonly parent: string;
  /** The programs that ask; null: none does. */
  readonly shims: ShimSettings | null;
  /** Whether agents whose settings are known are made to ask before each command. */
  readonly hooks: HookSettings | null;
}

export interface ShimSettings {
  /** Folders of the project, which is first, and of the model: what lies elsewhere is installed. */
  readonly folders: readonly string[];
  /** Names of the programs that ask. */
  readonly programs: readonly string[];
}

export interface HookSettings {
  /** Seconds that an agent waits for its hook. At half of it the hook says no. */
  readonly seconds: number;
}

/** Where an agent's processes are that Interlock doesn't start. */
export interface TerminalTree {
  /** The process that starts the agent and its shells; what is above it isn't looked at. */
  readonly top: () => number;
}

export interface InsideParts extends Pick<FastPathParts, "stopped"> {
  readonly door: ShimParts["door"] & FastPathParts["door"];
  readonly calls: Calls;
  readonly agent: AgentDefinition;
  /** Set where the agent runs in a terminal: then nothing but these programs tells of what it does. */
  readonly terminal: TerminalTree | undefined;
  /** The session's folder. */
  readonly cwd: string;
  readonly processes: Pick<Processes, "run">;
  readonly host: NodeJS.ProcessEnv;
  /** The agent's variables as they would be without this. */
  readonly variables: Readonly<Record<string, string>>;
}

/** What an agent is started with. */
export interface AgentSetup {
  readonly env: Readonly<Record<string, string | null>>;
  /** `_meta` of its `session/new`. */
  readonly meta?: Readonly<Record<string, unknown>>;
  /** The folder of the programs that ask; absent where none does. */
  readonly bin?: string;
}

/** What of it asks. */
interface Armed {
  readonly shims: boolean;
  readonly hook: boolean;
}
const UNARMED: Armed = { shims: false, hook: false };

interface OpenParts {
  readonly fast: FastPath;
  readonly channel: Channel;
}

/** The file in the channel's folder in which a person's shell leaves what it gives to all that it starts. */
export const GIVEN = "given";

const DD = ["/bin/dd", "/usr/bin/dd", "/run/current-system/sw/bin/dd"];

/**
 * What asks from inside of one agent's process tree, and the channel by which it does: the programs that stand first on its PATH,
 * and the hook that the agent runs before its commands.
 */
export class Inside {
  readonly setup: AgentSetup;
  readonly armed: Armed;
  readonly #open: OpenParts | null;

  /** Where nobody wants it, or the system can't have it, what an agent's shells run is only seen afterwards. */
  static async open(settings: InsideSettings, parts: InsideParts): Promise<Inside> {
    const { processes } = parts;
    const dd = DD.find((path) => existsSync(path));
    const wanted = settings.shims !== null || settings.hooks !== null;
    if (!wanted || process.platform === "win32" || dd === undefined)
      return new Inside(await launched(null, parts), UNARMED, null);
    const token = randomUUID();
    try {
      const folder = await makeRuntimeFolder(settings.parent);
      const facts: ChannelFacts = { channel: folder, token, dd };
      const fits = await fitsFastPath(processes, folder);
      const { answer, heard, fast } = doorwaysIn(settings, facts, parts, fits);
      const channel = await Channel.open(folder, processes, answer, heard);
      const { armed, ...setup } = await writePrograms(settings, facts, parts);
      return new Inside(setup, armed, { fast, channel });
    } catch {
      return new Inside(await launched(null, parts), UNARMED, null);
    }
  }

  private constructor(setup: AgentSetup, armed: Armed, open: OpenParts | null) {
    this.setup = setup;
    this.armed = armed;
    this.#open = open;
  }

  /** Once everything that the agent started has ended. */
  async close(): Promise<void> {
    // What it writes lies in the folder that goes with the channel.
    await this.#open?.fast.close();
    await this.#open?.channel.close();
  }
}

/** `fits`: the system's shell can tell what need not be asked about. */
function doorwaysIn(
  { parent, shims, hooks }: InsideSettings,
  facts: ChannelFacts,
  { door, calls, cwd, host, variables, stopped, terminal }: InsideParts,
  fits: boolean,
): { readonly answer: Answerer; readonly heard: Listener; readonly fast: FastPath } {
  const { channel, token } = facts;
  const alone = terminal !== undefined;
  // In a terminal it sees all that the person's own programs do.
  const given = alone ? { ...stringsOf(host), ...variables } : childEnvironment(host, variables);
  const { folders, programs } = shims ?? { folders: [], programs: [] };
  const origins = alone
    ? new Origins(terminal.top, folders, () => givenInTerminal(terminal.top(), join(channel, GIVEN)))
    : new Origins(() => process.pid, folders);
  const [project = cwd] = folders;
  const known = new KnownSurroundings({ shims: parent, project });
  const fast = new FastPath({ facts, door, known, programs: fits ? programs : [], stopped });
  const shim = new ShimDoorway({
    door,
    calls,
    alone,
    token,
    given,
    origins,
    folder: parent,
    project,
    folders,
    known,
    fast,
  });
  const timeoutMs = (hooks?.seconds ?? 0) * 1_000;
  const hook = new HookDoorway({ door, calls, alone, token, cwd, timeoutMs });
  return {
    answer: (fields, signal) => (kindOfCaller(fields) === HOOK ? hook : shim).answer(fields, signal),
    heard: (fields) => shim.passed(fields),
    fast,
  };
}

/** What the first process of a terminal was started with, and what its shell has set since by the person's files. */
async function givenInTerminal(top: number, file: string): Promise<Readonly<Record<string, string>>> {
  const [started, text] = await Promise.all([startEnvironment(top), readFile(file, "utf8").catch(() => "")]);
  const set = readExported(text).all.flatMap(({ name, value }) =>
    value === null ? [] : [[name, value] as const],
  );
  return { ...started, ...Object.fromEntries(set) };
}

function stringsOf(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, value ?? ""]));
}

async function writePrograms(
  { shims, hooks }: InsideSettings,
  facts: ChannelFacts,
  parts: InsideParts,
): Promise<AgentSetup & { readonly armed: Armed }> {
  const { host, variables, terminal } = parts;
  const hook = hooks === null ? null : await writeHook(facts, hooks);
  const { hooked = false, ...setup } = await launched(hook, parts);
  const armed = { shims: shims !== null, hook: hooked };
  if (shims === null) return { ...setup, armed };
  const bin = await writeShims(facts, shims.programs);
  if (terminal !== undefined && hook !== null) await writeLaunchers(bin, facts.channel, hook);
  const { PATH: usual = "" } = childEnvironment(host, variables);
  const path = [bin, usual].filter((each) => each !== "").join(delimiter);
  return { ...setup, env: { ...setup.env, ...WITHOUT_SHELL, PATH: path }, bin, armed };
}

/** A program that only prints its settings: OpenCode took 1.5 s. */
const PRINT_TIMEOUT_MS = 10_000;
const PRINT_BYTES = 4_000_000;

/** What the agent is started with by its profile. Which one runs in a terminal nobody knows before. */
async function launched(
  hook: AgentHook | null,
  { agent, host, variables, cwd, processes, terminal }: InsideParts,
): Promise<AgentSetup & Pick<LaunchSetup, "hooked">> {
  if (terminal !== undefined) return { env: variables };
  const environment = childEnvironment(host, variables);
  const printed = async (args: readonly string[], more: Readonly<Record<string, string>>) => {
    const { code, stdout, truncated } = await processes.run({
      command: agent.command,
      args,
      cwd,
      env: { ...variables, ...more },
      timeoutMs: PRINT_TIMEOUT_MS,
      maxBytes: PRINT_BYTES,
    });
    return code === 0 && !truncated ? stdout : null;
  };
  return launchSetup(agent, { cwd, variables, environment, hook, printed });
}

async function writeHook(facts: ChannelFacts, { seconds }: HookSettings): Promise<AgentHook> {
  const program = join(facts.channel, "hook");
  await writeFile(program, hookScript(facts), { mode: PRIVATE_PROGRAM });
  return { command: hookLine(program), seconds };
}

/** The folder that stands first on the PATH. */
async function writeShims(facts: ChannelFacts, names: readonly string[]): Promise<string> {
  const [program, bin] = [join(facts.channel, SHIM_PROGRAM), join(facts.channel, BIN)];
  await mkdir(bin, { mode: PRIVATE_FOLDER });
  await writeFile(program, shimScript(facts), { mode: PRIVATE_PROGRAM });
  await Promise.all([...new Set(names)].map((name) => symlink(program, join(bin, name))));
  return bin;
}
