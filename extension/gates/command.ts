import * as l10n from "@vscode/l10n";
import type { Processes } from "../process/processes.ts";
import type { Evidence } from "../toolchain/evidence.ts";
import type { FoundTool, Tools } from "../toolchain/tools.ts";
import type { CheckOutcome } from "./checker.ts";

/** Bytes of output that are kept: ten thousand findings of ruff, the wordiest of the tools. */
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;
/** Nothing of a person's terminal decides how output that we read looks. */
const PLAIN = { NO_COLOR: "1", FORCE_COLOR: null, CLICOLOR_FORCE: null };

/** What the checkers are made of. */
export interface CheckerDeps {
  /** Absolute: the session's folder. */
  readonly folder: string;
  readonly processes: Pick<Processes, "run">;
  readonly tools: Tools;
  readonly evidence: (folder: string) => Evidence;
}

export interface ToolRun {
  readonly tool: string;
  readonly found: FoundTool;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly timeoutMs: number;
  /** Exit codes that mean: it looked, and this is what it found. */
  readonly answers: readonly number[];
  readonly env?: Readonly<Record<string, string | null>>;
}

export type ToolAnswer =
  | { readonly ok: true; readonly stdout: string; readonly truncated: boolean; readonly tool: string }
  | { readonly ok: false; readonly outcome: CheckOutcome };

/** Runs a tool to its end. What is no clear answer is a reason why the gate is not available. */
export async function runTool(
  { processes, tools }: CheckerDeps,
  run: ToolRun,
  signal: AbortSignal,
): Promise<ToolAnswer> {
  const [version, result] = await Promise.all([
    tools.version(run.found.path, run.cwd),
    processes.run({
      command: run.found.path,
      args: run.args,
      cwd: run.cwd,
      env: { ...PLAIN, ...run.env },
      timeoutMs: run.timeoutMs,
      maxBytes: MAX_OUTPUT_BYTES,
      signal,
    }),
  ]);
  if (signal.aborted) return { ok: false, outcome: { state: "cancelled" } };
  const no = (reason: string): ToolAnswer => ({
    ok: false,
    outcome: { state: "unavailable", reason, ms: result.ms },
  });
  const { tool } = run;
  if (result.failure !== undefined)
    return no(l10n.t("{0} could not be started ({1}).", tool, result.failure));
  if (result.timedOut) {
    const seconds = String(run.timeoutMs / 1000);
    return no(l10n.t("{0} was stopped: it took longer than {1} seconds.", tool, seconds));
  }
  if (result.code === null || !run.answers.includes(result.code)) {
    const ended = result.signal ?? String(result.code);
    return no(l10n.t("{0} failed ({1}): {2}", tool, ended, lastWords(result.stderr || result.stdout)));
  }
  return {
    ok: true,
    stdout: result.stdout,
    truncated: result.truncated,
    tool: version === null ? tool : `${tool} ${version}`,
  };
}

/** What a person can do about a Python tool that neither the project nor the machine has. */
export function notFound(tool: "ruff" | "ty"): string {
  return l10n.t(
    "{0} was not found: add it to the project with `uv add --dev {0}`, or choose “Interlock: Get Missing Tools…”.",
    tool,
  );
}

/** The outcome for output that was not what the tool is known to write. */
export function notUnderstood(tool: string, ms: number, output: string): CheckOutcome {
  const reason = l10n.t("What {0} wrote was not understood: {1}", tool, lastWords(output.slice(0, 4_096)));
  return { state: "unavailable", reason, ms };
}

/** The lines that say most: those about an error and its cause, else the last one. */
function lastWords(output: string): string {
  const lines = output.split(/\r?\n/).filter((line) => line.trim() !== "");
  const telling = lines.filter((line) => /error|cause|fail|cannot|not found/i.test(line)).slice(0, 2);
  return (telling.length > 0 ? telling : lines.slice(-1))
    .map((line) => line.trim())
    .join(" ")
    .slice(0, 300);
}
