import type { Reading } from "./onlyRead.ts";
import { closing, enclosing, opening, quotedAt, type ReadString, type Syntax, type Token } from "./tokens.ts";

export const JAVASCRIPT_SYNTAX: Syntax = {
  comment: /\/\/[^\n]*|\/\*[^]*?\*\//y,
  name: /#?[A-Za-z_$][\w$]*/y,
  operators:
    /=>|\.\.\.|\?\?=?|\?\.(?!\d)|\*\*=?|&&=?|\|\|=?|[=!]==?|>>>?=?|<<=?|[-+*/%&|^<>]=|\+\+|--|[-+*/%&|^~!<>=?:()[\]{},;.@]/y,
  string: readString,
};

const REGEX = /\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*/y;

function readString(text: string, at: number, before: Token | undefined): ReadString | null {
  const quote = text[at] ?? "";
  if (quote === "/") {
    // Behind a value it divides.
    const divides =
      before !== undefined &&
      (/^(string|number)$/.test(before.kind) || /^[)\]}]$/.test(before.text) || isValueName(before));
    REGEX.lastIndex = at;
    const found = divides ? undefined : REGEX.exec(text)?.[0];
    return found === undefined ? null : { end: at + found.length, value: null, code: [] };
  }
  if (quote !== '"' && quote !== "'" && quote !== "`") return null;
  const found = quotedAt(text, at + 1, quote);
  if (found === null) return null;
  const raw = text.slice(at + 1, found.end - 1);
  if (quote !== "`" || !raw.includes("${")) return { ...found, code: [] };
  const code = [...raw.matchAll(/\$\{([^{}]*)\}/g)].map(([, inside = ""]) => inside);
  // What holds braces of its own, or a template, isn't taken apart.
  const plain = raw.replaceAll(/\$\{[^{}]*\}/g, "");
  return { end: found.end, value: null, code: plain.includes("${") ? ["\0"] : code };
}

export function isValueName({ kind, text }: Token): boolean {
  return (
    kind === "name" && !/^(return|typeof|case|in|of|delete|void|throw|new|else|do|yield|await)$/.test(text)
  );
}

/** `await import("fs")`, in brackets or not, is what `require("fs")` gives. */
export function awaited(tokens: readonly Token[]): readonly Token[] {
  const plain: Token[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const from = tokens[at]?.text === "(" && tokens[at + 1]?.text === "await" ? at + 1 : at;
    const [wait, word, open, named, close, after] = tokens.slice(from, from + 6);
    const isImport = wait?.text === "await" && word?.text === "import" && named?.kind === "string";
    const isWhole = open?.text === "(" && close?.text === ")" && (from === at || after?.text === ")");
    if (isImport && isWhole) {
      plain.push({ kind: "name", text: "require" }, open, named, close);
      at = from + (from === at ? 4 : 5);
    } else plain.push(...tokens.slice(at, at + 1));
  }
  return plain;
}

const GIVES = /^([-+*/%&|^]|\*\*|\?\?|&&|\|\||<<|>>|>>>)?=$|^(\+\+|--)$/;

/** Whether what ends before a place is given a value there: `a.b = c`, `[a.b] = c`, `for (a.b of c)`. */
export function isGivenValue(tokens: readonly Token[], end: number): boolean {
  const text = tokens[end]?.text ?? "";
  if (GIVES.test(text) || /^(of|in)$/.test(text)) return true;
  if (!/^[,\]}]$/.test(text)) return false;
  // A pattern can stand in another.
  for (let open = enclosing(tokens, end); open >= 0; open = enclosing(tokens, open)) {
    if (!/^[[{]$/.test(tokens[open]?.text ?? "")) return false;
    if (/^(=|of|in)$/.test(tokens[closing(tokens, open) + 1]?.text ?? "")) return true;
  }
  return false;
}

/** Where a name in the body of a class, or in an object, is that of a method: `name(a, b) {`. */
export function isMethod(tokens: readonly Token[], at: number): boolean {
  if (tokens[at]?.kind !== "name" || tokens[at + 1]?.text !== "(") return false;
  if (tokens[closing(tokens, at + 1) + 1]?.text !== "{") return false;
  const around = enclosing(tokens, at);
  return tokens[around]?.text === "{" && (isClassBody(tokens, around) || isObject(tokens[around - 1]));
}

/** The same for `[Symbol.iterator]() {`, by its bracket. */
export function isComputedMethod(tokens: readonly Token[], open: number): boolean {
  if (tokens[open - 1]?.text !== "]" || tokens[closing(tokens, open) + 1]?.text !== "{") return false;
  const around = enclosing(tokens, opening(tokens, open - 1));
  return tokens[around]?.text === "{" && (isClassBody(tokens, around) || isObject(tokens[around - 1]));
}

/** True within the body of a class, where `this` is what the class made. */
export function isInClass(tokens: readonly Token[], at: number): boolean {
  for (let open = enclosing(tokens, at); open >= 0; open = enclosing(tokens, open))
    if (tokens[open]?.text === "{" && isClassBody(tokens, open)) return true;
  return false;
}

/** `class A {`, `class A extends b.C {`. */
function isClassBody(tokens: readonly Token[], open: number): boolean {
  let at = open - 1;
  while (
    /^[\w$#]+$|^\.$/.test(tokens[at]?.text ?? "") &&
    !/^(class|else|do|try|finally)$/.test(tokens[at]?.text ?? "")
  )
    at--;
  return tokens[at]?.kind === "name" && tokens[at]?.text === "class" && tokens[at - 1]?.text !== ".";
}

/** Behind this a brace opens an object. */
function isObject(before: Token | undefined): boolean {
  return before !== undefined && /^([=([,:?]|return)$/.test(before.text) && before.kind !== "string";
}

/** Lists of JavaScript, where they are only looked at. */
export const JAVASCRIPT_READING: Reading = {
  members:
    /^(length|forEach|map|filter|some|every|find|findIndex|flatMap|includes|indexOf|join|slice|concat|at|toSorted|toReversed|entries|keys|values)$/,
  functions:
    /^(log|error|warn|info|table|dir|stringify|from|isArray|Set|Map|Boolean|String|keys|entries|values|all|equal|deepEqual|strictEqual|deepStrictEqual)$/,
  modules: /^(console|JSON|Array|Object|Promise|assert)$/,
  before: /^(of|in|!|\.\.\.|==|!=|===|!==|\+|typeof)$/,
  behind: /^(\+|==|!=|===|!==)$/,
  parametersAt: (tokens, at) => {
    if (/^(function|\*)$/.test(tokens[at - 1]?.text ?? "")) return at + 1;
    const from = at + (tokens[at + 2]?.text === "async" ? 3 : 2);
    const isArrow = tokens[closing(tokens, from) + 1]?.text === "=>";
    return tokens[at + 1]?.text === "=" && tokens[from]?.text === "(" && isArrow ? from : -1;
  },
};
