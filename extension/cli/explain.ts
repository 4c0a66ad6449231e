import * as l10n from "@vscode/l10n";
import type { App } from "../app.ts";
import type { Explanation, ReadCommand } from "../door/explain.ts";
import type { Fact, FactQuery } from "../guard/facts.ts";
import type { LayerName } from "../policy/compile.ts";
import type { CheckArguments } from "./arguments.ts";
import { actOf, answerOf, forPerson } from "./check.ts";
import { EXIT } from "./exit.ts";

/** Prints every step from a command to its verdict. */
export async function explainCheck(
  app: App,
  root: string,
  cwd: string,
  args: CheckArguments,
): Promise<number> {
  const explanation = await app.explain(actOf(args, cwd), root);
  process.stdout.write(`${args.json ? JSON.stringify(asJson(explanation)) : explanationText(explanation)}\n`);
  return EXIT[explanation.considered.judgement.verdict];
}

/** The answer of `check --json`, and the steps beside it. */
function asJson({ considered, commands, unclear, facts, effects }: Explanation): object {
  const { id: _, ...answer } = answerOf(null, considered);
  return { ...answer, layer: considered.judgement.layer, steps: { commands, unclear, facts, effects } };
}

/** Every step of a verdict, as terminal and editor show it. */
export function explanationText({
  considered,
  commands,
  unclear,
  route,
  facts,
  effects,
}: Explanation): string {
  const lines = [l10n.t("Read as")];
  for (const command of commands) lines.push(`  ${commandText(command)}`);
  for (const { why, text } of unclear) lines.push(`  ? ${why}: ${text}`);
  lines.push(
    l10n.t("Route"),
    `  ${route === null ? l10n.t("as it was asked") : `${route.to} · ${route.reason}`}`,
  );
  if (facts.length > 0) lines.push(l10n.t("Looked up"));
  for (const { query, answer } of facts)
    lines.push(`  ${query.fact} ${query.folder}: ${factText(query, answer)}`);
  lines.push(l10n.t("Effects"));
  for (const { kind, words, steps } of effects) {
    lines.push(`  ${kind}  ${words}`);
    for (const { layer, rule, verdict, reason } of steps)
      lines.push(`    ${layerText(layer).padEnd(14)} ${verdict.padEnd(5)} ${rule}  ${reason}`);
  }
  lines.push(l10n.t("Verdict"), forPerson(answerOf(null, considered), considered));
  return lines.join("\n");
}

function commandText({ of, words, wrappers, folders }: ReadCommand): string {
  const inside = folders === null ? l10n.t("in an unknown folder") : folders.join(", ");
  const mark = of === "run" ? l10n.t("would run: ") : "";
  return `${mark}${[...wrappers, ...words].join(" ")}  · ${inside}`;
}

function factText(query: FactQuery, answer: Fact | null): string {
  if (answer === null || !answer.known) return l10n.t("not known");
  if ("branch" in answer) return answer.branch ?? l10n.t("no branch is checked out");
  const { fileCount, commits, stashes, complete } = answer.loss;
  const least = complete ? "" : "≥ ";
  if (query.fact === "commits") return least + l10n.t("{0} commits", commits);
  return query.fact === "stashes"
    ? least + l10n.t("{0} stash entries", stashes)
    : least + l10n.t("{0} files", fileCount);
}

export function layerText(layer: LayerName): string {
  switch (layer) {
    case "built-in":
      return l10n.t("built-in");
    case "user":
      return l10n.t("user");
    case "repository":
      return l10n.t("repository");
    case "proposed":
      return l10n.t("not accepted");
    case "session":
      return l10n.t("session");
  }
}
