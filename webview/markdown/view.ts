import { codeBlock, codeLines } from "./dom.ts";
import { LiveEnd } from "./live.ts";
import { Parts } from "./parts.ts";
import { MarkdownStream, type Settled } from "./stream.ts";

/** Boxes of code lines that share a part: what is out of sight is skipped by whole parts. */
const PART_CODE_BOXES = 10;

/** Draws a growing message into an element: settled blocks once and for all, and what changed of the live end. */
export class MarkdownView {
  readonly #root: HTMLElement;
  #stream = new MarkdownStream();
  #length = 0;
  readonly #live = new LiveEnd();
  #parts: Parts;
  #code: { readonly block: HTMLElement; readonly element: HTMLElement; part: HTMLElement } | undefined;

  constructor(root: HTMLElement) {
    this.#root = root;
    this.#parts = new Parts(root);
  }

  /** Text only ever grows; a shorter one is another text and is drawn from its start. */
  update(text: string): void {
    if (text.length < this.#length) {
      this.#stream = new MarkdownStream();
      this.#length = 0;
      this.#live.clear();
      this.#parts = new Parts(this.#root);
      this.#code = undefined;
      this.#root.replaceChildren();
    }
    if (text.length === this.#length) return;
    const settled = this.#stream.append(text.slice(this.#length));
    this.#length = text.length;
    for (const piece of settled) this.#settle(piece);
    const live = this.#stream.live();
    this.#live.draw(
      live,
      live.kind === "code" && this.#code !== undefined ? this.#code.part : this.#parts.open(),
    );
  }

  #settle(piece: Settled): void {
    if (piece.kind === "token") {
      this.#parts.add(this.#live.settle(piece.token, this.#parts.open()));
      return;
    }
    this.#live.clear();
    switch (piece.kind) {
      case "code-start": {
        const { block, code } = codeBlock(piece.language);
        this.#parts.open().append(block);
        this.#code = { block, element: code, part: nextPart(code, undefined) };
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
        if (this.#code !== undefined) this.#parts.add([this.#code.block]);
        this.#code = undefined;
    }
  }
}

function nextPart(code: HTMLElement, before: HTMLElement | undefined): HTMLElement {
  before?.classList.add("settled");
  const part = document.createElement("span");
  part.className = "part";
  code.append(part);
  return part;
}
