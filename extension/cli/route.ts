import * as l10n from "@vscode/l10n";
import type { App } from "../app.ts";
import { FOREIGN } from "../door/considered.ts";
import type { WhereTo } from "../door/whereTo.ts";
import { swapSentence } from "../sessions/swapTexts.ts";
import { parseArgv, parseShell } from "../shell/parse.ts";
import { visible } from "../text/visible.ts";
import type { EvidenceItem, Language, Ownership } from "../toolchain/evidence.ts";
import type { Foreign } from "../toolchain/foreign.ts";
import type { Hint } from "../toolchain/row.ts";
import { ROUTING_TABLE } from "../toolchain/table.ts";
import type { Route } from "../toolchain/route.ts";
import type { OfferedSwap } from "../toolchain/routeScript.ts";
import type { RouteArguments } from "./arguments.ts";
import { lockAnswer, type LockAnswer, lockText } from "./check.ts";
import { EXIT } from "./exit.ts";

/** The answer of `interlock route`. People's scripts read it: fields are added, never changed. */
interface Answer {
  /** Null where it runs as asked. `from` and `to` are whole command lines. */
  readonly route: Route | null;
  /** Who manages the packages of each language in the command's folder. */
  readonly owners: Readonly<Record<Language, Ownership>>;
  /** What was found in the folder and above, nearest first. */
  readonly evidence: readonly EvidenceItem[];
  /** What a person could do so that more would be routed. */
  readonly hints: readonly Hint[];
  /** The lock that keeps it from running; null where there is none. */
  readonly lock: LockAnswer | null;
  /** The program that could answer for one that the project doesn't have; null where there is none, or it was decided. */
  readonly swap: Pick<OfferedSwap, "rule" | "root" | "tool" | "by" | "runs"> | null;
  /** The manager that is asked for where another one owns the project; null where there is none. Then it is refused. */
  readonly foreign: Pick<Foreign, "program" | "owner" | "reason" | "instead"> | null;
}

const LANGUAGES = [
  ["python", () => l10n.t("Python")],
  ["javascript", () => l10n.t("JavaScript and TypeScript")],
] as const satisfies readonly (readonly [Language, () => string])[];

/** Says where a command would be sent, by which evidence, and whether its lock lets it run. The command is not run. */
export async function printRoute(
  app: App,
  root: string,
  cwd: string,
  { words, json, swap }: RouteArguments,
): Promise<number> {
  const [line = "", ...more] = words;
  const script = more.length === 0 ? parseShell(line, { cwd }) : parseArgv(words, { cwd });
  const where = await app.whereTo(script, cwd, root, swap);
  process.stdout.write(`${json ? JSON.stringify(answerOf(where)) : routeText(script.text, where)}\n`);
  return EXIT.allow;
}

function answerOf({ routing: { route, hints }, foreign, evidence, lock, swap }: WhereTo): Answer {
  const { python, javascript, items } = evidence;
  return {
    route,
    owners: { python: python.owner, javascript: javascript.owner },
    evidence: items,
    hints,
    lock: lockAnswer(lock),
    swap: swap && { rule: swap.rule, root: swap.root, tool: swap.tool, by: swap.by, runs: swap.runs },
    foreign: foreign && {
      program: foreign.program,
      owner: foreign.owner,
      reason: foreign.reason,
      instead: foreign.instead,
    },
  };
}

/** Where a line would be sent and why. Its words, and names of files, may hold controls that a terminal would obey. */
export function routeText(asked: string, where: WhereTo): string {
  const { route, foreign } = answerOf(where);
  const lines =
    route === null
      ? [asked, l10n.t("  runs as asked")]
      : [asked, `  → ${route.to}`, `  ${route.rule} (${route.kind}): ${route.reason}`];
  if (foreign !== null) {
    const refused = l10n.t("an agent's command is refused");
    const use = l10n.t("Use `{0}`.", foreign.instead);
    lines[1] = `  ${foreign.reason} ${use} (${FOREIGN}: ${refused})`;
  }
  return visible([...lines, ...evidenceLines(where)].join("\n"));
}

/** What says where a line is sent: its lock, who owns the packages, and what was found. */
export function evidenceText(where: WhereTo): string {
  return visible(evidenceLines(where).join("\n"));
}

function evidenceLines(where: WhereTo): readonly string[] {
  const { owners, evidence, hints, lock, swap } = answerOf(where);
  const lines: string[] = [];
  if (swap !== null) {
    const asked = l10n.t("the person is asked first, once for this project");
    lines.push(`  ${swapSentence(swap)} ${swap.runs} (${swap.rule}: ${asked})`);
  }
  if (lock !== null) lines.push(lockText(lock));
  for (const [language, name] of LANGUAGES) {
    const owner = ownerText(owners[language]);
    if (owner !== null) lines.push(`  ${name()}: ${owner}`);
  }
  const found = evidence.map(({ what, path }) => l10n.t("  found: {0} in {1}", what, path));
  lines.push(...new Set(found));
  for (const { message, command } of hints)
    lines.push(l10n.t("  hint: {0}", command === undefined ? message : `${message} ${command}`));
  return lines;
}

/** The row of the table that has an id, for a person; what isn't in the table is a rule of a policy, or a refusal. */
export function rowText(id: string): string {
  const row = ROUTING_TABLE.find((each) => each.id === id);
  if (row === undefined) return l10n.t("Rule: {0}", id);
  const programs = row.programs?.join(", ") ?? l10n.t("the programs of the project's environment");
  return row.kind === "same"
    ? l10n.t("Row of the routing table: {0}, the same program; for {1}", id, programs)
    : l10n.t("Row of the routing table: {0}, another program; for {1}", id, programs);
}

function ownerText(owner: Ownership): string | null {
  switch (owner.state) {
    case "owned":
      return l10n.t("{0} owns the packages, by {1}", owner.manager, owner.proof.what);
    case "ambiguous": {
      const proofs = owner.proofs.map(({ what }) => what).join(", ");
      return l10n.t("two managers are proven, so none is followed: {0}", proofs);
    }
    case "unowned":
      return l10n.t("nothing proves who owns the packages");
    case "absent":
      return null;
  }
}
