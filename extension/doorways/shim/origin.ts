import { scriptOf, startEnvironment, topShell } from "../../process/ancestry.ts";
import { isInside } from "../../shell/path.ts";

/** By whom a program was started. */
export interface Origin {
  /** The agent's program itself, or what is installed on the machine; not what the model or the project wrote. */
  readonly own: boolean;
  /** The variables that the agent gives to every shell of the model's. */
  readonly given: Readonly<Record<string, string>>;
}

/** Every shell exports these, and the agent is started without them: who has none was started by no shell. */
const LEFT_BY_SHELLS = ["PWD", "_"];

/**
 * What an agent is started with for that. Its level of shells is said, as it would be in a terminal: bash takes one that has none,
 * and whose input is a socket, for a login from another machine, and reads the person's `.bashrc`.
 */
export const WITHOUT_SHELL: Readonly<Record<string, string | null>> = { PWD: null, _: null, SHLVL: "1" };

/** What a shell would have left: with it a program that is started by none counts as the model's. */
export function asByShell(program: string, cwd: string): Readonly<Record<string, string>> {
  return { PWD: cwd, _: program };
}

/**
 * Tells what the model had started from what the agent's program does by itself, by the processes above. What can't be told is
 * the model's.
 */
export class Origins {
  readonly #top: () => number;
  readonly #folders: readonly string[];
  /** What the agent's program was seen to hand on. */
  readonly #given: Record<string, string> = {};
  readonly #shell: (() => Promise<Readonly<Record<string, string>>>) | undefined;

  /** `top`: what starts the agent. `folders`: what lies in them was written by the model, or by the project. */
  constructor(
    top: () => number,
    folders: readonly string[],
    /** What the person's shell gives to all that it starts, where the agent runs in a terminal. */
    shell?: () => Promise<Readonly<Record<string, string>>>,
  ) {
    this.#shell = shell;
    this.#top = top;
    this.#folders = folders;
  }

  async of({ pid, parent }: { readonly pid: number; readonly parent: number }): Promise<Origin> {
    const [shell, given = {}] = await Promise.all([topShell(parent, this.#top()), this.#shell?.()]);
    Object.assign(this.#given, given);
    if (shell === undefined) return { own: false, given: this.#given };
    if (shell !== null) {
      const [script, given] = await Promise.all([scriptOf(parent), startEnvironment(shell)]);
      Object.assign(this.#given, given);
      return {
        own: script !== null && !this.#folders.some((folder) => isInside(folder, script)),
        given: this.#given,
      };
    }
    const environment = await startEnvironment(pid);
    // A shell whose line is one command becomes that command.
    const direct = "HOME" in environment && !LEFT_BY_SHELLS.some((name) => name in environment);
    if (direct) Object.assign(this.#given, environment);
    return { own: direct, given: this.#given };
  }
}
