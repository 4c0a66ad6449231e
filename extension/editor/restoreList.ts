import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { Journal } from "../restore/points/journal.ts";
import type { Point, Reason } from "../restore/points/point.ts";
import { plainLabel } from "./labels.ts";
import { runButton, type RunItem, runPick } from "./runPick.ts";
import { bySession, type TurnPoints } from "../restore/points/grouped.ts";
import { reasonText } from "../restore/points/texts.ts";
import type { SessionName } from "../sessions/names.ts";
import { countsText, groupText, timeText } from "./restoreTexts.ts";

interface ListParts {
  readonly points: readonly Point[];
  /** By the session's id. */
  readonly names: ReadonlyMap<string, SessionName>;
  /** Restores that were interrupted, and the last one that was done. */
  readonly unfinished: readonly Journal[];
  readonly last: Journal | undefined;
  readonly open: (point: Point) => unknown;
  readonly showChanges: (point: Point) => unknown;
  readonly bringBack: (point: Point) => unknown;
  readonly finish: (journal: Journal) => unknown;
  readonly undo: (journal: Journal) => unknown;
  readonly take: () => unknown;
  /** Lists those of another folder; undefined where there is only one. */
  readonly elsewhere: (() => unknown) | undefined;
}

const ICONS: Readonly<Record<Reason, string>> = {
  turn: "comment-discussion",
  after: "check",
  command: "terminal",
  saves: "save",
  restore: "discard",
  asked: "pinned",
};

/** The points of a folder by session and turn, each with what can be done with it. */
export function pickPoint(parts: ListParts): Promise<void> {
  return runPick({
    title: l10n.t("Restore points"),
    placeholder:
      parts.points.length === 0
        ? l10n.t("None yet. They are taken before each turn of an agent and before what could lose work.")
        : l10n.t(
            "Choose one to look at it or to bring it back; type a time, a word of the prompt, a session or a branch",
          ),
    buttons: [
      ...(parts.elsewhere === undefined
        ? []
        : [runButton("root-folder", l10n.t("Show those of another folder"), parts.elsewhere)]),
      runButton("add", l10n.t("Keep a restore point now"), parts.take),
    ],
    items: [...unfinishedItems(parts), ...lastItem(parts), ...pointItems(parts, Date.now())],
  });
}

/** A heading for each turn of each session; two that would read the same are numbered. */
function pointItems(parts: ListParts, now: number): readonly RunItem[] {
  const seen = new Map<string, number>();
  return bySession(parts.points).flatMap(({ session, turns }) =>
    turns.flatMap(({ turn, points }, at) => {
      const heading = groupText(named(parts, session, turns), turn, at === 0, now);
      const rows = points.map((point) => pointItem(parts, point, now));
      for (const row of rows) {
        const text = `${row.label} ${row.description}`;
        const count = (seen.get(text) ?? 0) + 1;
        seen.set(text, count);
        if (count > 1) row.label += ` (${count})`;
      }
      return [{ label: plainLabel(heading), kind: vscode.QuickPickItemKind.Separator }, ...rows];
    }),
  );
}

/** Of one whose beginning isn't known, its oldest point stands for it. */
function named(
  { names }: ListParts,
  session: string | null,
  turns: readonly TurnPoints[],
): { readonly name: string; readonly since: number } | null {
  const known = session === null ? undefined : names.get(session);
  if (known === undefined) return null;
  const oldest = Math.min(...turns.flatMap(({ points }) => points.map(({ time }) => time)));
  return { name: known.name, since: known.since ?? oldest };
}

function pointItem({ names, open, showChanges, bringBack }: ListParts, point: Point, now: number): RunItem {
  const session = point.session === null ? l10n.t("outside of turns") : names.get(point.session)?.name;
  const about = [plainLabel(reasonText(point)), ...(session === undefined ? [] : [plainLabel(session)])];
  return {
    label: `$(${ICONS[point.reason]}) ${timeText(point.time, now)}`,
    description: about.join(" · "),
    detail: plainLabel(countsText(point)),
    run: () => open(point),
    buttons: [
      runButton("diff-multiple", l10n.t("Show changes"), () => showChanges(point)),
      runButton("history", l10n.t("Bring everything back…"), () => bringBack(point)),
    ],
  };
}

function unfinishedItems({ unfinished, finish, undo }: ListParts): readonly RunItem[] {
  return unfinished.map((journal) => ({
    label: `$(warning) ${
      journal.state === "undoing"
        ? l10n.t("An undo was interrupted")
        : l10n.t("Bringing back was interrupted")
    }`,
    description: timeText(journal.time),
    detail: l10n.t("Choose it to finish it; the arrow takes it back"),
    run: () => finish(journal),
    buttons: [runButton("discard", l10n.t("Take it back"), () => undo(journal))],
  }));
}

function lastItem({ last, undo }: ListParts): readonly RunItem[] {
  if (last === undefined) return [];
  return [
    {
      label: `$(discard) ${l10n.t("Undo what was brought back last…")}`,
      description: timeText(last.time),
      run: () => undo(last),
    },
  ];
}
