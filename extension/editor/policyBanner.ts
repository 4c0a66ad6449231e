import * as l10n from "@vscode/l10n";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import type { App } from "../app.ts";
import type { Banner } from "../panel/protocol.ts";
import type { PolicySource, PolicyState, PolicyText } from "../policy/source.ts";
import { workspaceRoots } from "./folders.ts";
import type { PolicyEdits } from "./policyEdits.ts";

/** What a banner's button does, before the number of the project's folder in the window. */
export const POLICY_ACTIONS = ["policy-show", "policy-apply", "policy-open", "policy-open-own"] as const;
export type PolicyAction = (typeof POLICY_ACTIONS)[number];

/** What of the policies is not in force, can't be read, or was changed by an agent. */
export function policyBanners(app: App, shown: string | undefined, edits: PolicyEdits): readonly Banner[] {
  return workspaceRoots().flatMap((root, index) => {
    const source = shown === undefined || shown === root ? app.knownPolicy(root) : undefined;
    return source === undefined ? [] : bannersOf(root, index, source, edits);
  });
}

function bannersOf(root: string, index: number, source: PolicySource, edits: PolicyEdits): readonly Banner[] {
  const state = source.current();
  const broken = [state.project, state.user]
    .filter(({ state: each }) => each === "broken")
    .map((text) => brokenBanner(text, index));
  const pending = pendingBanner(root, index, state, edits);
  return pending === null ? broken : [...broken, pending];
}

function brokenBanner({ path, layer, problems: [first] }: PolicyText, index: number): Banner {
  const { line, column, message } = first ?? { line: 1, column: 1, message: "" };
  const action: PolicyAction = layer === "user" ? "policy-open-own" : "policy-open";
  return {
    id: `policy-broken-${layer}-${index}`,
    level: "error",
    problem: {
      code: "policy.broken",
      message: l10n.t("{0}, line {1}, column {2}: {3}", basename(path), line, column, message),
      next: l10n.t("What was read last holds, and everything is asked until the file is in order."),
    },
    action: { id: `${action}:${index}`, label: l10n.t("Open") },
  };
}

function pendingBanner(root: string, index: number, state: PolicyState, edits: PolicyEdits): Banner | null {
  const { pending, project } = state;
  if (pending === null) return null;
  const agent = edits.agentOf(root, textOf(project));
  // What a person wrote and only tightens counts on save, and needs no word.
  if (agent === undefined && pending.loosens.length === 0) return null;
  const show = { id: `policy-show:${index}`, label: l10n.t("Show") };
  const apply = { id: `policy-apply:${index}`, label: l10n.t("Apply for me") };
  return {
    id: `policy-pending-${index}`,
    level: "warning",
    problem: { code: "policy.pending", ...pendingWords(basename(project.path), state, agent) },
    action: show,
    also: apply,
  };
}

function pendingWords(
  file: string,
  { pending, project }: PolicyState,
  agent: string | undefined,
): { readonly message: string; readonly next: string } {
  const count = pending?.loosens.length ?? 0;
  if (count === 0) {
    return {
      message: l10n.t("{0} changed {1}. It only tightens, so it holds already.", agent ?? "", file),
      next: l10n.t("Apply it once you have read it."),
    };
  }
  const loosens = count === 1 ? l10n.t("loosens 1 rule") : l10n.t("loosens {0} rules", count);
  const next = l10n.t("Until you apply it, only what it tightens counts.");
  if (project.state === "absent") {
    return {
      message: l10n.t("{0} is gone, which {1}.", file, loosens),
      next: l10n.t("What you accepted last holds until you apply that."),
    };
  }
  const message =
    agent === undefined
      ? l10n.t("Not in force: {0} {1}.", file, loosens)
      : l10n.t("Not in force: {0} was changed by {1} and {2}.", file, agent, loosens);
  return { message, next };
}

function textOf({ path, state }: PolicyText): string {
  if (state === "absent") return "";
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
