import type { Reading } from "./onlyRead.ts";
import { quotedAt, type ReadString, type Syntax, type Token } from "./tokens.ts";

const PREFIX = /([rRbBuUfF]{0,2})("""|'''|"|')/y;

export const PYTHON_SYNTAX: Syntax = {
  comment: /#[^\n]*/y,
  name: /[A-Za-z_]\w*/y,
  operators: /:=|->|\*\*=?|\/\/=?|[-+*/%&|^=!<>]=|<<|>>|[-+*/%@&|^~<>=()[\]{},:.;!]/y,
  string: readString,
};

function readString(text: string, at: number): ReadString | null {
  PREFIX.lastIndex = at;
  const [whole, prefix = "", quote = ""] = PREFIX.exec(text) ?? [];
  if (whole === undefined) return null;
  const from = at + whole.length;
  const found = quotedAt(text, from, quote);
  if (found === null) return null;
  const { end } = found;
  const raw = text.slice(from, end - quote.length);
  if (!/f/i.test(prefix)) return { end, value: /r/i.test(prefix) ? raw : found.value, code: [] };
  const code = bracedParts(raw.replaceAll(/\{\{|\}\}/g, ""));
  return { end, value: code.length === 0 ? found.value : null, code };
}

/** The expressions in a formatted string; one that can't be read where a brace stays open. */
function bracedParts(text: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] !== "{" && text[at] !== "}") continue;
    if (depth > 0) parts.push(text.slice(from, at).replace(FORMAT, ""));
    depth += text[at] === "{" ? 1 : -1;
    from = at + 1;
  }
  return depth === 0 ? parts : ["\0"];
}

/** `!r`, `:>10.2f` or `=` behind an expression. */
const FORMAT = /(![rsa])?(:[\w<>=^+\-#,.% ]*)?=?$/;

/** True where a name stands in an import. */
export function isImport(tokens: readonly Token[], at: number): boolean {
  for (let back = at; back >= 0 && !/^[\n;]$/.test(tokens[back]?.text ?? "\n"); back--)
    if (tokens[back]?.text === "import") return true;
  let first = at;
  while (tokens[first - 1]?.text === "." && tokens[first - 2]?.kind === "name") first -= 2;
  return tokens.slice(first).findIndex(({ text }) => text === "import") === restOfModule(tokens, first);
}

/** `from os.path import x`: how far the module's name goes. */
function restOfModule(tokens: readonly Token[], at: number): number {
  if (tokens[at - 1]?.text !== "from") return -2;
  let end = at + 1;
  while (/^(\.|\w+)$/.test(tokens[end]?.text ?? "") && tokens[end]?.text !== "import") end++;
  return end - at;
}

/** Lists and dicts of Python, where they are only looked at. */
export const PYTHON_READING: Reading = {
  members: /^(items|keys|values|index|count|copy|get)$/,
  functions:
    /^(len|sorted|print|str|repr|list|tuple|set|frozenset|dict|enumerate|any|all|sum|bool|reversed|zip|isinstance|type|join|dumps|Counter)$/,
  modules: /^(json|collections|pprint)$/,
  before: /^(in|not|if|elif|while|assert|\*|\*\*|\+|==|!=|is|global|nonlocal)$/,
  behind: /^(\+|==|!=|is|in|not)$/,
  parametersAt: (tokens, at) => (tokens[at - 1]?.text === "def" ? at + 1 : -1),
};
