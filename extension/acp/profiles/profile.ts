/** What Claude Code and Codex wait for a hook where nobody says how long: a person has half of it to answer. */
export const HOOK_SECONDS = 600;

/** As long may a command take that waits for a person: agents end theirs after two minutes otherwise. */
export const COMMAND_TIMEOUT_MS = String(HOOK_SECONDS * 1_000);

/** The program that an agent is to run before each of its commands. */
export interface AgentHook {
  /** A line of shell. */
  readonly command: string;
  /** Seconds that the agent waits for it. */
  readonly seconds: number;
}

/** The agent that is about to start, and what its person has set up for it. */
export interface LaunchContext {
  readonly args: readonly string[];
  /** The session's folder. */
  readonly cwd: string;
  /** The variables that a person gives to it. */
  readonly variables: Readonly<Record<string, string>>;
  /** All of its environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Null where none can be had, or nobody wants it. */
  readonly hook: AgentHook | null;
  /** What the agent's own program prints when it is started with other arguments; null where it fails, or takes too long. */
  readonly printed: (
    args: readonly string[],
    variables: Readonly<Record<string, string>>,
  ) => Promise<string | null>;
}

/** What an agent is started with besides, for this process and this session alone. */
export interface LaunchSetup {
  readonly env?: Readonly<Record<string, string>>;
  /** `_meta` of `session/new`. */
  readonly meta?: Readonly<Record<string, unknown>>;
  /** It runs the hook. */
  readonly hooked?: true;
}

/** What an agent's own program takes on its command line so that it runs the hook before and after each of its commands. */
export interface OnCommandLine {
  readonly program: string;
  readonly words: (hook: AgentHook) => readonly string[];
  /** Patterns of sh for words of the person's own that would be lost by that, or take its place. */
  readonly yieldsTo: readonly string[];
  /** As a person is told of it. */
  readonly option: string;
}

/** What differs between agents. It stands in their profiles, and nowhere else. */
export interface AgentProfile {
  /** The names of the programs that speak ACP for it. */
  readonly programs: readonly string[];
  /** The packages that bring them, without their scopes. */
  readonly packages: readonly string[];
  /** Variables by which its commands may wait for a person, unless the person has set them. */
  readonly patience: Readonly<Record<string, string>>;
  /** What makes it ask, and run the hook. Nothing of the person's is switched off, and none of their files is written. */
  readonly launch: (context: LaunchContext) => LaunchSetup | Promise<LaunchSetup>;
  /** Its own program, as a person starts it in a terminal; absent where it has no hook there. */
  readonly terminal?: OnCommandLine;
}
