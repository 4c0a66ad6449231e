import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { Approval } from "../approvals/approval.ts";
import type { ApprovalStore } from "../approvals/store.ts";
import { lossLine } from "../panel/lossLine.ts";
import { changedPart } from "./changedPart.ts";
import { allowOnce, READ_MS } from "./confirm.ts";
import { fileUri } from "./folders.ts";
import { plainLabel } from "./labels.ts";
import type { SessionBook } from "./book.ts";

const CONTROLLER = "interlock.approvals";

/** A question about an edit, at the place in the file that would change. */
interface Inline {
  readonly approval: Approval;
  readonly thread: vscode.CommentThread;
  readonly shownAt: number;
}

/**
 * The questions about file edits where the files are: a comment thread, and a CodeLens while the file is open. The
 * thread stays folded, since nothing may move under the pointer. Both go when the question is settled anywhere.
 */
export class InlineApprovals implements vscode.Disposable, vscode.CodeLensProvider {
  readonly #store: ApprovalStore;
  readonly #book: SessionBook;
  readonly #showDiff: (approval: Approval) => unknown;
  readonly #open = new Map<string, Inline>();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #disposables: vscode.Disposable[];
  #controller: vscode.CommentController | undefined;
  readonly onDidChangeCodeLenses = this.#changed.event;

  constructor(store: ApprovalStore, book: SessionBook, showDiff: (approval: Approval) => unknown) {
    this.#store = store;
    this.#book = book;
    this.#showDiff = showDiff;
    const stop = store.onChange(({ type, approval }) => {
      if (type === "settled") this.#close(approval.id);
      // After the session's own events: by then it is known what the edit would change.
      else if (approval.act === "write") setImmediate(() => this.#show(approval));
    });
    this.#disposables = [
      this.#changed,
      vscode.languages.registerCodeLensProvider({ scheme: "file" }, this),
      { dispose: stop },
    ];
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    return this.#at(document.uri).flatMap(({ approval, thread }) => {
      const range = thread.range ?? new vscode.Range(0, 0, 0, 0);
      const lens = (title: string, command: string): vscode.CodeLens =>
        new vscode.CodeLens(range, { title, command, arguments: [approval.id] });
      const lenses = [
        new vscode.CodeLens(range, { title: this.#says(approval), command: "" }),
        lens(l10n.t("Approve"), "interlock.approveEdit"),
        lens(l10n.t("Reject"), "interlock.rejectEdit"),
        lens(l10n.t("Diff"), "interlock.diffEdit"),
      ];
      if (approval.rules !== undefined) lenses.push(lens(l10n.t("Rule…"), "interlock.ruleForEdit"));
      return lenses;
    });
  }

  async approve(argument: unknown): Promise<void> {
    const inline = this.#readable(argument);
    if (inline !== undefined)
      await allowOnce(this.#store, inline.approval, this.#book.cardOf(inline.approval)?.undo);
  }

  reject(argument: unknown): void {
    const inline = this.#readable(argument);
    if (inline === undefined) return;
    const reason = isReply(argument) ? argument.text : undefined;
    this.#store.settle(inline.approval.id, "reject", "person", reason);
  }

  diff(argument: unknown): void {
    const inline = this.#find(argument);
    if (inline !== undefined) void this.#showDiff(inline.approval);
  }

  /** What a thread or a CodeLens asks about, once it could be read. */
  approvalOf(argument: unknown): Approval | undefined {
    return this.#readable(argument)?.approval;
  }

  dispose(): void {
    for (const id of this.#open.keys()) this.#close(id);
    this.#controller?.dispose();
    for (const each of this.#disposables) each.dispose();
  }

  #show(approval: Approval): void {
    const { file } = approval;
    if (file === undefined || !this.#store.pending().some(({ id }) => id === approval.id)) return;
    const line = this.#firstChange(approval);
    const { why, reason, loss } = approval;
    const told = [lossLine(loss), reason, why === undefined ? "" : `“${why}”`].filter((part) => part !== "");
    // A comment with a body makes the editor open its Comments panel, which would move what a person works at.
    const comment: vscode.Comment = {
      body: "",
      mode: vscode.CommentMode.Preview,
      author: { name: plainLabel(this.#agent(approval)) },
      label: plainLabel(told.join(" ")),
    };
    const range = new vscode.Range(line, 0, line, 0);
    const thread = this.#comments().createCommentThread(fileUri(file), range, [comment]);
    thread.label = this.#says(approval);
    thread.collapsibleState = vscode.CommentThreadCollapsibleState.Collapsed;
    thread.canReply = true;
    if (approval.rules !== undefined) thread.contextValue = "rule";
    this.#open.set(approval.id, { approval, thread, shownAt: Date.now() });
    this.#changed.fire();
  }

  #close(id: string): void {
    this.#open.get(id)?.thread.dispose();
    if (this.#open.delete(id)) this.#changed.fire();
  }

  /** Made for the first question: without one there is nothing to comment on. */
  #comments(): vscode.CommentController {
    this.#controller ??= vscode.comments.createCommentController(CONTROLLER, "Interlock");
    this.#controller.options = {
      prompt: l10n.t("Reject it and say why"),
      placeHolder: l10n.t("Why, or what to do instead"),
    };
    return this.#controller;
  }

  #firstChange({ session, call, file }: Approval): number {
    const diffs = this.#book.byId(session)?.archive.details(call)?.diffs ?? [];
    const diff = diffs.length === 1 ? diffs[0] : diffs.find(({ path }) => path === file);
    const before = diff?.oldText ?? "";
    const start = changedPart(before, diff?.newText ?? before)?.start ?? 0;
    return before.slice(0, start).split("\n").length - 1;
  }

  #agent({ session }: Approval): string {
    return this.#book.byId(session)?.conversation.header.agent ?? "Interlock";
  }

  #says(approval: Approval): string {
    return l10n.t("Interlock: {0} wants to write this file", plainLabel(this.#agent(approval)));
  }

  #at(uri: vscode.Uri): readonly Inline[] {
    const wanted = uri.toString();
    return [...this.#open.values()].filter(({ thread }) => thread.uri.toString() === wanted);
  }

  /** What was not there for long enough to be read is not answered. */
  #readable(argument: unknown): Inline | undefined {
    const inline = this.#find(argument);
    return inline !== undefined && Date.now() - inline.shownAt >= READ_MS ? inline : undefined;
  }

  /** A CodeLens hands over the approval's id, a thread's button the thread, its text box a reply. */
  #find(argument: unknown): Inline | undefined {
    if (typeof argument === "string") return this.#open.get(argument);
    const thread = isReply(argument) ? argument.thread : argument;
    return [...this.#open.values()].find((inline) => inline.thread === thread);
  }
}

function isReply(argument: unknown): argument is vscode.CommentReply {
  return typeof argument === "object" && argument !== null && "thread" in argument && "text" in argument;
}
