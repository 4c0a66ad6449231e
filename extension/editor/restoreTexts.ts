import * as l10n from "@vscode/l10n";
import { join, relative } from "node:path";
import { shownPath } from "../restore/points/bytePath.ts";
import type { Change, Kept, KeptWhy } from "../restore/points/change.ts";
import type { Planned } from "../restore/points/planner.ts";
import type { Point } from "../restore/points/point.ts";
import { actionOf, keptText, type RestoreAction } from "../restore/points/texts.ts";

/** Files that one line of a confirmation names. */
const NAMED = 6;
/** Characters of a session's name in a heading, which shares its line with a row that has it in full. */
const NAME = 32;

/** Of another day also the date. */
export function timeText(time: number, now: number = Date.now()): string {
  const [then, today] = [new Date(time), new Date(now)];
  return then.toDateString() === today.toDateString() ? then.toLocaleTimeString() : then.toLocaleString();
}

/** What the points below belong to; a session is named with the first of its turns. `since`: when it began. */
export function groupText(
  session: { readonly name: string; readonly since: number } | null,
  turn: number | null,
  isFirst: boolean,
  now: number,
): string {
  if (session === null) return l10n.t("outside of turns");
  const turnName = turn === null ? "" : l10n.t("turn {0}", turn);
  const name = session.name.length > NAME ? `${session.name.slice(0, NAME - 1).trimEnd()}…` : session.name;
  const began = l10n.t("{0}, since {1}", name, timeText(session.since, now));
  if (!isFirst) return turnName === "" ? began : turnName;
  return turnName === "" ? began : `${began} · ${turnName}`;
}

/** How many files differed from what is committed. */
export function countsText({ counts, branch }: Pick<Point, "counts" | "branch">): string {
  const { changed, untracked, ignored, gone, notCovered } = counts;
  const parts = [
    changed > 0 ? l10n.t("{0} changed", changed) : "",
    untracked > 0 ? l10n.t("{0} untracked", untracked) : "",
    ignored > 0 ? l10n.t("{0} ignored", ignored) : "",
    gone > 0 ? l10n.t("{0} deleted", gone) : "",
    notCovered > 0 ? l10n.t("{0} not covered", notCovered) : "",
  ].filter((part) => part !== "");
  const total = changed + untracked + ignored + gone;
  const files = total === 1 ? l10n.t("1 file") : l10n.t("{0} files", total);
  const all = total + notCovered === 0 ? l10n.t("as committed") : `${files}: ${parts.join(", ")}`;
  return branch === null ? all : `${all} · ${branch}`;
}

/** A file's path below the point's folder. */
export function nameOf(root: string, { folder, path }: Pick<Change, "folder" | "path">): string {
  return join(relative(root, folder), shownPath(path));
}

/** What bringing back would do, a line for each kind of doing; nothing is left out but names. */
export function planText(
  root: string,
  { changes, kept }: Planned,
  unsaved: readonly string[],
  whyText: (why: KeptWhy) => string = keptText,
): string {
  const files = changes.filter(({ area }) => area === "tree");
  const git = changes.filter(({ area }) => area === "git");
  const line = (action: RestoreAction, text: (count: number, names: string) => string): string => {
    const names = files.filter((change) => actionOf(change) === action).map((change) => nameOf(root, change));
    return names.length === 0 ? "" : text(names.length, listed(names));
  };
  const lines = [
    line("write", (count, names) => l10n.t("Overwrites {0}: {1}", filesText(count), names)),
    line("create", (count, names) => l10n.t("Creates {0}: {1}", filesText(count), names)),
    line("merge", (count, names) =>
      l10n.t("Merges with your later changes in {0}: {1}", filesText(count), names),
    ),
    line("remove", (count, names) => l10n.t("Removes {0}: {1}", filesText(count), names)),
    git.length === 0
      ? ""
      : l10n.t("Sets back in git: {0}", listed([...new Set(git.map((each) => gitName(each)))])),
    ...keptLines(root, kept, whyText),
    unsaved.length === 0 ? "" : l10n.t("Unsaved in the editor, and left so: {0}", listed(unsaved)),
    "",
    l10n.t("The present state is kept first, so this can be undone."),
  ];
  return lines.filter((text, index) => text !== "" || index === lines.length - 2).join("\n");
}

/** Why files stay as they are, by reason. */
function keptLines(
  root: string,
  kept: readonly Kept[],
  whyText: (why: KeptWhy) => string,
): readonly string[] {
  const reasons = [...new Set(kept.map(({ why }) => why))];
  return reasons.map((why) => {
    const names = kept.filter((each) => each.why === why).map((each) => nameOf(root, each));
    return l10n.t("Stays as it is, since {0}: {1}", whyText(why), listed(names));
  });
}

export function filesText(count: number): string {
  return count === 1 ? l10n.t("1 file") : l10n.t("{0} files", count);
}

function listed(names: readonly string[]): string {
  const more = names.length > NAMED ? ` ${l10n.t("and {0} more", names.length - NAMED)}` : "";
  return names.slice(0, NAMED).join(", ") + more;
}

/** What people call git's own files. */
function gitName({ path }: Change): string {
  const name = shownPath(path);
  if (name === "index") return l10n.t("the index");
  if (name.startsWith("logs/")) return l10n.t("its log");
  return name.replace(/^refs\/(heads|tags|remotes)\//, "");
}
