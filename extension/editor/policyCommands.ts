import * as l10n from "@vscode/l10n";
import { basename } from "node:path";
import * as vscode from "vscode";
import type { App } from "../app.ts";
import { messageOf } from "../errors.ts";
import type { AskedCommand } from "../panel/conversation.ts";
import type { PolicySource, PolicyText } from "../policy/source.ts";
import type { SessionBook } from "./book.ts";
import { READ_MS } from "./confirm.ts";
import { chooseRoot, fileUri, workspaceRoots } from "./folders.ts";
import { plainLabel, plainMessage } from "./labels.ts";
import type { LazyApp } from "./lazyApp.ts";
import { POLICY_ACTIONS, type PolicyAction } from "./policyBanner.ts";
import { pickLayer } from "./policyLayers.ts";
import type { PolicyEdits } from "./policyEdits.ts";
import type { Texts } from "./texts.ts";

interface PolicyParts {
  readonly app: LazyApp;
  readonly book: SessionBook;
  readonly texts: Texts;
  readonly edits: PolicyEdits;
  /** Something that is said of the policies may be out of date. */
  readonly onChange: () => void;
}

/** Loosened rules that the confirmation lists; the diff shows all of them. */
const LISTED = 12;

/** The commands about policies. What a policy says is read and judged by the app, as for the command line. */
export class PolicyCommands {
  readonly #parts: PolicyParts;

  constructor(parts: PolicyParts) {
    this.#parts = parts;
  }

  /** Shows the layers, and leads to their files. */
  async open(): Promise<void> {
    const root = await this.#root();
    if (root === undefined) return;
    const app = await this.#parts.app.load();
    const source = await app.policy(root);
    const last = this.#parts.book.shown?.conversation.lastCommand();
    await pickLayer({
      state: source.current(),
      mode: app.mode(root),
      decided: last === undefined ? undefined : await decidedBy(app, last, root),
      openFile: (text) => openFile(text),
      openText: (name, text) => this.#parts.texts.open(name, text),
      acceptedText: () => source.acceptedText() ?? "",
      create: (whose) => this.#create(source, whose),
      showChanges: () => this.showChanges(root),
      apply: () => this.apply(root),
      explain: () => this.explain(),
    });
  }

  /** Every step of a verdict: of `command`, which a text means in the project's folder, or of one that is typed. */
  async explain(command?: AskedCommand | string): Promise<void> {
    const { book, texts } = this.#parts;
    const root = await this.#root();
    if (root === undefined) return;
    const asked =
      typeof command === "string"
        ? { line: command, cwd: root }
        : (command ?? (await askCommand(book.shown?.conversation.lastCommand(), root)));
    if (asked === undefined) return;
    const app = await this.#parts.app.load();
    const [{ explanationText }, explanation] = await Promise.all([
      import("../cli/explain.ts"),
      app.explain({ kind: "command", line: asked.line, argv: null, cwd: asked.cwd, env: {} }, root),
    ]);
    const head = `$ ${asked.line}\n  ${l10n.t("in {0}", asked.cwd)}\n`;
    await texts.open(
      "verdict.txt",
      `${head}\n${explanationText(explanation, await app.lockTrouble(explanation.considered))}\n`,
    );
  }

  /** The project's policy or the person's own, from the commented template; never over one that is there. */
  async create(): Promise<void> {
    const root = await this.#root();
    if (root === undefined) return;
    const source = await (await this.#parts.app.load()).policy(root);
    const { projectFile, userFile } = source.places;
    const answer = await vscode.window.showQuickPick(
      [
        {
          label: `$(repo) ${l10n.t("For this project")}`,
          description: projectFile,
          whose: "project" as const,
        },
        {
          label: `$(account) ${l10n.t("For me, in all projects")}`,
          description: userFile,
          whose: "user" as const,
        },
      ],
      { placeHolder: l10n.t("Whose policy?") },
    );
    if (answer !== undefined) await this.#create(source, answer.whose);
  }

  /** What the file says now, beside what the person accepted. */
  async showChanges(root?: string): Promise<void> {
    const source = await this.#source(root);
    if (source === undefined) return;
    const { texts } = this.#parts;
    const { project, pending } = source.current();
    const name = basename(project.path);
    if (pending === null) {
      if (project.state === "broken") return openFile(project);
      void vscode.window.showInformationMessage(l10n.t("The repository's policy is as you accepted it."));
      return;
    }
    await vscode.commands.executeCommand(
      "vscode.diff",
      texts.add(name, source.acceptedText() ?? ""),
      project.state === "absent" ? texts.add(name, "") : fileUri(project.path),
      l10n.t("{0}: accepted and present", name),
    );
  }

  /** Puts the repository's policy in force, after the person has seen what it loosens. */
  async apply(root?: string): Promise<void> {
    const source = await this.#source(root);
    if (source === undefined) return;
    const { project, pending } = source.current();
    if (pending === null) return this.showChanges(root);
    const apply = l10n.t("Apply");
    const shownAt = Date.now();
    const answer = await vscode.window.showWarningMessage(
      plainMessage(l10n.t("Put {0} in force as it is now?", basename(project.path))),
      { modal: true, detail: plainMessage(loosensText(pending.loosens)) },
      apply,
    );
    if (answer !== apply || Date.now() - shownAt < READ_MS) return;
    // The hash is of what was listed: another text that lies there by now is not accepted.
    const accepted = await source.accept(pending.hash);
    if (!accepted.ok) {
      const { message, next } = accepted.error;
      void vscode.window.showErrorMessage(plainMessage(`${message} ${next}`));
    } else for (const each of workspaceRoots()) this.#forget(each, source);
    this.#parts.onChange();
  }

  /** A banner's button; false where it isn't one of a policy. */
  async banner(action: string): Promise<boolean> {
    const [name = "", index = ""] = action.split(":");
    const root = workspaceRoots()[Number(index)];
    if (!isPolicyAction(name)) return false;
    if (root === undefined || index === "") return true;
    if (name === "policy-show") await this.showChanges(root);
    else if (name === "policy-apply") await this.apply(root);
    else {
      const { user, project } = (await (await this.#parts.app.load()).policy(root)).current();
      await openFile(name === "policy-open" ? project : user);
    }
    return true;
  }

  async #create(source: PolicySource, whose: "user" | "project"): Promise<void> {
    const { createPolicy } = await import("../policy/create.ts");
    const path = whose === "user" ? source.places.userFile : source.places.projectFile;
    try {
      if (!(await createPolicy(path, whose)))
        void vscode.window.showInformationMessage(l10n.t("There is a policy already. It was not changed."));
      await vscode.window.showTextDocument(fileUri(path));
    } catch (error) {
      void vscode.window.showErrorMessage(plainMessage(messageOf(error)));
    }
  }

  #root(): Promise<string | undefined> {
    return chooseRoot(this.#parts.book.shown?.root);
  }

  async #source(root: string | undefined): Promise<PolicySource | undefined> {
    const chosen = root ?? (await this.#root());
    return chosen === undefined ? undefined : (await this.#parts.app.load()).policy(chosen);
  }

  /** Worktrees of one repository share what was accepted. */
  #forget(root: string, { places }: PolicySource): void {
    const known = this.#parts.app.loaded?.knownPolicy(root);
    if (known?.places.repository === places.repository) this.#parts.edits.forget(root);
  }
}

function isPolicyAction(name: string): name is PolicyAction {
  return (POLICY_ACTIONS as readonly string[]).includes(name);
}

function loosensText(loosens: readonly { readonly what: string; readonly message: string }[]): string {
  if (loosens.length === 0) return l10n.t("It loosens nothing: all that it says holds already.");
  const lines = loosens.slice(0, LISTED).map(({ what, message }) => `• ${what}: ${message}`);
  const more = loosens.length > LISTED ? [l10n.t("and {0} more", loosens.length - LISTED)] : [];
  return [l10n.t("It loosens:"), ...lines, ...more].join("\n");
}

/** Opens a policy where its first problem is. */
async function openFile({ path, problems: [first] }: PolicyText): Promise<void> {
  const editor = await vscode.window.showTextDocument(fileUri(path));
  if (first === undefined) return;
  const at = new vscode.Position(first.line - 1, first.column - 1);
  editor.selection = new vscode.Selection(at, at);
  editor.revealRange(new vscode.Range(at, at));
}

async function askCommand(last: AskedCommand | undefined, root: string): Promise<AskedCommand | undefined> {
  const line = await vscode.window.showInputBox({
    title: l10n.t("Explain a verdict"),
    prompt: l10n.t("Nothing is run"),
    placeHolder: l10n.t("A command, such as git reset --hard"),
    ...(last === undefined ? {} : { value: last.line }),
  });
  if (line === undefined || line.trim() === "") return undefined;
  return { line, cwd: last?.line === line ? last.cwd : root };
}

/** Which layer decides about the last command, as things are now. */
async function decidedBy(
  app: App,
  { line, cwd }: AskedCommand,
  root: string,
): Promise<{ readonly layer: PolicyText["layer"]; readonly words: string } | undefined> {
  const act = { kind: "command", line, argv: null, cwd, env: {} } as const;
  const considered = await app.consider(act, root).catch(() => undefined);
  if (considered === undefined) return undefined;
  const { layer, verdict } = considered.judgement;
  return { layer, words: l10n.t("decided “{0}”: {1}", plainLabel(line), verdict) };
}
