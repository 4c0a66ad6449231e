import * as l10n from "@vscode/l10n";
import type { EventBody } from "../events/event.ts";

type Role = "agent" | "thought" | "user";

/** Characters of one chunk: real ones have under 10,000. What a page and a transcript can't hold is not told on. */
const CHUNK = 1024 * 1024;
/** Characters of the agent's last words that are kept to show beside a question. */
const LAST_WORDS = 600;
/** A sentence shown as a reason is cut here. */
const SENTENCE = 240;

/** Turns an agent's chunks into messages: chunks of one id, or of one kind without a break, belong together. */
export class Messages {
  readonly #emit: (event: EventBody) => void;
  readonly #turn: () => number;
  #count = 0;
  #open: { readonly role: Role; readonly id: string; readonly named: string | null } | undefined;
  #lastWords = "";

  constructor(emit: (event: EventBody) => void, turn: () => number) {
    this.#emit = emit;
    this.#turn = turn;
  }

  chunk(role: Role, content: { readonly type: string }, named: string | null): void {
    const whole = textOf(content);
    if (whole === "") return;
    const text = whole.length > CHUNK ? cut(whole) : whole;
    if (this.#open?.role !== role || this.#open.named !== named) {
      this.#open = { role, named, id: `m${++this.#count}` };
      // What stood in another message is no reason for what follows this one.
      if (role === "agent") this.#lastWords = "";
    }
    if (role === "agent") this.#lastWords = (this.#lastWords + text).slice(-LAST_WORDS);
    this.#emit({ type: "message", turn: this.#turn(), message: this.#open.id, role, text });
  }

  /** Something else came: the next chunk without an id begins a new message. */
  interrupt(): void {
    this.#open = undefined;
  }

  startTurn(): void {
    this.interrupt();
    this.#lastWords = "";
  }

  /** The last sentence that the agent said in this turn: why it wants what it asks for. */
  lastSentence(): string | undefined {
    const sentences = this.#lastWords.trim().split(/(?<=[.!?:])\s+|\n+/);
    const last = sentences.at(-1)?.trim();
    return last === undefined || last === "" ? undefined : last.slice(0, SENTENCE);
  }
}

function cut(text: string): string {
  return `${text.slice(0, CHUNK)}\n\n${l10n.t("[{0} more characters were left out]", text.length - CHUNK)}`;
}

/** Content that is no text is named, so that nothing vanishes without a word. */
function textOf(content: { readonly type: string }): string {
  if (content.type === "text" && "text" in content && typeof content.text === "string") return content.text;
  if (content.type === "resource_link" && "uri" in content) return `[${String(content.uri)}]`;
  return `[${content.type}]`;
}
