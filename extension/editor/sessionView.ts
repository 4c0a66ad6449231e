import * as l10n from "@vscode/l10n";
import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import type { Choice } from "../approvals/approval.ts";
import { Feed } from "../panel/feed.ts";
import { handleIntent, type IntentHandlers, parseIntent } from "../panel/intent.ts";
import { pageHtml } from "../panel/page.ts";
import type { ApprovalCard, HostMessage, ProjectCard } from "../panel/protocol.ts";
import { readBanners } from "./banners.ts";
import type { SessionBook } from "./book.ts";
import type { LazyApp } from "./lazyApp.ts";
import type { PolicyEdits } from "./policyEdits.ts";

export const SESSION_VIEW = "interlock.session";

/** The session's webview: feeds the page, and brings what it asks for to whom it concerns. */
export class SessionView implements vscode.WebviewViewProvider, vscode.Disposable {
  readonly #context: vscode.ExtensionContext;
  readonly #app: LazyApp;
  readonly #book: SessionBook;
  readonly #handlers: IntentHandlers;
  readonly #edits: PolicyEdits;
  readonly #feed: Feed;
  readonly #hidden = new vscode.EventEmitter<void>();
  readonly #shown = new vscode.EventEmitter<void>();
  readonly #disposables: vscode.Disposable[] = [this.#hidden, this.#shown];
  /** What the panel shows is out of sight from now on. */
  readonly onDidHide = this.#hidden.event;
  /** It is in sight again. */
  readonly onDidShow = this.#shown.event;
  #view: vscode.WebviewView | undefined;
  #revealed: Parameters<Feed["reveal"]>[0] | undefined;

  constructor(
    context: vscode.ExtensionContext,
    app: LazyApp,
    book: SessionBook,
    handlers: IntentHandlers,
    edits: PolicyEdits,
  ) {
    this.#context = context;
    this.#app = app;
    this.#book = book;
    this.#handlers = handlers;
    this.#edits = edits;
    const strings = vscode.l10n.bundle;
    this.#feed = new Feed({
      send: (message: HostMessage) => void this.#view?.webview.postMessage(message),
      details: async (session, call) => this.#book.byId(session)?.archive.details(call),
      ...(strings === undefined ? {} : { strings: plainStrings(strings) }),
    });
    this.#disposables.push(
      book.onChange(() => this.refresh()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.refresh()),
      vscode.workspace.onDidChangeWorkspaceFolders(() => this.refresh()),
    );
    this.refresh();
  }

  get visible(): boolean {
    return this.#view?.visible ?? false;
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    this.#view = view;
    const built = vscode.Uri.joinPath(this.#context.extensionUri, "dist", "webview");
    view.webview.options = { enableScripts: true, localResourceRoots: [built] };
    const asset = (name: string): string =>
      view.webview.asWebviewUri(vscode.Uri.joinPath(built, name)).toString();
    const listening = [
      view.webview.onDidReceiveMessage((raw: unknown) => void this.#receive(raw)),
      view.onDidChangeVisibility(() => {
        if (view.visible) return this.#shown.fire();
        this.#feed.hide();
        this.#hidden.fire();
      }),
      view.onDidDispose(() => {
        this.#feed.hide();
        this.#view = undefined;
        for (const each of listening) each.dispose();
      }),
    ];
    view.webview.html = pageHtml({
      script: asset("main.js"),
      styles: [asset("main.css")],
      source: view.webview.cspSource,
      nonce: randomBytes(16).toString("base64"),
      language: vscode.env.language,
    });
    this.refresh();
    this.#shown.fire();
  }

  projects(cards: readonly ProjectCard[]): void {
    this.#feed.projects(cards);
  }

  /** Shows the view, and one of its parts once the page is there. */
  async reveal(what: Parameters<Feed["reveal"]>[0]): Promise<void> {
    this.#revealed = what;
    await vscode.commands.executeCommand(`${SESSION_VIEW}.focus`);
    this.#feed.reveal(what);
  }

  /** Has the panel answer the card that it shows; false where none is in sight. */
  answerShown(choice: Extract<Choice, "allow-once" | "reject">): boolean {
    return this.visible && this.#feed.answer(choice);
  }

  /** Brings place, banners and badge in line with what is so now. */
  refresh(): void {
    const pending = this.#app.approvals.pending().length;
    if (this.#view !== undefined) {
      const tooltip = l10n.t("{0} waiting for you", pending);
      this.#view.badge = pending === 0 ? undefined : { value: pending, tooltip };
    }
    const others = this.#book.entries.filter((entry) => entry !== this.#book.shown);
    this.#feed.others(others.flatMap(({ conversation }) => conversation.cards).sort(byAge));
    this.#feed.show(this.#book.shown?.conversation, placeNow());
    this.#feed.banners(readBanners(this.#app.loaded, this.#book.shown, this.#edits));
  }

  dispose(): void {
    this.#feed.dispose();
    for (const each of this.#disposables) each.dispose();
  }

  async #receive(raw: unknown): Promise<void> {
    const intent = parseIntent(raw);
    if (!intent.ok) return;
    await handleIntent(intent.value, this.#feed, this.#handlers);
    if (intent.value.type !== "ready" || this.#revealed === undefined) return;
    this.#feed.reveal(this.#revealed);
    this.#revealed = undefined;
  }
}

function byAge(one: ApprovalCard, other: ApprovalCard): number {
  return one.openedAt - other.openedAt;
}

function placeNow(): "welcome" | "untrusted" | "no-workspace" {
  if ((vscode.workspace.workspaceFolders ?? []).length === 0) return "no-workspace";
  return vscode.workspace.isTrusted ? "welcome" : "untrusted";
}

/** A bundle's entry is the text, or the text with comments for translators. */
export function plainStrings(bundle: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(bundle).map(([key, value]: [string, unknown]) => {
      if (typeof value === "string") return [key, value];
      const { message } = value as { message: string };
      return [key, message];
    }),
  );
}
