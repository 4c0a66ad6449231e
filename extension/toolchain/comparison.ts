import * as l10n from "@vscode/l10n";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
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

type Looks = Pick<Toolchain, "tools" | "runners">;

/**
 * Has both programs look at the same files, for the card by which a person decides between them: nobody said yes to either yet.
 * They are told only to look, and to leave the project's configuration alone where that may be code; what they keep for themselves
 * goes to a folder that is thrown away. Both are the machine's own, or the asked one is fetched by uv or bun into an environment of
 * its own; its name is one of the table's. `mayRun`: the asked command would pass as it is.
 */
export async function compare(
  swap: Swap,
  mayRun: boolean,
  toolchain: Looks,
  processes: Pick<Processes, "run">,
): Promise<Comparison> {
  const { look, tool, by } = swap;
  if (look === null) {
    const missing = l10n.t(
      "Not run to compare: it would run the project's code, or its words aren't known yet.",
    );
    return [nothing(tool, missing), nothing(by, missing)];
  }
  const scratch = await mkdtemp(join(tmpdir(), "interlock-look-"));
  const started = Date.now();
  const run: Run = ([command = "", ...args], cwd) => {
    const timeoutMs = Math.max(1, LOOK_MS - (Date.now() - started));
    const env = keepingIn(scratch);
    return processes.run({ command, args, cwd, env, timeoutMs, maxBytes: OUTPUT_BYTES });
  };
  try {
    return await Promise.all([
      lookOfAsked(swap, mayRun, { toolchain, run, scratch }),
      lookOfAnswering(swap, { toolchain, run }),
    ]);
  } finally {
    // What was found counts also where the folder can't be removed.
    await rm(scratch, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** Starts a program in a folder, for as long as there is time for the look. */
type Run = (argv: readonly string[], cwd: string) => Promise<RunResult>;

interface Looking {
  readonly toolchain: Looks;
  readonly run: Run;
  readonly scratch: string;
}

async function lookOfAsked(
  { tool, package: name, language, folder, look }: Swap,
  mayRun: boolean,
  { toolchain, run, scratch }: Looking,
): Promise<Findings> {
  const args = look?.asked ?? null;
  if (args === null) return nothing(tool, runsCode(tool));
  if (!mayRun)
    return nothing(
      tool,
      l10n.t("Not run to compare: as it was asked it would need your yes, or be refused."),
    );
  const lookWith = async (argv: readonly string[]): Promise<Findings> =>
    findingsOf(tool, await run([...argv, ...args], folder), folder);
  const found = toolchain.tools.onMachine(tool);
  if (found !== null) return lookWith([found.path]);
  const { uv, bun } = toolchain.runners();
  const runner = language === "javascript" ? bun : uv;
  if (runner === null) return nothing(tool, l10n.t("{0} is not on this machine.", tool));
  // It goes by the person's settings, and not by those of the project.
  if (language === "python") return lookWith([runner, "tool", "run", "--quiet", tool]);
  // Away from the project, whose settings would choose where it comes from, and what is loaded with it.
  await writeFile(join(scratch, "package.json"), "{}");
  const fetched = await run([runner, "add", "--silent", "--ignore-scripts", name], scratch);
  return fetched.code === 0
    ? lookWith([join(scratch, "node_modules", ".bin", tool)])
    : findingsOf(tool, fetched, scratch);
}

async function lookOfAnswering(
  { by, folder, look }: Swap,
  { toolchain: { tools }, run }: Omit<Looking, "scratch">,
): Promise<Findings> {
  if (!look?.by) return nothing(by, runsCode(by));
  // The project's own one is code of the project, too.
  const found = tools.onMachine(by);
  if (found === null) return nothing(by, l10n.t("{0} is not on this machine.", by));
  return findingsOf(by, await run([found.path, ...look.by], folder), folder);
}

function runsCode(program: string): string {
  return l10n.t("Not run to compare: {0} could run the project's code before you said yes.", program);
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
    // No module of the folder in the place of Python's own.
    PYTHONSAFEPATH: "1",
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
