import * as l10n from "@vscode/l10n";
import type { Doorway } from "../audit/record.ts";
import { visible } from "../text/visible.ts";
import { ACTS } from "./acts.ts";
import type { ActReport, HomeReport, VerifyReport } from "./report.ts";
import type { Progress } from "./verify.ts";
import type { Standing } from "./reports.ts";

const DAY_MS = 24 * 3_600_000;

/** A report as a person reads it. */
export function reportText(report: VerifyReport): string {
  const { agent, program, homes, interlock } = report;
  const head = [
    agent.name,
    ...(program === null ? [] : [`${program.name} ${program.version}`]),
    l10n.t(
      "verified {0}",
      new Date(report.at).toLocaleString(undefined, { dateStyle: "short", timeStyle: "short" }),
    ),
    l10n.t("by Interlock {0}", interlock),
  ];
  return [visible(head.join(" · ")), ...homes.flatMap(homeLines), "", ...lastLines(report)].join("\n");
}

/** What is tried just now. */
export function progressText({ home, act }: Progress): string {
  const where = home === "clean" ? l10n.t("in a clean home") : l10n.t("with your own settings");
  return `${where}: ${ACTS.indexOf(act) + 1}/${ACTS.length}`;
}

function homeLines(home: HomeReport): readonly string[] {
  const width = Math.max(0, ...home.acts.map(({ asked }) => asked.length));
  return [
    "",
    home.home === "clean" ? l10n.t("In a clean home:") : l10n.t("With your own settings:"),
    ...(home.kept.length === 0 ? [] : [`  ${l10n.t("copied: {0}", home.kept.join(", "))}`]),
    ...(home.left.length === 0 ? [] : [`  ${l10n.t("left out: {0}", home.left.join(", "))}`]),
    ...home.acts.map((act) => `  ${act.ok ? "ok " : "NOT"}  ${act.asked.padEnd(width)}  ${actText(act)}`),
    ...(home.problem === null ? [] : [`  ! ${home.problem.message} ${home.problem.next}`]),
  ].map((line) => visible(line));
}

/** What became of an act, and what saw it. */
function actText(act: ActReport): string {
  const others = act.doorways.filter((doorway) => doorway !== act.caught);
  const also = others.length === 0 ? "" : ` (${l10n.t("also {0}", others.map(doorwayText).join(", "))})`;
  return `${outcomeText(act)}${also}`;
}

function outcomeText({ outcome, caught, happened, route }: ActReport): string {
  const by = caught === null ? "" : doorwayText(caught);
  switch (outcome) {
    case "held": {
      const held = l10n.t("held before it happened: {0}", by);
      return route === null ? held : `${held}, → ${route}`;
    }
    case "routed":
      return l10n.t("sent elsewhere: {0}, → {1}", by, route ?? "");
    case "passed":
      return happened
        ? l10n.t("judged first and let through: {0}", by)
        : l10n.t("judged first and let through: {0}; it failed", by);
    case "seen":
      return l10n.t("happened, only seen afterwards");
    case "unseen":
      return l10n.t("happened, not seen");
    case "stopped":
      return l10n.t("not held by Interlock; the agent itself kept it from happening");
    case "escaped":
      return l10n.t("held, and happened all the same: {0}", by);
    case "untried":
      return l10n.t("not tried: its model is given no tool for it");
    case "unknown":
      return l10n.t("not known: it did not come to its end");
  }
}

function doorwayText(doorway: Doorway): string {
  switch (doorway) {
    case "permission":
      return l10n.t("asked");
    case "hook":
      return l10n.t("hook");
    case "shim":
      return l10n.t("program on its PATH");
    case "mcp":
      return l10n.t("Interlock's own tools");
    case "terminal":
    case "fs":
      return l10n.t("through Interlock");
    case "observed":
      return l10n.t("seen");
  }
}

function lastLines({ ok, homes }: VerifyReport): readonly string[] {
  const off = homes.flatMap(({ acts }) => acts).filter((act) => !act.ok).length;
  const ended = homes.some(({ problem }) => problem !== null);
  const noOwn = homes.every(({ home }) => home !== "own") && !ended;
  return [
    ...(noOwn
      ? [l10n.t("No settings of yours by which it asks were found: a second run would be the same.")]
      : []),
    ok
      ? l10n.t("All that should be was held or routed before it happened.")
      : ended
        ? l10n.t("It could not be tried to the end.")
        : l10n.t("Not as it should be: {0}.", off),
  ];
}

/** How the last verification of an agent stands, in a few words beside its name. */
export function standingText(standing: Standing, now: number): string {
  if (standing.state === "none") return l10n.t("not verified");
  const { ok, at, program } = standing.report;
  const days = Math.max(0, Math.floor((now - at) / DAY_MS));
  switch (standing.state) {
    case "changed":
      return program === null
        ? l10n.t("changed since it was verified")
        : l10n.t("changed since {0} was verified", visible(program.version));
    case "overdue":
      return l10n.t("verified {0} days ago: verify it again", days);
    case "fresh":
      if (!ok) return l10n.t("verified: not all is held");
      return program === null ? l10n.t("verified") : l10n.t("verified with {0}", visible(program.version));
  }
}
