import { Lexer, type Token, type Tokens } from "marked";
import { visibleProse } from "../../extension/panel/protocol.ts";
import { entities } from "./dom.ts";

/** The words of a Markdown text, without its marks: what a screen reader says of it. Each block ends like a sentence. */
export function spoken(markdown: string): string {
  return sentences(Lexer.lex(markdown, { gfm: true }));
}

function sentences(tokens: readonly Token[]): string {
  const parts = tokens.map((token) => sentenceOf(token as Tokens.Generic)).filter((part) => part !== "");
  return parts.map((part) => (/[\p{L}\p{N})"'\]]$/u.test(part) ? `${part}.` : part)).join(" ");
}

function sentenceOf(token: Tokens.Generic): string {
  switch (token.type) {
    case "space":
    case "hr":
    case "def":
      return "";
    case "list":
      return (token as Tokens.List).items.map(({ tokens }) => sentences(tokens)).join(" ");
    case "blockquote":
      return sentences(token.tokens ?? []);
    case "table": {
      const { header, rows } = token as Tokens.Table;
      const line = (cells: readonly Tokens.TableCell[]): string =>
        cells.map((cell) => words(cell.tokens)).join(", ");
      return [header, ...rows].map((cells) => `${line(cells)}.`).join(" ");
    }
    default:
      return words([token]).trim();
  }
}

/** What stands inside a block, as one text. */
function words(tokens: readonly Token[]): string {
  return tokens.map((token) => wordsOf(token as Tokens.Generic)).join("");
}

function wordsOf(token: Tokens.Generic): string {
  switch (token.type) {
    case "br":
      return " ";
    case "checkbox":
      return "";
    default:
      return token.tokens === undefined
        ? visibleProse(entities(String(token["text"] ?? token.raw)))
        : words(token.tokens);
  }
}
