import { RANGE_ROWS, type HostMessage } from "../extension/panel/protocol.ts";
import type { PageIntent } from "../extension/panel/pageIntent.ts";
import type { RowWindow } from "./window.ts";

type Request = Extract<PageIntent, { type: "getRange" }>;
type Answer = Extract<HostMessage, { type: "range" }>;

/** Rows asked for at a time while scrolling: about two screens, so that they are there before they are seen. */
const PAGE_ROWS = 100;
/** Rows before the one that is looked for. */
const LEAD_ROWS = 50;

type Purpose = "older" | "newer" | "end" | "start" | "around";

/** Asks the host for the rows that a window lacks; one question at a time for each purpose. */
export class Pager {
  static #requests = 0;
  readonly #post: (intent: PageIntent) => void;
  readonly #open = new Map<
    number,
    { readonly window: RowWindow; readonly purpose: Purpose; readonly at: number }
  >();

  constructor(post: (intent: PageIntent) => void) {
    this.#post = post;
  }

  older(window: RowWindow): void {
    const first = window.entries[0];
    if (window.older && first !== undefined) this.#ask(window, "older", "older", first.index, PAGE_ROWS);
  }

  newer(window: RowWindow): void {
    const last = window.entries.at(-1);
    if (!window.tail && last !== undefined) this.#ask(window, "newer", "newer", last.index + 1, PAGE_ROWS);
  }

  /** The newest rows, in place of what is there. */
  end(window: RowWindow): void {
    this.#ask(window, "end", "older", Number.MAX_SAFE_INTEGER, RANGE_ROWS);
  }

  /** The oldest rows, in place of what is there. */
  start(window: RowWindow): void {
    this.#ask(window, "start", "newer", 0, RANGE_ROWS);
  }

  /** The rows about an index, in place of what is there. */
  around(window: RowWindow, index: number): void {
    this.#ask(window, "around", "newer", Math.max(0, index - LEAD_ROWS), RANGE_ROWS);
  }

  /** Puts an answer where it belongs; undefined when nobody waits for it any more. */
  answer(answer: Answer): { readonly window: RowWindow; readonly purpose: Purpose } | undefined {
    const asked = this.#open.get(answer.request);
    if (asked === undefined) return undefined;
    this.#open.delete(answer.request);
    const { window, purpose, at } = asked;
    if (purpose === "older" || purpose === "newer") window.extend(purpose, answer.rows, answer.more);
    else if (purpose === "end") window.reset(answer.rows, answer.more);
    else window.reset(answer.rows, at > 0, !answer.more);
    return { window, purpose };
  }

  /** Forgets all questions: what was shown is replaced. */
  forget(): void {
    this.#open.clear();
  }

  #ask(
    window: RowWindow,
    purpose: Purpose,
    direction: Request["direction"],
    at: number,
    count: number,
  ): void {
    for (const asked of this.#open.values()) if (asked.window === window && asked.purpose === purpose) return;
    Pager.#requests += 1;
    this.#open.set(Pager.#requests, { window, purpose, at });
    const { filter } = window;
    this.#post({
      type: "getRange",
      request: Pager.#requests,
      direction,
      at,
      count,
      ...(filter === undefined ? {} : { filter }),
    });
  }
}
