import * as l10n from "@vscode/l10n";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { AgentDefinition } from "../acp/agents.ts";
import { bashFile, type ShellStart, shellStart } from "../doorways/shim/interactive.ts";
import { asByShell } from "../doorways/shim/origin.ts";
import { InterlockError, type Problem } from "../errors.ts";
import type { Claim } from "../process/processes.ts";
import { PRIVATE_FILE } from "../state/directory.ts";
import { type AgentSetup, GIVEN } from "./inside.ts";
import type { SessionLink } from "./sessionLink.ts";

const TERMINAL_AGENT = "terminal";

/** What stands for the agent of a guarded terminal: which one it is, nobody says. `name`: as the person sees it. */
export function terminalAgent(name: string): AgentDefinition {
  return { id: TERMINAL_AGENT, name, command: "", args: [], env: {} };
}

/** A person's shell in a guarded terminal. */
export interface GuardedShell extends ShellStart {
  readonly program: string;
  /** Null takes a variable away. */
  readonly variables: Readonly<Record<string, string | null>>;
}

/** The agent of a session that runs in a terminal: it is armed like any other, and nothing can be said to it. */
export class TerminalAgent implements SessionLink {
  /** What the terminal's first program is to be started with; null takes a variable away. */
  readonly #variables: Readonly<Record<string, string | null>>;
  /** The folder of the programs that ask: it stands first on the PATH. */
  readonly #bin: string;
  /** It ends with its session, and not before. */
  readonly ended = new Promise<never>(() => {});
  readonly isClosed = false;
  readonly #claim: Claim;

  /** Throws an `InterlockError` where nothing would ask: a terminal that only seems to be guarded is worse than none. */
  constructor({ env, bin }: AgentSetup, claim: Claim) {
    if (bin === undefined) throw new InterlockError(notGuarded());
    this.#variables = { ...env, ...claim.variables };
    this.#bin = bin;
    this.#claim = claim;
  }

  /**
   * How a person's shell is to be started in it. One that isn't known is left for `other`, which is. The programs that ask come onto its
   * PATH after the person's own files were read: what these run is no agent's, and may put other folders first.
   */
  async shell(wanted: string, other: string): Promise<GuardedShell> {
    const folder = dirname(this.#bin);
    const file = join(folder, "bashrc");
    const places = { bin: this.#bin, given: join(folder, GIVEN) };
    await writeFile(file, bashFile(places), { mode: PRIVATE_FILE });
    const start = shellStart(wanted, places, file);
    const { PATH: _, ...variables } = this.#variables;
    if (start !== null) return { program: wanted, ...start, variables };
    return { program: other, ...(shellStart(other, places, file) ?? { args: [] }), variables };
  }

  /**
   * What a command is to be started with that runs `programs`. An agent's own start passes, and so would they, were they not told to
   * ask as where a shell starts them.
   */
  forCommand(programs: readonly string[], cwd: string): Readonly<Record<string, string | null>> {
    const program = programs.map((name) => join(this.#bin, name)).find((path) => existsSync(path));
    return program === undefined ? this.#variables : { ...this.#variables, ...asByShell(program, cwd) };
  }

  prompt(): Promise<never> {
    return Promise.reject(new InterlockError(promptedInTerminal()));
  }

  cancel(): Promise<boolean> {
    return Promise.resolve(true);
  }

  /** Ends what runs in the terminal. */
  close(graceMs?: number): Promise<void> {
    return this.#claim.end(graceMs);
  }
}

export function promptedInTerminal(): Problem {
  return {
    code: "session.terminal",
    message: l10n.t("This agent runs in a terminal, and takes its prompts there."),
    next: l10n.t("Type them in the terminal."),
  };
}

function notGuarded(): Problem {
  return {
    code: "terminal.not-guarded",
    message:
      process.platform === "win32"
        ? l10n.t("On Windows no programs can ask before they run, so this terminal would not be guarded.")
        : l10n.t("The programs that ask could not be set up, so this terminal would not be guarded."),
    next:
      process.platform === "win32"
        ? l10n.t("Start the agent as a session of Interlock.")
        : l10n.t("Switch “interlock.guard.shims” on; it takes “dd” and “mkfifo”."),
  };
}
