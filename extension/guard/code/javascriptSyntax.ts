import { quotedAt, type ReadString, type Syntax, type Token } from "./tokens.ts";

export const JAVASCRIPT_SYNTAX: Syntax = {
  comment: /\/\/[^\n]*|\/\*[^]*?\*\//y,
  name: /[A-Za-z_$][\w$]*/y,
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
