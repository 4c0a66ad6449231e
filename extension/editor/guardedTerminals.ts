import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { InterlockError, messageOf } from "../errors.ts";
import { GROUP_MARKER } from "../process/group.ts";
import type { Entry, LiveEntry, SessionBook } from "./book.ts";
import { chooseFolder } from "./folders.ts";
import { plainMessage } from "./labels.ts";

/** As package.json names it. */
const PROFILE = "interlock.guarded";
/** Where no shell of the person's is known that keeps the programs that ask first on its PATH. */
const OTHER_SHELL = "/bin/bash";
/** A profile whose terminal isn't there by then was given up. */
const OPENS_WITHIN_MS = 60_000;

/** What a terminal is opened with, and the session that waits for it. */
interface Armed {
  readonly entry: LiveEntry;
  readonly options: vscode.TerminalOptions;
  /** A line that is typed once its shell is there. */
  readonly typed: string | undefined;
  /** Gives the shell's process, once it is known. */
  readonly runsAs: (pid: number) => void;
}

/** Terminals that are guarded as sessions: each begins with its terminal, and ends with it. */
export class GuardedTerminals implements vscode.TerminalProfileProvider, vscode.Disposable {
  readonly #book: SessionBook;
  readonly #open = new Map<vscode.Terminal, LiveEntry>();
  readonly #coming = new Set<Armed>();
  readonly #disposables: readonly vscode.Disposable[];

  constructor(book: SessionBook) {
    this.#book = book;
    this.#disposables = [
      vscode.window.registerTerminalProfileProvider(PROFILE, this),
      vscode.window.onDidOpenTerminal((terminal) => this.#opened(terminal)),
      vscode.window.onDidCloseTerminal((terminal) => this.#closed(terminal)),
    ];
  }

  has(terminal: vscode.Terminal): boolean {
    return this.#open.has(terminal);
  }

  async provideTerminalProfile(token: vscode.CancellationToken): Promise<vscode.TerminalProfile | undefined> {
    const armed = await this.#arm();
    if (armed === undefined) return undefined;
    if (token.isCancellationRequested) {
      await this.#book.close(armed.entry);
      return undefined;
    }
    this.#coming.add(armed);
    setTimeout(() => {
      if (this.#coming.delete(armed)) void this.#book.close(armed.entry);
    }, OPENS_WITHIN_MS).unref();
    return new vscode.TerminalProfile(armed.options);
  }

  /** Opens one, where the person wants it by a command. */
  async open(): Promise<void> {
    const armed = await this.#arm();
    if (armed === undefined) return;
    this.#coming.add(armed);
    vscode.window.createTerminal(armed.options).show();
  }

  show(entry: Entry | undefined): void {
    for (const [terminal, each] of this.#open) if (each === entry) terminal.show();
  }

  dispose(): void {
    for (const each of this.#disposables) each.dispose();
    for (const terminal of this.#open.keys()) terminal.dispose();
  }

  async #arm(): Promise<Armed | undefined> {
    const folder = await chooseFolder();
    if (folder === undefined) return undefined;
    let shell = 0;
    try {
      const entry = await this.#book.openTerminal(l10n.t("Guarded terminal"), folder, { top: () => shell });
      return await armed(entry, (pid) => {
        shell = pid;
      });
    } catch (error) {
      const next = error instanceof InterlockError ? ` ${error.next}` : "";
      void vscode.window.showErrorMessage(plainMessage(`${messageOf(error)}${next}`));
      return undefined;
    }
  }

  #opened(terminal: vscode.Terminal): void {
    const mark = markOf(terminal.creationOptions);
    const armed = [...this.#coming].find(({ options }) => mark !== undefined && markOf(options) === mark);
    if (armed === undefined) return;
    const { entry, typed, runsAs } = armed;
    this.#coming.delete(armed);
    this.#open.set(terminal, entry);
    void terminal.processId.then((pid) => pid !== undefined && runsAs(pid));
    if (typed !== undefined) terminal.sendText(typed);
    entry.session.listen((event) => {
      if (event.type === "session.state" && event.state.name === "ended") terminal.dispose();
    });
  }

  #closed(terminal: vscode.Terminal): void {
    const entry = this.#open.get(terminal);
    this.#open.delete(terminal);
    void entry?.session.close(l10n.t("Its terminal was closed."));
  }
}

async function armed(entry: LiveEntry, runsAs: (pid: number) => void): Promise<Armed | undefined> {
  const { terminal, place, agent } = entry.session;
  if (terminal === undefined) return undefined;
  const { program, args, typed, variables } = await terminal.shell(vscode.env.shell, OTHER_SHELL);
  const options: vscode.TerminalOptions = {
    name: agent.name,
    iconPath: new vscode.ThemeIcon("shield"),
    shellPath: program,
    shellArgs: [...args],
    cwd: place.cwd,
    env: { ...variables },
    // After a reload nothing would ask in it any more.
    isTransient: true,
  };
  return { entry, options, typed, runsAs };
}

/** What runs in a guarded terminal is marked, each with a mark of its own. */
function markOf(options: vscode.Terminal["creationOptions"]): string | undefined {
  const { env } = options as vscode.TerminalOptions;
  return env?.[GROUP_MARKER] ?? undefined;
}
