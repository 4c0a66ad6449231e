import * as l10n from "@vscode/l10n";
import { join } from "node:path";
import * as vscode from "vscode";
import type { App } from "../app.ts";
import { landingAct } from "../door/landingAct.ts";
import { currentBranch, findRepository } from "../git/repository.ts";
import { canGo, type HeldWorktree } from "../restore/bringing/bringBack.ts";
import { type Landing, landingMessage } from "../restore/bringing/landing.ts";
import { holdingsText, incomingKeptText } from "../restore/bringing/texts.ts";
import { shownPath } from "../restore/points/bytePath.ts";
import type { IncomingFile } from "../restore/points/incomingPlan.ts";
import type { PlannedIncoming } from "../restore/points/planner.ts";
import type { IncomingOptions } from "../restore/points/restorePoints.ts";
import type { Entry, SessionBook } from "./book.ts";
import { READ_MS } from "./confirm.ts";
import { chooseRoot, fileUri } from "./folders.ts";
import { plainLabel, plainMessage } from "./labels.ts";
import type { LazyApp } from "./lazyApp.ts";
import { openPullRequest, pullRequestOffer } from "./pullRequest.ts";
import { complain, confirmPlan } from "./restoreConfirm.ts";
import type { RestoreContents } from "./restoreContents.ts";
import { pickFiles } from "./restoreFiles.ts";
import type { RestoreCommands } from "./restorePoints.ts";
import { filesText, nameOf } from "./restoreTexts.ts";
import { runButton, type RunItem, runPick } from "./runPick.ts";

interface Parts {
  readonly app: LazyApp;
  readonly book: SessionBook;
  readonly contents: RestoreContents;
  readonly restore: Pick<RestoreCommands, "bring">;
}

/** The person's working tree, and the worktree whose change is to come to it. */
interface Chosen {
  readonly app: App;
  readonly root: string;
  readonly worktree: HeldWorktree;
}

/** What sessions did in worktrees of their own: brought back, or cleared away, as `interlock worktrees` does it. */
export class WorktreeCommands {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** That of a session, or one that the person picks. */
  async bringBack(entry?: Entry): Promise<void> {
    const branch = entry?.conversation.header.worktree?.branch;
    const place = await this.#place(entry?.root);
    if (place === undefined) return;
    const { app, root } = place;
    if (branch === undefined) return this.#pick(app, root);
    const found = await working(app.bringBack.find(root, branch));
    if (!found.ok) return complain(found.error);
    await this.#choose({ app, root, worktree: found.value });
  }

  /** Those that hold nothing go, after one question. */
  async cleanUp(): Promise<void> {
    const place = await this.#place(undefined);
    if (place === undefined) return;
    const { app, root } = place;
    const listed = await working(app.bringBack.list(root));
    if (!listed.ok) return complain(listed.error);
    await this.#removeEmpty(app, root, listed.value);
  }

  /** A session has ended: what is left of it in its worktree. */
  async offer(entry: Entry): Promise<void> {
    const branch = entry.conversation.header.worktree?.branch;
    const root = (await findRepository(entry.root))?.root;
    if (branch === undefined || root === undefined) return;
    const app = await this.#parts.app.load();
    const found = await app.bringBack.find(root, branch);
    if (!found.ok || canGo(found.value)) return;
    const bring = l10n.t("Bring Back…");
    const text = l10n.t("The session's worktree stays: {0}, {1}.", branch, holdingsText(found.value));
    if ((await vscode.window.showInformationMessage(plainMessage(text), bring)) === bring)
      await this.#choose({ app, root, worktree: found.value });
  }

  async #place(known: string | undefined): Promise<{ readonly app: App; readonly root: string } | undefined> {
    const chosen = await chooseRoot(known ?? this.#parts.book.shown?.root);
    if (chosen === undefined) return undefined;
    const root = (await findRepository(chosen))?.root ?? chosen;
    return { app: await this.#parts.app.load(), root };
  }

  async #pick(app: App, root: string): Promise<void> {
    const listed = await working(app.bringBack.list(root));
    if (!listed.ok) return complain(listed.error);
    const worktrees = listed.value;
    if (worktrees.length === 0) {
      void vscode.window.showInformationMessage(l10n.t("No session has left a worktree of this repository."));
      return;
    }
    await runPick({
      title: l10n.t("Worktrees"),
      placeholder: l10n.t("Choose one to look at it or to bring it back"),
      buttons: [
        runButton("clear-all", l10n.t("Remove those that hold nothing…"), () =>
          this.#removeEmpty(app, root, worktrees),
        ),
      ],
      items: worktrees.map((worktree) => this.#item({ app, root, worktree })),
    });
  }

  #item(chosen: Chosen): RunItem {
    const { name, branch, sessions } = chosen.worktree;
    const working = sessions.map((session) => l10n.t("“{0}” works in it", session.name));
    return {
      label: `$(git-branch) ${plainLabel(branch ?? name)}`,
      description: plainLabel([holdingsText(chosen.worktree), ...working].join(" · ")),
      detail: plainLabel(chosen.worktree.root),
      run: () => this.#choose(chosen),
      buttons: [runButton("trash", l10n.t("Remove…"), () => this.#remove(chosen))],
    };
  }

  async #choose(chosen: Chosen): Promise<void> {
    const { app, root, worktree } = chosen;
    const planned = await working(app.bringBack.plan(root, worktree));
    if (!planned.ok) {
      complain(planned.error);
      return;
    }
    const repository = await findRepository(root);
    const into = repository === null ? null : await currentBranch(repository);
    const offer = await pullRequestOffer(app, worktree);
    const { value: plan } = planned;
    const branch = plainLabel(into ?? "HEAD");
    const items: RunItem[] = [
      {
        label: `$(diff-multiple) ${l10n.t("Show all changes")}`,
        description: filesText(plan.files.length),
        run: () => this.#show(chosen, plan.files),
      },
      {
        label: `$(history) ${l10n.t("Bring everything back…")}`,
        description: l10n.t("into your files, merged with what you changed; nothing is committed"),
        run: () => this.#bring(chosen, plan, {}),
      },
      {
        label: `$(checklist) ${l10n.t("Choose files…")}`,
        description: l10n.t("each with its diff"),
        run: () => this.#bringChosen(chosen, plan),
      },
      {
        label: `$(git-commit) ${l10n.t("Bring back as one commit…")}`,
        description: l10n.t("on {0}", branch),
        run: () => this.#land(chosen, "commit"),
      },
      {
        label: `$(git-merge) ${l10n.t("Merge its branch…")}`,
        description: l10n.t("into {0}; what it has not committed stays there", branch),
        run: () => this.#land(chosen, "merge"),
      },
      ...(offer === null
        ? []
        : [
            {
              label: `$(git-pull-request) ${l10n.t("Open a pull request…")}`,
              description: l10n.t("by your own gh, in a terminal"),
              run: () => openPullRequest(worktree, offer),
            },
          ]),
      {
        label: `$(trash) ${l10n.t("Remove the worktree…")}`,
        description: plainLabel(holdingsText(worktree)),
        run: () => this.#remove(chosen),
      },
    ];
    await runPick({ title: plainLabel(worktree.branch ?? worktree.name), placeholder: "", items });
  }

  async #show({ root, worktree }: Chosen, files: readonly IncomingFile[]): Promise<void> {
    if (files.length === 0) return nothingToBring();
    const rows = files.map((file) => [
      fileUri(join(root, shownPath(file.path))),
      this.#parts.contents.uriOf(root, file, file.base),
      this.#parts.contents.uriOf(root, file, file.theirs),
    ]);
    const title = l10n.t("Changed in {0}", worktree.branch ?? worktree.name);
    await vscode.commands.executeCommand("vscode.changes", title, rows);
  }

  async #bringChosen(chosen: Chosen, plan: PlannedIncoming): Promise<void> {
    const { root, worktree } = chosen;
    if (plan.changes.length === 0 && plan.kept.length === 0) return nothingToBring();
    const { contents } = this.#parts;
    const picked = await pickFiles(
      plan.changes.map((change) => ({ change, name: nameOf(root, change) })),
      (change) => {
        const empty = vscode.Uri.from({ scheme: "interlock", path: `/${shownPath(change.path)}` });
        return vscode.commands.executeCommand(
          "vscode.diff",
          contents.uriOf(root, change, change.from) ?? empty,
          contents.uriOf(root, change, change.to) ?? empty,
          l10n.t("{0}: now, and with {1}", nameOf(root, change), worktree.branch ?? worktree.name),
          { preview: true },
        );
      },
    );
    if (picked.length === 0) return;
    const paths = new Set(picked.map(({ path }) => path));
    const changes = plan.changes.filter(({ path }) => paths.has(path));
    await this.#bring(chosen, { ...plan, changes, kept: [] }, { paths: [...paths] });
  }

  /** Says what it would do, and does it after a yes. */
  async #bring(
    { app, root, worktree }: Chosen,
    plan: PlannedIncoming,
    options: IncomingOptions,
  ): Promise<void> {
    if (plan.changes.length === 0 && plan.kept.length === 0) return nothingToBring();
    const question = l10n.t(
      "Bring back {0} of {1}?",
      filesText(plan.changes.length),
      worktree.branch ?? worktree.name,
    );
    const onConflict = await confirmPlan(root, plan, question, incomingKeptText);
    if (onConflict === undefined) return;
    await this.#parts.restore.bring(app, root, () =>
      app.bringBack.bring(root, worktree, { ...options, onConflict }),
    );
  }

  /** Asked and refused as it would be for an agent; what would not go is told before anything is touched. */
  async #land({ app, root, worktree }: Chosen, how: Landing): Promise<void> {
    const branch = worktree.branch ?? worktree.name;
    const usual = landingMessage(how, branch);
    const message =
      how === "merge"
        ? usual
        : await vscode.window.showInputBox({ title: l10n.t("Message of the commit"), value: usual });
    if (message === undefined || message.trim() === "") return;
    const planned = await working(app.bringBack.planLanding(root, worktree, how, message));
    if (!planned.ok) return complain(planned.error);
    const { files, into } = planned.value;
    const { judgement } = await app.consider(landingAct(how, branch, root), root);
    if (judgement.verdict === "deny") {
      void vscode.window.showErrorMessage(plainMessage(judgement.reason));
      return;
    }
    const yes = how === "merge" ? l10n.t("Merge") : l10n.t("Commit");
    const detail = [
      filesText(files.length),
      judgement.verdict === "ask" ? judgement.reason : "",
      l10n.t("Hooks of the repository don't run, and the commit is not signed."),
    ];
    const shownAt = Date.now();
    const answer = await vscode.window.showWarningMessage(
      plainMessage(
        how === "merge"
          ? l10n.t("Merge {0} into {1}?", branch, into ?? "HEAD")
          : l10n.t("Commit the change of {0} on {1}?", branch, into ?? "HEAD"),
      ),
      { modal: true, detail: plainMessage(detail.filter((line) => line !== "").join("\n")) },
      yes,
    );
    if (answer !== yes || Date.now() - shownAt < READ_MS) return;
    const over = app.alarms.excuse([root]);
    try {
      const landed = await working(app.bringBack.land(root, planned.value));
      if (!landed.ok) return complain(landed.error);
    } finally {
      await over();
    }
    void vscode.window.showInformationMessage(
      plainMessage(l10n.t("{0} changed on {1}.", filesText(files.length), into ?? "HEAD")),
    );
  }

  async #remove({ app, root, worktree }: Chosen): Promise<void> {
    const remove = l10n.t("Remove");
    const answer = await vscode.window.showWarningMessage(
      plainMessage(l10n.t("Remove the worktree {0}?", worktree.branch ?? worktree.name)),
      { modal: true, detail: l10n.t("Commits that only its branch has stay on the branch.") },
      remove,
    );
    if (answer !== remove) return;
    await this.#removeAll(app, root, [worktree.name]);
  }

  async #removeEmpty(app: App, root: string, worktrees: readonly HeldWorktree[]): Promise<void> {
    const empty = worktrees.filter((each) => canGo(each));
    if (empty.length === 0) {
      void vscode.window.showInformationMessage(l10n.t("Each worktree holds something, or there is none."));
      return;
    }
    const remove = l10n.t("Remove");
    const answer = await vscode.window.showWarningMessage(
      empty.length === 1
        ? l10n.t("Remove 1 worktree that holds nothing?")
        : l10n.t("Remove {0} worktrees that hold nothing?", empty.length),
      { modal: true, detail: plainMessage(empty.map(({ branch, name }) => branch ?? name).join("\n")) },
      remove,
    );
    if (answer !== remove) return;
    await this.#removeAll(
      app,
      root,
      empty.map(({ name }) => name),
    );
  }

  async #removeAll(app: App, root: string, names: readonly string[]): Promise<void> {
    const over = app.alarms.excuse([root]);
    try {
      for (const name of names) {
        const removed = await working(app.bringBack.remove(root, name));
        if (!removed.ok) return complain(removed.error);
      }
    } finally {
      await over();
    }
    vscode.window.setStatusBarMessage(`$(trash) ${l10n.t("Removed: {0}", names.length)}`, 5_000);
  }
}

/** With a sign of life: a large repository takes a while. */
function working<Value>(work: Promise<Value>): Thenable<Value> {
  const title = l10n.t("Looking at the worktrees");
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, () => work);
}

function nothingToBring(): void {
  void vscode.window.showInformationMessage(l10n.t("There is nothing in it that you don't have."));
}
