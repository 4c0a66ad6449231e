import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { Chord } from "../../webview/chord.ts";
import { enter, stateNamed } from "./enter.ts";
import { launchBrowser, Panel } from "./panel.ts";

let browser: Browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

async function opened(name = "ready"): Promise<Panel> {
  const panel = await Panel.open(browser);
  await enter(panel, stateNamed(name));
  return panel;
}

void test("Enter sends, Shift+Enter breaks the line", async () => {
  const panel = await opened();
  await panel.page.focus("textarea");
  await panel.page.keyboard.type("one");
  await panel.page.keyboard.press("Shift+Enter");
  await panel.page.keyboard.type("two");
  assert.equal(panel.last("prompt"), undefined);
  await panel.page.keyboard.press("Enter");
  await panel.settled();
  assert.deepEqual(panel.last("prompt"), { type: "prompt", text: "one\ntwo" });
  assert.equal(await panel.page.inputValue("textarea"), "");
  await panel.close();
});

void test("Enter while an input method composes never sends, however the browser tells it", async () => {
  const panel = await opened();
  await panel.page.fill("textarea", "日本");
  await panel.page.evaluate(() => {
    const box = document.querySelector("textarea");
    box?.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", isComposing: true, bubbles: true }));
    box?.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", keyCode: 229, bubbles: true }));
  });
  await panel.settled();
  assert.equal(panel.last("prompt"), undefined);
  await panel.page.press("textarea", "Enter");
  await panel.settled();
  assert.equal(panel.last("prompt")?.text, "日本");
  await panel.close();
});

void test("nothing is sent while the agent works; the text stays, and it says why", async () => {
  const panel = await opened("working");
  await panel.page.fill("textarea", "next");
  await panel.page.press("textarea", "Enter");
  await panel.settled();
  assert.equal(panel.last("prompt"), undefined);
  assert.equal(await panel.page.inputValue("textarea"), "next");
  assert.match((await panel.page.textContent(".prompt-hint")) ?? "", /Still working/);
  await panel.page.click("text=Stop");
  await panel.settled();
  assert.notEqual(panel.last("stop"), undefined);
  await panel.close();
});

void test("it grows with its text, up to eight lines", async () => {
  const panel = await opened();
  const height = async (lines: number): Promise<number> => {
    await panel.page.fill("textarea", Array.from({ length: lines }, (_, line) => `line ${line}`).join("\n"));
    return (await panel.page.locator("textarea").boundingBox())?.height ?? 0;
  };
  const [one, three, eight, twenty] = [await height(1), await height(3), await height(8), await height(20)];
  assert.ok(one < three && three < eight);
  assert.equal(eight, twenty);
  await panel.close();
});

void test("a slash offers the agent's commands; arrows choose, Enter takes one, and only a second Enter sends", async () => {
  const panel = await opened();
  const box = panel.page.locator("textarea");
  await box.pressSequentially("/");
  assert.equal(await box.getAttribute("aria-expanded"), "true");
  assert.equal(await panel.page.locator("[role=option]").count(), 8);
  await box.press("ArrowDown");
  const active = await box.getAttribute("aria-activedescendant");
  assert.match((await panel.page.textContent(`#${active}`)) ?? "", /lint/);
  await box.pressSequentially("ad");
  assert.equal(await panel.page.locator("[role=option]").count(), 1);
  await box.press("Enter");
  assert.equal(await box.inputValue(), "/add ");
  assert.equal(await box.getAttribute("aria-expanded"), "false");
  await box.pressSequentially("rich");
  await box.press("Enter");
  await panel.settled();
  assert.equal(panel.last("prompt")?.text, "/add rich");
  await panel.close();
});

void test("what commands do stands below each other, in the list and in the empty conversation", async () => {
  const panel = await opened();
  const starts = (selector: string): Promise<readonly number[]> =>
    panel.page
      .locator(selector)
      .evaluateAll((all) => [...new Set(all.map((each) => Math.round(each.getBoundingClientRect().left)))]);
  for (const width of [300, 420]) {
    await panel.page.setViewportSize({ width, height: 700 });
    await panel.page.fill("textarea", "");
    assert.equal((await starts(".example .quiet")).length, 1, `${width} px`);
    await panel.page.locator("textarea").pressSequentially("/");
    assert.equal((await starts(".choice-about")).length, 1, `${width} px`);
  }
  await panel.close();
});

void test("a command that is typed in full is sent at once, and Escape only closes the list", async () => {
  const panel = await opened();
  const box = panel.page.locator("textarea");
  await box.pressSequentially("/te");
  await box.press("Escape");
  assert.equal(await panel.page.locator("[role=listbox]").isVisible(), false);
  assert.equal(await box.inputValue(), "/te");
  await box.pressSequentially("st");
  await box.press("Enter");
  await panel.settled();
  assert.equal(panel.last("prompt")?.text, "/test");
  await panel.close();
});

void test("an example of the empty conversation goes into the box, and nowhere else", async () => {
  const panel = await opened();
  await panel.page.click(".example >> nth=4");
  assert.equal(await panel.page.inputValue("textarea"), "/test ");
  assert.equal(panel.last("prompt"), undefined);
  await panel.close();
});

void test("a chord's second key runs its command and types nothing; what follows is typed", async () => {
  const panel = await opened();
  const { keyboard } = panel.page;
  await panel.page.focus("textarea");
  await panel.page.evaluate(() => {
    addEventListener("keydown", ({ key }) => document.body.setAttribute("data-heard", key));
  });
  for (const key of ["y", "n", ".", "i"]) {
    await keyboard.press("Control+k");
    await keyboard.press(key);
    assert.equal(await panel.page.inputValue("textarea"), "", key);
    // VS Code hears keys at the window, and only then runs the command.
    assert.equal(await panel.page.getAttribute("body", "data-heard"), key);
  }
  await keyboard.type("yn.i");
  assert.equal(await panel.page.inputValue("textarea"), "yn.i");
  await keyboard.press("Control+k");
  await keyboard.type("any");
  assert.equal(await panel.page.inputValue("textarea"), "yn.iany");
  await panel.close();
});

void test("a chord waits five seconds, starts with the platform's own key, and ends with any key", () => {
  const none = { ctrlKey: false, metaKey: false, shiftKey: false, altKey: false };
  const ctrlK = { ...none, key: "k", ctrlKey: true };
  const cmdK = { ...none, key: "k", metaKey: true };
  const y = { ...none, key: "y" };
  const ended = (mac: boolean, keys: readonly Parameters<Chord["ends"]>[0][], wait = 10): boolean => {
    const chord = new Chord(mac);
    return keys.map((key, at) => chord.ends(key, 1000 + at * wait)).at(-1) ?? false;
  };
  assert.equal(ended(false, [ctrlK, y], 4999), true);
  assert.equal(ended(false, [ctrlK, y], 5000), false);
  assert.equal(ended(true, [cmdK, y]), true);
  assert.equal(ended(true, [ctrlK, y]), false);
  assert.equal(ended(false, [ctrlK, { ...none, key: "Shift", shiftKey: true }, y]), true);
  assert.equal(ended(false, [ctrlK, ctrlK, y]), false);
  assert.equal(ended(false, [ctrlK, { ...y, ctrlKey: true }]), false);
  assert.equal(ended(false, [ctrlK, y, y]), false);
});
