import assert from "node:assert/strict";
import { test } from "node:test";
import { approval } from "../panel/events.ts";
import { ask } from "./asks.ts";
import { cardPanels, DEAD_MS, focused } from "./cards.ts";

const opened = cardPanels();

void test("a new approval is announced at once, takes no focus, and no answer for half a second", async () => {
  const panel = await opened("working");
  await panel.page.focus("textarea");
  await panel.happen({
    type: "approval.opened",
    approval: { ...approval("p9", "run"), openedAt: Date.now() },
  });
  assert.equal(await focused(panel), "TEXTAREA");
  assert.match((await panel.page.textContent("[aria-live=assertive]")) ?? "", /git reset --hard/);
  // By force: the browser driver itself would wait until the button is not disabled any more.
  await panel.page.click("text=Allow once", { force: true });
  assert.equal(panel.last("answer"), undefined);
  await panel.page.waitForTimeout(DEAD_MS);
  await panel.page.click("text=Allow once");
  await panel.settled();
  assert.deepEqual(panel.last("answer"), { type: "answer", approval: "p9", choice: "allow-once" });
  await panel.close();
});

void test("the keyboard meets Reject first, and a key that was held before answers nothing", async () => {
  const panel = await opened("working");
  await panel.page.focus("textarea");
  await panel.page.keyboard.down("Enter");
  await panel.happen({ type: "approval.opened", approval: approval("p9", "run") });
  await panel.page.waitForTimeout(DEAD_MS + 50);
  await panel.page.focus(".card [data-entry]");
  await panel.page.keyboard.down("Enter");
  assert.equal(panel.last("answer"), undefined);
  await panel.page.keyboard.up("Enter");
  await panel.page.focus("textarea");
  await panel.page.keyboard.press("F6");
  assert.equal(await focused(panel), "Reject");
  await panel.page.keyboard.press("Enter");
  await panel.settled();
  assert.equal(panel.last("answer")?.choice, "reject");
  await panel.close();
});

void test("when one is answered the next takes its place, dead at first, and the keyboard is on its Reject", async () => {
  const panel = await opened("loss");
  await panel.page.waitForTimeout(DEAD_MS);
  await panel.page.focus("textarea");
  await panel.page.keyboard.press("F6");
  await panel.page.keyboard.press("Enter");
  await panel.happen({
    type: "approval.settled",
    approval: "p1",
    settlement: { choice: "reject", by: "person" },
  });
  assert.match((await panel.page.textContent(".card")) ?? "", /uv add rich/);
  assert.equal(await focused(panel), "Reject");
  await panel.page.keyboard.press("Enter");
  await panel.settled();
  assert.equal(panel.last("answer")?.approval, "p1");
  await panel.happen({
    type: "approval.settled",
    approval: "p2",
    settlement: { choice: "reject", by: "person" },
  });
  assert.equal(await focused(panel), "TEXTAREA");
  await panel.close();
});

void test("one line says whether what would be lost comes back", async () => {
  for (const [id, line] of [
    ["kept", "Can be undone from a restore point."],
    ["rest", "Partly: some of it may not be covered."],
    ["large", "Partly: data/measurements.db (60 MB) is not covered."],
    ["outside", "Can't be undone: it lies outside the project."],
    ["leaves", "Can't be undone: it leaves this machine."],
    ["unknown", "Perhaps it can't be undone."],
  ] as const) {
    const panel = await opened("ready");
    await panel.happen(ask(id, "loss"));
    assert.equal((await panel.page.textContent(".undo"))?.trim(), line);
    await panel.close();
  }
});

void test("of a long command it says which words of it are asked about", async () => {
  const panel = await opened("working");
  const words = "git reset --hard";
  const asked = `cd api && ${words} && npm test`;
  await panel.happen({ type: "approval.opened", approval: { ...approval("p9", "run"), asked, words } });
  assert.match((await panel.page.textContent(".card")) ?? "", /because of\s+git reset --hard\s/);
  await panel.close();
});

void test("what would leave this machine says so, though nothing would be lost", async () => {
  const panel = await opened("ready");
  await panel.happen(ask("leaves", "change"));
  assert.equal((await panel.page.textContent(".undo"))?.trim(), "Can't be undone: it leaves this machine.");
  await panel.close();
});

void test("what the line of the loss covers was not read", async () => {
  const panel = await opened("long-loss", { width: 300, height: 570 });
  await panel.page.waitForTimeout(DEAD_MS + 50);
  const allow = panel.page.locator("[data-choice=allow-once]");
  const end = panel.page.locator("[data-end]");
  const line = panel.page.locator(".lost-first");
  // Scrolled so far that the end is in the scroller's box, behind the line.
  const hidden = (await end.boundingBox())?.y ?? 0;
  const covered = ((await line.boundingBox())?.y ?? 0) + 4;
  await panel.page.locator(".card-body").evaluate((body, by) => body.scrollBy(0, by), hidden - covered);
  await panel.page.waitForTimeout(200);
  assert.equal(await allow.getAttribute("aria-disabled"), "true");
  await panel.page.locator(".card-body").evaluate((body) => body.scrollBy(0, 60));
  await panel.page.waitForTimeout(200);
  assert.equal(await allow.getAttribute("aria-disabled"), "false");
  await panel.close();
});

void test("a last line of which half is in sight was not read", async () => {
  const panel = await opened("edited-again", { width: 300, height: 600 });
  await panel.page.waitForTimeout(DEAD_MS + 50);
  const end = (await panel.page.locator("[data-end]").boundingBox()) ?? { y: 0, height: 0 };
  const line = (await panel.page.locator(".lost-first").boundingBox())?.y ?? 0;
  assert.ok(end.y < line && line < end.y + end.height, "the line of the loss lies over half of it");
  const allow = panel.page.locator("[data-choice=allow-once]");
  assert.equal(await allow.getAttribute("aria-disabled"), "true");
  await panel.page.locator(".card-body").evaluate((body) => body.scrollBy(0, 20));
  await panel.page.waitForTimeout(200);
  assert.equal(await allow.getAttribute("aria-disabled"), "false");
  await panel.close();
});

void test("a command that can't be understood is a question, not a warning, and promises nothing", async () => {
  const panel = await opened("unclear");
  assert.equal(await panel.page.locator(".card .codicon-question").count(), 1);
  const card = (await panel.page.textContent(".card")) ?? "";
  assert.match(card, /Can't tell what this does/);
  assert.doesNotMatch(card, /undone/);
  await panel.close();
});

void test("a pointer that aims at what would move away keeps the card back until it rests", async () => {
  const panel = await opened("working");
  await panel.page.hover("#tab-log");
  await panel.happen({ type: "approval.opened", approval: approval("p9", "run") });
  assert.equal(await panel.page.locator(".card").count(), 0);
  assert.match((await panel.page.textContent("[aria-live=assertive]")) ?? "", /git reset/);
  await panel.page.waitForSelector(".card", { timeout: 2_000 });
  await panel.close();
});

void test("rows that are read stay where they are when a card appears above them", async () => {
  const panel = await opened("working");
  await panel.page.hover(".scroller >> nth=0");
  await panel.page.mouse.wheel(0, -200);
  await panel.page.waitForTimeout(200);
  const place = () =>
    panel.page.evaluate(() => {
      const rows = [...document.querySelectorAll<HTMLElement>(".conversation .row")];
      const row = rows.find((row) => row.getBoundingClientRect().top > 420);
      return [row?.dataset["index"], Math.round(row?.getBoundingClientRect().top ?? 0)];
    });
  const before = await place();
  await panel.happen({ type: "approval.opened", approval: approval("p9", "run") });
  await panel.page.waitForSelector(".card");
  assert.deepEqual(await place(), before);
  await panel.close();
});

void test("approval, gates and prompt together leave half the height, and the conversation at least 160 pixels", async () => {
  for (const width of [250, 300, 420]) {
    const panel = await opened("loss", { width, height: 600 });
    const heights = await panel.page.evaluate(() => {
      const height = (selector: string) =>
        document.querySelector(selector)?.getBoundingClientRect().height ?? 0;
      return {
        asked: height(".approvals") + height(".gates") + height(".foot"),
        view: height(".view.conversation"),
      };
    });
    assert.ok(heights.asked <= 301, `${width}: ${heights.asked}`);
    assert.ok(heights.view >= 160, `${width}: ${heights.view}`);
    await panel.close();
  }
});

void test("a key of the window answers the card in view, dead for its first moment as any press", async () => {
  const panel = await opened("working");
  await panel.happen({ type: "approval.opened", approval: approval("p9", "run") });
  panel.feed.answer("allow-once");
  await panel.settled();
  assert.equal(panel.last("answer"), undefined);
  await panel.page.waitForTimeout(DEAD_MS + 50);
  panel.feed.answer("reject");
  await panel.settled();
  assert.deepEqual(panel.last("answer"), { type: "answer", approval: "p9", choice: "reject" });
  await panel.close();
});

void test("a command that doesn't fit is allowed only after its end was in sight", async () => {
  const panel = await opened("long", { width: 300, height: 600 });
  await panel.page.waitForTimeout(DEAD_MS + 50);
  const allow = panel.page.locator("[data-choice=allow-once]");
  assert.equal(await allow.getAttribute("aria-disabled"), "true");
  assert.match((await allow.getAttribute("title")) ?? "", /end of the command/);
  await allow.click({ force: true });
  panel.feed.answer("allow-once");
  await panel.settled();
  assert.equal(panel.last("answer"), undefined);
  await panel.page.focus(".card-body");
  await panel.page.keyboard.press("End");
  // Scrolling by key takes its time.
  await panel.page.waitForTimeout(800);
  await panel.page.click("[data-choice=allow-once]");
  await panel.settled();
  assert.equal(panel.last("answer")?.choice, "allow-once");
  await panel.close();
});

void test("rejecting needs no reading", async () => {
  const panel = await opened("long", { width: 300, height: 600 });
  await panel.page.waitForTimeout(DEAD_MS + 50);
  await panel.page.click("text=Reject");
  await panel.settled();
  assert.equal(panel.last("answer")?.choice, "reject");
  await panel.close();
});

void test("more answers are a key away, only those that can be honoured, and say what they cover", async () => {
  const panel = await opened("change");
  await panel.page.waitForTimeout(DEAD_MS + 50);
  await panel.page.focus("textarea");
  await panel.page.keyboard.press("F6");
  await panel.page.keyboard.press("End");
  await panel.page.keyboard.press("Enter");
  await panel.settled();
  const lines = await panel.page.locator(".answer-line").allInnerTexts();
  assert.deepEqual(
    lines.map((line) => line.trim()),
    ["Reject and say why…", "Reject and stop the turn", "Allow this for the session: uv add …, in sample"],
  );
  await panel.page.keyboard.press("End");
  await panel.page.keyboard.press("Enter");
  await panel.settled();
  assert.deepEqual(panel.last("answer"), { type: "answer", approval: "p1", choice: "allow-session" });
  await panel.close();
  const lost = await opened("loss");
  await lost.page.click(".more");
  await lost.settled();
  assert.equal(await lost.page.locator(".answer-line").count(), 2, "no yes lasts for what loses work");
  await lost.close();
});

void test("a reason is typed in the card and sent by Enter; Escape goes back to Reject", async () => {
  const panel = await opened("reason");
  await panel.page.waitForTimeout(DEAD_MS + 50);
  assert.equal(await focused(panel), "TEXTAREA");
  assert.match((await panel.page.textContent("#reason-goes")) ?? "", /next prompt/);
  await panel.page.keyboard.type("Use the mirror");
  await panel.page.keyboard.press("Escape");
  await panel.settled();
  assert.equal(await focused(panel), "Reject");
  await panel.page.click(".answer-line >> nth=0");
  await panel.settled();
  await panel.page.keyboard.type("Use the mirror");
  await panel.page.keyboard.press("Enter");
  await panel.settled();
  assert.deepEqual(panel.last("answer"), {
    type: "answer",
    approval: "p1",
    choice: "reject",
    words: "Use the mirror",
  });
  await panel.close();
});

void test("cards of other sessions come after those of the shown one, and say whose they are", async () => {
  const panel = await opened("change");
  const [own] = panel.conversation.cards;
  assert.ok(own);
  panel.feed.others([{ ...own, id: "q1", session: "s2", agent: "Gemini", title: "Docs" }]);
  panel.feed.flush();
  await panel.settled();
  assert.doesNotMatch((await panel.page.textContent("#question")) ?? "", /Docs/);
  assert.match((await panel.page.textContent(".pages")) ?? "", /1 of 2/);
  await panel.page.click("[aria-label='Later approval']");
  await panel.settled();
  assert.match((await panel.page.textContent("#question")) ?? "", /Gemini wants to run · Docs/);
  await panel.page.waitForTimeout(DEAD_MS + 50);
  await panel.page.click("text=Allow once");
  await panel.settled();
  assert.equal(panel.last("answer")?.approval, "q1");
  await panel.close();
});

void test("when the agent stops waiting the card says so, and offers a second try or to be gone", async () => {
  const panel = await opened("loss");
  await panel.page.waitForTimeout(DEAD_MS + 50);
  // As soon as it is there, however busy the machine is.
  await panel.page.evaluate(() => {
    const observer = new MutationObserver(() => {
      const buttons = [...document.querySelectorAll<HTMLElement>(".card button")];
      const again = buttons.find(({ textContent }) => textContent?.includes("Tell it to try again"));
      if (again === undefined) return;
      observer.disconnect();
      again.click();
      document.body.dataset["clicked"] = "";
    });
    observer.observe(document.body, { subtree: true, childList: true });
  });
  await panel.happen(
    { type: "approval.settled", approval: "p2", settlement: { choice: "reject", by: "person" } },
    { type: "approval.settled", approval: "p1", settlement: { choice: "reject", by: "gave-up" } },
  );
  assert.match((await panel.page.textContent(".card")) ?? "", /Codex stopped waiting[^]*Not run\./);
  assert.equal(await panel.page.locator("[data-choice]").count(), 0);
  assert.equal(await panel.page.locator("[data-clicked]").count(), 1);
  assert.equal(panel.last("retry"), undefined, "dead at first, since it stands where another button was");
  await panel.page.waitForTimeout(DEAD_MS + 50);
  await panel.page.click(".card >> text=Tell it to try again");
  await panel.settled();
  assert.deepEqual(panel.last("retry"), { type: "retry", session: "s1", row: "c:held" });
  await panel.page.click("text=Dismiss");
  await panel.settled();
  assert.deepEqual(panel.last("dismiss"), { type: "dismiss", session: "s1", approval: "p1" });
  await panel.close();
});

void test("a card is drawn anew after its clock has ticked", async () => {
  const panel = await opened("change");
  const age = () => panel.page.textContent(".card-age time");
  const before = await age();
  await panel.page.waitForFunction(
    (known) => document.querySelector(".card-age time")?.textContent !== known,
    before,
  );
  await panel.page.click(".more");
  await panel.settled();
  assert.equal(await panel.page.locator(".answer-line").count(), 3);
  assert.notEqual(await age(), before);
  assert.deepEqual(panel.complaints, []);
  await panel.close();
});
