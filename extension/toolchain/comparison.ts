import * as l10n from "@vscode/l10n";
import { mkdtemp, rm } from "node:fs/promises";
import { devNull, tmpdir } from "node:os";
import { join } from "node:path";
import type { Processes, RunResult } from "../process/processes.ts";
import type { Swap } from "./row.ts";
import type { Toolchain } from "./toolchain.ts";

/** What one program says of the files, as a person compares it with what another one says. */
export interface Findings {
  readonly program: string;
  /** Its first lines, paths relative to the folder it ran in; empty where it says nothing. */
  readonly lines: readonly string[];
  /** Lines beyond those. */
  readonly more: number;
  /** Lines that name a place in a file. */
  readonly count: number;
  /** How it ended; null where it did not run, or was ended. */
  readonly exit: number | null;
  /** One localised sentence: why there is nothing to be seen of it. */
  readonly missing?: string;
}

/** Both programs' findings, that of the asked one first. */
export type Comparison = readonly [Findings, Findings];

/** A person is asked after this time at most: a program that has to be fetched first may take seconds. */
const LOOK_MS = 15_000;
/** Output of a program that is read: what is shown of it is far less. */
const OUTPUT_BYTES = 256 * 1024;
/** Lines and characters that are kept of each: enough to see how they differ. */
const LINES = 100;
const LINE_CHARACTERS = 200;
/** `file:line`, `file:line:column`, or `file(line,column)` as tsc has it. */
const PLACE = /^\s*\S.*?(?::\d+(?::\d+)?(?::|\s|$)|\(\d+,\d+\))/;

type Looks = Pick<Toolchain, "tools" | "runners" | "evidence">;

/**
 * Has both programs look at the same files, for the card by which a person decides between them. Neither writes to the project:
 * they are told only to look, and what they keep for themselves goes to a folder that is thrown away. The asked one is the
 * machine's own, or is fetched by uv or bun into an environment of its own; its name is one of the table's.
 */
export async function compare(
  swap: Swap,
  toolchain: Looks,
  processes: Pick<Processes, "run">,
): Promise<Comparison> {
  const { look, tool, by, folder } = swap;
  if (look === null) {
    const missing = l10n.t(
      "Not run to compare: it would run the project's code, or its words aren't known yet.",
    );
    return [nothing(tool, missing), nothing(by, missing)];
  }
  const scratch = await mkdtemp(join(tmpdir(), "interlock-look-"));
  const run = async (program: string, argv: readonly string[] | null): Promise<Findings> => {
    const [command, ...args] = argv ?? [];
    if (command === undefined) return nothing(program, l10n.t("{0} is not on this machine.", program));
    const env = keepingIn(scratch);
    const limits = { timeoutMs: LOOK_MS, maxBytes: OUTPUT_BYTES };
    return findingsOf(program, await processes.run({ command, args, cwd: folder, env, ...limits }), folder);
  };
  try {
    return await Promise.all([
      run(tool, askedProgram(swap, look.asked, toolchain)),
      run(by, answeringProgram(swap, look.by, toolchain)),
    ]);
  } finally {
    // What was found counts also where the folder can't be removed.
    await rm(scratch, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** How the asked program is had without changing the project. */
function askedProgram(
  { tool, package: name, language, folder }: Swap,
  args: readonly string[],
  toolchain: Looks,
): readonly string[] | null {
  const found = toolchain.tools.onMachine(tool);
  if (found !== null) return [found.path, ...args];
  const { uv, bun } = toolchain.runners();
  if (language === "javascript")
    return bun === null ? null : [bun, "x", "--silent", "--package", name, tool, ...args];
  const { environment } = toolchain.evidence(folder).python;
  // It sees the project's packages as ty does, though it is not installed among them.
  const python =
    tool === "mypy" && environment
      ? [`--python-executable=${join(environment.folder, "bin", "python")}`]
      : [];
  return uv === null ? null : [uv, "tool", "run", "--quiet", tool, ...python, ...args];
}

/** The project's own program where it has one, as when it answers. */
export function answeringProgram(
  { by, folder }: Swap,
  args: readonly string[],
  { tools }: Pick<Toolchain, "tools">,
): readonly string[] | null {
  const found = by === "bun" ? tools.onMachine(by) : tools.find(by, folder);
  return found === null ? null : [found.path, ...args];
}

/** What makes programs keep their caches in a folder, and write plain text. */
function keepingIn(scratch: string): Readonly<Record<string, string>> {
  return {
    NO_COLOR: "1",
    MYPY_CACHE_DIR: devNull,
    BLACK_CACHE_DIR: scratch,
    PYLINTHOME: scratch,
    RUFF_NO_CACHE: "true",
    PYTHONDONTWRITEBYTECODE: "1",
  };
}

function findingsOf(program: string, result: RunResult, folder: string): Findings {
  const { code, stdout, stderr, timedOut, failure } = result;
  if (timedOut) {
    const seconds = LOOK_MS / 1_000;
    return nothing(program, l10n.t("{0} did not answer within {1} seconds.", program, seconds));
  }
  if (failure !== undefined || code === null) {
    return nothing(program, l10n.t("{0} could not be run here.", program));
  }
  const said = `${stdout}\n${stderr}`.replaceAll(`${folder}/`, "");
  const all = said.split(/\r?\n/).filter((line) => line.trim() !== "");
  return {
    program,
    lines: all.slice(0, LINES).map((line) => line.slice(0, LINE_CHARACTERS)),
    more: Math.max(0, all.length - LINES),
    count: all.filter((line) => PLACE.test(line)).length,
    exit: code,
  };
}

function nothing(program: string, missing: string): Findings {
  return { program, lines: [], more: 0, count: 0, exit: null, missing };
}
