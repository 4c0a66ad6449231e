import { Lexer, type Token, type Tokens } from "marked";

/**
 * Characters of unsettled text after which a part of it is settled early: a long paragraph is set in several, a long
 * list or code block in pieces. Chosen: a screen of text, so that what is drawn anew each frame stays small.
 */
const LIVE_CHARACTERS = 2_000;
/** The same for a list, which is drawn anew as a whole: all its items but the last are settled. */
const LIVE_LIST_CHARACTERS = 500;
/** Characters after which any block is cut at a line, whatever it is; a table of that length is read elsewhere. */
const HARD_CHARACTERS = 16_000;
/** Lines of code in one settled piece. */
const CODE_LINES = 40;

/** A piece of a message that will never change. Code comes in pieces between its start and its end. */
export type Settled =
  | { readonly kind: "token"; readonly token: Token }
  | { readonly kind: "code-start"; readonly language: string }
  | { readonly kind: "code-lines"; readonly text: string }
  | { readonly kind: "code-end" };

/** The unsettled end of a message: drawn anew whenever it grows. */
export type Live =
  | { readonly kind: "tokens"; readonly tokens: readonly Token[] }
  | { readonly kind: "code"; readonly text: string };

interface Fence {
  /** What closes it: as many of the same mark, or more. */
  readonly close: RegExp;
  /** Spaces before the opening mark, taken off each line as Markdown wants it. */
  readonly indent: number;
}

/**
 * Markdown that arrives in pieces. Blocks that can't change any more are handed out once; only the last block is read
 * again, and that one is kept short. Reading costs the same for each piece, however long the message gets.
 */
export class MarkdownStream {
  #tail = "";
  #held = "";
  #fence: Fence | undefined;
  /** The number of the next item when an ordered list was settled in part. */
  #number: number | undefined;
  #lexed: { readonly text: string; readonly tokens: Token[] } = { text: "", tokens: [] };

  /** Takes more text in; returns what is settled by it. */
  append(text: string): Settled[] {
    // Half of a Windows line end waits for its other half.
    const whole = this.#held + text;
    this.#held = whole.endsWith("\r") ? "\r" : "";
    this.#tail += whole.slice(0, whole.length - this.#held.length).replaceAll("\r\n", "\n");
    const settled: Settled[] = [];
    let before: number;
    do {
      before = this.#tail.length;
      if (this.#fence === undefined) this.#blocks(settled);
      else this.#code(this.#fence, settled);
    } while (this.#tail.length < before && this.#tail !== "");
    return settled;
  }

  live(): Live {
    if (this.#fence !== undefined) {
      // A last line that may become the closing fence is not code yet.
      const text = this.#tail.replace(/(^|\n) {0,3}[`~]+ *$/, "$1");
      return { kind: "code", text: unindented(text, this.#fence.indent) };
    }
    return { kind: "tokens", tokens: this.#lex(this.#tail) };
  }

  /** Settles all blocks of the tail but the last, and parts of the last where it is long. */
  #blocks(settled: Settled[]): void {
    const tokens = this.#lex(this.#tail);
    const last = tokens.findLastIndex((token) => token.type !== "space");
    const token = tokens[last];
    if (token === undefined) return;
    const start = lengthOf(tokens.slice(0, last));
    // The lexer must account for every character, or nothing may be cut by its counts.
    if (lengthOf(tokens) !== this.#tail.length) return;
    if (start > 0) {
      settleTokens(tokens.slice(0, last), settled);
      this.#number = undefined;
      this.#tail = this.#tail.slice(start);
    }
    if (token.type === "code") this.#openFence(settled);
    else if (this.#tail.length > (token.type === "list" ? LIVE_LIST_CHARACTERS : LIVE_CHARACTERS)) {
      this.#cutLong(token, settled);
    }
  }

  /** An open fence is followed line by line; the lexer would read all of it each time. */
  #openFence(settled: Settled[]): void {
    const open = /^( {0,3})(`{3,}|~{3,})([^\n]*)\n/.exec(this.#tail);
    const mark = open?.[2];
    if (open === null || mark === undefined) return;
    const close = new RegExp(`^ {0,3}${mark.charAt(0)}{${mark.length},} *$`);
    if (
      this.#tail
        .split("\n")
        .slice(1)
        .some((line) => close.test(line))
    )
      return;
    this.#fence = { close, indent: open[1]?.length ?? 0 };
    settled.push({ kind: "code-start", language: (open[3] ?? "").trim().split(/\s/)[0] ?? "" });
    this.#tail = this.#tail.slice(open[0].length);
  }

  #code(fence: Fence, settled: Settled[]): void {
    const lines = this.#tail.split("\n");
    const end = lines.findIndex((line, at) => at < lines.length - 1 && fence.close.test(line));
    if (end >= 0) {
      const text = lines.slice(0, end).join("\n");
      if (end > 0) settled.push({ kind: "code-lines", text: unindented(text, fence.indent) });
      settled.push({ kind: "code-end" });
      this.#fence = undefined;
      this.#tail = lines.slice(end + 1).join("\n");
      return;
    }
    const whole = Math.floor((lines.length - 1) / CODE_LINES) * CODE_LINES;
    if (whole > 0) {
      settled.push({ kind: "code-lines", text: unindented(lines.slice(0, whole).join("\n"), fence.indent) });
      this.#tail = lines.slice(whole).join("\n");
    } else if (this.#tail.length > HARD_CHARACTERS) {
      settled.push({ kind: "code-lines", text: this.#tail });
      this.#tail = "";
    }
  }

  #cutLong(token: Token, settled: Settled[]): void {
    if (token.type === "list") {
      const { items, ordered, start } = token as Tokens.List;
      const kept = items.at(-1);
      if (items.length < 2 || kept === undefined) return this.#cutHard(settled);
      const cut = lengthOf(items.slice(0, -1));
      const first = Number(this.#number ?? start);
      settleTokens(this.#lex(this.#tail.slice(0, cut)), settled);
      this.#tail = this.#tail.slice(cut);
      this.#number = ordered ? first + items.length - 1 : undefined;
      return;
    }
    const cut = token.type === "paragraph" ? sentenceEnd(this.#tail) : 0;
    if (cut === 0) return this.#cutHard(settled);
    settleTokens(this.#lex(this.#tail.slice(0, cut)), settled);
    this.#tail = this.#tail.slice(cut);
  }

  #cutHard(settled: Settled[]): void {
    if (this.#tail.length < HARD_CHARACTERS) return;
    const line = this.#tail.lastIndexOf("\n") + 1;
    const cut = line > 0 ? line : wholeCharacters(this.#tail, HARD_CHARACTERS);
    settleTokens(this.#lex(this.#tail.slice(0, cut)), settled);
    this.#tail = this.#tail.slice(cut);
  }

  #lex(text: string): Token[] {
    if (this.#lexed.text === text) return this.#lexed.tokens;
    const tokens: Token[] = Lexer.lex(text, { gfm: true });
    this.#lexed = { text, tokens };
    const first = tokens[0];
    if (this.#number !== undefined && first?.type === "list") (first as Tokens.List).start = this.#number;
    return tokens;
  }
}

function settleTokens(tokens: readonly Token[], settled: Settled[]): void {
  for (const token of tokens) if (token.type !== "space") settled.push({ kind: "token", token });
}

function lengthOf(tokens: readonly { readonly raw: string }[]): number {
  return tokens.reduce((sum, token) => sum + token.raw.length, 0);
}

/**
 * Where a long paragraph may be cut: after a sentence, or at a space, before a letter (anything else could open a
 * list or a heading), and where no mark of emphasis, code or a link is open, if there is such a place.
 */
function sentenceEnd(text: string): number {
  const most = Math.floor(LIVE_CHARACTERS * 0.9);
  const places = [...text.slice(0, most).matchAll(/([.!?:;]?)\s+(?=\p{L})/gu)].map((match) => ({
    at: match.index + match[0].length,
    sentence: match[1] !== "",
  }));
  // The nearest places to the end, sentences first; a few are enough, each costs a look at the whole text.
  const likely = [
    ...places
      .filter((place) => place.sentence)
      .slice(-8)
      .reverse(),
    ...places.slice(-8).reverse(),
  ];
  const closed = likely.find((place) => isClosed(text.slice(0, place.at)));
  return closed?.at ?? likely[0]?.at ?? wholeCharacters(text, most);
}

function isClosed(text: string): boolean {
  return Lexer.lexInline(text, { gfm: true }).every(
    (token) => token.type !== "text" || !/[*_`~[<]/.test(token.raw),
  );
}

function wholeCharacters(text: string, length: number): number {
  const code = text.charCodeAt(length - 1);
  return code >= 0xd800 && code <= 0xdbff ? length - 1 : length;
}

function unindented(text: string, indent: number): string {
  return indent === 0 ? text : text.replaceAll(new RegExp(`^ {1,${indent}}`, "gm"), "");
}
