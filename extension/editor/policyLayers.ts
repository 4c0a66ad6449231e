import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { LayerName } from "../policy/compile.ts";
import { type Mode, type Rule, RULES, type RuleId, ruleVerdict } from "../policy/rules.ts";
import { ALL_LISTS } from "../policy/schema.ts";
import type { PolicyState, PolicyText } from "../policy/source.ts";
import { type RunButton, runButton, type RunItem, runPick } from "./runPick.ts";

interface LayerParts {
  readonly state: PolicyState;
  readonly mode: Mode;
  /** The layer that decided about the last command. */
  readonly decided: { readonly layer: LayerName; readonly words: string } | undefined;
  readonly openFile: (text: PolicyText) => unknown;
  readonly openText: (name: string, text: string) => unknown;
  readonly acceptedText: () => string;
  readonly create: (whose: "user" | "project") => unknown;
  readonly showChanges: () => unknown;
  readonly apply: () => unknown;
  readonly explain: () => unknown;
}

/** The layers from the weakest to the strongest, each with whether it is in force; one leads to its file. */
export function pickLayer(parts: LayerParts): Promise<void> {
  return runPick({
    title: l10n.t("Policy in force"),
    placeholder: l10n.t("A later layer overrules those above it, and nothing lifts a refusal"),
    items: [
      ...layerItems(parts),
      { label: "", kind: vscode.QuickPickItemKind.Separator },
      {
        label: `$(list-tree) ${l10n.t("Explain a verdict…")}`,
        description: l10n.t("every step from a command to its answer"),
        run: parts.explain,
      },
    ],
  });
}

function layerItems(parts: LayerParts): readonly RunItem[] {
  const { state, mode, decided, openFile, openText, acceptedText, create } = parts;
  const { user, accepted, project, pending } = state;
  const layer = (name: LayerName, item: RunItem): RunItem => ({
    ...item,
    ...(decided?.layer === name ? { detail: `$(arrow-small-right) ${decided.words}` } : {}),
  });
  const builtIn = layer("built-in", {
    label: `$(shield) ${l10n.t("Built-in rules")}`,
    description: l10n.t("in force · {0}", mode),
    detail: l10n.t("{0} rules. They hold without any policy.", Object.keys(RULES).length),
    run: () => openText("rules.txt", rulesText(mode)),
  });
  const own = layer("user", {
    label: `$(account) ${l10n.t("Yours")}`,
    description: ownText(user),
    detail: user.state === "absent" ? l10n.t("Create {0}", user.path) : `${countText(user)}${user.path}`,
    run: () => (user.state === "absent" ? create("user") : openFile(user)),
  });
  const same = pending === null && project.state !== "broken";
  const repository = layer("repository", {
    label: `$(repo) ${l10n.t("The repository's, as you accepted it")}`,
    description: accepted.state === "absent" ? l10n.t("nothing accepted yet") : l10n.t("in force"),
    detail: accepted.state === "absent" ? "" : countText(accepted, ""),
    run: () =>
      same && project.state !== "absent" ? openFile(project) : openText("accepted.jsonc", acceptedText()),
  });
  const proposed = layer("proposed", {
    label: `$(file) ${l10n.t("The repository's, as it lies there")}`,
    description: proposedText(state),
    detail:
      project.state === "absent"
        ? l10n.t("Create {0}", project.path)
        : `${countText(project)}${project.path}`,
    run: () => (project.state === "absent" ? create("project") : openFile(project)),
    ...(pending === null ? {} : { buttons: pendingButtons(parts) }),
  });
  if (same && project.state !== "absent")
    return [builtIn, own, { ...repository, label: `$(repo) ${l10n.t("The repository's")}` }];
  return accepted.state === "absent" ? [builtIn, own, proposed] : [builtIn, own, repository, proposed];
}

function pendingButtons({ showChanges, apply }: LayerParts): readonly RunButton[] {
  return [
    runButton("diff", l10n.t("Show what changed"), showChanges),
    runButton("check", l10n.t("Apply for me"), apply),
  ];
}

function ownText(text: PolicyText): string {
  if (text.state === "broken") return brokenText(text);
  return text.state === "absent" ? l10n.t("none") : l10n.t("in force");
}

function proposedText({ project, pending }: PolicyState): string {
  if (project.state === "broken") return brokenText(project);
  if (pending === null) return l10n.t("none");
  const count = pending.loosens.length;
  if (count === 0) return l10n.t("in force: it only tightens");
  return count === 1
    ? l10n.t("not in force: loosens 1 rule")
    : l10n.t("not in force: loosens {0} rules", count);
}

function brokenText({ problems: [first] }: PolicyText): string {
  return l10n.t("can't be read at {0}:{1}, so everything is asked", first?.line ?? 1, first?.column ?? 1);
}

function countText({ file }: PolicyText, separator = " · "): string {
  if (file === null) return "";
  const rules = ALL_LISTS.reduce((sum, list) => sum + (file[list]?.length ?? 0), 0);
  return `${rules === 1 ? l10n.t("1 rule") : l10n.t("{0} rules", rules)}${separator}`;
}

/** The built-in rules with their verdicts in the mode that counts. */
function rulesText(mode: Mode): string {
  const ids = Object.keys(RULES) as RuleId[];
  const width = Math.max(...ids.map((id) => id.length));
  const lines = ids.map((id) => {
    const rule: Rule = RULES[id];
    return `${ruleVerdict(id, mode).padEnd(6)} ${id.padEnd(width)}  ${rule.reason()}`;
  });
  const head = l10n.t(
    "Built-in rules, guard: {0}. What would lose nothing is allowed whatever its rule says.",
    mode,
  );
  return `${head}\n\n${lines.join("\n")}\n`;
}
