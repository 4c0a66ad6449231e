import type { Conversation } from "./conversation.ts";
import { detailsOf, type CallDetails } from "./details.ts";
import { Pending } from "./pending.ts";
import {
  PAGE_PROTOCOL_VERSION,
  type ApprovalCard,
  type Banner,
  type HostMessage,
  type Place,
  type ProjectCard,
  type View,
} from "./protocol.ts";
import { newest, rangeOf, type RangeRequest } from "./range.ts";

/** Milliseconds from the first change to the patch that carries it: three frames at 60 Hz, as VS Code's own chat does. */
export const TICK_MS = 50;
/**
 * The same where only text grows. A browser spends 2 to 3 ms on any frame that changes text, whatever else it does; text
 * that comes faster than anyone reads is worth fifteen frames a second and not sixty.
 */
export const TEXT_TICK_MS = 66;

/** The clock that ticks are taken from; tests and benchmarks bring their own. */
export interface FeedTimer {
  /** Calls back once after `ms`; the returned function takes it back. */
  start(ms: number, then: () => void): () => void;
}

export interface FeedOptions {
  /** Posts a message to the page. */
  readonly send: (message: HostMessage) => void;
  /** The whole input, output and diffs of a call, which rows leave out. */
  readonly details: (session: string, call: string) => Promise<CallDetails | undefined>;
  /** Translations of the page's texts; absent for English. */
  readonly strings?: Readonly<Record<string, string>>;
  readonly timer?: FeedTimer;
}

/**
 * Feeds one page: a snapshot when it says `ready` or another conversation is shown, then numbered patches, at most
 * one a tick and none while nothing changes. A page that is hidden gets nothing; it says `ready` when it is back.
 */
export class Feed {
  readonly #options: FeedOptions;
  readonly #timer: FeedTimer;
  readonly #pending = new Pending();
  #conversation: Conversation | undefined;
  #place: Exclude<Place, "session"> = "welcome";
  #banners: readonly Banner[] = [];
  #others: readonly ApprovalCard[] = [];
  #projects: readonly ProjectCard[] = [];
  #n = 0;
  #live = false;
  #cancelTick: (() => void) | undefined;
  #tickMs = 0;

  constructor(options: FeedOptions) {
    this.#options = options;
    this.#timer = options.timer ?? SYSTEM_TIMER;
  }

  /** The conversation that the page shows. */
  get shown(): Conversation | undefined {
    return this.#conversation;
  }

  /** Shows a conversation, or with none the welcome or the reason why there can't be one. */
  show(conversation: Conversation | undefined, place: Exclude<Place, "session"> = "welcome"): void {
    if (conversation === this.#conversation && place === this.#place) return;
    this.#conversation?.watch(undefined);
    this.#conversation = conversation;
    this.#place = place;
    conversation?.watch((change) => {
      if (!this.#live) return;
      this.#pending.add(change);
      this.#tick(change.type === "text" || change.type === "output" ? TEXT_TICK_MS : TICK_MS);
    });
    if (this.#live) this.#snapshot();
  }

  /** The cards of the sessions that are not shown: they come after those of the shown one. */
  others(cards: readonly ApprovalCard[]): void {
    const same = JSON.stringify(cards) === JSON.stringify(this.#others);
    this.#others = cards;
    if (same || !this.#live) return;
    this.#pending.add({ type: "head", part: "approvals" });
    this.#tick(TICK_MS);
  }

  banners(banners: readonly Banner[]): void {
    const same = JSON.stringify(banners) === JSON.stringify(this.#banners);
    this.#banners = banners;
    if (same || !this.#live) return;
    this.#pending.add({ type: "head", part: "banners" });
    this.#tick(TICK_MS);
  }

  /** The projects of the window. */
  projects(projects: readonly ProjectCard[]): void {
    const same = JSON.stringify(projects) === JSON.stringify(this.#projects);
    this.#projects = projects;
    if (same || !this.#live) return;
    this.#pending.add({ type: "head", part: "projects" });
    this.#tick(TICK_MS);
  }

  /** The page was loaded, or missed a patch. */
  ready(): void {
    this.#live = true;
    this.#snapshot();
  }

  /** The page is hidden or gone. */
  hide(): void {
    this.#live = false;
    this.#stop();
  }

  dispose(): void {
    this.hide();
    this.#conversation?.watch(undefined);
    this.#conversation = undefined;
  }

  /** Asks the page to show one of its parts. */
  reveal(what: Extract<HostMessage, { type: "show" }>["what"]): void {
    if (this.#live) this.#options.send({ type: "show", what });
  }

  /** Has the page answer the card that it shows; false where no page shows one. */
  answer(choice: Extract<HostMessage, { type: "answer" }>["choice"]): boolean {
    if (!this.#live || !this.#cards().some((card) => card.over !== true)) return false;
    // The card of the last change is on its way to the page: it must be there first.
    this.flush();
    this.#options.send({ type: "answer", choice });
    return true;
  }

  range(request: RangeRequest): void {
    if (this.#conversation === undefined || !this.#live) return;
    // What is answered holds every change so far: it must not come once more in the next patch.
    this.flush();
    const answer = rangeOf(this.#conversation.rows, request);
    this.#options.send({ type: "range", request: request.request, ...answer });
  }

  async details(row: string): Promise<void> {
    const shown = this.#conversation;
    const call = shown?.callOf(row);
    if (shown === undefined || call === undefined) return;
    const details = await this.#options.details(shown.header.session, call);
    if (this.#live && this.#conversation === shown) this.#options.send(detailsOf(row, details));
  }

  /** Sends at once what waits for the tick. */
  flush(): void {
    this.#stop(false);
    if (!this.#live) return;
    const ops = this.#pending.take(this.#conversation, {
      cards: this.#cards(),
      banners: [...this.#banners],
      projects: [...this.#projects],
    });
    if (ops.length === 0) return;
    this.#n += 1;
    this.#options.send({ type: "patch", n: this.#n, ops });
  }

  #snapshot(): void {
    this.#stop();
    this.#n += 1;
    this.#options.send({
      type: "snapshot",
      v: PAGE_PROTOCOL_VERSION,
      n: this.#n,
      view: this.#view(),
      ...(this.#options.strings === undefined ? {} : { strings: { ...this.#options.strings } }),
    });
  }

  /** The queue: what waits comes before what is over, and the shown session before the others. */
  #cards(): ApprovalCard[] {
    const all = [...(this.#conversation?.cards ?? []), ...this.#others];
    return [...all.filter((card) => card.over !== true), ...all.filter((card) => card.over === true)];
  }

  #view(): View {
    const shown = this.#conversation;
    const window = { banners: [...this.#banners], projects: [...this.#projects] };
    if (shown === undefined) {
      const nothing = {
        approvals: this.#cards(),
        gates: [],
        plan: [],
        commands: [],
        first: 0,
        rows: [],
        total: 0,
      };
      return { place: this.#place, ...nothing, ...window };
    }
    const { header, gates, plan, commands } = shown;
    const { total } = shown.rows;
    return {
      place: "session",
      header,
      approvals: this.#cards(),
      gates,
      plan,
      commands,
      ...window,
      ...newest(shown.rows),
      total,
    };
  }

  /** One tick at a time; what is due sooner takes the place of what can wait longer. */
  #tick(ms: number): void {
    if (this.#cancelTick !== undefined && ms >= this.#tickMs) return;
    this.#cancelTick?.();
    this.#tickMs = ms;
    this.#cancelTick = this.#timer.start(ms, () => this.flush());
  }

  #stop(forget = true): void {
    this.#cancelTick?.();
    this.#cancelTick = undefined;
    if (forget) this.#pending.clear();
  }
}

const SYSTEM_TIMER: FeedTimer = {
  start(ms, then) {
    const handle = setTimeout(then, ms);
    return () => clearTimeout(handle);
  },
};
