import * as l10n from "@vscode/l10n";
import { join, relative } from "node:path";
import * as vscode from "vscode";
import type { App } from "../app.ts";
import type { Result } from "../errors.ts";
import type { LostWork } from "../events/event.ts";
import { bytePath, type BytePath, shownPath } from "../restore/points/bytePath.ts";
import type { Change } from "../restore/points/change.ts";
import type { Journal } from "../restore/points/journal.ts";
import type { Planned } from "../restore/points/planner.ts";
import type { Point } from "../restore/points/point.ts";
import type { RestoreOptions, Restored } from "../restore/points/restorePoints.ts";
import { reasonText } from "../restore/points/texts.ts";
import type { SessionBook } from "./book.ts";
import { chooseRoot, chooseTree, fileUri, workspaceRoots } from "./folders.ts";
import { plainLabel } from "./labels.ts";
import type { LazyApp } from "./lazyApp.ts";
import { complain, confirmPlan } from "./restoreConfirm.ts";
import type { RestoreContents } from "./restoreContents.ts";
import { pickFiles } from "./restoreFiles.ts";
import { pickPoint } from "./restoreList.ts";
import { filesText, nameOf, timeText } from "./restoreTexts.ts";
import { type SessionName, sessionNames } from "../sessions/names.ts";

interface Parts {
  readonly app: LazyApp;
  readonly book: SessionBook;
  readonly contents: RestoreContents;
}

interface ActionItem extends vscode.QuickPickItem {
  readonly run: () => Promise<void>;
}

/** A folder's points and the way back to one of them, as `interlock restore` goes it. */
export class RestoreCommands {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The list of points, newest first; one leads to what can be done with it. */
  async list(): Promise<void> {
    const chosen = await chooseTree(this.#parts.book.shown);
    if (chosen !== undefined) await this.#list(chosen);
  }

  /** Also a folder in which no agent works has points, while one is alive. */
  async #listElsewhere(): Promise<void> {
    const chosen = await chooseRoot(undefined);
    if (chosen !== undefined) await this.#list(chosen);
  }

  async #list(chosen: string): Promise<void> {
    const app = await this.#parts.app.load();
    const root = await app.restorePoints.rootOf(chosen);
    const [points, unfinished, done] = await Promise.all([
      app.restorePoints.list(root),
      app.restorePoints.unfinished(root),
      app.restorePoints.done(root),
    ]);
    await pickPoint({
      points,
      names: await this.#names(app, points),
      unfinished: unfinished.toReversed(),
      last: done.at(-1),
      open: (point) => this.#choose(app, root, point),
      showChanges: (point) => this.#show(app, root, point, {}),
      bringBack: (point) => this.#bringBack(app, root, point, {}),
      finish: ({ id, state }) =>
        this.#report(
          app,
          root,
          () => app.restorePoints.finish(root, id),
          state === "undoing" ? "undone" : "done",
          this.#parts.book.lossBackBy(id),
        ),
      undo: (journal) => this.#undoAsked(app, root, journal),
      take: () => this.#take(app, root),
      elsewhere: workspaceRoots().length > 1 ? () => this.#listElsewhere() : undefined,
    });
  }

  /** Sessions of this window as the panel calls them. */
  async #names(app: App, points: readonly Point[]): Promise<ReadonlyMap<string, SessionName>> {
    const ids = points.toReversed().flatMap(({ session }) => session ?? []);
    const names = new Map(await sessionNames(app.stateDirectory, ids));
    for (const [id, { since }] of names) {
      const header = this.#parts.book.byId(id)?.conversation.header;
      if (header !== undefined) names.set(id, { name: nameOfSession(header), since });
    }
    return names;
  }

  /** From an alarm: the point that has what is gone, with just that offered first. */
  async bringBackLost(loss: LostWork): Promise<void> {
    const app = await this.#parts.app.load();
    const point = (await app.restorePoints.list(loss.root)).find(({ id }) => id === loss.point);
    if (point === undefined) {
      void vscode.window.showErrorMessage(
        l10n.t("The restore point is not there any more: older ones are removed after 14 days."),
      );
      return;
    }
    await this.#choose(app, loss.root, point, loss);
  }

  /** Takes back what was brought back of what an alarm told. */
  async undoBack(loss: LostWork, journal: string): Promise<void> {
    await this.#undo(await this.#parts.app.load(), loss.root, journal, loss);
  }

  /** Takes back what was brought back last. */
  async undoLast(): Promise<void> {
    const chosen = await chooseTree(this.#parts.book.shown);
    if (chosen === undefined) return;
    const app = await this.#parts.app.load();
    const root = await app.restorePoints.rootOf(chosen);
    const last = (await app.restorePoints.done(root)).at(-1);
    if (last !== undefined) return this.#undoAsked(app, root, last);
    void vscode.window.showInformationMessage(l10n.t("Nothing was brought back that could be undone."));
  }

  async #choose(app: App, root: string, point: Point, loss?: LostWork): Promise<void> {
    const lost = loss === undefined ? {} : { lossPoint: loss.lossPoint };
    const gone = loss?.files.map((path) => bytePath(path)) ?? [];
    const items: ActionItem[] = [
      {
        label: `$(diff-multiple) ${l10n.t("Show changes")}`,
        description: l10n.t("what bringing all of it back would change"),
        run: () => this.#show(app, root, point, lost),
      },
      {
        label: `$(history) ${l10n.t("Bring everything back…")}`,
        description: l10n.t("files, and git's index, branches and stash"),
        run: () => this.#bringBack(app, root, point, lost, loss),
      },
      {
        label: `$(checklist) ${l10n.t("Choose files…")}`,
        description: l10n.t("each with its diff"),
        run: () => this.#chooseFiles(app, root, point, lost, loss),
      },
    ];
    if (gone.length > 0) {
      items.unshift({
        label: `$(history) ${l10n.t("Bring back what is gone…")}`,
        description: plainLabel(gone.map((path) => shownPath(path)).join(", ")),
        run: () => this.#bringBack(app, root, point, { ...lost, paths: gone }, loss),
      });
    }
    const placeHolder = l10n.t(
      "Restore point of {0}, {1}",
      timeText(point.time),
      plainLabel(reasonText(point)),
    );
    const answer = await vscode.window.showQuickPick(items, { placeHolder });
    await answer?.run();
  }

  /** A plan, with a sign of life: a large folder takes a while. */
  async #plan(app: App, root: string, { id }: Point, options: RestoreOptions): Promise<Planned | undefined> {
    const title = l10n.t("Comparing with the restore point");
    const location = vscode.ProgressLocation.Window;
    const planned = await vscode.window.withProgress({ location, title }, () =>
      app.restorePoints.plan(root, id, options),
    );
    if (planned.ok) return planned.value;
    complain(planned.error);
    return undefined;
  }

  async #show(app: App, root: string, point: Point, options: RestoreOptions): Promise<void> {
    const planned = await this.#plan(app, root, point, options);
    if (planned === undefined) return;
    const files = planned.changes.filter(({ area }) => area === "tree");
    if (files.length === 0) {
      const text =
        planned.changes.length === 0 ? nothingDiffers() : l10n.t("No file differs, only git's own.");
      void vscode.window.showInformationMessage(text);
      return;
    }
    const title = l10n.t("Now, and as of {0}", timeText(point.time));
    const rows = files.map((change) => {
      const [now, then] = this.#sides(root, change);
      return [fileUri(join(change.folder, shownPath(change.path))), now, then];
    });
    await vscode.commands.executeCommand("vscode.changes", title, rows);
  }

  #sides(root: string, change: Change): readonly [vscode.Uri | undefined, vscode.Uri | undefined] {
    const { contents } = this.#parts;
    return [contents.uriOf(root, change, change.from), contents.uriOf(root, change, change.to)];
  }

  /** One file after the other: each can be looked at, and those with a tick come back. */
  async #chooseFiles(
    app: App,
    root: string,
    point: Point,
    options: RestoreOptions,
    loss?: LostWork,
  ): Promise<void> {
    const planned = await this.#plan(app, root, point, options);
    if (planned === undefined) return;
    const files = planned.changes.filter(({ area }) => area === "tree");
    if (files.length === 0) {
      void vscode.window.showInformationMessage(nothingDiffers());
      return;
    }
    const chosen = await pickFiles(
      files.map((change) => ({ change, name: nameOf(root, change) })),
      (change) => this.#diff(root, point, change),
    );
    if (chosen.length === 0) return;
    const paths = chosen.map((change) => pathBelow(root, change));
    await this.#bringBack(app, root, point, { ...options, paths }, loss);
  }

  async #diff(root: string, point: Point, change: Change): Promise<void> {
    const [now, then] = this.#sides(root, change);
    const title = l10n.t("{0}: now, and as of {1}", nameOf(root, change), timeText(point.time));
    const empty = vscode.Uri.from({ scheme: "interlock", path: `/${shownPath(change.path)}` });
    await vscode.commands.executeCommand("vscode.diff", now ?? empty, then ?? empty, title, {
      preview: true,
    });
  }

  /** Says what it would do, and does it after a yes. */
  async #bringBack(
    app: App,
    root: string,
    point: Point,
    options: RestoreOptions,
    loss?: LostWork,
  ): Promise<void> {
    const planned = await this.#plan(app, root, point, options);
    if (planned === undefined) return;
    if (planned.changes.length === 0 && planned.kept.length === 0) {
      void vscode.window.showInformationMessage(nothingDiffers());
      return;
    }
    const onConflict = await confirmPlan(
      root,
      planned,
      options.paths === undefined
        ? l10n.t("Bring everything back to how it was at {0}?", timeText(point.time))
        : l10n.t("Bring back {0} as of {1}?", filesText(planned.changes.length), timeText(point.time)),
    );
    if (onConflict === undefined) return;
    await this.bring(
      app,
      root,
      () => app.restorePoints.apply(root, point.id, { ...options, onConflict }),
      loss,
    );
  }

  /** Does it, says what came of it, and offers to undo it. */
  async bring(
    app: App,
    root: string,
    apply: () => Promise<Result<Restored>>,
    loss?: LostWork,
  ): Promise<void> {
    const location = vscode.ProgressLocation.Notification;
    const applying = (): Thenable<Result<Restored>> =>
      vscode.window.withProgress({ location, title: l10n.t("Bringing it back") }, apply);
    await this.#report(app, root, applying, "done", loss);
  }

  /** It may have been long ago: the person sees which one is meant. */
  async #undoAsked(app: App, root: string, { id, time, changes }: Journal): Promise<void> {
    const undo = l10n.t("Undo");
    const files = filesText(changes.filter(({ area }) => area === "tree").length);
    const answer = await vscode.window.showWarningMessage(
      l10n.t("Undo what was brought back at {0}?", timeText(time)),
      {
        modal: true,
        detail: [
          l10n.t("{0} go back to how they were before. What you changed since stays.", files),
          l10n.t("The present state is kept first, so this can be undone."),
        ].join("\n"),
      },
      undo,
    );
    if (answer === undo) await this.#undo(app, root, id);
  }

  async #undo(app: App, root: string, journal: string, asked?: LostWork): Promise<void> {
    // However it was asked for, the alarm's row says what became of it.
    const loss = asked ?? this.#parts.book.lossBackBy(journal);
    // A message that offers it may stand for long.
    const [done, unfinished] = await Promise.all([
      app.restorePoints.done(root),
      app.restorePoints.unfinished(root),
    ]);
    if ([...done, ...unfinished].some(({ id }) => id === journal)) {
      await this.#report(app, root, () => app.restorePoints.undo(root, journal), "undone", loss);
      return;
    }
    if (loss !== undefined) this.#parts.book.noteRestored(loss, null);
    void vscode.window.showInformationMessage(l10n.t("That was undone already."));
  }

  async #report(
    app: App,
    root: string,
    restore: () => Thenable<Result<Restored>>,
    what: "done" | "undone",
    loss?: LostWork,
  ): Promise<void> {
    // What goes by the person's own gesture is no loss to be told of.
    const over = app.alarms.excuse([root]);
    let restored: Result<Restored>;
    try {
      restored = await restore();
    } finally {
      await over();
    }
    if (!restored.ok) return complain(restored.error);
    const { changes, kept, journal } = restored.value;
    const count = changes.filter(({ area }) => area === "tree").length;
    const files = filesText(count);
    if (loss !== undefined)
      this.#parts.book.noteRestored(loss, what === "done" ? { journal, files: count } : null);
    const left = kept.length === 0 ? "" : ` ${l10n.t("{0} stayed as they were.", filesText(kept.length))}`;
    if (what === "undone") {
      void vscode.window.showInformationMessage(l10n.t("Undone: {0} changed.", files) + left);
      return;
    }
    const undo = l10n.t("Undo");
    const answer = await vscode.window.showInformationMessage(
      l10n.t("Brought back: {0}.", files) + left,
      undo,
    );
    if (answer === undo) await this.#undo(app, root, journal, loss);
  }

  async #take(app: App, root: string): Promise<void> {
    const { settled } = await app.restorePoints.take({ root, reason: "asked" });
    const taken = await settled;
    if (!taken.ok) return complain(taken.error);
    vscode.window.setStatusBarMessage(`$(history) ${l10n.t("A restore point was kept.")}`, 5_000);
  }
}

function nameOfSession({
  agent,
  title,
}: {
  readonly agent: string;
  readonly title?: string | undefined;
}): string {
  return title === undefined ? agent : `${agent}: ${title}`;
}

/** As the options of a restore name it: below the point's folder, also inside a repository in it. */
function pathBelow(root: string, { folder, path }: Change): BytePath {
  const inner = bytePath(relative(root, folder).replaceAll("\\", "/"));
  return inner === "" ? path : `${inner}/${path}`;
}

function nothingDiffers(): string {
  return l10n.t("Nothing differs from that restore point.");
}
