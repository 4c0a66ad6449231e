import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { App } from "../app.ts";
import { succeeded } from "../git/run.ts";
import { programOnPath } from "../process/path.ts";
import type { HeldWorktree } from "../restore/bringing/bringBack.ts";
import { quoteAll } from "../shell/quote.ts";
import { READ_MS } from "./confirm.ts";
import { plainLabel, plainMessage } from "./labels.ts";

/** The remotes that a branch could be pushed to. */
export interface PullRequestOffer {
  readonly branch: string;
  readonly remotes: readonly string[];
}

/** Null where `gh` isn't installed, or there is nowhere to push to. */
export async function pullRequestOffer(app: App, worktree: HeldWorktree): Promise<PullRequestOffer | null> {
  const { branch, root, state } = worktree;
  const isThere = programOnPath("gh", process.env["PATH"] ?? "", () => false) !== null;
  if (branch === null || state !== "there" || !isThere) return null;
  const listed = await app.git.run({ folder: root, args: ["remote"] });
  const remotes = succeeded(listed) ? listed.stdout.split("\n").filter((name) => name !== "") : [];
  return remotes.length === 0 ? null : { branch, remotes };
}

/** In a terminal of the person's own, where gh asks what it has to: it is their account. */
export async function openPullRequest(
  { root, holdings }: HeldWorktree,
  { branch, remotes }: PullRequestOffer,
): Promise<void> {
  const remote =
    remotes.length === 1
      ? remotes[0]
      : await vscode.window.showQuickPick([...remotes], { placeHolder: l10n.t("Push to which remote?") });
  if (remote === undefined) return;
  const push = quoteAll(["git", "push", "--set-upstream", remote, branch]);
  const line = `${push} && ${quoteAll(["gh", "pr", "create", "--head", branch])}`;
  const left = holdings?.files.filter(({ state }) => state !== "ignored").length ?? 0;
  const yes = l10n.t("Push and Open");
  const shownAt = Date.now();
  const answer = await vscode.window.showWarningMessage(
    plainMessage(l10n.t("Push {0} to {1}, and open a pull request?", branch, remote)),
    {
      modal: true,
      detail: plainMessage(
        [
          line,
          ...(left > 0 ? [l10n.t("{0} files that are not committed there are no part of it.", left)] : []),
          l10n.t("It leaves this machine, which can't be undone."),
        ].join("\n"),
      ),
    },
    yes,
  );
  if (answer !== yes || Date.now() - shownAt < READ_MS) return;
  const terminal = vscode.window.createTerminal({ name: plainLabel(l10n.t("Pull request")), cwd: root });
  terminal.show();
  terminal.sendText(line);
}
