import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { App, OpenOptions } from "../app.ts";
import { environmentsOf } from "../policy/merged.ts";
import { readUncommitted } from "../sessions/uncommitted.ts";
import { programsUnseen } from "./bounds.ts";
import { plainLabel } from "./labels.ts";

/** Hosts that a line lists. */
const LISTED = 3;

/**
 * What a person says when a session starts: for which environment, where the policy names some, and what a worktree of its own
 * begins with, where there is something to carry over. Undefined where they don't want one after all.
 */
export async function howToStart(
  app: App,
  root: string,
  worktree: boolean,
): Promise<OpenOptions | undefined> {
  const policy = (await app.policy(root)).current();
  const environment = await chooseEnvironment(environmentsOf(policy));
  if (environment === undefined) return undefined;
  const chosen = environment === "" ? {} : { environment };
  if (!worktree && policy.settings.where === "folder") return chosen;
  const carry = await chooseCarry(app, root);
  return carry === undefined ? undefined : { ...chosen, worktree: true, carry };
}

/** Empty for none, which is what a stray Enter takes. */
async function chooseEnvironment(
  environments: ReadonlyMap<string, readonly string[]>,
): Promise<string | undefined> {
  if (environments.size === 0) return "";
  const none = {
    label: l10n.t("No environment"),
    detail: l10n.t("A command that names one of their hosts asks first."),
    name: "",
  };
  const items = [...environments].map(([name, hosts]) => ({
    label: `$(server-environment) ${name}`,
    detail: l10n.t("Commands may name {0} unasked.", hostList(hosts)),
    name,
  }));
  const answer = await vscode.window.showQuickPick([none, ...items], {
    title: l10n.t("For which environment is this session?"),
    placeHolder: programsUnseen(),
  });
  return answer?.name;
}

function hostList(hosts: readonly string[]): string {
  const named = plainLabel(hosts.slice(0, LISTED).join(", "));
  return hosts.length > LISTED ? l10n.t("{0} and {1} more", named, hosts.length - LISTED) : named;
}

async function chooseCarry(app: App, root: string): Promise<boolean | undefined> {
  const count = (await readUncommitted(app.git, root))?.files.size ?? 0;
  if (count === 0) return false;
  const without = {
    label: l10n.t("Begin with the last commit"),
    detail: l10n.t("Your uncommitted changes stay where they are, and only there."),
    carry: false,
  };
  const carried = {
    label: count === 1 ? l10n.t("Carry 1 changed file over") : l10n.t("Carry {0} changed files over", count),
    detail: l10n.t("As copies: yours stay as they are."),
    carry: true,
  };
  const answer = await vscode.window.showQuickPick([without, carried], {
    title: l10n.t("What should the worktree begin with?"),
  });
  return answer?.carry;
}
