import type { PageIntent } from "../extension/panel/pageIntent.ts";
import type { Part, Store } from "./store.ts";
import type { AnswerGuard } from "./guard.ts";

export type Tab = "conversation" | "log";

/** The parts of the page, those of the store and those that only a person's doing changes. */
export type Region = Part | "tabs" | "prompt";

/** What a person did to the page: nothing of it is the host's business. */
export interface Ui {
  tab: Tab;
  draft: string;
  /** Rows that were opened or folded by hand, by id; others follow their state. */
  readonly opened: Map<string, boolean>;
  planOpen: boolean;
  gatesOpen: boolean;
  /** The projects that were opened, by id, and whether all of them are listed. */
  readonly projects: Set<string>;
  allProjects: boolean;
  /** The approval in view, where several are pending. */
  approval: string | undefined;
  /** Whether all files of the approval in view are listed. */
  lossOpen: boolean;
  /** Whether it is told why it asks, where that is folded. */
  aboutOpen: boolean;
  /** Whether all its answers are listed, and the reason, or the command instead, that is being typed. */
  more: boolean;
  reason: string | undefined;
  edit: string | undefined;
  /** The approval whose command was in sight to its end. */
  read: string | undefined;
}

/** A card as it comes: nothing of it unfolded, nothing typed. */
export const CLOSED_CARD = {
  lossOpen: false,
  aboutOpen: false,
  more: false,
  reason: undefined,
  edit: undefined,
} as const;

/** How a page begins. */
export function newUi(): Ui {
  return {
    tab: "conversation",
    draft: "",
    opened: new Map(),
    planOpen: false,
    gatesOpen: false,
    projects: new Set(),
    allProjects: false,
    approval: undefined,
    ...CLOSED_CARD,
    read: undefined,
  };
}

/** What views are drawn from, and the only ways by which they act. */
export interface App {
  readonly store: Store;
  readonly ui: Ui;
  readonly guard: AnswerGuard;
  post(intent: PageIntent): void;
  /** Has parts drawn in the next frame. */
  redraw(...regions: Region[]): void;
  focusPrompt(): void;
}
