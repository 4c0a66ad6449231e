import type { Entry, RowWindow } from "../window.ts";
import { Groups } from "./groups.ts";
import { makeRow } from "./row.ts";
import type { RowContext, RowView } from "./view.ts";

/** Pixels from an end at which more rows are asked for: a tall window's height. */
const NEAR = 1_500;
/** Pixels from the bottom that still count as the bottom: zoomed layouts round. */
const SLACK = 3;

export interface ListOptions {
  readonly context: RowContext;
  readonly label: string;
  readonly onNear: (direction: "older" | "newer") => void;
  /** The reading place changed: scrolled, or reached or left the bottom. */
  readonly onPlace: () => void;
  readonly onEnds: (end: "start" | "end") => void;
}

/** Where a person reads: a row and how far its top is from the top edge. */
export interface Anchor {
  readonly index: number;
  readonly offset: number;
}

/**
 * Draws a window of rows into a scroller. Only rows that changed are drawn again; rows that came or went change only
 * themselves. It stays at the bottom if it was there, else it keeps in place what is being read.
 */
export class RowList {
  readonly scroller = document.createElement("div");
  readonly #content = document.createElement("div");
  readonly #options: ListOptions;
  readonly #views = new Map<number, RowView>();
  readonly #groups = new Groups(this.#content);
  #window: RowWindow | undefined;
  #atBottom = true;
  #anchor: Anchor | undefined;
  #wanted: Anchor | undefined;
  #pinned: { readonly element: HTMLElement; readonly top: number } | undefined;
  #seen = 0;
  #current: number | undefined;

  constructor(options: ListOptions) {
    this.#options = options;
    this.scroller.className = "scroller";
    this.#content.className = "rows";
    this.scroller.append(this.#content);
    this.scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.scroller.addEventListener("keydown", (event) => this.#key(event));
    this.#content.addEventListener("focusin", (event) => this.#focused(event));
    new ResizeObserver(() => this.#resized()).observe(this.scroller);
  }

  get atBottom(): boolean {
    return this.#atBottom && (this.#window?.tail ?? true);
  }

  get scrolls(): boolean {
    return this.scroller.scrollHeight > this.scroller.clientHeight;
  }

  /** True when rows came that were not seen at the bottom yet. */
  get news(): boolean {
    return this.#window !== undefined && this.#window.arrived > this.#seen;
  }

  /** The place that is read, for keeping it; undefined at the bottom. */
  get anchor(): Anchor | undefined {
    return this.atBottom ? undefined : this.#topRow();
  }

  /** Scrolls to a place as soon as its row is drawn. */
  restore(anchor: Anchor): void {
    this.#wanted = anchor;
    this.#atBottom = false;
  }

  showEnd(): void {
    this.#atBottom = true;
    this.scroller.scrollTop = 0;
  }

  showStart(): void {
    this.#atBottom = false;
    this.scroller.scrollTop = -this.scroller.scrollHeight;
  }

  /**
   * Before anything is written: where a person reads, if rows above it may come or go. `pin`: something above the list
   * may take room in this frame, which must not move what is read on the screen.
   */
  read(window: RowWindow, pin: boolean): void {
    this.#anchor = this.#atBottom || window !== this.#window ? undefined : this.#topRow();
    this.#pinned = undefined;
    if (pin && this.#anchor !== undefined) {
      const element = this.#views.get(this.#anchor.index)?.element;
      if (element !== undefined) this.#pinned = { element, top: element.getBoundingClientRect().top };
    }
  }

  write(window: RowWindow): void {
    const { changed, reshaped } = window.take();
    const other = window !== this.#window;
    this.#window = window;
    window.following = this.#atBottom;
    if (other) {
      this.#views.clear();
      this.#groups.reset();
      this.#current = undefined;
      this.#seen = 0;
    }
    if (reshaped || other) this.#reshape(window);
    for (const index of changed) {
      const entry = window.find(index);
      if (entry !== undefined) this.#views.get(index)?.update(entry, this.#options.context);
    }
    if (this.atBottom) this.#seen = window.arrived;
    if (reshaped || other) this.#keepPlace();
  }

  /** Draws all rows again: what they are drawn from, other than their data, has changed. */
  redrawAll(): void {
    for (const entry of this.#window?.entries ?? []) {
      this.#views.get(entry.index)?.update(entry, this.#options.context);
    }
  }

  /** Focuses the row with an index, or the last one. */
  focusRow(index?: number): boolean {
    const last = this.#window?.entries.at(-1)?.index;
    const view = this.#views.get(index ?? this.#current ?? last ?? -1) ?? this.#views.get(last ?? -1);
    view?.element.focus();
    return view !== undefined;
  }

  #reshape(window: RowWindow): void {
    const focused = this.#content.contains(document.activeElement);
    const kept = new Set(window.entries.map((entry) => entry.index));
    for (const [index, view] of this.#views) {
      if (kept.has(index)) continue;
      view.element.remove();
      this.#views.delete(index);
    }
    this.#groups.clear(window);
    // From the end: appended rows, the common case, are met first.
    let next: HTMLElement | undefined;
    for (let at = window.entries.length - 1; at >= 0; at -= 1) {
      const entry = window.entries[at];
      if (entry === undefined) break;
      const { element } = this.#viewOf(entry);
      this.#groups.place(element, entry.index, next);
      next = element;
    }
    // A feed without articles would promise what is not there.
    if (window.entries.length === 0) this.#content.removeAttribute("role");
    else this.#content.setAttribute("role", "feed");
    this.#content.ariaLabel = window.entries.length === 0 ? null : this.#options.label;
    this.#tabStop();
    if (focused && !this.#content.contains(document.activeElement)) this.focusRow();
  }

  #viewOf(entry: Entry): RowView {
    const known = this.#views.get(entry.index);
    if (known?.type === entry.row.type) return known;
    known?.element.remove();
    const view = makeRow(entry, this.#options.context);
    this.#views.set(entry.index, view);
    return view;
  }

  /** One row is in the tab order: the one that was last focused, else the newest. */
  #tabStop(): void {
    const last = this.#window?.entries.at(-1)?.index;
    if (this.#current !== undefined && !this.#views.has(this.#current)) this.#current = undefined;
    const stop = this.#current ?? last;
    for (const element of this.#content.querySelectorAll<HTMLElement>("[data-entry]")) {
      setStop(element, false);
    }
    const view = stop === undefined ? undefined : this.#views.get(stop);
    if (view !== undefined) setStop(view.element, true);
  }

  #keepPlace(): void {
    const wanted = this.#wanted ?? this.#anchor;
    if (wanted === undefined) return;
    const view = this.#views.get(wanted.index);
    if (view === undefined) return;
    const moved = this.#offsetOf(view.element) - wanted.offset;
    if (Math.abs(moved) >= 1) this.scroller.scrollTop += moved;
    this.#wanted = undefined;
  }

  #topRow(): Anchor | undefined {
    const top = this.scroller.getBoundingClientRect().top;
    const entries = this.#window?.entries ?? [];
    let low = 0;
    let high = entries.length - 1;
    // Rows stand in the order of their indices, so the first one that ends below the edge is found by halving.
    while (low < high) {
      const middle = (low + high) >>> 1;
      const view = this.#views.get(entries[middle]?.index ?? -1);
      if (view !== undefined && view.element.getBoundingClientRect().bottom <= top) low = middle + 1;
      else high = middle;
    }
    const index = entries[low]?.index;
    const view = index === undefined ? undefined : this.#views.get(index);
    return index === undefined || view === undefined
      ? undefined
      : { index, offset: this.#offsetOf(view.element) };
  }

  #offsetOf(element: HTMLElement): number {
    return element.getBoundingClientRect().top - this.scroller.getBoundingClientRect().top;
  }

  /** After layout, before paint: undoes what the browser's anchoring did to keep the distance from the upper edge. */
  #resized(): void {
    if (this.#pinned === undefined) return;
    const moved = this.#pinned.element.getBoundingClientRect().top - this.#pinned.top;
    this.#pinned = undefined;
    if (Math.abs(moved) >= 1) this.scroller.scrollTop += moved;
  }

  /** The scroller counts from its end (see its style): 0 is the bottom, and there it stays by itself. */
  #scrolled(): void {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    // A list in a hidden tab has no place.
    if (clientHeight === 0) return;
    const below = -scrollTop;
    const wasAtBottom = this.#atBottom;
    this.#atBottom = below <= SLACK;
    if (this.#window !== undefined) {
      this.#window.following = this.#atBottom;
      if (this.atBottom) this.#seen = this.#window.arrived;
      if (scrollHeight - clientHeight - below < NEAR && this.#window.older) this.#options.onNear("older");
      if (below < NEAR && !this.#window.tail) this.#options.onNear("newer");
    }
    if (!this.#atBottom || !wasAtBottom) this.#options.onPlace();
  }

  #focused(event: FocusEvent): void {
    const row = (event.target as HTMLElement).closest<HTMLElement>("[data-index]");
    if (row === null) return;
    this.#current = Number(row.dataset["index"]);
    this.#tabStop();
  }

  #key(event: KeyboardEvent): void {
    const row = (event.target as HTMLElement).closest<HTMLElement>("[data-index]");
    if (row === null || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    const onRow = event.target === row;
    const index = Number(row.dataset["index"]);
    const view = this.#views.get(index);
    const entry = this.#window?.find(index);
    if (onRow && entry !== undefined && view?.key?.(event.key, entry) === true) event.preventDefault();
    else if (this.#move(event.key, row)) event.preventDefault();
  }

  #move(key: string, row: HTMLElement): boolean {
    if (key === "Home" || key === "End") {
      this.#options.onEnds(key === "Home" ? "start" : "end");
      return true;
    }
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 1, PageUp: -1 }[key];
    if (step === undefined) return false;
    this.#beyond(row, step, key.startsWith("Page") ? this.scroller.clientHeight : 0)?.focus();
    return true;
  }

  /** The last row in one direction that is less than `room` away; at least the next one. */
  #beyond(row: HTMLElement, step: number, room: number): HTMLElement | undefined {
    const entries = this.#window?.entries ?? [];
    const start = entries.findIndex((entry) => entry.index === Number(row.dataset["index"]));
    const from = this.#offsetOf(row);
    let found: HTMLElement | undefined;
    for (let at = start + step; at >= 0 && at < entries.length; at += step) {
      const element = this.#views.get(entries[at]?.index ?? -1)?.element;
      if (element === undefined) break;
      if (found !== undefined && Math.abs(this.#offsetOf(element) - from) >= room) break;
      found = element;
    }
    return found;
  }
}

/** A row in the tab order has its controls there too; those of other rows wait until their row is reached. */
function setStop(row: HTMLElement, stop: boolean): void {
  row.tabIndex = stop ? 0 : -1;
  row.toggleAttribute("data-entry", stop);
  for (const control of row.querySelectorAll<HTMLElement>("button, a")) control.tabIndex = stop ? 0 : -1;
}
