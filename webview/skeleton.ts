import * as l10n from "@vscode/l10n";

/** The page's fixed parts. What is in them is drawn by views; the parts themselves never come or go. */
export interface Skeleton {
  readonly session: HTMLElement;
  readonly place: HTMLElement;
  readonly header: HTMLElement;
  readonly banners: HTMLElement;
  readonly approvals: HTMLElement;
  readonly gates: HTMLElement;
  readonly projects: HTMLElement;
  readonly tabs: HTMLElement;
  readonly conversation: HTMLElement;
  readonly plan: HTMLElement;
  readonly stage: HTMLElement;
  readonly empty: HTMLElement;
  readonly below: HTMLElement;
  readonly log: HTMLElement;
  readonly logStage: HTMLElement;
  readonly logEmpty: HTMLElement;
  readonly logBelow: HTMLElement;
  readonly foot: HTMLElement;
}

export function buildSkeleton(root: HTMLElement): Skeleton {
  const header = part("header", "head");
  const banners = part("div", "banners");
  const approvals = region("approvals", l10n.t("Waiting for you"));
  const gates = region("gates", l10n.t("Checks of the project"));
  const projects = region("projects", l10n.t("Projects"));
  const tabs = region("tabs", l10n.t("Views"));
  const plan = part("div", "plan");
  const { stage, empty, below } = buildStage();
  const conversation = region("view conversation", l10n.t("Conversation"), "tabpanel");
  conversation.append(plan, stage);
  const { stage: logStage, empty: logEmpty, below: logBelow } = buildStage();
  const log = region("view log", l10n.t("Log"), "tabpanel");
  log.append(logStage);
  const foot = region("foot", l10n.t("Prompt"));
  const place = part("section", "place-view");
  place.dataset["region"] = "";
  place.setAttribute("aria-label", l10n.t("Interlock"));
  const session = part("main", "session");
  session.append(header, approvals, banners, gates, projects, tabs, conversation, log, foot);
  conversation.id = "view-conversation";
  log.id = "view-log";
  root.classList.add("app");
  root.replaceChildren(session, place);
  return {
    session,
    place,
    header,
    banners,
    approvals,
    gates,
    projects,
    tabs,
    conversation,
    plan,
    stage,
    empty,
    below,
    log,
    logStage,
    logEmpty,
    logBelow,
    foot,
  };
}

/** Where a list scrolls, what stands there when it is empty, and the way back to its end. */
function buildStage(): { stage: HTMLElement; empty: HTMLElement; below: HTMLElement } {
  const stage = part("div", "stage");
  const empty = part("div", "empty-view");
  const below = part("div", "below");
  stage.append(empty, below);
  return { stage, empty, below };
}

function part(tag: string, className: string): HTMLElement {
  const element = document.createElement(tag);
  element.className = className;
  return element;
}

function region(className: string, label: string, role = "region"): HTMLElement {
  const element = part("section", className);
  element.setAttribute("role", role);
  element.setAttribute("aria-label", label);
  element.dataset["region"] = "";
  return element;
}
