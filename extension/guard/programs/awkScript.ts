/** What an awk program does besides reading and printing, as far as its text says so. */
export interface AwkActs {
  readonly files: readonly { readonly path: string; readonly append: boolean }[];
  /** Lines of shell that it runs. */
  readonly commands: readonly string[];
}

interface Token {
  readonly kind: "string" | "operand" | "mark" | "end";
  readonly text: string;
}

/** After these a line goes on with the next one. */
const GOES_ON = /^(,|\{|&&|\|\||do|else)$/;

/** Strings, regular expressions (after what is no operand), names and numbers, marks, and ends of statements. */
const TOKEN =
  /(?<skipped>[ \t\r]+|#[^\n]*|\\\n)|(?<string>"(?:\\.|[^"\\])*")|(?<operand>[\w.$]+)|(?<end>[\n;])|(?<mark>>>|\|\||\|&|&&|[^\s\w])/gsu;

/** Null where it runs something, or writes somewhere, that the text doesn't name. */
export function readAwk(program: string): AwkActs | null {
  const tokens = tokensOf(program);
  if (tokens === null) return null;
  const files: { path: string; append: boolean }[] = [];
  const commands: string[] = [];
  // Within a statement that prints, `>` outside of brackets names a file; elsewhere it compares.
  let printing = false;
  let depth = 0;
  for (const [index, { kind, text }] of tokens.entries()) {
    if (text === "system" || text === "@" || text === "|&") return null;
    const next = tokens[index + 1];
    if (kind === "operand" && /^printf?$/.test(text)) {
      printing = true;
      depth = 0;
    } else if (kind === "end" || text === "}" || text === "{") printing = false;
    else if (kind === "mark" && /^[([]$/.test(text)) depth++;
    else if (kind === "mark" && /^[)\]]$/.test(text)) depth--;
    else if (text === "|" && kind === "mark") {
      const before = tokens[index - 1];
      const named = next?.text === "getline" ? before : next;
      const apart = next?.text === "getline" ? isApart(tokens[index - 2]) : isApart(tokens[index + 2]);
      if (named?.kind !== "string" || !apart) return null;
      commands.push(valueOf(named));
    } else if (printing && depth === 0 && kind === "mark" && /^>>?$/.test(text)) {
      if (next?.kind !== "string" || !isApart(tokens[index + 2])) return null;
      files.push({ path: valueOf(next), append: text === ">>" });
    }
  }
  return files.some(({ path }) => path.startsWith("/inet")) ? null : { files, commands };
}

/** Nothing is joined to a string on this side. */
function isApart(token: Token | undefined): boolean {
  return token === undefined || token.kind === "end" || /^[{}]$/.test(token.text);
}

function valueOf({ text }: Token): string {
  return text.slice(1, -1).replace(/\\(["\\/])/g, "$1");
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
