import * as l10n from "@vscode/l10n";
import { existsSync, readFileSync } from "node:fs";
import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { fail, InterlockError, messageOf, ok, type Problem, type Result, systemCode } from "../../errors.ts";
import type { Processes } from "../../process/processes.ts";
import { PRIVATE_FILE, privateFolder } from "../../state/directory.ts";
import { withLock } from "../../state/lock.ts";
import type { Tools } from "../tools.ts";
import {
  AGENT_PINS,
  agentLock,
  type AgentPin,
  PROVIDED_AGENTS,
  type ProvidedAgent,
  startedFile,
} from "./agentPins.ts";
import { cancelled } from "./fetchBytes.ts";
import { type Machine, machineName, thisMachine } from "./pins.ts";
import { registryOf, type SettingPlaces } from "./registries.ts";
import { STAMP_FILE } from "./shelf.ts";

/** What would be installed, from where and to where: what a person says yes to. */
export interface AgentOffer {
  readonly agent: ProvidedAgent;
  readonly package: string;
  readonly version: string;
  /** What it takes on the disk, about. */
  readonly megabytes: number;
  /** The registry that the person's settings choose, without its login. */
  readonly host: string;
  readonly folder: string;
}

/** How an agent that was brought is started, before the words by which it speaks ACP. */
export interface BroughtAgent {
  readonly version: string;
  readonly command: string;
  readonly args: readonly string[];
}

export interface ProvidedAgentsOptions extends SettingPlaces {
  /** The folder in the state directory. */
  readonly folder: string;
  readonly processes: Pick<Processes, "run">;
  readonly tools: Pick<Tools, "onMachine" | "version">;
  readonly machine?: Machine;
  /** Others than those that are pinned, for tests. */
  readonly source?: AgentSource;
}

interface AgentSource {
  readonly pin: (agent: ProvidedAgent) => AgentPin;
  readonly lock: (agent: ProvidedAgent) => Promise<object>;
}

const PINNED: AgentSource = { pin: (agent) => AGENT_PINS[agent], lock: agentLock };

/** npm's own, and what an agent needs that says nothing of it. */
const NODE_MAJOR = 20;
/** 460 MB over a line of 1 MB a second take eight minutes. */
const INSTALL_TIMEOUT_MS = 20 * 60_000;
const SAID_BYTES = 64_000;
/** Installs what the lock says, quietly. Scripts of packages aren't run: none of the agents needs one. */
const NPM = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-progress", "--loglevel=error"];
/** A person's settings of npm, which its own child environment doesn't have. */
const NPM_SETTINGS = /^npm_/i;

const StampFile = z.object({ version: z.literal(1), agent: z.string(), agentVersion: z.string() });

/**
 * Agents that Interlock brings where a person has none: a package of npm at a pinned version, installed by the person's own npm with a lock of
 * ours, so that each package is compared with a pinned hash. Nothing is fetched but by `get`, which is handed what the person said yes to.
 */
export class ProvidedAgents {
  readonly #options: ProvidedAgentsOptions;
  readonly #source: AgentSource;
  #known: Machine | undefined;

  constructor(options: ProvidedAgentsOptions) {
    this.#options = options;
    this.#source = options.source ?? PINNED;
  }

  /** One that was brought whole, at the version that is pinned; null where it wasn't, or where Node is gone. */
  find(agent: ProvidedAgent): BroughtAgent | null {
    const { version } = this.#source.pin(agent);
    const place = this.#place(agent);
    const stamp = readStamp(join(place, STAMP_FILE));
    if (stamp?.agent !== agent || stamp.agentVersion !== version) return null;
    const start = this.#start(agent, place);
    return start === null ? null : { version, ...start };
  }

  /** The same by a name, which can be another agent's. */
  findNamed(name: string): BroughtAgent | null {
    const agent = PROVIDED_AGENTS.find((each) => each === name);
    return agent === undefined ? null : this.find(agent);
  }

  /** What would be installed, or why nothing can be. Asks no network. */
  offer(agent: ProvidedAgent): Result<AgentOffer> {
    const { folder, tools } = this.#options;
    const pin = this.#source.pin(agent);
    if (startedFile(pin, this.#machine) === null) return fail(noBuild(pin, this.#machine));
    const wanted = pin.script === undefined ? ["npm"] : ["npm", "node"];
    if (wanted.some((program) => tools.onMachine(program) === null)) return fail(noNode(pin));
    const registry = registryOf("npm", this.#options, scopeOf(pin));
    if (!registry.ok) return registry;
    const { package: name, version, megabytes } = pin;
    return ok({ agent, package: name, version, megabytes, host: registry.value.url.host, folder });
  }

  /** Installs what was offered. One host at a time installs an agent: the second one finds what the first one brought. */
  async get(
    offer: AgentOffer,
    signal: AbortSignal = new AbortController().signal,
  ): Promise<Result<BroughtAgent>> {
    const { agent } = offer;
    const now = this.offer(agent);
    if (!now.ok) return now;
    if (now.value.host !== offer.host || now.value.version !== offer.version)
      return fail(changedSince(offer));
    try {
      await privateFolder(this.#options.folder);
      const lock = join(this.#options.folder, `.${agent}.lock`);
      return ok(await withLock(lock, async () => this.find(agent) ?? (await this.#install(offer, signal))));
    } catch (error) {
      if (error instanceof InterlockError) return fail(error);
      return fail(systemCode(error) === "EBUSY" ? busy(offer) : notWritten(offer, error));
    }
  }

  get #machine(): Machine {
    this.#known ??= this.#options.machine ?? thisMachine();
    return this.#known;
  }

  #place(agent: ProvidedAgent): string {
    const { version } = this.#source.pin(agent);
    return join(this.#options.folder, `${agent}-${version}-${machineName(this.#machine)}`);
  }

  #start(agent: ProvidedAgent, place: string): Pick<BroughtAgent, "command" | "args"> | null {
    const pin = this.#source.pin(agent);
    const file = startedFile(pin, this.#machine);
    const path = file === null ? null : join(place, "node_modules", file);
    if (path === null || !existsSync(path)) return null;
    if (pin.script === undefined) return { command: path, args: [] };
    const node = this.#options.tools.onMachine("node");
    return node === null ? null : { command: node.source === "path" ? "node" : node.path, args: [path] };
  }

  async #install(offer: AgentOffer, signal: AbortSignal): Promise<BroughtAgent> {
    const { agent, package: name, version, folder } = offer;
    await this.#checkNode(agent);
    const place = this.#place(agent);
    const unfinished = `${place}.part`;
    try {
      // What an earlier try left.
      await rm(unfinished, { recursive: true, force: true });
      await privateFolder(unfinished);
      const manifest = { private: true, dependencies: { [name]: version } };
      const write = (file: string, value: object): Promise<void> =>
        writeFile(join(unfinished, file), `${JSON.stringify(value)}\n`, { mode: PRIVATE_FILE });
      await write("package.json", manifest);
      await write("package-lock.json", await this.#source.lock(agent));
      await this.#npm(offer, unfinished, signal);
      if (this.#start(agent, unfinished) === null)
        throw new InterlockError(noBuild(this.#source.pin(agent), this.#machine));
      await write(STAMP_FILE, { version: 1, agent, agentVersion: version });
      // Without its stamp what lies there is none that was brought whole.
      await rm(place, { recursive: true, force: true });
      await rename(unfinished, place);
    } finally {
      await rm(unfinished, { recursive: true, force: true });
    }
    const brought = this.find(agent);
    if (brought === null) throw new Error(`${agent} is not where it was put, in ${folder}.`);
    return brought;
  }

  /** Asked before anything is fetched: an agent that can't be started would be fetched for nothing. */
  async #checkNode(agent: ProvidedAgent): Promise<void> {
    const { tools, folder } = this.#options;
    const pin = this.#source.pin(agent);
    const node = tools.onMachine("node");
    if (pin.script === undefined || node === null) return;
    const version = (await tools.version(node.path, folder)) ?? "";
    if (Number.parseInt(version, 10) < nodeMajor(pin)) throw new InterlockError(oldNode(pin, version));
  }

  async #npm(offer: AgentOffer, cwd: string, signal: AbortSignal): Promise<void> {
    const { processes, tools, env } = this.#options;
    const settings = Object.entries(env).filter(
      (entry): entry is [string, string] => NPM_SETTINGS.test(entry[0]) && entry[1] !== undefined,
    );
    const result = await processes.run({
      command: tools.onMachine("npm")?.path ?? "npm",
      args: NPM,
      cwd,
      env: Object.fromEntries(settings),
      timeoutMs: INSTALL_TIMEOUT_MS,
      maxBytes: SAID_BYTES,
      signal,
    });
    if (signal.aborted) throw cancelled();
    if (result.timedOut) throw new InterlockError(tooSlow(offer));
    if (result.code !== 0) throw new InterlockError(refusedByNpm(offer, result.stderr));
  }
}

function readStamp(path: string): z.infer<typeof StampFile> | null {
  try {
    return StampFile.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return null;
  }
}

/** The scope of a package, which can have a registry of its own. */
function scopeOf({ package: name }: AgentPin): string | null {
  return name.startsWith("@") ? name.slice(0, name.indexOf("/")) : null;
}

function noBuild({ package: name, version }: AgentPin, machine: Machine): Problem {
  return {
    code: "agent.get.platform",
    message: l10n.t("{0} {1} is not pinned for this machine ({2}).", name, version, machineName(machine)),
    next: l10n.t("Install it yourself: it is found as soon as it is on the PATH."),
  };
}

function nodeMajor({ node = NODE_MAJOR }: AgentPin): number {
  return node;
}

function noNode(pin: AgentPin): Problem {
  return {
    code: "agent.get.node",
    message: l10n.t("Node.js and npm were not found, by which it is installed."),
    next: l10n.t("Install Node.js {0} or newer, and try again.", nodeMajor(pin)),
  };
}

function oldNode(pin: AgentPin, version: string): Problem {
  const wanted = nodeMajor(pin);
  return {
    code: "agent.get.node",
    message: l10n.t("It needs Node.js {0} or newer; this machine has {1}.", wanted, version),
    next: l10n.t("Install Node.js {0} or newer, and try again.", wanted),
  };
}

function changedSince({ package: name }: AgentOffer): Problem {
  return {
    code: "agent.get.changed",
    message: l10n.t("Your settings name another registry for {0} than the one that you were told.", name),
    next: l10n.t("Get it again."),
  };
}

function busy({ package: name }: AgentOffer): Problem {
  return {
    code: "agent.get.busy",
    message: l10n.t("Another window is installing {0}.", name),
    next: l10n.t("Add it once that window is done."),
  };
}

function tooSlow({ package: name, host }: AgentOffer): Problem {
  return {
    code: "agent.get.timeout",
    message: l10n.t("{0} did not come from {1} within {2} minutes.", name, host, INSTALL_TIMEOUT_MS / 60_000),
    next: l10n.t("Nothing was kept of it. Try again, or install it yourself."),
  };
}

/** npm names its code first: `npm error code EINTEGRITY`. */
function refusedByNpm({ package: name, host }: AgentOffer, said: string): Problem {
  const [, code = ""] = /^npm (?:error|ERR!) code (\w+)/m.exec(said) ?? [];
  if (code === "EINTEGRITY") {
    return {
      code: "agent.get.hash",
      message: l10n.t("What {0} sent for {1} is not what is pinned.", host, name),
      next: l10n.t("Nothing was kept of it. Ask whoever runs that registry."),
    };
  }
  const [, why = ""] = /^npm (?:error|ERR!) (?!code )(\S.*)/m.exec(said) ?? [];
  return {
    code: "agent.get.npm",
    message: l10n.t("npm could not install {0}: {1}", name, why || code || l10n.t("it said nothing of why")),
    next: l10n.t("Nothing was kept of it. See that npm works in a terminal, and try again."),
  };
}

function notWritten({ folder }: AgentOffer, error: unknown): Problem {
  return {
    code: "agent.get.write",
    message: l10n.t("It could not be put into {0}: {1}", folder, messageOf(error)),
    next: l10n.t("See whether you may write there, and whether there is room."),
  };
}
