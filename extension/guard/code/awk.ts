import type { CodeAct, CodeReader } from "./acts.ts";

interface Token {
  readonly kind: "string" | "operand" | "mark" | "end";
  readonly text: string;
}

/** After these a line goes on with the next one. */
const GOES_ON = /^(,|\{|&&|\|\||do|else)$/;

/** Strings, regular expressions (after what is no operand), names and numbers, marks, and ends of statements. */
const TOKEN =
  /(?<skipped>[ \t\r]+|#[^\n]*|\\\n)|(?<string>"(?:\\.|[^\\"])*")|(?<operand>[\w.$]+)|(?<end>[\n;])|(?<mark>>>|\|\||\|&|&&|[^\s\w])/gsu;

/**
 * What an awk program does besides printing, where it says so with plain texts: files that it reads and writes, commands that
 * it runs. Null where it runs something, or writes somewhere, that the text doesn't name.
 */
export const readAwk: CodeReader = (program) => {
  const tokens = tokensOf(program);
  if (tokens === null) return null;
  const acts: CodeAct[] = [];
  // Within a statement that prints, `>` outside of brackets names a file; elsewhere it compares.
  let printing = false;
  let depth = 0;
  for (const [index, { kind, text }] of tokens.entries()) {
    if (text === "@" && kind === "mark") return null;
    const next = tokens[index + 1];
    if (kind === "operand" && /^printf?$/.test(text)) {
      printing = true;
      depth = 0;
    } else if (kind === "operand" && text === "system") {
      const [open, line, close] = tokens.slice(index + 1, index + 4);
      const named = valueOf(line);
      if (open?.text !== "(" || named === null || close?.text !== ")") return null;
      acts.push({ does: "runs", line: named });
    } else if (kind === "operand" && text === "getline") {
      const sign = next?.kind === "operand" ? 2 : 1;
      if (tokens[index + sign]?.text !== "<") continue;
      const path = valueOf(tokens[index + sign + 1]);
      if (path === null) return null;
      acts.push({ does: "reads", path: { text: path } });
    } else if (kind === "end" || text === "}" || text === "{") printing = false;
    else if (kind === "mark" && /^[([]$/.test(text)) depth++;
    else if (kind === "mark" && /^[)\]]$/.test(text)) depth--;
    else if (kind === "mark" && /^\|&?$/.test(text)) {
      const reads = next?.text === "getline";
      const line = valueOf(reads ? tokens[index - 1] : next);
      if (line === null || !isApart(reads ? tokens[index - 2] : tokens[index + 2])) return null;
      acts.push({ does: "runs", line });
    } else if (printing && depth === 0 && kind === "mark" && /^>>?$/.test(text)) {
      const file = valueOf(next);
      if (file === null || file.startsWith("/inet")) return null;
      // `print > "part" n ".txt"`: the beginning is certain.
      const rest = isApart(tokens[index + 2]) ? {} : ({ rest: "prefix" } as const);
      if (file !== "-")
        acts.push({
          does: "writes",
          path: { text: file, ...rest },
          mode: text === ">" ? "overwrite" : "append",
        });
    }
  }
  return acts;
};

/** Nothing is joined to a string on this side. */
function isApart(token: Token | undefined): boolean {
  return token === undefined || token.kind === "end" || /^[{}(]$/.test(token.text);
}

/** A plain text; null for what is none, or has escapes that nobody reads in a name. */
function valueOf(token: Token | undefined): string | null {
  if (token?.kind !== "string" || /\\[^nt"\\/]/.test(token.text)) return null;
  return token.text
    .slice(1, -1)
    .replace(/\\[nt]/g, " ")
    .replace(/\\(["\\/])/g, "$1");
}

/** Null for a text that can't be read. */
function tokensOf(program: string): readonly Token[] | null {
  const tokens: Token[] = [];
  let at = 0;
  while (at < program.length) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(program);
    if (match === null || match.index !== at) return null;
    const { string, operand, end, mark } = match.groups ?? {};
    const before = tokens.at(-1);
    at = TOKEN.lastIndex;
    if (mark === '"') return null;
    if (
      mark === "/" &&
      !(before?.kind === "operand" || before?.kind === "string" || /^[)\]]$/.test(before?.text ?? ""))
    ) {
      const rest = /^(?:\\.|\[\^?\]?(?:\\.|[^\]\\\n])*\]|[^/\\\n[])*\//.exec(program.slice(at));
      if (rest === null) return null;
      at += rest[0].length;
      tokens.push({ kind: "operand", text: "/" });
    } else if (string !== undefined) tokens.push({ kind: "string", text: string });
    else if (operand !== undefined) tokens.push({ kind: "operand", text: operand });
    else if (mark !== undefined) tokens.push({ kind: "mark", text: mark });
    else if (end !== undefined && !(end === "\n" && GOES_ON.test(before?.text ?? "")))
      tokens.push({ kind: "end", text: end });
  }
  return tokens;
}
