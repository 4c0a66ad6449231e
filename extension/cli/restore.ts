import * as l10n from "@vscode/l10n";
import { createTwoFilesPatch } from "diff";
import { isUtf8 } from "node:buffer";
import { join, relative } from "node:path";
import type { App } from "../app.ts";
import type { Problem, Result } from "../errors.ts";
import { shownPath } from "../restore/points/bytePath.ts";
import type { Change, Content, Kept } from "../restore/points/change.ts";
import type { Journal } from "../restore/points/journal.ts";
import { chosenPaths } from "../restore/points/planner.ts";
import type { NotCovered, Point } from "../restore/points/point.ts";
import type { Restored, RestoreOptions } from "../restore/points/restorePoints.ts";
import { bySession, type SessionPoints } from "../restore/points/grouped.ts";
import { actionOf, keptText, reasonText, turnText } from "../restore/points/texts.ts";
import { type SessionName, sessionNames } from "../sessions/names.ts";
import { visible } from "../text/visible.ts";
import type { RestoreArguments } from "./arguments.ts";
import { EXIT } from "./exit.ts";

/** Bytes of a file that are compared line by line. */
const MAX_DIFF = 1024 * 1024;

/** `interlock restore`: the points of a folder, and back to one of them. */
export async function restore(app: App, cwd: string, args: RestoreArguments): Promise<number> {
  const command = new RestoreCommand(app, await app.restorePoints.rootOf(cwd), cwd, args);
  return command[args.action]();
}

class RestoreCommand {
  readonly #app: App;
  readonly #root: string;
  readonly #args: RestoreArguments;
  readonly #options: RestoreOptions;

  constructor(app: App, root: string, cwd: string, args: RestoreArguments) {
    const { paths, exact, conflicts: onConflict } = args;
    this.#app = app;
    this.#root = root;
    this.#args = args;
    this.#options = {
      exact,
      onConflict,
      ...(paths.length === 0 ? {} : { paths: chosenPaths(root, cwd, paths) }),
    };
  }

  async list(): Promise<number> {
    const [points, unfinished] = await Promise.all([
      this.#app.restorePoints.list(this.#root),
      this.#app.restorePoints.unfinished(this.#root),
    ]);
    const newest = points.toReversed();
    const groups = bySession(points);
    const names = await sessionNames(
      this.#app.stateDirectory,
      groups.flatMap(({ session }) => session ?? []),
    );
    const told = unfinished.map(({ id, point, before, time, state }) => ({ id, point, before, time, state }));
    if (this.#args.json) {
      const sessions = groups.map((group) => toldGroup(group, names));
      return print({ root: this.#root, points: newest, sessions, unfinished: told });
    }
    const lines = [
      ...unfinished.flatMap((each) => unfinishedLines(each)),
      ...groups.flatMap((group) => groupLines(group, names)),
    ];
    return print(
      lines.length === 0 ? l10n.t("There are no restore points of {0}.", this.#root) : lines.join("\n"),
    );
  }

  async show(): Promise<number> {
    const shown = await this.#app.restorePoints.show(this.#root, this.#args.id);
    if (!shown.ok) return complain(shown.error);
    const { point, state } = shown.value;
    const entries = state.entries.map(({ path, ...entry }) => ({ path: shownPath(path), ...entry }));
    const notCovered = state.notCovered.map((each) => ({ ...each, path: shownPath(each.path) }));
    const nested = state.nested.map(({ path }) => shownPath(path));
    if (this.#args.json) return print({ point, entries, notCovered, nested });
    const lines = [
      pointLine(point),
      ...entries.map(
        ({ kind, state: why, path, size }) =>
          `  ${(kind === "gone" ? "gone" : why).padEnd(10)}${path}  ${kind === "gone" ? "" : size}`,
      ),
      ...nested.map((path) => `  ${"repository".padEnd(10)} ${path}`),
      ...notCovered.map((each) => `  ! ${notCoveredLine(each)}`),
    ];
    if (!point.history) lines.push(`  ! ${l10n.t("Not all commits are kept beside it.")}`);
    return print(lines.join("\n"));
  }

  async diff(): Promise<number> {
    const planned = await this.#app.restorePoints.plan(this.#root, this.#args.id, this.#options);
    if (!planned.ok) return complain(planned.error);
    if (this.#args.json) return print(this.#told(planned.value));
    const parts: string[] = [];
    for (const change of planned.value.changes) parts.push(await this.#patch(change));
    return print([...parts, ...this.#keptLines(planned.value.kept)].join("\n"));
  }

  apply(): Promise<number> {
    return this.#report(this.#app.restorePoints.apply(this.#root, this.#args.id, this.#options));
  }

  finish(): Promise<number> {
    return this.#report(this.#app.restorePoints.finish(this.#root, this.#args.id));
  }

  undo(): Promise<number> {
    return this.#report(this.#app.restorePoints.undo(this.#root, this.#args.id));
  }

  async #report(restoring: Promise<Result<Restored>>): Promise<number> {
    const restored = await restoring;
    if (!restored.ok) return complain(restored.error);
    const { journal, before, changes, kept } = restored.value;
    if (this.#args.json) return print({ journal, before, ...this.#told(restored.value) });
    return print(
      [
        ...changes.map((change) => `  ${actionOf(change).padEnd(7)} ${this.#name(change)}`),
        ...this.#keptLines(kept),
        l10n.t("{0} files changed. Take it back with: interlock restore undo {1}", changes.length, journal),
      ].join("\n"),
    );
  }

  #told({ changes, kept }: { readonly changes: readonly Change[]; readonly kept: readonly Kept[] }) {
    return {
      changes: changes.map((change) => ({
        path: this.#name(change),
        action: actionOf(change),
        area: change.area,
        from: change.from,
        to: change.to,
      })),
      kept: kept.map((each) => ({ path: this.#name(each), why: each.why })),
    };
  }

  #keptLines(kept: readonly Kept[]): readonly string[] {
    return kept.map((each) => `  ${l10n.t("kept {0}: {1}", this.#name(each), keptText(each.why))}`);
  }

  #name({ folder, path }: Pick<Change, "folder" | "path">): string {
    return join(relative(this.#root, folder), shownPath(path));
  }

  async #patch(change: Change): Promise<string> {
    const name = this.#name(change);
    if (change.area === "git") return `${actionOf(change)} ${name}`;
    const [from, to] = await Promise.all([this.#text(change.from), this.#text(change.to)]);
    if (from === null || to === null) return l10n.t("{0}: binary or large, not compared", name);
    const modes =
      change.from.mode === change.to.mode ? "" : `mode ${octal(change.from)} -> ${octal(change.to)}\n`;
    return `${modes}${createTwoFilesPatch(`now/${name}`, `point/${name}`, from, to)}`.trimEnd();
  }

  async #text({ blob }: Content): Promise<string | null> {
    if (blob === null) return "";
    const data = await this.#app.restorePoints.content(this.#root, blob);
    return data === null || data.length > MAX_DIFF || !isUtf8(data) || data.includes(0)
      ? null
      : data.toString("utf8");
  }
}

function octal({ mode }: Content): string {
  return mode.toString(8).padStart(4, "0");
}

type Names = ReadonlyMap<string, SessionName>;

function toldGroup({ session, turns }: SessionPoints, names: Names) {
  const { name = null, since = null } = names.get(session ?? "") ?? {};
  const told = turns.map(({ points, ...turn }) => ({ ...turn, points: points.map(({ id }) => id) }));
  return { session, name, since, turns: told };
}

/** A line for the session, one for each of its turns, and the points of that below. */
function groupLines({ session, turns }: SessionPoints, names: Names): readonly string[] {
  return [
    sessionLine(session, names),
    ...turns.flatMap(({ turn, prompt, points }) => [
      ...(turn === null ? [] : [`  ${visible(turnText(turn, prompt))}`]),
      ...points.map((point) => `    ${pointLine(point)}`),
    ]),
  ];
}

function sessionLine(session: string | null, names: Names): string {
  if (session === null) return l10n.t("Outside of turns");
  const { name, since } = names.get(session) ?? { name: "", since: null };
  const id = session.slice(0, 8);
  const told =
    since === null
      ? l10n.t("{0} (session {1})", name, id)
      : l10n.t("{0} (session {1}, since {2})", name, id, whenText(since));
  return visible(told);
}

function whenText(time: number): string {
  return new Date(time).toISOString().replace("T", " ").slice(0, 19);
}

function pointLine(point: Point): string {
  const { id, time, session, turn, branch, counts } = point;
  const when = whenText(time);
  const { changed, untracked, ignored, gone, notCovered } = counts;
  const parts = [
    l10n.t("{0} changed, {1} untracked, {2} ignored, {3} gone", changed, untracked, ignored, gone),
    ...(notCovered > 0 ? [l10n.t("{0} not covered", notCovered)] : []),
    ...(session === null ? [] : [`${session.slice(0, 8)}/${turn ?? "-"}`]),
  ];
  return `${id}  ${when}  ${visible(reasonText(point))}  ${branch ?? "-"}  ${parts.join("  ")}`;
}

function unfinishedLines({ id, point, state }: Journal): readonly string[] {
  const what =
    state === "undoing"
      ? l10n.t("Taking back a restore of {0} was interrupted.", point)
      : l10n.t("A restore of {0} was interrupted.", point);
  return [`! ${what}`, `    interlock restore finish ${id}`, `    interlock restore undo ${id}`];
}

function notCoveredLine({ path, size, why }: NotCovered): string {
  const name = path === "" ? l10n.t("the whole folder") : path;
  switch (why) {
    case "size":
      return l10n.t("{0}: not covered, {1} bytes are too many", name, size);
    case "total":
      return l10n.t("{0}: not covered, the point is full", name);
    case "count":
      return l10n.t("{0}: not covered, there are too many files", name);
    case "unreadable":
      return l10n.t("{0}: not covered, it can't be read", name);
    case "special":
      return l10n.t("{0}: not covered, it is no file", name);
  }
}

function print(what: unknown): number {
  process.stdout.write(`${typeof what === "string" ? what : JSON.stringify(what)}\n`);
  return EXIT.allow;
}

function complain({ message, next }: Problem): number {
  process.stderr.write(`interlock: ${message} ${next}\n`);
  return EXIT.failed;
}
