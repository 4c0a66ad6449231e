import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { enter, stateNamed } from "./enter.ts";
import { launchBrowser, Panel } from "./panel.ts";

let browser: Browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

async function panelIn(name: string): Promise<Panel> {
  const panel = await Panel.open(browser, { height: 900 });
  await enter(panel, stateNamed(name));
  return panel;
}

void test("a policy that isn't in force can be looked at and applied from its banner", async () => {
  const panel = await panelIn("policy");
  await panel.page.click(".banner >> text=Show");
  assert.deepEqual(panel.last("banner"), { type: "banner", action: "policy-show:0" });
  await panel.page.click(".banner >> text=Apply for me");
  assert.deepEqual(panel.last("banner"), { type: "banner", action: "policy-apply:0" });
  await panel.close();
});

void test("a loss that was brought back says so, and can be undone by the button and by Enter", async () => {
  const panel = await panelIn("lost-back");
  const row = panel.page.locator(".row-notice").last();
  assert.match(await row.innerText(), /^Brought back at \d.*: 1 file\. Work is gone/);
  await row.getByRole("button", { name: "Undo" }).click();
  const first = panel.last("undoBack");
  assert.match(first?.row ?? "", /^n:\d+$/);
  panel.intents.length = 0;
  await row.focus();
  await panel.page.keyboard.press("Enter");
  assert.deepEqual(panel.last("undoBack"), first);
  await panel.close();
});

void test("a loss leads to its restore point, by the button and by Enter on its row", async () => {
  const panel = await panelIn("lost");
  const row = panel.page.locator(".row-notice").last();
  assert.doesNotMatch(await row.innerText(), /interlock restore/, "the button stands for the command line");
  await panel.page.click("text=Bring it back…");
  const first = panel.last("bringBack");
  assert.match(first?.row ?? "", /^n:\d+$/);
  panel.intents.length = 0;
  await row.focus();
  await panel.page.keyboard.press("Enter");
  assert.deepEqual(panel.last("bringBack"), first);
  await panel.close();
});

void test("a command's verdict is explained from its row", async () => {
  const panel = await panelIn("worked");
  const row = panel.page.locator(".conversation .row-call").filter({ hasText: "git push --force" });
  await row.locator(".twist").click();
  await row.locator("text=Explain").click();
  assert.match(panel.last("explain")?.row ?? "", /^c:/);
  await panel.close();
});

void test("a session in a terminal has no prompt, says where its prompts go, and leads there", async () => {
  const panel = await panelIn("terminal");
  assert.equal(await panel.page.locator("textarea").count(), 0);
  assert.match(await panel.page.locator(".state").innerText(), /in a terminal/);
  await panel.page.click("text=Show terminal");
  assert.deepEqual(panel.last("showTerminal"), { type: "showTerminal" });
  await panel.close();
});
