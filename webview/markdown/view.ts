import { blockNodes, codeBlock, codeLines } from "./dom.ts";
import { LiveEnd } from "./live.ts";
import { MarkdownStream, type Settled } from "./stream.ts";

/**
 * Elements, or boxes of code lines, that share a part. What is out of sight is skipped by whole parts; each time one is
 * closed costs a layout, so they are not small, and what is not closed yet is looked at in each frame, so not large.
 */
const PART_ELEMENTS = 600;
const PART_CODE_BOXES = 10;

/** Draws a growing message into an element: settled blocks once and for all, the live end anew each time. */
export class MarkdownView {
  readonly #root: HTMLElement;
  #stream = new MarkdownStream();
  #length = 0;
  readonly #live = new LiveEnd();
  #part: HTMLElement | undefined;
  #elements = 0;
  #code: { readonly element: HTMLElement; part: HTMLElement } | undefined;

  constructor(root: HTMLElement) {
    this.#root = root;
  }

  /** Text only ever grows; a shorter one is another text and is drawn from its start. */
  update(text: string): void {
    if (text.length < this.#length) {
      this.#stream = new MarkdownStream();
      this.#length = 0;
      this.#live.clear();
      this.#part = undefined;
      this.#code = undefined;
      this.#root.replaceChildren();
    }
    if (text.length === this.#length) return;
    const settled = this.#stream.append(text.slice(this.#length));
    this.#length = text.length;
    if (settled.length > 0) this.#live.clear();
    for (const piece of settled) this.#settle(piece);
    const live = this.#stream.live();
    this.#live.draw(
      live,
      live.kind === "code" && this.#code !== undefined ? this.#code.part : this.#blocks(),
    );
  }

  #settle(piece: Settled): void {
    switch (piece.kind) {
      case "token": {
        const nodes = blockNodes([piece.token]);
        this.#blocks().append(...nodes);
        for (const node of nodes) {
          this.#elements += 1 + (node instanceof Element ? node.getElementsByTagName("*").length : 0);
        }
        return;
      }
      case "code-start": {
        const { block, code } = codeBlock(piece.language);
        this.#blocks().append(block);
        this.#code = { element: code, part: nextPart(code, undefined) };
        return;
      }
      case "code-lines":
        if (this.#code === undefined) return;
        if (this.#code.part.childElementCount >= PART_CODE_BOXES) {
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
    if (this.#part === undefined || this.#elements >= PART_ELEMENTS) {
      this.#elements = 0;
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
