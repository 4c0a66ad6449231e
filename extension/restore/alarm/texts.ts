import * as l10n from "@vscode/l10n";
import { messageOf, type Problem } from "../../errors.ts";
import type { LostWork } from "../../events/event.ts";
import type { AlarmRaised } from "./alarm.ts";
import type { AlarmLoss } from "./compare.ts";

/** Losses that are named; the others are counted. */
const NAMED = 3;

/** What a person reads of an alarm. */
export function lossProblem({ root, losses, point, atWork, elsewhere, beside }: AlarmRaised): Problem {
  const groups = groupsOf(losses);
  const named = groups.slice(0, NAMED).map((group) => describeGroup(group));
  const rest = groups.slice(NAMED).flat().length;
  const more = rest > 0 ? [l10n.t("{0} more", rest)] : [];
  const since = new Date(point.time).toLocaleTimeString();
  const gone = [...named, ...more].join(", ");
  return {
    code: "restore.loss",
    message: [
      beside
        ? l10n.t(
            "Work in {0} is gone, and nothing that was approved explains it: {1} (since {2}).",
            root,
            gone,
            since,
          )
        : l10n.t("Work is gone, and nothing that was approved explains it: {0} (since {1}).", gone, since),
      whoText(atWork, elsewhere),
    ].join(" "),
    next: beside
      ? l10n.t("Bring it back there with: interlock restore apply {0}", point.id)
      : l10n.t("Bring it back with: interlock restore apply {0}", point.id),
  };
}

function whoText(atWork: readonly string[], elsewhere: readonly string[]): string {
  if (atWork.length > 0) return l10n.t("At work then: {0}.", atWork.join(", "));
  if (elsewhere.length > 0) return l10n.t("At work then, in another folder: {0}.", elsewhere.join(", "));
  return l10n.t("No agent was at work then.");
}

/** Nothing is known of what may have been lost there. `beside`: no agent works there, and what those do that are alive is kept. */
export function blindProblem(root: string, error: unknown, beside: boolean): Problem {
  return {
    code: beside ? "beside.blind" : "restore.blind",
    message: l10n.t("{0} could not be compared with what was kept of it: {1}", root, messageOf(error)),
    next: l10n.t("Until that works again, what gets lost there by itself is not told."),
  };
}

/** What a button needs to lead to the point that has it. */
export function lostWork({ root, point, lossPoint, losses }: AlarmRaised): LostWork {
  const files = losses.flatMap((loss) => (loss.what === "file" ? [loss.path] : []));
  const onlyFiles = files.length === losses.length;
  return { root, point: point.id, lossPoint: lossPoint.id, files: onlyFiles ? files : [] };
}

/** Files that went the same way are told together. */
function groupsOf(losses: readonly AlarmLoss[]): readonly (readonly [AlarmLoss, ...AlarmLoss[]])[] {
  const groups = new Map<unknown, [AlarmLoss, ...AlarmLoss[]]>();
  for (const loss of losses) {
    const key = loss.what === "file" ? loss.how : loss;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [loss]);
    else group.push(loss);
  }
  return [...groups.values()];
}

function describeGroup(group: readonly [AlarmLoss, ...AlarmLoss[]]): string {
  const [first] = group;
  if (group.length === 1 || first.what !== "file") return describeLoss(first);
  const files = group.flatMap((loss) => (loss.what === "file" ? [loss.path] : []));
  const named = files.slice(0, NAMED).join(", ");
  const names = files.length > NAMED ? l10n.t("{0} and {1} more", named, files.length - NAMED) : named;
  switch (first.how) {
    case "removed":
      return l10n.t("{0} were removed", names);
    case "reverted":
      return l10n.t("the changes of {0} were discarded", names);
    case "replaced":
      return l10n.t("{0} were overwritten", names);
  }
}

function describeLoss(loss: AlarmLoss): string {
  switch (loss.what) {
    case "repository":
      return loss.folder === undefined
        ? l10n.t("the repository itself")
        : l10n.t("the repository {0}", loss.folder);
    case "file":
      switch (loss.how) {
        case "removed":
          return l10n.t("{0} was removed", loss.path);
        case "reverted":
          return l10n.t("the changes of {0} were discarded", loss.path);
        case "replaced":
          return l10n.t("{0} was overwritten", loss.path);
      }
    case "staged":
      return l10n.t("the staged changes of {0} were discarded", loss.path);
    case "ref":
      return inFolder(
        loss,
        l10n.t("{0} commits of {1}", loss.commits, loss.name.replace(/^refs\/(heads|tags)\//, "")),
      );
    case "stash":
      return inFolder(loss, l10n.t("the stash entry “{0}”", loss.message));
  }
}

function inFolder({ folder }: { readonly folder?: string }, what: string): string {
  return folder === undefined ? what : l10n.t("{0} in {1}", what, folder);
}
