import * as l10n from "@vscode/l10n";
import type { App } from "../app.ts";
import type { Explanation, ReadCommand } from "../door/explain.ts";
import type { Fact, FactQuery } from "../guard/facts.ts";
import type { LayerName } from "../policy/compile.ts";
import type { ExplainedEffect } from "../policy/explain.ts";
import { quoteAll } from "../shell/quote.ts";
import { visible } from "../text/visible.ts";
import type { LockTrouble } from "../toolchain/locks.ts";
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
  const lock = await app.lockTrouble(explanation.considered);
  const told = args.json ? JSON.stringify(asJson(explanation, lock)) : explanationText(explanation, lock);
  process.stdout.write(`${told}\n`);
  return EXIT[explanation.considered.judgement.verdict];
}

/** The answer of `check --json`, and the steps beside it. */
function asJson(
  { considered, commands, unclear, facts, effects }: Explanation,
  lock: LockTrouble | null,
): object {
  const { id: _, ...answer } = answerOf(null, considered, lock);
  return { ...answer, layer: considered.judgement.layer, steps: { commands, unclear, facts, effects } };
}

/** Every step of a verdict, as terminal and editor show it. */
export function explanationText(
  { considered, commands, unclear, route, facts, effects }: Explanation,
  lock: LockTrouble | null,
): string {
  const read = [
    ...commands.map((command) => commandText(command)),
    ...unclear.map(({ why, text }) => `? ${why}: ${text}`),
  ];
  const judged = effects.map(({ kind, words, steps }) =>
    [`${kind}  ${words}`, ...steps.map((step) => `  ${stepText(step)}`)].join("\n"),
  );
  const sections = [
    section(l10n.t("Read as"), read),
    section(l10n.t("Route"), [route === null ? l10n.t("as it was asked") : `${route.to} · ${route.reason}`]),
    section(
      l10n.t("Looked up"),
      facts.map(({ query, answer }) =>
        l10n.t("{0} in {1}: {2}", query.fact, query.folder, factText(query, answer)),
      ),
    ),
    section(l10n.t("Effects"), judged),
    section(l10n.t("Verdict"), [forPerson(answerOf(null, considered, lock), considered)]),
  ];
  // The line may be an agent's: a control in it would be obeyed by the terminal.
  return visible(sections.filter((text) => text !== "").join("\n\n"));
}

/** A heading with what stands below it, each said once; nothing where nothing does. */
function section(heading: string, entries: readonly string[]): string {
  if (entries.length === 0) return "";
  const lines = [...new Set(entries)].flatMap((entry) => entry.split("\n"));
  return [heading, ...lines.map((line) => `  ${line}`)].join("\n");
}

function stepText({ layer, rule, verdict, reason }: ExplainedEffect["steps"][number]): string {
  return `${layerText(layer).padEnd(14)} ${verdict.padEnd(5)} ${rule}  ${reason}`;
}

function commandText({ of, words, wrappers, folders }: ReadCommand): string {
  const inside = folders === null ? l10n.t("in an unknown folder") : folders.join(", ");
  const mark = of === "run" ? l10n.t("would run: ") : "";
  return `${mark}${quoteAll([...wrappers, ...words])}  · ${inside}`;
}

function factText(query: FactQuery, answer: Fact | null): string {
  if (answer === null || !answer.known) return l10n.t("not known");
  if ("branch" in answer) return answer.branch ?? l10n.t("no branch is checked out");
  if ("arriving" in answer) return answer.arriving.join(", ") || l10n.t("none");
  const { fileCount, commits, stashes, complete } = answer.loss;
  const least = complete ? "" : "≥ ";
  if (query.fact === "commits")
    return least + (commits === 1 ? l10n.t("1 commit") : l10n.t("{0} commits", commits));
  if (query.fact === "stashes")
    return least + (stashes === 1 ? l10n.t("1 stash entry") : l10n.t("{0} stash entries", stashes));
  return least + (fileCount === 1 ? l10n.t("1 file") : l10n.t("{0} files", fileCount));
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
