import type { Change, Conversation, HeadPart } from "./conversation.ts";
import type { ApprovalCard, Banner, Op, ProjectCard } from "./protocol.ts";

/** What changed in one row since the last patch. A whole row makes the appended pieces needless. */
interface RowChange {
  whole: boolean;
  text: string;
  cut: boolean;
  output: string;
  ms: number | undefined;
}

/** What belongs to the window, whichever conversation is shown. */
export interface WindowParts {
  readonly cards: ApprovalCard[];
  readonly banners: Banner[];
  readonly projects: ProjectCard[];
}

type WindowPart = "banners" | "approvals" | "projects";

/** Gathers changes between two patches, so that many events make few operations. */
export class Pending {
  readonly #rows = new Map<number, RowChange>();
  readonly #head = new Set<HeadPart | WindowPart>();

  add(change: Change | { readonly type: "head"; readonly part: WindowPart }): void {
    if (change.type === "head") {
      this.#head.add(change.part);
      return;
    }
    const held = this.#rows.get(change.index) ?? {
      whole: false,
      text: "",
      cut: false,
      output: "",
      ms: undefined,
    };
    this.#rows.set(change.index, held);
    if (change.type === "row") held.whole = true;
    if (change.type === "text") {
      held.text += change.text;
      held.cut ||= change.cut;
    }
    if (change.type === "output") held.output += change.text;
    if (change.type === "thought") held.ms = change.ms;
  }

  clear(): void {
    this.#rows.clear();
    this.#head.clear();
  }

  /** The operations for all that was gathered, rows first and in rising order, and forgets it. */
  take(conversation: Conversation | undefined, window: WindowParts): Op[] {
    const ops: Op[] = [];
    if (conversation !== undefined) {
      for (const index of [...this.#rows.keys()].sort((one, other) => one - other)) {
        this.#rowOps(conversation, index, ops);
      }
      for (const part of this.#head) {
        if (part !== "banners" && part !== "approvals" && part !== "projects")
          ops.push(HEAD_OPS[part](conversation));
      }
    }
    if (this.#head.has("approvals")) ops.push({ op: "approvals", approvals: window.cards });
    if (this.#head.has("banners")) ops.push({ op: "banners", banners: window.banners });
    if (this.#head.has("projects")) ops.push({ op: "projects", projects: window.projects });
    this.clear();
    return ops;
  }

  #rowOps(conversation: Conversation, index: number, ops: Op[]): void {
    const row = conversation.rows.at(index);
    const change = this.#rows.get(index);
    if (row === undefined || change === undefined) return;
    if (change.whole) {
      ops.push({ op: "row", index, row });
      return;
    }
    if (change.text !== "" || change.cut) {
      ops.push({ op: "text", index, text: change.text, ...(change.cut ? { cut: true } : {}) });
    }
    if (change.output !== "" && row.type === "call") {
      // More than a row holds came at once: the row itself is the smaller message.
      if (change.output.length > row.call.output.length) ops.push({ op: "row", index, row });
      else ops.push({ op: "output", index, text: change.output });
    }
    if (change.ms !== undefined) ops.push({ op: "thought", index, ms: change.ms });
  }
}

const HEAD_OPS: { readonly [Part in Exclude<HeadPart, "approvals">]: (shown: Conversation) => Op } = {
  header: ({ header }) => ({ op: "header", header }),
  gates: ({ gates }) => ({ op: "gates", gates }),
  plan: ({ plan }) => ({ op: "plan", plan }),
  commands: ({ commands }) => ({ op: "commands", commands }),
};
