import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { Approval, Choice } from "../approvals/approval.ts";
import type { ApprovalStore } from "../approvals/store.ts";
import { askedOf, coversOf } from "../panel/card.ts";
import { shortPath } from "../panel/places.ts";
import type { Asker } from "./approvalItems.ts";
import { askOne, chooseQuestion, editCommand, type Questions, reviewApprovals } from "./approvalPick.ts";
import type { SessionBook } from "./book.ts";
import { compareFindings } from "./compareFindings.ts";
import { workspaceFolders } from "./folders.ts";
import { plainLabel } from "./labels.ts";
import type { LossDiffs } from "./lossDiffs.ts";
import type { RuleDrafts } from "./ruleDrafts.ts";
import type { SessionView } from "./sessionView.ts";
import type { Texts } from "./texts.ts";

/** Who asks, and for what, in a notification: with what the session is about, where there are several. */
export function noticeOf(
  book: SessionBook,
  approval: Approval,
): { readonly agent: string; readonly asked: string } {
  const { agent = "", title } = book.byId(approval.session)?.conversation.header ?? {};
  const who = book.entries.length > 1 && title !== undefined ? l10n.t("{0} (“{1}”)", agent, title) : agent;
  return { agent: who, asked: askedOf(approval, workspaceFolders()) };
}

/** How long the status bar says what a key did. */
const SAID_MS = 5_000;

interface AnswersParts {
  readonly store: ApprovalStore;
  readonly book: SessionBook;
  readonly view: SessionView;
  readonly drafts: RuleDrafts;
  readonly losses: LossDiffs;
  readonly texts: Texts;
}

/** The answers that are given outside the panel: by the palette and by keys. */
export class Answers {
  readonly #store: ApprovalStore;
  readonly #book: SessionBook;
  readonly #view: SessionView;
  readonly #questions: Questions;

  constructor({ store, book, view, drafts, losses, texts }: AnswersParts) {
    this.#store = store;
    this.#book = book;
    this.#view = view;
    this.#questions = {
      store,
      askerOf: (approval) => this.#askerOf(approval),
      undoOf: (approval) => this.#book.cardOf(approval)?.undo,
      show: (approval) => this.#show(approval),
      compare: (approval) => compareFindings(texts, approval),
      showLoss: ({ loss }) => losses.choose(loss),
      writeRule: ({ session, call }) => drafts.open(session, call),
    };
  }

  review(): void {
    reviewApprovals(this.#questions);
  }

  /**
   * A key answers the question in front: the one that the panel shows, which the panel alone knows. Where it shows
   * none, a yes needs the question in sight first, and a no is taken where only one question waits.
   */
  front(choice: Extract<Choice, "allow-once" | "reject">): void {
    if (this.#view.answerShown(choice)) return;
    const [first, ...others] = this.#store.pending();
    if (first === undefined || others.length > 0) return this.review();
    if (choice === "allow-once") return askOne(this.#questions, first);
    this.#store.settle(first.id, "reject", "person");
    vscode.window.setStatusBarMessage(l10n.t("Rejected: {0}", plainLabel(first.asked)), SAID_MS);
  }

  /** Shows the rule that would answer a question, of those that a rule can answer. */
  writeRule(): void {
    const none = l10n.t("No rule of a policy could answer what waits.");
    const answerable = ({ rules }: Approval): boolean => rules !== undefined;
    chooseQuestion(this.#questions, answerable, none, (approval) => void this.#questions.writeRule(approval));
  }

  /** Puts another command in the place of one that waits, where its doorway can run that. */
  editCommand(): void {
    const none = l10n.t("What waits can't be changed here, only allowed or rejected.");
    chooseQuestion(
      this.#questions,
      ({ choices }) => choices.includes("edit"),
      none,
      (approval) => void editCommand(this.#questions, approval),
    );
  }

  #askerOf(approval: Approval): Asker {
    return {
      agent: this.#book.byId(approval.session)?.conversation.header.agent ?? "",
      folder: shortPath(workspaceFolders(), approval.cwd),
      asked: askedOf(approval, workspaceFolders()),
      covers: coversOf(approval, workspaceFolders()),
    };
  }

  #show(approval: Approval): void {
    const entry = this.#book.byId(approval.session);
    if (entry !== undefined) this.#book.show(entry);
    void this.#view.reveal("approvals");
  }
}
