import { blockNodes, codeBlock, codeLines } from "./dom.ts";
import { MarkdownStream, type Settled } from "./stream.ts";

/**
 * Settled blocks, or boxes of code lines, that share an element. What is out of sight is skipped by whole elements; each
 * time one is closed costs a layout, so they are not small.
 */
const PART_NODES = 100;

/** Draws a growing message into an element: settled blocks once and for all, the live end anew each time. */
export class MarkdownView {
  readonly #root: HTMLElement;
  #stream = new MarkdownStream();
  #length = 0;
  #live: Node[] = [];
  #part: HTMLElement | undefined;
  #code: { readonly element: HTMLElement; part: HTMLElement } | undefined;

  constructor(root: HTMLElement) {
    this.#root = root;
  }

  /** Text only ever grows; a shorter one is another text and is drawn from its start. */
  update(text: string): void {
    if (text.length < this.#length) {
      this.#stream = new MarkdownStream();
      this.#length = 0;
      this.#live = [];
      this.#part = undefined;
      this.#code = undefined;
      this.#root.replaceChildren();
    }
    if (text.length === this.#length) return;
    const settled = this.#stream.append(text.slice(this.#length));
    this.#length = text.length;
    for (const node of this.#live) node.parentNode?.removeChild(node);
    for (const piece of settled) this.#settle(piece);
    const live = this.#stream.live();
    if (live.kind === "tokens") {
      this.#live = blockNodes(live.tokens);
      this.#blocks().append(...this.#live);
    } else if (this.#code !== undefined) {
      this.#live = [codeLines(live.text)];
      this.#code.part.append(...this.#live);
    }
  }

  #settle(piece: Settled): void {
    switch (piece.kind) {
      case "token":
        this.#blocks().append(...blockNodes([piece.token]));
        return;
      case "code-start": {
        const { block, code } = codeBlock(piece.language);
        this.#blocks().append(block);
        this.#code = { element: code, part: nextPart(code, undefined) };
        return;
      }
      case "code-lines":
        if (this.#code === undefined) return;
        if (this.#code.part.childElementCount >= PART_NODES) {
          this.#code.part = nextPart(this.#code.element, this.#code.part);
        }
        // The newline keeps an empty last line; the box itself ends the line.
        this.#code.part.append(codeLines(`${piece.text}\n`));
        return;
      case "code-end":
        this.#code = undefined;
    }
  }

  /** The element that takes the next blocks. */
  #blocks(): HTMLElement {
    if (this.#part === undefined || this.#part.childElementCount >= PART_NODES) {
      this.#part = nextPart(this.#root, this.#part);
    }
    return this.#part;
  }
}

function nextPart(parent: HTMLElement, before: HTMLElement | undefined): HTMLElement {
  before?.classList.add("settled");
  const part = document.createElement(parent.tagName === "CODE" ? "span" : "div");
  part.className = "part";
  parent.append(part);
  return part;
}
