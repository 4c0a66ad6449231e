import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { SessionState } from "../events/event.ts";
import { visible } from "../text/visible.ts";
import type { Entry, SessionBook } from "./book.ts";
import type { Noticed, NoticedAgents } from "./noticedAgents.ts";

/** The native list of sessions, shown from the second one on, and of agents that work beside Interlock. */
export class SessionTree implements vscode.TreeDataProvider<Entry | Noticed>, vscode.Disposable {
  readonly #book: SessionBook;
  readonly #noticed: NoticedAgents;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #listening: vscode.Disposable;
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(book: SessionBook, noticed: NoticedAgents) {
    this.#book = book;
    this.#noticed = noticed;
    const changed = (): void => this.#changed.fire();
    this.#listening = vscode.Disposable.from(
      book.onChange(changed),
      noticed.onChange(changed),
      this.#changed,
    );
  }

  getChildren(parent?: Entry | Noticed): (Entry | Noticed)[] {
    return parent === undefined ? [...this.#book.entries, ...this.#noticed.list] : [];
  }

  getTreeItem(row: Entry | Noticed): vscode.TreeItem {
    return "terminal" in row ? noticedItem(row) : sessionItem(row);
  }

  dispose(): void {
    this.#listening.dispose();
  }
}

function sessionItem(entry: Entry): vscode.TreeItem {
  const { header, approvals } = entry.conversation;
  const item = new vscode.TreeItem(visible(header.title ?? header.agent));
  const waiting = approvals.length > 0;
  const inTerminal = header.terminal === true && header.state === "ready";
  item.id = entry.id;
  item.description = waiting
    ? l10n.t("waiting for you")
    : inTerminal
      ? l10n.t("in a terminal")
      : stateWord(header.state);
  const icon = inTerminal ? "terminal" : ICONS[header.state];
  item.iconPath = new vscode.ThemeIcon(waiting ? "bell-dot" : icon);
  item.contextValue = header.worktree === undefined ? "session" : "session.worktree";
  item.command = { command: "interlock.showSession", title: l10n.t("Show Session"), arguments: [entry.id] };
  return item;
}

/** Nothing of it can be shown but that it is there. */
function noticedItem({ agent, terminal }: Noticed): vscode.TreeItem {
  const item = new vscode.TreeItem(agent.name);
  item.description = l10n.t("not guarded by Interlock");
  item.tooltip = l10n.t(
    "{0} runs in the terminal “{1}”. Nothing is asked there before it runs; start it in a guarded terminal, or as a session.",
    agent.name,
    visible(terminal.name),
  );
  item.iconPath = new vscode.ThemeIcon("unlock", new vscode.ThemeColor("list.warningForeground"));
  item.contextValue = "noticed";
  item.command = { command: "interlock.openGuardedTerminal", title: l10n.t("Open a guarded terminal") };
  return item;
}

const ICONS: Readonly<Record<SessionState["name"], string>> = {
  starting: "loading~spin",
  ready: "circle-outline",
  working: "loading~spin",
  cancelling: "loading~spin",
  ended: "circle-slash",
  crashed: "error",
};

function stateWord(state: SessionState["name"]): string {
  switch (state) {
    case "starting":
      return l10n.t("starting");
    case "ready":
      return l10n.t("ready");
    case "working":
      return l10n.t("working");
    case "cancelling":
      return l10n.t("stopping");
    case "ended":
      return l10n.t("ended");
    case "crashed":
      return l10n.t("stopped unexpectedly");
  }
}
