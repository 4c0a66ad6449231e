import type { Browser, CDPSession } from "playwright-core";
import type { EventBody } from "../../extension/events/event.ts";
import { Conversation } from "../../extension/panel/conversation.ts";
import { Feed, type FeedTimer } from "../../extension/panel/feed.ts";
import type { HostMessage } from "../../extension/panel/protocol.ts";
import { EventSource, ROOT, SESSION } from "../panel/events.ts";
import { openPage } from "./panel.ts";

/** An event, and when it arrives, in milliseconds from the start. */
export interface Arrival {
  readonly at: number;
  readonly event: EventBody;
}

/** A message as the page gets it, and when. */
interface Delivery {
  readonly at: number;
  readonly json: string;
}

/** Milliseconds before and after a run, for the page to come to rest. */
const REST_MS = 400;

export interface Cost {
  /** Milliseconds that the renderer's main thread was busy. */
  readonly cpu: number;
  readonly layouts: number;
  /** Messages that the host sent. */
  readonly messages: number;
  /** Characters of all messages. */
  readonly characters: number;
  /** Rows in the document at the end. */
  readonly rows: number;
}

/** What the real host half sends for these arrivals, on a clock that is not waited for. */
function deliveries(arrivals: readonly Arrival[]): Delivery[] {
  const sent: Delivery[] = [];
  const clock = new VirtualClock();
  const conversation = new Conversation(SESSION, [{ name: "sample", path: ROOT }]);
  const source = new EventSource();
  const feed = new Feed({
    send: (message: HostMessage) => sent.push({ at: clock.now, json: JSON.stringify(message) }),
    details: () => Promise.resolve(undefined),
    timer: clock,
  });
  for (const body of OPENING) conversation.apply(source.make(body));
  feed.show(conversation);
  feed.ready();
  for (const { at, event } of arrivals) {
    clock.goTo(at);
    conversation.apply(source.make(event, 0));
  }
  clock.goTo(Number.MAX_SAFE_INTEGER);
  return sent;
}

const OPENING: readonly EventBody[] = [
  { type: "session.opened", agent: { id: "bench", name: "Bench" }, cwd: ROOT },
  { type: "session.state", state: { name: "working" } },
];

class VirtualClock implements FeedTimer {
  now = 0;
  #due: { at: number; tick: () => void } | undefined;

  start(ms: number, tick: () => void): () => void {
    this.#due = { at: this.now + ms, tick };
    return () => {
      this.#due = undefined;
    };
  }

  goTo(time: number): void {
    while (this.#due !== undefined && this.#due.at <= time) {
      const { at, tick } = this.#due;
      this.#due = undefined;
      this.now = at;
      tick();
    }
    this.now = time;
  }
}

/** Plays arrivals to the built page in its own time and measures what that costs the page. */
export async function measure(browser: Browser, arrivals: readonly Arrival[]): Promise<Cost> {
  const page = await openPage(browser, { width: 420, height: 800 });
  const all = deliveries(arrivals);
  const cdp = await page.context().newCDPSession(page);
  // The thread's own time: what other programs take of the machine is not counted.
  await cdp.send("Performance.enable", { timeDomain: "threadTicks" });
  // The first message is the snapshot: what it costs to come up is not what is measured.
  const [first, ...rest] = all;
  await page.evaluate(`postMessage(${first?.json ?? "null"}, "*")`);
  await page.waitForSelector(".session:not([hidden])");
  await page.evaluate(`window.queue = ${JSON.stringify(rest)}`);
  await page.waitForTimeout(REST_MS);
  const before = await metrics(cdp);
  await page.evaluate(REPLAY);
  await page.waitForTimeout(REST_MS);
  const after = await metrics(cdp);
  const rows = await page.locator(".conversation .row").count();
  await page.context().close();
  return {
    cpu: (after.cpu - before.cpu) * 1_000,
    layouts: after.layouts - before.layouts,
    messages: rest.length,
    characters: rest.reduce((sum, one) => sum + one.json.length, 0),
    rows,
  };
}

/** Runs in the page: posts each message when it is due, as the editor's frame does. */
const REPLAY = `new Promise((done) => {
  const start = performance.now();
  const next = () => {
    while (queue[0] && queue[0].at <= performance.now() - start) postMessage(JSON.parse(queue.shift().json), "*");
    setTimeout(queue[0] ? next : done, queue[0] ? Math.max(0, queue[0].at - (performance.now() - start)) : 100);
  };
  next();
})`;

export async function metrics(cdp: CDPSession): Promise<{ cpu: number; layouts: number; styles: number }> {
  const { metrics } = await cdp.send("Performance.getMetrics");
  const value = (name: string): number => metrics.find((metric) => metric.name === name)?.value ?? 0;
  return { cpu: value("TaskDuration"), layouts: value("LayoutCount"), styles: value("RecalcStyleCount") };
}
