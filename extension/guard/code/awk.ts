import type { CodeAct, CodeReader } from "./acts.ts";

/** A text stands for itself as `\u0001N\u0001`; a pattern is nothing that acts. */
const MARK = "\u0001";

/** What an awk program does besides printing, where it says so with plain texts: files it writes, commands it runs. */
export const readAwk: CodeReader = (code) => {
  const masked = mask(code);
  if (masked === null) return null;
  const { texts } = masked;
  const acts: CodeAct[] = [];
  const textAt = (index: string): string => texts[Number(index)] ?? "";
  const M = MARK;
  const rest = masked.rest
    .replace(new RegExp(`\\bsystem\\s*\\(\\s*${M}(\\d+)${M}\\s*\\)`, "g"), (_, index: string) => {
      acts.push({ does: "runs", line: textAt(index) });
      return "0";
    })
    .replace(new RegExp(`${M}(\\d+)${M}\\s*\\|&?\\s*getline`, "g"), (_, index: string) => {
      acts.push({ does: "runs", line: textAt(index) });
      return "0";
    })
    .replace(new RegExp(`\\bgetline(\\s+\\w+)?\\s*<\\s*${M}(\\d+)${M}`, "g"), (_, __, index: string) => {
      acts.push({ does: "reads", path: textAt(index) });
      return "0";
    })
    .replace(
      new RegExp(`(\\bprintf?\\b[^;}\\n>|]*)(>>?|\\|&?)\\s*${M}(\\d+)${M}(?=\\s*([;}\\n]|$))`, "g"),
      (_, head: string, sign: string, index: string) => {
        const text = textAt(index);
        if (sign.startsWith("|")) acts.push({ does: "runs", line: text });
        else if (text !== "-")
          acts.push({ does: "writes", path: text, mode: sign === ">" ? "overwrite" : "append" });
        return `${head} 0`;
      },
    );
  const more = /\bsystem\b|\bgetline\b|\bprintf?\b[^;}\n]*[>|]|@\s*\w|\|&|\bclose\s*\(\s*[^\u0001]/.test(
    rest,
  );
  return more ? null : acts;
};

/** Takes texts and patterns out. Null where a quote stays open, or a text has an escape that is not plain. */
function mask(code: string): { rest: string; texts: readonly string[] } | null {
  const texts: string[] = [];
  let rest = "";
  for (let at = 0; at < code.length; at++) {
    const char = code[at] ?? "";
    if (char === "#") {
      const end = code.indexOf("\n", at);
      at = (end < 0 ? code.length : end) - 1;
    } else if (char === '"') {
      const found = /^"((?:\\.|[^"\\\n])*)"/.exec(code.slice(at));
      if (found === null) return null;
      const text = found[1] ?? "";
      // Escapes other than these make texts that nobody reads in a name.
      texts.push(/\\[^nt"\\/]/.test(text) ? "\0" : text.replace(/\\(["\\/])/g, "$1").replace(/\\[nt]/g, " "));
      rest += `${MARK}${texts.length - 1}${MARK}`;
      at += found[0].length - 1;
    } else if (char === "/" && /(^|[~(,{!;&|\n]|\breturn)\s*$/.test(rest)) {
      const found = /^\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n])+\//.exec(code.slice(at));
      if (found === null) return null;
      rest += "0";
      at += found[0].length - 1;
    } else rest += char;
  }
  return { rest, texts };
}
