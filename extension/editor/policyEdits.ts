import { basename, join } from "node:path";
import type * as vscode from "vscode";
import type { FileDiff, SessionEvent } from "../events/event.ts";
import type { Entry, SessionBook } from "./book.ts";

interface Edit {
  readonly agent: string;
  /** What was written; empty where the file was. */
  readonly text: string;
}

/** Edits of one project's policy that are remembered; the last one names the agent. */
const MAX_EDITS = 20;

/** Which agents changed a project's policy: a person must know whose words they are asked to accept. */
export class PolicyEdits implements vscode.Disposable {
  /** By the project's root. */
  readonly #edits = new Map<string, Edit[]>();
  readonly #listening = new WeakSet<object>();
  readonly #subscription: vscode.Disposable;

  constructor(book: SessionBook) {
    this.#subscription = book.onChange(() => {
      for (const entry of book.entries) this.#listen(entry);
    });
  }

  /** Who wrote something of this text; undefined where no agent of this window is known to have. */
  agentOf(root: string, text: string): string | undefined {
    const isThere = (edit: Edit): boolean => (edit.text === "" ? text === "" : text.includes(edit.text));
    return this.#edits.get(root)?.findLast(isThere)?.agent;
  }

  /** A person accepted what lies there. */
  forget(root: string): void {
    this.#edits.delete(root);
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  #listen(entry: Entry): void {
    const { session, root } = entry;
    if (session === undefined || this.#listening.has(session)) return;
    this.#listening.add(session);
    session.listen((event) => this.#seen(root, session.agent.name, event));
  }

  #seen(root: string, agent: string, event: SessionEvent): void {
    if (event.type !== "call") return;
    const diffs = (event.patch.diffs ?? []).filter((diff) => isPolicyOf(root, diff));
    if (diffs.length === 0) return;
    const known = this.#edits.get(root) ?? [];
    // An edit that was refused, or whose text isn't known, claims nothing: only what is found in the file counts.
    const edits = diffs.flatMap(({ newText }): Edit[] =>
      newText === undefined ? [] : [{ agent, text: newText }],
    );
    this.#edits.set(root, [...known, ...edits].slice(-MAX_EDITS));
  }
}

function isPolicyOf(root: string, { path }: FileDiff): boolean {
  return basename(path) === "agent-policy.json" && path === join(root, "agent-policy.json");
}
