import * as l10n from "@vscode/l10n";

import type { Step } from "./chores.ts";
import type { Outcome } from "./run.ts";
import { missingRunner, type Runner } from "./runners.ts";

export interface StepResult {
  readonly step: Step;
  readonly outcome: Outcome;
}

/** What a shell answers where there is no such program (POSIX). */
const NO_SUCH_PROGRAM = 127;

/** One sentence about one command. `installable`: false where what would bring its programs is itself missing. */
export function tell({ step, outcome }: StepResult, installable = true): string {
  const line = code(step.command.line);
  if (outcome.kind === "ended") {
    const { instead } = outcome;
    if (instead === undefined) return tellEnd(line, outcome, installable);
    return l10n.t(
      "You had {0} run instead of {1}. {2}",
      code(instead),
      line,
      tellEnd(code(instead), outcome, installable),
    );
  }
  if (outcome.kind === "stopped") {
    return l10n.t("{0} was stopped.", line);
  }
  return outcome.kind === "refused"
    ? l10n.t("{0} was not run. {1}", line, outcome.reason)
    : l10n.t("{0} was started, but how it ended is unknown. {1}", line, outcome.reason);
}

function tellEnd(line: string, outcome: Extract<Outcome, { kind: "ended" }>, installable: boolean): string {
  if (outcome.exitCode === 0) {
    return l10n.t("{0} succeeded.", line);
  }
  if (outcome.exitCode === NO_SUCH_PROGRAM) {
    if (!installable) {
      return l10n.t("{0} failed: there is no such program here.", line);
    }
    return l10n.t("{0} failed: there is no such program here. {1} may bring it.", line, code("/install"));
  }
  if (outcome.exitCode === null) {
    return outcome.signal === null
      ? l10n.t("{0} failed.", line)
      : l10n.t("{0} was ended by {1}.", line, outcome.signal);
  }
  return l10n.t("{0} failed (exit code {1}).", line, outcome.exitCode);
}

/** What became of a chore: one sentence for one command, a list for several. */
export function summarise(
  results: readonly StepResult[],
  environment: NodeJS.ProcessEnv,
  leftOut: readonly string[],
): string {
  const [only] = results;
  const failed = results.filter(({ outcome }) => outcome.kind !== "refused" && !succeeded(outcome));
  const runners = new Map<Runner, string>();
  for (const { step } of failed) {
    const why = step.runner ? missingRunner(step.runner, environment) : null;
    if (step.runner && why !== null) {
      runners.set(step.runner, why);
    }
  }
  const said = (result: StepResult): string =>
    tell(result, !result.step.runner || !runners.has(result.step.runner));
  const told =
    only && results.length === 1
      ? said(only)
      : [heading(results), list(results.map((result) => `${result.step.title}: ${said(result)}`))].join(
          "\n\n",
        );
  const refused = results.some(({ outcome }) => outcome.kind === "refused");
  const fixable = results.some(
    ({ step, outcome }) => step.fixable && outcome.kind === "ended" && !succeeded(outcome),
  );
  return [
    told,
    ...runners.values(),
    ...(leftOut.length > 0 ? [l10n.t("Not checked:"), list(leftOut)] : []),
    ...(refused ? [l10n.t("I won't try again on my own.")] : []),
    ...(fixable ? [l10n.t("{0} corrects what can be corrected safely.", code("/fix"))] : []),
  ].join("\n\n");
}

function heading(results: readonly StepResult[]): string {
  const good = results.filter((result) => succeeded(result.outcome)).length;
  return good === results.length
    ? l10n.t("All {0} succeeded.", results.length)
    : l10n.t("{0} of {1} succeeded.", good, results.length);
}

export function succeeded(outcome: Outcome): boolean {
  return outcome.kind === "ended" && outcome.exitCode === 0;
}

/** Markdown. */
export function list(rows: readonly string[]): string {
  return rows.map((row) => `- ${row}`).join("\n");
}

/** Markdown: the text as code, whatever backticks are in it. */
export function code(text: string): string {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  const flat = text.replaceAll(/\s*\n\s*/g, " ");
  return longest === 0 ? `${fence}${flat}${fence}` : `${fence} ${flat} ${fence}`;
}

/** Markdown: text of a tool, with its own backticks for code and nothing else in it that Markdown would read. */
export function prose(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((piece) => (piece.startsWith("`") ? piece : piece.replaceAll(/[\\*_<>[\]#|~&]/g, String.raw`\$&`)))
    .join("");
}
