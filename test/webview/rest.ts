import type { Browser } from "playwright-core";
import { Panel } from "./panel.ts";
import { metrics } from "./replay.ts";
import { STATES } from "./states.ts";

export const IDLE_MS = 3_000;
/** Rows in the document, at most: the page's window, its slack, and a page of rows that was just asked for. */
export const MOST_ROWS = 600;
const TOTAL = 100_000;
/** Screens that are scrolled back. */
const SCREENS = 60;

/** What a page costs on which nothing changes. */
export async function measureIdle(
  browser: Browser,
): Promise<{ cpu: number; layouts: number; frames: number }> {
  const panel = await Panel.open(browser);
  await panel.session(...(STATES.find((state) => state.name === "worked")?.events ?? []));
  await panel.page.evaluate(
    "window.frames_ = 0; const ask = requestAnimationFrame; window.requestAnimationFrame = (then) => { frames_ += 1; return ask(then); };",
  );
  const cdp = await panel.page.context().newCDPSession(panel.page);
  await cdp.send("Performance.enable", { timeDomain: "threadTicks" });
  await panel.page.waitForTimeout(1_000);
  const before = await metrics(cdp);
  await panel.page.waitForTimeout(IDLE_MS);
  const after = await metrics(cdp);
  const frames = await panel.page.evaluate<number>("frames_");
  await panel.close();
  return { cpu: (after.cpu - before.cpu) * 1_000, layouts: after.layouts - before.layouts, frames };
}

/** How a very long session is shown, and scrolled back. */
export async function measureRows(browser: Browser) {
  const panel = await Panel.open(browser, { width: 420, height: 800 });
  for (let row = 0; row < TOTAL; row += 1) {
    const patch = { kind: "command", title: `step ${row}`, asked: `step ${row}`, status: "done" } as const;
    panel.conversation.apply(panel.source.make({ type: "call", turn: 1, call: `c${row}`, patch }, 1));
  }
  const started = performance.now();
  await panel.session({ type: "session.opened", agent: { id: "a", name: "Agent" }, cwd: "/projects/sample" });
  await panel.page.waitForSelector(`[data-index="${TOTAL - 1}"]`);
  const shownMs = performance.now() - started;
  const cdp = await panel.page.context().newCDPSession(panel.page);
  await cdp.send("Performance.enable", { timeDomain: "threadTicks" });
  const before = await metrics(cdp);
  let most = 0;
  await panel.page.mouse.move(200, 400);
  for (let screen = 0; screen < SCREENS; screen += 1) {
    await panel.page.mouse.wheel(0, -700);
    await panel.page.waitForTimeout(50);
    most = Math.max(most, await panel.page.locator(".row").count());
  }
  await panel.settled();
  const after = await metrics(cdp);
  const top = await panel.page.evaluate<number>(
    "Number(document.elementFromPoint(200, 300).closest('[data-index]').dataset.index)",
  );
  await panel.close();
  const back = TOTAL - top;
  return { total: TOTAL, shownMs, back, most, perRowMs: ((after.cpu - before.cpu) * 1_000) / back };
}
