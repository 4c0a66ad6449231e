import type { Processes, RunResult } from "../process/processes.ts";
import { FilterSwitches } from "./filters.ts";

/** A fact must be there in under a second, or it is unknown (docs/architecture.md, "Guard in two pure steps"). */
export const GIT_TIMEOUT_MS = 1_000;
/** Enough for the paths of 50,000 files. */
const MAX_OUTPUT = 8 * 1024 * 1024;

/**
 * A repository's own configuration can run programs: file system monitors, hooks, pagers, external diffs,
 * filters. None of them may run because Interlock looked.
 */
const HARDENING: readonly string[] = [
  "--no-pager",
  "--no-optional-locks",
  "-c",
  "core.fsmonitor=false",
  "-c",
  "core.hooksPath=/dev/null",
  "-c",
  "core.pager=cat",
  "-c",
  "core.editor=:",
  "-c",
  "core.untrackedCache=false",
  "-c",
  "diff.external=",
  "-c",
  "log.showSignature=false",
  "-c",
  "status.submoduleSummary=false",
  "-c",
  "credential.helper=",
  "-c",
  "protocol.allow=never",
  "-c",
  "gc.auto=0",
  "-c",
  "maintenance.auto=false",
];

export interface GitRequest {
  readonly folder: string;
  readonly args: readonly string[];
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** What git reads on standard input. */
  readonly input?: Buffer;
  /** `latin1`: every byte of the output as one character. */
  readonly encoding?: "utf8" | "latin1";
  /** One that a person waits for, alone: see `SpawnRequest`. */
  readonly inHostGroup?: boolean;
  /** Bytes of output that are kept, where the paths of 50,000 files are not enough. */
  readonly maxBytes?: number;
  /** Another index, or objects from elsewhere. Nothing else of git's surroundings is for a caller to choose. */
  readonly env?: Partial<
    Record<"GIT_INDEX_FILE" | "GIT_OBJECT_DIRECTORY" | "GIT_ALTERNATE_OBJECT_DIRECTORIES", string>
  >;
}

/** The one place that starts git. */
export class Git {
  readonly #processes: Processes;
  readonly #filters: FilterSwitches;

  constructor(processes: Processes) {
    this.#processes = processes;
    const args = [...HARDENING, "config", "--list", "--show-origin", "-z"];
    this.#filters = new FilterSwitches((folder) => this.#start(args, { folder, args }));
  }

  /** Runs git, hardened, and says how it ended. Success is exit 0 with nothing cut off. */
  async run(request: GitRequest): Promise<RunResult> {
    const filters = await this.#filters.off(request.folder);
    // Without knowing the filters, git might run them.
    if ("failed" in filters) return filters.failed;
    return this.#start([...HARDENING, ...filters.off, ...request.args], request);
  }

  #start(args: readonly string[], request: GitRequest): Promise<RunResult> {
    const { signal, input, encoding } = request;
    return this.#processes.run({
      command: "git",
      args,
      cwd: request.folder,
      env: {
        GIT_TERMINAL_PROMPT: "0",
        GIT_OPTIONAL_LOCKS: "0",
        GIT_NO_LAZY_FETCH: "1",
        LC_ALL: "C",
        ...request.env,
      },
      timeoutMs: request.timeoutMs ?? GIT_TIMEOUT_MS,
      maxBytes: request.maxBytes ?? MAX_OUTPUT,
      ...(request.inHostGroup === undefined ? {} : { inHostGroup: request.inHostGroup }),
      ...(signal === undefined ? {} : { signal }),
      ...(input === undefined ? {} : { input }),
      ...(encoding === undefined ? {} : { encoding }),
    });
  }
}

/** True when the answer can be trusted: git ended well, in time, and nothing was cut off. */
export function succeeded(result: RunResult): boolean {
  return result.code === 0 && !result.timedOut && !result.truncated;
}
