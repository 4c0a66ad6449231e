import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { RuleOffers } from "../approvals/approval.ts";
import { messageOf } from "../errors.ts";
import type { DraftList } from "../policy/draft.ts";
import type { RoutingEntry, RuleEntry } from "../policy/schema.ts";
import type { PolicySource } from "../policy/source.ts";
import { visible } from "../text/visible.ts";
import type { Entry, SessionBook } from "./book.ts";
import { READ_MS } from "./confirm.ts";
import { plainLabel, plainMessage } from "./labels.ts";
import type { LazyApp } from "./lazyApp.ts";
import { MemoryFiles } from "./memoryFiles.ts";

/** Rules that are shown before they are written: documents of no file. */
export const RULE_SCHEME = "interlock-rule";
/** How long the status bar says that a rule was added. */
const SAID_MS = 5_000;

interface Draft {
  readonly uri: vscode.Uri;
  readonly entry: Entry;
  readonly call: string;
  /** The rule that would answer the call's question; absent for one about where the call is sent. */
  readonly answer?: { readonly offers: RuleOffers; readonly list: DraftList };
  readonly shownAt: number;
}

/**
 * A rule of the person's policy, shown in an editor as it would be written, to be changed, added or left. Adding it settles
 * whatever waits and is covered by it.
 */
export class RuleDrafts implements vscode.Disposable, vscode.CodeLensProvider {
  readonly #app: LazyApp;
  readonly #book: SessionBook;
  readonly #files = new MemoryFiles();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #disposables: readonly vscode.Disposable[];
  #drafts: readonly Draft[] = [];
  #count = 0;
  readonly onDidChangeCodeLenses = this.#changed.event;

  constructor(app: LazyApp, book: SessionBook) {
    this.#app = app;
    this.#book = book;
    this.#disposables = [
      this.#changed,
      this.#files,
      vscode.workspace.registerFileSystemProvider(RULE_SCHEME, this.#files),
      vscode.languages.registerCodeLensProvider({ scheme: RULE_SCHEME }, this),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#forget(uri)),
    ];
  }

  /** Shows the rule that would answer the question of a call. */
  async open(session: string, call: string): Promise<void> {
    const entry = this.#book.byId(session);
    const offers = entry?.conversation.rulesOf(call);
    if (entry === undefined || offers === undefined) return;
    const list = offers.repeated ?? (offers.allow === undefined ? "deny" : "allow");
    await this.#show({ entry, call, answer: { offers, list } }, () => this.#text(entry, offers, list));
  }

  /** Shows the rule by which commands like a call's are sent as `rule` says. */
  async openRoute(entry: Entry, call: string, rule: RoutingEntry): Promise<void> {
    await this.#show({ entry, call }, () => this.#routeText(entry, rule));
  }

  async #show(
    about: Pick<Draft, "entry" | "call" | "answer">,
    write: () => Promise<string | undefined>,
  ): Promise<void> {
    const { entry, call, answer } = about;
    const same = (draft: Draft): boolean => draft.entry === entry && draft.call === call;
    const known = this.#drafts.find(
      (draft) => same(draft) && (draft.answer === undefined) === (answer === undefined),
    );
    if (known !== undefined) return show(known.uri);
    const uri = vscode.Uri.from({ scheme: RULE_SCHEME, path: `/${++this.#count}/interlock/rule.jsonc` });
    const text = await write();
    if (text === undefined) return;
    this.#files.set(uri, text);
    await show(uri);
    this.#drafts = [...this.#drafts, { uri, ...about, shownAt: Date.now() }];
    this.#changed.fire();
  }

  provideCodeLenses({ uri }: vscode.TextDocument): vscode.CodeLens[] {
    const draft = this.#find(uri);
    if (draft === undefined) return [];
    const range = new vscode.Range(0, 0, 0, 0);
    const lens = (title: string, command: string): vscode.CodeLens =>
      new vscode.CodeLens(range, { title, command, arguments: [uri] });
    const { offers, list } = draft.answer ?? {};
    const other = list === "allow" ? offers?.deny : offers?.allow;
    const otherTitle = list === "allow" ? l10n.t("Refuse it instead") : l10n.t("Allow it instead");
    return [
      lens(`$(check) ${l10n.t("Add rule")}`, "interlock.addRule"),
      ...(other === undefined ? [] : [lens(`$(arrow-swap) ${otherTitle}`, "interlock.otherRule")]),
      lens(`$(close) ${l10n.t("Cancel")}`, "interlock.discardRule"),
    ];
  }

  /** Writes the rule as it stands in the editor, and settles what it covers. */
  async add(argument: unknown): Promise<void> {
    const draft = this.#find(argument);
    if (draft === undefined || Date.now() - draft.shownAt < READ_MS) return;
    const { uri, entry, call } = draft;
    const document = await vscode.workspace.openTextDocument(uri);
    const source = await this.#source(entry);
    const added = await source.addRules(document.getText()).catch((error: unknown) => messageOf(error));
    if (typeof added === "string") return void vscode.window.showErrorMessage(plainMessage(added));
    if (!added.ok) {
      const { message, next } = added.error;
      return void vscode.window.showErrorMessage(plainMessage(`${message} ${next}`));
    }
    await this.#close(draft);
    const { approvals } = this.#app;
    await approvals.recheck();
    const { deny = [], ask = [], allow = [], routing = [] } = added.value;
    const ids = [...deny, ...ask, ...allow, ...routing];
    const words = plainLabel(ids.map(({ id }) => id).join(", "));
    const waits = approvals.pending(entry.id).some((approval) => approval.call === call);
    if (waits) {
      const text = l10n.t(
        "{0} is in your policy. It does not answer the question that it began with, which still waits.",
        words,
      );
      void vscode.window.showInformationMessage(text);
    } else vscode.window.setStatusBarMessage(l10n.t("In your policy: {0}", words), SAID_MS);
  }

  /** Allowing instead of refusing, or the other way round. */
  async other(argument: unknown): Promise<void> {
    const draft = this.#find(argument);
    if (draft?.answer === undefined) return;
    const { offers } = draft.answer;
    const list = draft.answer.list === "allow" ? "deny" : "allow";
    const text = await this.#text(draft.entry, offers, list);
    if (text === undefined) return;
    const document = await vscode.workspace.openTextDocument(draft.uri);
    const edit = new vscode.WorkspaceEdit();
    edit.replace(draft.uri, new vscode.Range(0, 0, document.lineCount, 0), text);
    await vscode.workspace.applyEdit(edit);
    const changed: Draft = { ...draft, answer: { offers, list }, shownAt: Date.now() };
    this.#drafts = this.#drafts.map((each) => (each === draft ? changed : each));
    this.#changed.fire();
  }

  async discard(argument: unknown): Promise<void> {
    const draft = this.#find(argument);
    if (draft !== undefined) await this.#close(draft);
  }

  dispose(): void {
    for (const each of this.#disposables) each.dispose();
  }

  /** The command of a title bar or a CodeLens names the document, the palette means the one in front. */
  #find(argument: unknown): Draft | undefined {
    const uri = argument instanceof vscode.Uri ? argument : vscode.window.activeTextEditor?.document.uri;
    return this.#drafts.find((draft) => draft.uri.toString() === uri?.toString());
  }

  #forget(uri: vscode.Uri): void {
    if (uri.scheme !== RULE_SCHEME) return;
    this.#drafts = this.#drafts.filter((draft) => draft.uri.toString() !== uri.toString());
    this.#files.delete(uri);
  }

  /** What was changed in it needs no question: it is no file of anyone's. */
  async #close({ uri }: Draft): Promise<void> {
    const document = vscode.workspace.textDocuments.find((each) => each.uri.toString() === uri.toString());
    await document?.save();
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    const own = tabs.filter(
      ({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === uri.toString(),
    );
    await vscode.window.tabGroups.close(own);
    this.#forget(uri);
  }

  async #source({ root }: Entry): Promise<PolicySource> {
    return (await this.#app.load()).policy(root);
  }

  /** The document: the rule in a policy of its own, below what it means in words. */
  async #text(entry: Entry, offers: RuleOffers, list: DraftList): Promise<string | undefined> {
    const offer = offers[list];
    if (offer === undefined) return undefined;
    const [{ draftText }, { freshId }] = await Promise.all([
      import("../policy/draft.ts"),
      import("../policy/write.ts"),
    ]);
    const { user } = (await this.#source(entry)).current();
    const rule = JSON.parse(offer.rule) as RuleEntry;
    const fresh: RuleEntry = { ...rule, id: freshId(rule.id, user.file) };
    const head = [
      l10n.t("A rule for your own policy: {0}", user.path),
      l10n.t("It counts in all your projects."),
      ...meaning(list, fresh),
    ];
    return document(head, draftText(list, fresh));
  }

  async #routeText(entry: Entry, rule: RoutingEntry): Promise<string> {
    const [{ freshId }, { routeDraftText }] = await Promise.all([
      import("../policy/write.ts"),
      import("../policy/draftRoute.ts"),
    ]);
    const { user } = (await this.#source(entry)).current();
    const fresh: RoutingEntry = { ...rule, id: freshId(rule.id, user.file) };
    const head = [
      l10n.t("A rule for your own policy: {0}", user.path),
      l10n.t("It counts in this project. Without “project” it counts in all of yours."),
      l10n.t("Runs as asked: {0}, and is judged like any other command.", [fresh.command].flat().join(", ")),
      l10n.t("** stands for any further words."),
    ];
    return document(head, routeDraftText(fresh));
  }
}

/** A policy that is shown before it is added, below what it means in words. */
function document(head: readonly string[], policy: string): string {
  const lines = [...head, l10n.t("Change it as you like. Nothing is written before you choose “Add rule”.")];
  return `${lines.map((line) => `// ${visible(line).replaceAll("\n", " ")}`).join("\n")}\n${policy}\n`;
}

/** What the rule does, in words. */
function meaning(list: DraftList, { command, path, effect }: RuleEntry): readonly string[] {
  const about = [command ?? path ?? []].flat().join(", ");
  if (list === "deny") {
    const generous = l10n.t("Refuses: {0}, also with more words or options behind it.", about);
    return [command === undefined ? l10n.t("Refuses: {0}", about) : generous];
  }
  return [
    l10n.t("Allows without asking: {0}", about),
    ...(about.includes("*") && command !== undefined
      ? [l10n.t("* stands for any characters of one word.")]
      : []),
    l10n.t(
      "Only while nothing would be lost, and for no other effects than: {0}",
      [effect ?? []].flat().join(", "),
    ),
  ];
}

async function show(uri: vscode.Uri): Promise<void> {
  await vscode.window.showTextDocument(uri, { preview: false });
}
