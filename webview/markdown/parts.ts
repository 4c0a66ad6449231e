/**
 * Elements in one part: what the browser painted of a part is used again while the next one grows. About a screen.
 */
const PART_ELEMENTS = 50;
/**
 * Elements in one section: what is out of sight is skipped by whole sections. To close one costs a layout or two, and all
 * that is in an open one is looked at in each frame; measured, a few hundred cost the least.
 */
const SECTION_ELEMENTS = 400;

interface Box {
  readonly element: HTMLElement;
  elements: number;
}

/** Where the blocks of a message stand: in parts, which stand in sections. Only the last of both is open. */
export class Parts {
  readonly #root: HTMLElement;
  #section: Box | undefined;
  #part: Box | undefined;

  constructor(root: HTMLElement) {
    this.#root = root;
  }

  /** The element that takes the next block. */
  open(): HTMLElement {
    this.#section ??= box("section", this.#root);
    this.#part ??= box("part", this.#section.element);
    return this.#part.element;
  }

  /** Says that these blocks stand in the open part for good; closes it where it is full. */
  add(blocks: readonly Node[]): void {
    const elements = blocks.reduce(
      (sum, block) => sum + 1 + (block instanceof Element ? block.getElementsByTagName("*").length : 0),
      0,
    );
    const full = fill(this.#section, elements, SECTION_ELEMENTS);
    if (fill(this.#part, elements, PART_ELEMENTS) || full) {
      close(this.#part);
      this.#part = undefined;
    }
    if (full) {
      close(this.#section);
      this.#section?.element.classList.add("settled");
      this.#section = undefined;
    }
  }
}

function box(name: string, parent: HTMLElement): Box {
  const element = document.createElement("div");
  element.className = name;
  parent.append(element);
  return { element, elements: 0 };
}

/** Counts elements into a box; true when it holds enough. */
function fill(into: Box | undefined, elements: number, most: number): boolean {
  if (into === undefined) return false;
  into.elements += elements;
  return into.elements >= most;
}

/** A list that goes on in the next box has no gap before it: style sheets see what the last block of this one is. */
function close(filled: Box | undefined): void {
  const last = filled?.element.lastElementChild;
  if (filled === undefined || !last) return;
  filled.element.dataset["end"] = (last as HTMLElement).dataset["end"] ?? last.tagName;
}
