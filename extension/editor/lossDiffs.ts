import * as l10n from "@vscode/l10n";
import { join } from "node:path";
import * as vscode from "vscode";
import type { Approval } from "../approvals/approval.ts";
import type { CommittedFile } from "../git/show.ts";
import { shortHash } from "../text/shortHash.ts";
import { contentText, MAX_SHOWN } from "./contentText.ts";
import { fileUri } from "./folders.ts";
import { plainLabel, plainMessage } from "./labels.ts";
import type { LazyApp } from "./lazyApp.ts";
import type { Texts } from "./texts.ts";

type Loss = NonNullable<Approval["loss"]>;
type Revision = NonNullable<Loss["revisions"]>[number];

const SCHEME = "interlock-git";
/** Files of one commit that are opened at once. */
const MAX_FILES = 500;

interface LossItem extends vscode.QuickPickItem {
  readonly open: () => Promise<void>;
}

/** What an approval would lose, in diff editors. */
export class LossDiffs implements vscode.Disposable, vscode.TextDocumentContentProvider {
  readonly #app: LazyApp;
  readonly #texts: Texts;
  readonly #registration: vscode.Disposable;

  constructor(app: LazyApp, texts: Texts) {
    this.#app = app;
    this.#texts = texts;
    this.#registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);
  }

  /** Lists all of it; what is chosen is opened. */
  async choose(loss: Loss | undefined): Promise<void> {
    if (loss === undefined) return;
    const files = loss.files.map(({ path }, at): LossItem => {
      return { label: `$(diff) ${plainLabel(path)}`, open: () => this.openFile(loss, at) };
    });
    const revisions = (loss.revisions ?? []).map((revision, at): LossItem => {
      const icon = revision.kind === "commit" ? "$(git-commit)" : "$(git-stash)";
      return {
        label: `${icon} ${plainLabel(revision.subject)}`,
        description: shortHash(revision.id),
        open: () => this.openRevision(loss, at),
      };
    });
    const answer = await vscode.window.showQuickPick([...files, ...revisions], {
      title: l10n.t("What would be lost"),
      placeHolder: l10n.t("Choose one to open its diff"),
      matchOnDescription: true,
    });
    await answer?.open();
  }

  async openFile(loss: Loss | undefined, index: number): Promise<void> {
    const file = loss?.files[index];
    if (loss === undefined || file === undefined) return;
    const path = join(loss.root, file.path);
    const { committedText } = await import("../git/show.ts");
    const committed = await committedText((await this.#app.load()).git, path);
    const title = l10n.t("{0}: what would be lost", file.path);
    // What would be lost stands on the right: the file as it is now, against what would be left of it.
    await vscode.commands.executeCommand(
      "vscode.diff",
      this.#texts.add(file.path, committed ?? ""),
      fileUri(path),
      title,
    );
  }

  /** All files of a commit, or of an entry of the stash. */
  async openRevision(loss: Loss | undefined, index: number): Promise<void> {
    const revision = loss?.revisions?.[index];
    if (revision === undefined) return;
    const { root, subject } = revision;
    const { committedChanges } = await import("../git/show.ts");
    const changes = await committedChanges((await this.#app.load()).git, revision);
    if (changes === null) return complain(revision);
    const name = `${shortHash(revision.id)} ${plainLabel(subject)}`;
    if (changes.length === 0) {
      void vscode.window.showInformationMessage(plainMessage(l10n.t("{0} changes no file.", name)));
      return;
    }
    const rows = changes.slice(0, MAX_FILES).map(({ path, before, after }) => {
      return [fileUri(join(root, path)), uriOf(root, path, before), uriOf(root, path, after)];
    });
    const title =
      changes.length > MAX_FILES
        ? l10n.t("{0}: what would be lost, {1} of {2} files", name, MAX_FILES, changes.length)
        : l10n.t("{0}: what would be lost", name);
    await vscode.commands.executeCommand("vscode.changes", title, rows);
  }

  async provideTextDocumentContent({ query }: vscode.Uri): Promise<string> {
    const [root = "", mode = "", id = ""] = (JSON.parse(query) as readonly unknown[]).map(String);
    const { committedContent } = await import("../git/show.ts");
    const content = await committedContent((await this.#app.load()).git, root, { mode, id }, MAX_SHOWN);
    return content === null
      ? l10n.t("(git does not have this content any more)")
      : contentText(content.data, content.bytes);
  }

  dispose(): void {
    this.#registration.dispose();
  }
}

/** Undefined for what isn't there. The path's ending chooses the language. */
function uriOf(root: string, path: string, file: CommittedFile | null): vscode.Uri | undefined {
  if (file === null) return undefined;
  const query = JSON.stringify([root, file.mode, file.id]);
  return vscode.Uri.from({ scheme: SCHEME, path: `/${path}`, query });
}

function complain({ id }: Revision): void {
  const message = l10n.t("Git could not show {0}.", shortHash(id));
  const next = l10n.t("See whether it is still there: git show {0}", shortHash(id));
  void vscode.window.showErrorMessage(`${message} ${next}`);
}
