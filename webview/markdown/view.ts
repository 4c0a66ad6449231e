import { blockNodes, codeBlock, codeLines } from "./dom.ts";
import { MarkdownStream, type Settled } from "./stream.ts";

/** Draws a growing message into an element: settled blocks once and for all, the live end anew each time. */
export class MarkdownView {
  readonly #root: HTMLElement;
  #stream = new MarkdownStream();
  #length = 0;
  #live: Node[] = [];
  #code: HTMLElement | undefined;

  constructor(root: HTMLElement) {
    this.#root = root;
  }

  /** Text only ever grows; a shorter one is another text and is drawn from its start. */
  update(text: string): void {
    if (text.length < this.#length) {
      this.#stream = new MarkdownStream();
      this.#length = 0;
      this.#live = [];
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
      this.#root.append(...this.#live);
    } else {
      this.#live = [codeLines(live.text)];
      this.#code?.append(...this.#live);
    }
  }

  #settle(piece: Settled): void {
    switch (piece.kind) {
      case "token":
        this.#root.append(...blockNodes([piece.token]));
        return;
      case "code-start": {
        const { block, code } = codeBlock(piece.language);
        this.#root.append(block);
        this.#code = code;
        return;
      }
      case "code-lines":
        // The newline keeps an empty last line; the box itself ends the line.
        this.#code?.append(codeLines(`${piece.text}\n`));
        return;
      case "code-end":
        this.#code = undefined;
    }
  }
}
