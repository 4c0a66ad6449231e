import type { Token, Tokens } from "marked";
import { blockNodes, codeLines, inlineNodes } from "./dom.ts";
import type { Live } from "./stream.ts";

/**
 * The unsettled end of a message. A paragraph that grows keeps its element and whatever of it did not change, and plain
 * text is appended to its node: then the browser lays out the new words and not the whole paragraph anew.
 */
export class LiveEnd {
  #nodes: ChildNode[] = [];
  #paragraph: { readonly element: HTMLElement; raws: string[]; nodes: Node[][] } | undefined;
  #code: HTMLElement | undefined;

  /** Draws what is live at the end of `parent`. */
  draw(live: Live, parent: HTMLElement): void {
    if (live.kind === "code") {
      this.#drawCode(live.text, parent);
      return;
    }
    const only = live.tokens.length === 1 ? live.tokens[0] : undefined;
    if (only?.type === "paragraph") this.#drawParagraph((only as Tokens.Paragraph).tokens, parent);
    else this.#replace(blockNodes(live.tokens) as ChildNode[], parent);
  }

  /** Takes it away: what it showed is settled, or begins anew. */
  clear(): void {
    for (const node of this.#nodes) node.remove();
    this.#nodes = [];
    this.#paragraph = undefined;
    this.#code = undefined;
  }

  #replace(nodes: ChildNode[], parent: HTMLElement): void {
    this.clear();
    parent.append(...nodes);
    this.#nodes = nodes;
  }

  #drawCode(text: string, parent: HTMLElement): void {
    if (this.#code?.parentElement === parent) {
      grow(this.#code, text);
      return;
    }
    const lines = codeLines(text);
    this.#replace([lines], parent);
    this.#code = lines;
  }

  #drawParagraph(tokens: readonly Token[], parent: HTMLElement): void {
    const shown = this.#paragraph;
    if (shown === undefined || shown.element.parentElement !== parent) {
      const element = document.createElement("p");
      const nodes = tokens.map((token) => inlineNodes([token]));
      element.append(...nodes.flat());
      this.#replace([element], parent);
      this.#paragraph = { element, raws: tokens.map((token) => token.raw), nodes };
      return;
    }
    let same = 0;
    while (same < tokens.length && shown.raws[same] === tokens[same]?.raw) same += 1;
    const token = tokens[same];
    if (
      token?.type === "text" &&
      same === shown.nodes.length - 1 &&
      growNode(shown.nodes[same], inlineNodes([token]))
    ) {
      shown.raws[same] = token.raw;
      same += 1;
    }
    for (const node of shown.nodes.splice(same).flat()) node.parentNode?.removeChild(node);
    shown.raws.length = same;
    for (const token of tokens.slice(same)) {
      const nodes = inlineNodes([token]);
      shown.element.append(...nodes);
      shown.nodes.push(nodes);
      shown.raws.push(token.raw);
    }
  }
}

/** Appends what is new of a text to the node that shows its beginning; false where it is not its beginning. */
function growNode(shown: readonly Node[] | undefined, wanted: readonly Node[]): boolean {
  const [node] = shown ?? [];
  const [next] = wanted;
  if (!(node instanceof Text) || !(next instanceof Text) || shown?.length !== 1 || wanted.length !== 1)
    return false;
  if (!next.data.startsWith(node.data)) return false;
  node.appendData(next.data.slice(node.data.length));
  return true;
}

/** The same for the one text node of an element. */
function grow(element: HTMLElement, text: string): void {
  const lines = codeLines(text);
  const [shown, wanted] = [[...element.childNodes], [...lines.childNodes]];
  if (!growNode(shown, wanted)) element.replaceChildren(...wanted);
}
