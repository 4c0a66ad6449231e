import * as z from "zod/mini";
import type { Api } from "./api.ts";

/** Sessions whose state is remembered, and rows of each whose folding is. More would be a state that grows for ever. */
const SESSIONS_KEPT = 10;
const OPENED_KEPT = 200;
/** Milliseconds after the last change before it is kept: once per pause in typing or scrolling. */
const KEEP_AFTER_MS = 200;

const saved = z.object({
  /** The session that the rest belongs to. */
  session: z.string(),
  draft: z.string(),
  tab: z.enum(["conversation", "log"]),
  /** Rows that a person opened or folded, by id. */
  opened: z.array(z.tuple([z.string(), z.boolean()])),
  /** The row at the top of what was read and its distance from the top edge; absent at the bottom. */
  anchor: z.optional(z.object({ index: z.number(), offset: z.number() })),
});
export type Saved = z.infer<typeof saved>;

const state = z.array(saved);

/** What of a person's doing survives hiding and reloading the page, for each of the last sessions. */
export class Keeper {
  readonly #api: Api;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(api: Api) {
    this.#api = api;
  }

  restore(session: string): Saved | undefined {
    return this.#all().find((one) => one.session === session);
  }

  keepSoon(now: () => Saved | undefined): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.keep(now()), KEEP_AFTER_MS);
  }

  keep(one: Saved | undefined): void {
    clearTimeout(this.#timer);
    if (one === undefined) return;
    const others = this.#all().filter((other) => other.session !== one.session);
    const kept = { ...one, opened: one.opened.slice(-OPENED_KEPT) };
    this.#api.keep([...others, kept].slice(-SESSIONS_KEPT));
  }

  #all(): Saved[] {
    const parsed = state.safeParse(this.#api.state());
    return parsed.success ? parsed.data : [];
  }
}
