/** One token of a program's text. A string's `value` is null where it is put together at run time. */
export interface Token {
  readonly kind: "name" | "string" | "number" | "op" | "line";
  readonly text: string;
  readonly value?: string | null;
}

/** What differs between the languages that are read. */
export interface Syntax {
  readonly comment: RegExp;
  readonly string: (text: string, at: number, before: Token | undefined) => ReadString | null;
  readonly operators: RegExp;
  readonly name: RegExp;
}

export interface ReadString {
  readonly end: number;
  readonly value: string | null;
  /** Expressions that the string holds: they run, too. */
  readonly code: readonly string[];
}

/** Longer programs are not read: whoever writes so much can be asked. */
const MAX_CODE = 8 * 1024;
const NUMBER = /\d[\w.]*/y;
const BLANK = /(?:[ \t\r]|\\\n)+/y;
/** Expressions inside strings inside expressions, at most. */
const MAX_INSIDE = 4;

/** The tokens of a program, those inside its strings included. Null where it can't be read. */
export function tokensOf(code: string, syntax: Syntax, depth = 0): readonly Token[] | null {
  if (code.length > MAX_CODE || depth > MAX_INSIDE) return null;
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(code)?.[0];
    if (found === undefined || found === "") return null;
    at += found.length;
    return found;
  };
  while (at < code.length) {
    if (take(BLANK) !== null || take(syntax.comment) !== null) continue;
    if (code[at] === "\n") {
      tokens.push({ kind: "line", text: "\n" });
      at++;
      continue;
    }
    const string = syntax.string(
      code,
      at,
      tokens.findLast((token) => token.kind !== "line"),
    );
    if (string !== null) {
      for (const inside of string.code) {
        const inner = tokensOf(inside, syntax, depth + 1);
        if (inner === null) return null;
        // In brackets of its own: what stands beside the string is no part of it.
        tokens.push(op("("), ...inner, op(")"), op("+"));
      }
      tokens.push({ kind: "string", text: code.slice(at, string.end), value: string.value });
      at = string.end;
      continue;
    }
    const name = take(syntax.name);
    const number = name === null ? take(NUMBER) : null;
    const sign = name === null && number === null ? take(syntax.operators) : null;
    if (name !== null) tokens.push({ kind: "name", text: name });
    else if (number !== null) tokens.push({ kind: "number", text: number });
    else if (sign !== null) tokens.push(op(sign));
    else return null;
  }
  return tokens;
}

function op(text: string): Token {
  return { kind: "op", text };
}

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", "\n": "" };

/** The text behind an opening quote up to the closing one, its escapes resolved. Null value: an escape isn't known. */
export function quotedAt(
  text: string,
  from: number,
  quote: string,
): { readonly end: number; readonly value: string | null } | null {
  let value: string | null = "";
  for (let at = from; at < text.length; at++) {
    if (text.startsWith(quote, at)) return { end: at + quote.length, value };
    if (text[at] === "\n" && quote.length === 1 && quote !== "`") return null;
    if (text[at] !== "\\") {
      value = value === null ? null : value + (text[at] ?? "");
      continue;
    }
    at++;
    const escaped = text[at] ?? "";
    if (/[0-9xuUN]/.test(escaped)) value = null;
    else value = value === null ? null : value + (SIMPLE_ESCAPES[escaped] ?? escaped);
  }
  return null;
}

const OPENS = new Set(["(", "[", "{"]);
const CLOSES = new Set([")", "]", "}"]);

/** Where the bracket that opens at `open` is closed; -1 where it isn't. */
export function closing(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at++) {
    const token = tokens[at];
    if (token?.kind !== "op") continue;
    if (OPENS.has(token.text)) depth++;
    else if (CLOSES.has(token.text) && --depth === 0) return at;
  }
  return -1;
}

/** Where the bracket that closes at `close` was opened; -1 where it wasn't. */
export function opening(tokens: readonly Token[], close: number): number {
  let depth = 0;
  for (let at = close; at >= 0; at--) {
    const token = tokens[at];
    if (token?.kind !== "op") continue;
    if (CLOSES.has(token.text)) depth++;
    else if (OPENS.has(token.text) && --depth === 0) return at;
  }
  return -1;
}

/** The bracket that is open at a place; -1 where none is. */
export function enclosing(tokens: readonly Token[], at: number): number {
  let depth = 0;
  for (let back = at - 1; back >= 0; back--) {
    const { kind, text } = tokens[back] ?? { kind: "op", text: "" };
    if (kind !== "op") continue;
    if (CLOSES.has(text)) depth++;
    else if (OPENS.has(text) && depth-- === 0) return back;
  }
  return -1;
}

/** Arguments that come at run time are among them: `*rest`, `**named`. */
export function isUnpacked(args: readonly (readonly Token[])[]): boolean {
  return args.some(([first]) => first?.text === "*" || first?.text === "**");
}

/** The arguments of a call whose bracket opens at `open`, line ends left out. Null where it is never closed. */
export function argumentsAt(tokens: readonly Token[], open: number): readonly (readonly Token[])[] | null {
  const end = closing(tokens, open);
  return end < 0 ? null : splitAt(tokens.slice(open + 1, end), (token) => token.text === ",");
}

/** Parts between separators that stand in no bracket; line ends and empty parts left out. */
export function splitAt(
  tokens: readonly Token[],
  separates: (token: Token) => boolean,
): readonly (readonly Token[])[] {
  const parts: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (token.kind === "op" && OPENS.has(token.text)) depth++;
    else if (token.kind === "op" && CLOSES.has(token.text)) depth--;
    if (depth === 0 && token.kind !== "string" && separates(token)) parts.push([]);
    else if (token.kind !== "line") parts.at(-1)?.push(token);
  }
  return parts.filter((part) => part.length > 0);
}

/** What is called, and with what, where the whole is one call. */
export function callOf(
  tokens: readonly Token[],
): { readonly callee: readonly Token[]; readonly args: readonly (readonly Token[])[] } | null {
  if (tokens.at(-1)?.text !== ")") return null;
  for (let open = 1; open < tokens.length; open++) {
    const { kind, text } = tokens[open] ?? { kind: "op", text: "" };
    if (kind === "string" || !/^[([{]$/.test(text)) continue;
    const end = closing(tokens, open);
    if (end < 0) return null;
    if (end === tokens.length - 1)
      return text === "(" ? { callee: tokens.slice(0, open), args: argumentsAt(tokens, open) ?? [] } : null;
    open = end;
  }
  return null;
}
