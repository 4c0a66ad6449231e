import assert from "node:assert/strict";
import { test } from "node:test";
import { approval, SESSION } from "../panel/events.ts";
import { ask } from "./asks.ts";
import { policyBanners } from "./banners.ts";
import { cardPanels } from "./cards.ts";
import type { Panel } from "./panel.ts";

const opened = cardPanels();

const placeOf = (panel: Panel, selector: string): Promise<number> =>
  panel.page.locator(selector).evaluate((element) => Math.round(element.getBoundingClientRect().top));

void test("neither a second question nor a banner moves a button of the first", async () => {
  for (const width of [250, 300, 420]) {
    const panel = await opened("ready", { width });
    await panel.happen(ask("p1", "change"));
    const before = await placeOf(panel, "[data-choice=allow-once]");
    await panel.happen(ask("p2", "loss"));
    assert.equal(await panel.page.locator(".pages").count(), 1);
    assert.equal(await placeOf(panel, "[data-choice=allow-once]"), before, `${width} px`);
    panel.feed.banners(policyBanners);
    panel.feed.flush();
    await panel.settled();
    assert.ok((await panel.page.locator(".banner").count()) > 0);
    assert.equal(await placeOf(panel, "[data-choice=allow-once]"), before, `${width} px, with a banner`);
    await panel.close();
  }
});

void test("a question that a person is at stays in view when one of the shown session comes before it", async () => {
  for (const [at, shown] of [
    ["pointer", /Docs/],
    ["keyboard", /Docs/],
    ["elsewhere", /^((?!Docs)[^])*$/],
  ] as const) {
    const panel = await opened("change", { width: 420 });
    const [own] = panel.conversation.cards;
    assert.ok(own);
    await panel.happen({
      type: "approval.settled",
      approval: own.id,
      settlement: { choice: "reject", by: "person" },
    });
    panel.feed.others([{ ...own, id: "q1", session: "s2", agent: "Gemini", title: "Docs" }]);
    panel.feed.flush();
    await panel.settled();
    assert.match((await panel.page.textContent("#question")) ?? "", /Docs/);
    if (at === "pointer") await panel.page.hover(".card-body");
    if (at === "keyboard") await panel.page.focus(".card [data-entry]");
    await panel.happen({
      type: "approval.opened",
      approval: { ...approval("p9", "run"), session: SESSION },
    });
    assert.match((await panel.page.textContent("#question")) ?? "", shown, at);
    assert.equal(await panel.page.locator(".pages").count(), 1);
    await panel.close();
  }
});

void test("a card that goes on below what is in sight says so, until its end is reached", async () => {
  const panel = await opened("long", { width: 300, height: 600 });
  const more = panel.page.locator(".approvals[data-more]");
  assert.equal(await more.count(), 1);
  await panel.page.locator(".card-body").evaluate((body) => body.scrollTo(0, body.scrollHeight));
  await more.waitFor({ state: "detached" });
  await panel.close();
  const whole = await opened("change", { width: 420, height: 700 });
  assert.equal(await whole.page.locator(".approvals[data-more]").count(), 0);
  await whole.close();
});

void test("at 250 px why it is asked is folded, a click away; wider it stands there", async () => {
  const panel = await opened("ready", { width: 250, height: 820 });
  const asked = ask("kept", "loss");
  assert.ok(asked.type === "approval.opened" && asked.approval.loss !== undefined);
  const { why: _, ...approved } = asked.approval;
  const loss = {
    ...asked.approval.loss,
    files: asked.approval.loss.files.slice(0, 2),
    fileCount: 2,
    commits: 0,
    revisions: [],
  };
  await panel.happen({ ...asked, approval: { ...approved, reason: "Discards uncommitted changes.", loss } });
  const rule = panel.page.locator(".about .rule");
  const fold = panel.page.getByRole("button", { name: "Why is this asked?" });
  assert.equal(await rule.isVisible(), false);
  assert.equal(await panel.page.locator(".approvals[data-more]").count(), 0, "all of it is in sight");
  assert.equal(await fold.getAttribute("aria-expanded"), "false");
  await fold.click();
  await panel.settled();
  assert.equal(await rule.isVisible(), true);
  await panel.resize(300, 820);
  assert.equal(await fold.isVisible(), false);
  assert.equal(await rule.isVisible(), true);
  await panel.close();
});
