import * as l10n from "@vscode/l10n";
import { basename } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as vscode from "vscode";
import { messageOf } from "../errors.ts";
import type { ProjectCard } from "../panel/protocol.ts";
import type { SessionBook } from "./book.ts";
import { fileUri, workspaceFolders, workspaceRoots } from "./folders.ts";
import { plainMessage } from "./labels.ts";
import type { LazyApp } from "./lazyApp.ts";
import { Lookout } from "./lookout.ts";
import type { SwapConsent } from "../toolchain/swapConsents.ts";
import type { Texts } from "./texts.ts";
import { type LockManager, type ShownProject, shownProjects } from "./projectView.ts";

interface ProjectParts {
  readonly app: LazyApp;
  readonly book: SessionBook;
  readonly isVisible: () => boolean;
  readonly texts: Texts;
  readonly show: (cards: readonly ProjectCard[]) => void;
}

/** Files that say whose a project is, how its lock stands, or which tools it has. */
const TOLD_BY = [
  "pyproject.toml uv.toml ruff.toml ty.toml bunfig.toml uv.lock poetry.lock pdm.lock Pipfile.lock",
  "bun.lock bun.lockb yarn.lock Pipfile .python-version .npmrc setup.py setup.cfg pyvenv.cfg",
  "environment.yml environment.yaml conda-lock.yml pnpm-lock.yaml package.json package-lock.json",
  "npm-shrinkwrap.json .package-lock.json tsconfig.json .oxlintrc.json *requirements*.txt",
]
  .join(" ")
  .replaceAll(" ", ",");
/** An install writes a hundred of these files: one look is enough for all of them. */
const QUIET_MS = 300;
/** What installed packages bring of such files is no matter of the project's, but for what says that something was installed. */
const INSTALLED = /[\\/](?:node_modules|site-packages|\.git)[\\/]/;

/**
 * The projects of the window as the panel shows them. They are looked at when the panel comes into sight, when a file that speaks
 * of them changes, and when an agent is done; never while nobody sees them, and never before a folder is trusted.
 */
export class ProjectCards implements vscode.Disposable {
  readonly #parts: ProjectParts;
  readonly #disposables: vscode.Disposable[];
  #projects: readonly ShownProject[] = [];
  readonly #lookout: Lookout;
  #state = "";

  constructor(parts: ProjectParts) {
    this.#parts = parts;
    this.#lookout = new Lookout({
      look: () => this.#look(),
      isWanted: () => parts.app.loaded !== undefined && parts.isVisible(),
      tell: (error) => {
        const text = l10n.t(
          'The projects could not be looked at ({0}), so what the panel shows of them may be old. Run "Interlock: Show Project" to try again.',
          messageOf(error),
        );
        void vscode.window.showWarningMessage(plainMessage(text));
      },
    });
    const watcher = vscode.workspace.createFileSystemWatcher(`**/{${TOLD_BY}}`);
    const changed = (uri: vscode.Uri): void => {
      if (!INSTALLED.test(uri.path) || basename(uri.path) === ".package-lock.json") this.changed();
    };
    this.#disposables = [
      watcher,
      watcher.onDidChange(changed),
      watcher.onDidCreate(changed),
      watcher.onDidDelete(changed),
      vscode.workspace.onDidChangeWorkspaceFolders(() => this.changed()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.changed()),
      parts.book.onChange(() => {
        const { shownState } = parts.book;
        if (shownState === this.#state) return;
        this.#state = shownState;
        this.changed();
      }),
    ];
  }

  /** Something may be different: looks again, at once where the panel is in sight. */
  changed(): void {
    this.#lookout.changed();
  }

  /** The panel is in sight: what has changed meanwhile is looked at. */
  seen(): void {
    this.#lookout.seen();
  }

  get count(): number {
    return this.#projects.length;
  }

  /** Looks, whoever sees it. */
  lookAnew(): Promise<void> {
    return this.#lookout.lookAnew();
  }

  /** Does what a card offers. */
  async takeOffer(id: string): Promise<void> {
    const project = this.#projects.find(({ card }) => card.id === id);
    if (project === undefined) return;
    const { app, texts } = this.#parts;
    const { takeOffer } = await import("./projectOffers.ts");
    await takeOffer({ app, texts, changed: () => this.changed() }, project);
  }

  /** It is asked about again from now on whether another program may answer there; `rule` null: whether any may. */
  async revokeSwap(id: string, rule: string | null): Promise<void> {
    const project = this.#projects.find(({ card }) => card.id === id);
    if (project === undefined) return;
    const { swaps } = await this.#parts.app.load();
    try {
      await swaps.revoke(project.report.folder, rule);
    } catch (error) {
      void vscode.window.showErrorMessage(plainMessage(messageOf(error)));
    }
    this.changed();
  }

  /** Has a person consent to one of the tools that a project lacks, and brings it. */
  async getTool(id: string, name: string): Promise<void> {
    const project = this.#projects.find(({ card }) => card.id === id);
    const offer = project?.report.tools.find(({ tool }) => tool === name)?.offer ?? null;
    if (offer === null) return;
    const { getTools } = await import("./getTools.ts");
    if (await getTools(await this.#parts.app.load(), [offer])) this.changed();
  }

  /** The same for all that the window's folders lack. */
  async getMissingTools(): Promise<void> {
    const { getMissingTools } = await import("./getTools.ts");
    if (await getMissingTools(this.#parts.app)) this.changed();
  }

  async openEvidence(id: string, item: number): Promise<void> {
    const project = this.#projects.find(({ card }) => card.id === id);
    const path = project?.report.evidence[item]?.path;
    if (path !== undefined) await vscode.window.showTextDocument(fileUri(path), { preview: true });
  }

  dispose(): void {
    for (const each of this.#disposables) each.dispose();
  }

  async #look(): Promise<void> {
    const { app, show } = this.#parts;
    // The project's own programs are asked for their versions.
    if (!vscode.workspace.isTrusted) return;
    const loaded = await app.load();
    await sleep(this.#projects.length === 0 ? 0 : QUIET_MS);
    const reports = await Promise.all(workspaceRoots().map((root) => loaded.doctor(root)));
    const runners = loaded.toolchain.runners();
    const has = (manager: LockManager): boolean => runners[manager] !== null;
    const said = (root: string): SwapConsent => loaded.swaps.of(root);
    this.#projects = shownProjects(reports, workspaceFolders(), { has, said });
    show(this.#projects.map(({ card }) => card));
  }
}
