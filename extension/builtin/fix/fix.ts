import * as l10n from "@vscode/l10n";

import type { Project } from "../project.ts";
import { succeeded, tell } from "../report.ts";
import { run } from "../run.ts";
import { missingRunner } from "../runners.ts";
import type { Turn } from "../turn.ts";
import { eslint } from "./eslint.ts";
import { correctFile } from "./file.ts";
import type { Checker, Finding } from "./finding.ts";
import { oxlint } from "./oxlint.ts";
import { ruff } from "./ruff.ts";
import { summary, type Record } from "./summary.ts";
import { tsc } from "./tsc.ts";
import { ty } from "./ty.ts";

/** One correction can make room for the next, but not for ever. Ruff's own limit is 100; people watch this one. */
const MAX_ROUNDS = 5;

/** Room for what a tool has to say about a whole project. Chosen: about ten thousand findings. */
const REPORT_BYTES = 4 * 1024 * 1024;

/** Corrects what can be corrected safely, says what it did, and lists what it left. */
export async function fix(turn: Turn, project: Project): Promise<void> {
  const checkers = checkersOf(project);
  const record: Record = { fixed: [], left: [], skipped: new Map(), troubles: [] };
  for (const [index, checker] of checkers.entries()) {
    await showPlan(turn, checkers, index);
    await repair(turn, checker, record);
    if (turn.signal.aborted) {
      return;
    }
  }
  await showPlan(turn, checkers, checkers.length);
  await turn.host.say(summary(turn.cwd, record));
}

/** Names before lint: a linter would remove the import whose only use is misspelled. */
function checkersOf(project: Project): readonly Checker[] {
  const names = l10n.t("Names and types");
  const lint = l10n.t("Lint");
  return [
    ...project.python.map((part) => ty(part, names)),
    ...project.web.filter((part) => part.typed).map((part) => tsc(part, names)),
    ...project.python.map((part) => ruff(part, lint)),
    ...project.web.flatMap((part) =>
      part.linters.map((linter) => (linter === "oxlint" ? oxlint(part, lint) : eslint(part, lint))),
    ),
  ];
}

/** Asks the tool and corrects, until it finds nothing that can be corrected. */
async function repair(turn: Turn, checker: Checker, record: Record): Promise<void> {
  for (let round = 0; ; round += 1) {
    // A file's time has fractions of a millisecond, the clock has none.
    const checkedAt = Date.now() + 1;
    const outcome = await run(turn, checker.command, REPORT_BYTES);
    if (outcome.kind === "stopped") {
      return;
    }
    const findings = outcome.kind === "ended" ? checker.read(outcome.output) : [];
    if (findings.length === 0) {
      if (!succeeded(outcome)) {
        const why = checker.runner ? missingRunner(checker.runner, turn.environment) : null;
        record.troubles.push(tell({ step: checker, outcome }, why === null));
        if (why !== null && !record.troubles.includes(why)) {
          record.troubles.push(why);
        }
      }
      return;
    }
    const corrected = round < MAX_ROUNDS && (await correct(turn, findings, checkedAt, record));
    if (turn.signal.aborted) {
      return;
    }
    if (!corrected) {
      // A tool that is content in spite of its findings has only printed advice.
      record.left.push(...(succeeded(outcome) ? [] : findings));
      return;
    }
  }
}

/** Whether any file was written. A file that was left alone once is not tried again. */
async function correct(
  turn: Turn,
  findings: readonly Finding[],
  checkedAt: number,
  record: Record,
): Promise<boolean> {
  let written = false;
  const correctable = findings.filter((finding) => finding.correct && !record.skipped.has(finding.path));
  for (const path of new Set(correctable.map((finding) => finding.path))) {
    if (turn.signal.aborted) {
      return written;
    }
    const here = correctable.filter((finding) => finding.path === path);
    const result = await correctFile(turn, path, here, checkedAt);
    if (!result.ok) {
      record.skipped.set(path, result.error);
      continue;
    }
    written ||= result.value.length > 0;
    for (const { what, line, takesBack } of result.value) {
      const wrong = record.fixed.findIndex((fixed) => fixed.path === path && fixed.what === takesBack);
      if (wrong === -1) {
        record.fixed.push({ path, what, line });
      } else {
        record.fixed.splice(wrong, 1);
      }
    }
  }
  return written;
}

async function showPlan(turn: Turn, checkers: readonly Checker[], done: number): Promise<void> {
  await turn.host.plan(
    checkers.map(({ title, tool }, index) => ({
      content: `${title}: ${tool}`,
      status: index < done ? "completed" : index === done ? "in_progress" : "pending",
    })),
  );
}
