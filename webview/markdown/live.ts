import type { Token, Tokens } from "marked";
import { blockNodes, codeLines, inlineNodes, listElement, listItem } from "./dom.ts";
import type { Live } from "./stream.ts";

/** What is inside a paragraph or a list: words, or an item. Pieces with the same key look the same. */
interface Piece {
  readonly key: string;
  readonly draw: () => ChildNode[];
}

/** A block that grows at its end, piece by piece. Blocks of different kinds share no element. */
interface Growing {
  readonly kind: string;
  readonly element: () => HTMLElement;
  readonly pieces: readonly Piece[];
}

interface Shown {
  readonly kind: string;
  readonly element: HTMLElement;
  readonly pieces: { readonly key: string; readonly nodes: ChildNode[] }[];
}

/**
 * The open block at the end of a message. A paragraph or a list that grows keeps its element and whatever of it did not
 * change, and plain text is appended to its node: then the browser lays out what is new and not the whole block again.
 */
export class LiveEnd {
  #nodes: ChildNode[] = [];
  #shown: Shown | undefined;
  #code: HTMLElement | undefined;

  /** Draws what is live at the end of `parent`. */
  draw(live: Live, parent: HTMLElement): void {
    if (live.kind === "code") {
      this.#drawCode(live.text, parent);
      return;
    }
    const [block, another] = live.tokens.filter((token) => token.type !== "space");
    const growing = another === undefined && block !== undefined ? growingBlock(block) : undefined;
    if (growing === undefined) this.#replace(blockNodes(live.tokens) as ChildNode[], parent);
    else this.#drawGrowing(growing, parent);
  }

  /** Draws a block that won't change any more, out of what was shown of it, and leaves it there. Returns its nodes. */
  settle(token: Token, parent: HTMLElement): readonly ChildNode[] {
    this.draw({ kind: "tokens", tokens: [token] }, parent);
    const nodes = this.#nodes;
    this.#forget();
    return nodes;
  }

  /** Takes it away: what it showed is drawn in another way, or begins anew. */
  clear(): void {
    for (const node of this.#nodes) node.remove();
    this.#forget();
  }

  #forget(): void {
    this.#nodes = [];
    this.#shown = undefined;
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

  #drawGrowing({ kind, element, pieces }: Growing, parent: HTMLElement): void {
    if (this.#shown?.kind !== kind || this.#shown.element.parentElement !== parent) {
      const made = element();
      this.#replace([made], parent);
      this.#shown = { kind, element: made, pieces: [] };
    }
    const shown = this.#shown.pieces;
    let same = 0;
    while (same < pieces.length && shown[same]?.key === pieces[same]?.key) same += 1;
    const old = shown.splice(same);
    const drawn = pieces.slice(same).map(({ key, draw }) => ({ key, nodes: draw() }));
    const [first] = drawn;
    const [last] = old;
    if (first !== undefined && last !== undefined && old.length === 1 && growNode(last.nodes, first.nodes)) {
      shown.push({ key: first.key, nodes: last.nodes });
      old.length = 0;
      drawn.shift();
    }
    for (const node of old.flatMap(({ nodes }) => nodes)) node.remove();
    this.#shown.element.append(...drawn.flatMap(({ nodes }) => nodes));
    shown.push(...drawn);
  }
}

function growingBlock(block: Token): Growing | undefined {
  if (block.type === "paragraph") {
    const pieces = (block as Tokens.Paragraph).tokens.map((token) => ({
      key: `${token.type} ${token.raw}`,
      draw: () => inlineNodes([token]) as ChildNode[],
    }));
    return { kind: "paragraph", element: () => document.createElement("p"), pieces };
  }
  if (block.type === "list") {
    const list = block as Tokens.List;
    const pieces = list.items.map((item) => ({
      key: `${item.loose ? "loose" : "tight"} ${item.raw}`,
      draw: () => [listItem(item)],
    }));
    return { kind: `list ${list.ordered ? list.start : ""}`, element: () => listElement(list), pieces };
  }
  return undefined;
}

/** Appends what is new of a text to the node that shows its beginning; false where it is not its beginning. */
function growNode(shown: readonly Node[], wanted: readonly Node[]): boolean {
  const [node] = shown;
  const [next] = wanted;
  if (!(node instanceof Text) || !(next instanceof Text) || shown.length !== 1 || wanted.length !== 1)
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
