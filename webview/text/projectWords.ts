import * as l10n from "@vscode/l10n";
import { visible, type ProjectCard, type ProjectTool } from "../../extension/panel/protocol.ts";
import type { Mark } from "./words.ts";

const LANGUAGES = { python: "Python", javascript: "JavaScript" } as const;

export function languageName({ language }: ProjectCard): string {
  return LANGUAGES[language];
}

/** Whose its packages are, or who claims them; empty where nobody does. */
export function ownerName({ managers }: ProjectCard): string {
  return managers.map((name) => visible(name)).join(", ");
}

/** How the lock stands. */
export function lockMark({ lock, managers, problems }: ProjectCard): Mark {
  if (problems.length > 0) return { icon: "error", word: l10n.t("can't be read"), tone: "bad" };
  if (managers.length > 1) return { icon: "warning", word: l10n.t("two managers"), tone: "warn" };
  switch (lock) {
    case "fresh":
      return { icon: "check", word: l10n.t("lock up to date"), tone: "good" };
    case "stale":
      return { icon: "warning", word: l10n.t("lock is behind"), tone: "warn" };
    case "missing":
      return { icon: "warning", word: l10n.t("no lock yet"), tone: "warn" };
    case "present":
      return { icon: "lock", word: l10n.t("locked"), tone: "plain" };
    case "none":
      return { icon: "circle-outline", word: l10n.t("no lock"), tone: "quiet" };
  }
}

/** What that means for commands. */
export function lockSentence(card: ProjectCard): string {
  const { lock, environment, lockFile = "", manifest = "" } = card;
  const [owner, ...others] = card.managers.map((name) => visible(name));
  if (card.problems.length > 0) return card.problems.map((problem) => visible(problem)).join(" ");
  if (others.length > 0) {
    const proofs = card.evidence
      .filter(({ proves }) => proves !== undefined)
      .map(({ what }) => visible(what));
    return l10n.t(
      "{0} prove different managers: commands run as asked until one is left.",
      proofs.join(", "),
    );
  }
  if (owner === undefined) {
    return environment === undefined || card.offer !== undefined
      ? l10n.t("No lock: commands run as asked.")
      : l10n.t("No lock: commands work in {0}.", visible(environment));
  }
  switch (lock) {
    case "fresh":
      return l10n.t("{0} agrees with {1}: commands run by it.", lockFile, manifest);
    case "stale":
      return l10n.t("{0} is behind {1}: commands that go by it wait for an update.", lockFile, manifest);
    case "missing":
      return lockFile === ""
        ? l10n.t("{0} owns this project, and there is no lock yet.", owner)
        : l10n.t("There is no {0} yet: commands that go by it wait for it.", lockFile);
    case "present":
      return lockFile === ""
        ? l10n.t("{0} owns this project: its commands run as asked.", owner)
        : l10n.t("Whether {0} agrees with {1} could not be told.", lockFile, manifest);
    case "none":
      return l10n.t("{0} owns this project: its commands run as asked.", owner);
  }
}

/** What its button says; undefined where nothing is offered. */
export function offerWord({ offer, by = "", lockFile = "" }: ProjectCard): string | undefined {
  switch (offer) {
    case "lock":
      return l10n.t("Lock with {0}…", by);
    case "update":
      return l10n.t("Update {0}…", lockFile);
    case "choose":
      return l10n.t("Choose one…");
    case undefined:
      return undefined;
  }
}

/** A tool as the folded line names it. */
export function toolName({ tool, version }: ProjectTool): string {
  return version === undefined ? tool : `${tool} ${visible(version)}`;
}

/** Where a tool was found, or that it was not. */
export function toolSource({ state, source }: ProjectTool): string {
  if (state === "missing") return l10n.t("not found");
  const word = source === undefined ? "" : SOURCES[source]();
  return state === "old" ? [word, l10n.t("too old")].filter((part) => part !== "").join(", ") : word;
}

const SOURCES: Readonly<Record<NonNullable<ProjectTool["source"]>, () => string>> = {
  project: () => l10n.t("the project's"),
  yours: () => l10n.t("yours"),
  interlock: () => l10n.t("Interlock's"),
};
