import * as l10n from "@vscode/l10n";
import { basename } from "node:path";
import * as vscode from "vscode";
import type { RuleOffers } from "../approvals/approval.ts";
import { messageOf, type Problem } from "../errors.ts";
import type { DraftList } from "../policy/draft.ts";
import type { Addition, Whose } from "../policy/addition.ts";
import type { RoutingEntry, RuleEntry } from "../policy/schema.ts";
import type { PolicySource } from "../policy/source.ts";
import { visible } from "../text/visible.ts";
import type { Entry, SessionBook } from "./book.ts";
import { READ_MS } from "./confirm.ts";
import { plainLabel, plainMessage } from "./labels.ts";
import type { LazyApp } from "./lazyApp.ts";
import { MemoryFiles } from "./memoryFiles.ts";
import type { Texts } from "./texts.ts";

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
  /** The rule about where the call is sent. */
  readonly route?: RoutingEntry;
  /** The policy that it would be written to. */
  readonly whose: Whose;
  readonly shownAt: number;
}

/**
 * A rule of the person's policy, shown in an editor as it would be written, to be changed, added or left. Adding it settles
 * whatever waits and is covered by it.
 */
export class RuleDrafts implements vscode.Disposable, vscode.CodeLensProvider {
  readonly #app: LazyApp;
  readonly #book: SessionBook;
  readonly #texts: Texts;
  readonly #files = new MemoryFiles();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #disposables: readonly vscode.Disposable[];
  #drafts: readonly Draft[] = [];
  #count = 0;
  readonly onDidChangeCodeLenses = this.#changed.event;

  constructor(app: LazyApp, book: SessionBook, texts: Texts) {
    this.#app = app;
    this.#book = book;
    this.#texts = texts;
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
    await this.#show({ entry, call, answer: { offers, list }, whose: "user" });
  }

  /** Shows the rule by which commands like a call's are sent as `rule` says. */
  async openRoute(entry: Entry, call: string, rule: RoutingEntry): Promise<void> {
    await this.#show({ entry, call, route: rule, whose: "user" });
  }

  async #show(about: Omit<Draft, "uri" | "shownAt">): Promise<void> {
    const { entry, call, answer } = about;
    const same = (draft: Draft): boolean => draft.entry === entry && draft.call === call;
    const known = this.#drafts.find(
      (draft) => same(draft) && (draft.answer === undefined) === (answer === undefined),
    );
    if (known !== undefined) return show(known.uri);
    const uri = vscode.Uri.from({ scheme: RULE_SCHEME, path: `/${++this.#count}/interlock/rule.jsonc` });
    const text = await this.#text(about);
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
    const isMine = draft.whose === "user";
    const otherPolicy = isMine ? l10n.t("For this project instead") : l10n.t("For me instead");
    const add = isMine ? l10n.t("Add rule") : l10n.t("Show the change, then add…");
    return [
      lens(`$(check) ${add}`, "interlock.addRule"),
      ...(other === undefined ? [] : [lens(`$(arrow-swap) ${otherTitle}`, "interlock.otherRule")]),
      lens(`$(arrow-both) ${otherPolicy}`, "interlock.otherPolicy"),
      lens(`$(close) ${l10n.t("Cancel")}`, "interlock.discardRule"),
    ];
  }

  /** Writes the rule as it stands in the editor, and settles what it covers. */
  async add(argument: unknown): Promise<void> {
    const draft = this.#find(argument);
    if (draft === undefined || Date.now() - draft.shownAt < READ_MS) return;
    const { uri, entry, call, whose } = draft;
    const text = (await vscode.workspace.openTextDocument(uri)).getText();
    const source = await this.#source(entry);
    const seen = whose === "user" ? undefined : await this.#confirmed(source, text);
    if (seen === null) return;
    const added = await source
      .addRules(text, whose, ...(seen === undefined ? [] : [seen.before]))
      .catch((error: unknown) => messageOf(error));
    if (typeof added === "string") return void vscode.window.showErrorMessage(plainMessage(added));
    if (!added.ok) return complain(added.error);
    await this.#close(draft);
    const { approvals } = this.#app;
    await approvals.recheck();
    const { deny = [], ask = [], allow = [], routing = [] } = added.value.rules;
    const words = plainLabel([...deny, ...ask, ...allow, ...routing].map(({ id }) => id).join(", "));
    const waits = approvals.pending(entry.id).some((approval) => approval.call === call);
    if (whose === "project" && added.value.loosens.length > 0) await offerToApply(words);
    else if (waits) {
      const text = l10n.t(
        "{0} is in the policy. It does not answer the question that it began with, which still waits.",
        words,
      );
      void vscode.window.showInformationMessage(text);
    } else vscode.window.setStatusBarMessage(l10n.t("In the policy: {0}", words), SAID_MS);
  }

  /** Allowing instead of refusing, or the other way round. */
  async other(argument: unknown): Promise<void> {
    const draft = this.#find(argument);
    if (draft?.answer === undefined) return;
    const { offers, list } = draft.answer;
    await this.#turn(draft, { answer: { offers, list: list === "allow" ? "deny" : "allow" } });
  }

  /** The project's policy instead of the person's own, or the other way round. */
  async otherPolicy(argument: unknown): Promise<void> {
    const draft = this.#find(argument);
    if (draft !== undefined) await this.#turn(draft, { whose: draft.whose === "user" ? "project" : "user" });
  }

  /** Another draft in the same document. */
  async #turn(draft: Draft, change: Partial<Draft>): Promise<void> {
    const changed: Draft = { ...draft, ...change, shownAt: Date.now() };
    const text = await this.#text(changed);
    if (text === undefined) return;
    const document = await vscode.workspace.openTextDocument(draft.uri);
    const edit = new vscode.WorkspaceEdit();
    edit.replace(draft.uri, new vscode.Range(0, 0, document.lineCount, 0), text);
    await vscode.workspace.applyEdit(edit);
    this.#drafts = this.#drafts.map((each) => (each === draft ? changed : each));
    this.#changed.fire();
  }

  /** What the project's file would become, shown as a diff; null where it was not wanted. */
  async #confirmed(source: PolicySource, text: string): Promise<Addition | null> {
    const planned = source.planRules(text, "project");
    if (!planned.ok) {
      complain(planned.error);
      return null;
    }
    const { before, after, loosens } = planned.value;
    const name = basename(source.places.projectFile);
    const [left, right] = [this.#texts.add(name, before ?? ""), this.#texts.add(name, after)];
    const title = l10n.t("{0}: now, and as it would be", name);
    const selection = whereAdded(planned.value);
    await vscode.commands.executeCommand("vscode.diff", left, right, title, { preview: true, selection });
    const shownAt = Date.now();
    const add = l10n.t("Add to {0}", name);
    const counts =
      loosens.length === 0
        ? l10n.t("It counts as soon as it is written.")
        : l10n.t("It loosens something, so it isn't in force before you apply it.");
    const question = l10n.t("Write this to {0}, for everybody who works on the project?", name);
    const answer = await vscode.window.showInformationMessage(`${question} ${counts}`, add);
    const isYes = answer === add && Date.now() - shownAt >= READ_MS;
    await closeTabs((input) => input instanceof vscode.TabInputTextDiff && same(input.modified, right));
    return isYes ? planned.value : null;
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
    await vscode.workspace.textDocuments.find((each) => same(each.uri, uri))?.save();
    await closeTabs((input) => input instanceof vscode.TabInputText && same(input.uri, uri));
    this.#forget(uri);
  }

  async #source({ root }: Entry): Promise<PolicySource> {
    return (await this.#app.load()).policy(root);
  }

  /** The document: the rule in a policy of its own, below what it means in words. */
  async #text({ entry, answer, route, whose }: Omit<Draft, "uri" | "shownAt">): Promise<string | undefined> {
    const { freshId } = await import("../policy/write.ts");
    const { [whose]: policy } = (await this.#source(entry)).current();
    const named = <Rule extends { id: string }>(rule: Rule): Rule => ({
      ...rule,
      id: freshId(whose === "user" ? rule.id : rule.id.replace(/^mine\./, "project."), policy.file),
    });
    if (route !== undefined) {
      const { routeDraftText } = await import("../policy/draftRoute.ts");
      const { project, ...rule } = named(route);
      const isMine = whose === "user" && project !== undefined;
      const text = routeDraftText(isMine ? { ...rule, project } : rule);
      return document([...headOf(whose, policy.path, "route"), ...routeMeaning(rule)], text);
    }
    const offer = answer?.offers[answer.list];
    if (answer === undefined || offer === undefined) return undefined;
    const { draftText } = await import("../policy/draft.ts");
    const rule = named(JSON.parse(offer.rule) as RuleEntry);
    const head = [...headOf(whose, policy.path, answer.list), ...meaning(answer.list, rule)];
    return document(head, draftText(answer.list, rule));
  }
}

/** Whose policy it is, and where and from when on it counts. */
function headOf(whose: Whose, path: string, list: DraftList | "route"): readonly string[] {
  if (whose === "project") {
    return [
      l10n.t("A rule for this project's policy: {0}", path),
      list === "deny"
        ? l10n.t("It counts for everybody who works here, as soon as it is written.")
        : l10n.t("It counts for everybody who works here, once they have applied the policy."),
    ];
  }
  const where =
    list === "route"
      ? l10n.t("It counts in this project. Without “project” it counts in all of yours.")
      : l10n.t("It counts in all your projects.");
  return [l10n.t("A rule for your own policy: {0}", path), where];
}

function routeMeaning({ command }: Pick<RoutingEntry, "command">): readonly string[] {
  return [
    l10n.t("Runs as asked: {0}, and is judged like any other command.", [command].flat().join(", ")),
    l10n.t("** stands for any further words."),
  ];
}

/** A policy that is shown before it is added, below what it means in words. */
function document(head: readonly string[], policy: string): string {
  const lines = [...head, l10n.t("Change it as you like. Nothing is written before you say so above.")];
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

/** The line of the first rule that is added. */
function whereAdded({ after, rules }: Addition): vscode.Range {
  const [first] = [rules.deny, rules.ask, rules.allow, rules.routing].flatMap((list) => list ?? []);
  const at = after.indexOf(`"${first?.id}"`);
  const line = after.slice(0, Math.max(at, 0)).split("\n").length - 1;
  return new vscode.Range(line, 0, line, 0);
}

/** What of the rule lets something through counts once a person has applied the project's policy. */
async function offerToApply(words: string): Promise<void> {
  const apply = l10n.t("Apply the policy…");
  const text = l10n.t("{0} is in the project's policy, and not in force before you apply it.", words);
  const answer = await vscode.window.showInformationMessage(text, apply);
  if (answer === apply) await vscode.commands.executeCommand("interlock.applyPolicy");
}

function complain({ message, next }: Problem): void {
  void vscode.window.showErrorMessage(plainMessage(`${message} ${next}`));
}

function same(one: vscode.Uri, other: vscode.Uri): boolean {
  return one.toString() === other.toString();
}

async function closeTabs(isIt: (input: unknown) => boolean): Promise<void> {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  await vscode.window.tabGroups.close(tabs.filter(({ input }) => isIt(input)));
}

async function show(uri: vscode.Uri): Promise<void> {
  await vscode.window.showTextDocument(uri, { preview: false });
}
