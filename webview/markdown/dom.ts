import * as l10n from "@vscode/l10n";
import type { Token, Tokens } from "marked";
import { visible, visibleProse } from "../../extension/panel/protocol.ts";
import { safeLink } from "../text/links.ts";

/** Headings inside a message stand below the page's own. */
const HEADING_OFFSET = 2;
/** Depth of nesting that is drawn; an agent could write more than a browser likes. */
const DEEPEST = 20;

/** Elements for block tokens. Text only ever becomes text nodes; HTML of an agent is shown as the text that it is. */
export function blockNodes(tokens: readonly Token[], depth = 0): Node[] {
  return tokens.flatMap((token) => blockNode(token as Tokens.Generic, depth));
}

function blockNode(token: Tokens.Generic, depth: number): Node[] {
  if (depth > DEEPEST) return [element("p", plain(token.raw))];
  switch (token.type) {
    case "space":
    case "checkbox":
      return [];
    case "heading": {
      const level = Math.min(6, (token as Tokens.Heading).depth + HEADING_OFFSET);
      return [element(`h${level}`, ...inlineNodes(token.tokens ?? [], depth + 1))];
    }
    case "paragraph":
      return [element("p", ...inlineNodes(token.tokens ?? [], depth + 1))];
    case "text":
      return token.tokens === undefined ? [plain(String(token.text))] : inlineNodes(token.tokens, depth + 1);
    case "code":
      return [codeBlock((token as Tokens.Code).lang ?? "", (token as Tokens.Code).text).block];
    case "blockquote":
      return [element("blockquote", ...blockNodes(token.tokens ?? [], depth + 1))];
    case "list":
      return [list(token as Tokens.List, depth)];
    case "table":
      return [table(token as Tokens.Table, depth)];
    case "hr":
      return [element("hr")];
    default:
      return [element("p", plain(token.raw.trim()))];
  }
}

/** A code block, and the place for its lines. */
export function codeBlock(
  language: string,
  text = "",
): { readonly block: HTMLElement; readonly code: HTMLElement } {
  const code = element("code");
  if (text !== "") code.append(codeLines(text));
  const block = element("pre", code);
  const name = visible(language.split(/\s/)[0] ?? "");
  if (name !== "") block.dataset["language"] = name;
  return { block, code };
}

/** Lines of code as one box: a long block is laid out box by box. */
export function codeLines(text: string): HTMLElement {
  const lines = element("span", visible(text));
  lines.className = "lines";
  return lines;
}

/** A list without its items. */
export function listElement(token: Tokens.List): HTMLElement {
  const all = element(token.ordered ? "ol" : "ul");
  if (token.ordered && Number(token.start) !== 1) all.setAttribute("start", String(Number(token.start)));
  return all;
}

export function listItem(item: Tokens.ListItem, depth = 0): HTMLElement {
  const content = blockNodes(item.tokens, depth + 1);
  if (!item.task) return element("li", ...content);
  const box = element("span");
  box.className = `codicon codicon-${item.checked === true ? "pass" : "circle-large-outline"}`;
  box.setAttribute("role", "img");
  box.setAttribute("aria-label", item.checked === true ? l10n.t("done") : l10n.t("to do"));
  const line = element("li", box, " ", ...content);
  line.className = "task";
  return line;
}

function list(token: Tokens.List, depth: number): HTMLElement {
  const all = listElement(token);
  all.append(...token.items.map((item) => listItem(item, depth)));
  return all;
}

function table(token: Tokens.Table, depth: number): HTMLElement {
  const row = (cells: readonly Tokens.TableCell[], tag: string): HTMLElement =>
    element(
      "tr",
      ...cells.map((cell) => {
        const made = element(tag, ...inlineNodes(cell.tokens, depth + 1));
        if (cell.align !== null) made.style.textAlign = cell.align;
        return made;
      }),
    );
  return element(
    "table",
    element("thead", row(token.header, "th")),
    element("tbody", ...token.rows.map((cells) => row(cells, "td"))),
  );
}

/** Nodes for the tokens inside a block. */
export function inlineNodes(tokens: readonly Token[], depth = 1): Node[] {
  return tokens.flatMap((token) => inlineNode(token as Tokens.Generic, depth));
}

function inlineNode(token: Tokens.Generic, depth: number): Node[] {
  if (depth > DEEPEST) return [plain(token.raw)];
  const inside = (): Node[] => inlineNodes(token.tokens ?? [], depth + 1);
  switch (token.type) {
    case "strong":
    case "em":
    case "del":
      return [element(token.type, ...inside())];
    case "codespan":
      return [element("code", visible(entities(String(token.text))))];
    case "br":
      return [element("br")];
    case "link":
      return link(token as Tokens.Link, inside);
    case "image": {
      const alt = element("span", visibleProse((token as Tokens.Image).text || l10n.t("image")));
      alt.className = "image";
      alt.title = l10n.t("Images of other places are not loaded");
      return [alt];
    }
    case "text":
    case "escape":
      return token.tokens === undefined ? [plain(entities(String(token.text)))] : inside();
    default:
      return [plain(token.raw)];
  }
}

/** Links carry no address of their own, so that only the page's handler follows them. */
function link(token: Tokens.Link, inside: () => Node[]): Node[] {
  const href = safeLink(token.href);
  if (href === undefined) return [...inside(), plain(` (${token.href})`)];
  const made = element("a", ...inside());
  made.setAttribute("role", "link");
  made.tabIndex = -1;
  made.title = visible(href);
  made.dataset["href"] = href;
  return [made];
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  nbsp: "\u00a0",
  "#39": "'",
};

/** The few entities that agents write; others are shown as they are. */
export function entities(text: string): string {
  if (!text.includes("&")) return text;
  return text.replaceAll(/&(amp|lt|gt|quot|nbsp|#39);/g, (whole, name: string) => ENTITIES[name] ?? whole);
}

function plain(text: string): Text {
  return document.createTextNode(visibleProse(text));
}

function element(tag: string, ...children: (Node | string)[]): HTMLElement {
  const made = document.createElement(tag);
  made.append(...children);
  return made;
}
