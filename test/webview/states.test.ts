import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, Page } from "playwright-core";
import { enter, stateNamed } from "./enter.ts";
import { launchBrowser, Panel } from "./panel.ts";
import { pseudo, pseudoStrings } from "./pseudo.ts";
import { STATES } from "./states.ts";
import themes from "./themes.json" with { type: "json" };

type AxeResults = Awaited<ReturnType<AxeBuilder["analyze"]>>;

let browser: Browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

/** The widths that the panel is made for, and the narrowest at 200% zoom. */
const WIDTHS = [150, 210, 250, 300, 359, 420, 900] as const;

for (const state of STATES) {
  void test(`${state.name}: axe finds nothing serious in any theme, and nothing leaves the page at any width`, async () => {
    const panel = await Panel.open(browser, { theme: "dark", height: 600 });
    await enter(panel, state);
    // Answers are dimmed while they take no input.
    await panel.page.waitForTimeout(state.events.some((event) => event.type === "approval.opened") ? 600 : 0);
    for (const theme of ["dark", "light", "hc", "hcLight"] as const) {
      if (theme !== "dark") await panel.changeTheme(theme);
      assert.deepEqual(await seriousIn(panel.page), [], theme);
    }
    await fitsEverywhere(panel);
    assert.deepEqual(panel.complaints, []);
    await panel.close();
  });

  void test(`${state.name}: in longer languages nothing leaves the page, and no text stays untranslated`, async () => {
    const panel = await Panel.open(browser, { height: 600, strings: await pseudoStrings() });
    await enter(panel, state);
    await fitsEverywhere(panel);
    await panel.resize(420, 1_200);
    const data = JSON.stringify([state.events, state.banners, state.projects]);
    const plain = (await panel.page.evaluate(textsIn))
      .map((text) => text.trim())
      .filter((text) => /\p{L}/u.test(text) && !text.includes(pseudo("x")[0] ?? "") && !isData(text, data));
    assert.deepEqual([...new Set(plain)], []);
    await panel.close();
  });
}

/** What axe finds serious. The first look brings axe into the page; it takes ten times as long as what it finds. */
async function seriousIn(page: Page): Promise<string[]> {
  const isThere = await page.evaluate("'axe' in window");
  const { violations } = isThere
    ? await page.evaluate<AxeResults>("axe.run()")
    : // The page has no frames, which the other mode would open a window for.
      await new AxeBuilder({ page }).setLegacyMode().analyze();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join("\n")}`);
}

async function fitsEverywhere(panel: Panel): Promise<void> {
  for (const width of WIDTHS) {
    await panel.resize(width, 600);
    assert.deepEqual(await panel.page.evaluate(sidewaysIn), [], `${width} px`);
  }
}

/** Runs in the page: what is wider than the room it has. */
function sidewaysIn(): string[] {
  const name = (element: Element): string =>
    `${element.tagName} ${element.className} ${element.textContent?.slice(0, 40)}`;
  const wide = [...document.querySelectorAll<HTMLElement>("body, body *")].filter((element) => {
    const { overflowX } = getComputedStyle(element);
    return ["auto", "scroll"].includes(overflowX) && element.scrollWidth > element.clientWidth + 1;
  });
  const out = [
    ...document.querySelectorAll<HTMLElement>("button, input, select, textarea, p, h1, h2, pre, li, .mark"),
  ].filter((element) => element.checkVisibility() && element.getBoundingClientRect().right > innerWidth + 1);
  return [...wide, ...out].map(name);
}

/** Runs in the page: every text that a person can come across. */
function textsIn(): string[] {
  const found: string[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) found.push(walker.currentNode.textContent ?? "");
  for (const element of document.querySelectorAll("body *")) {
    for (const name of ["aria-label", "title", "placeholder"]) found.push(element.getAttribute(name) ?? "");
  }
  return found;
}

/** Text that came with the events: each of its words stands in them. */
function isData(text: string, data: string): boolean {
  return text
    .split(/[^\p{L}\p{N}_.]+/u)
    .every((word) => word === "" || data.includes(word) || /^\d+$/.test(word));
}

void test("every text goes through localisation as a literal, so that it can be extracted", async () => {
  const strings = await pseudoStrings();
  assert.ok(Object.keys(strings).length > 100);
});

void test("only the theme's own colours are used, and each is known to VS Code", async () => {
  const folder = fileURLToPath(new URL("../../webview/styles", import.meta.url));
  const known = new Set(Object.values(themes).flatMap((theme) => Object.keys(theme.vars)));
  for (const file of await readdir(folder)) {
    const css = await readFile(`${folder}/${file}`, "utf8");
    assert.doesNotMatch(css, /#[0-9a-f]{3,8}\b|\brgba?\(|\bhsla?\(/i, file);
    const tokens = [...css.matchAll(/--vscode-[\w-]+/g)].map(([token]) => token);
    assert.deepEqual(
      tokens.filter((token) => !known.has(token)),
      [],
      file,
    );
  }
});

void test("nothing moves by itself, whatever a person prefers", async () => {
  for (const reducedMotion of [false, true]) {
    const panel = await Panel.open(browser, { reducedMotion });
    await enter(panel, stateNamed("loss"));
    assert.equal(await panel.page.evaluate(() => document.getAnimations().length), 0);
    await panel.close();
  }
});

void test("in forced colours buttons keep an edge, and the focus is seen", async () => {
  const panel = await Panel.open(browser, { forcedColours: true });
  await enter(panel, stateNamed("loss"));
  await panel.page.focus("textarea");
  await panel.page.keyboard.press("F6");
  const look = await panel.page.evaluate(() => {
    const style = getComputedStyle(document.activeElement ?? document.body);
    return [style.borderTopStyle, style.outlineStyle, style.outlineWidth];
  });
  assert.deepEqual(look, ["solid", "solid", "2px"]);
  await panel.close();
});

void test("F6 goes through approvals, gates, tabs, list and prompt, and back with Shift", async () => {
  const panel = await Panel.open(browser);
  await enter(panel, stateNamed("loss"));
  await panel.page.focus("textarea");
  const region = () =>
    panel.page.evaluate(() => document.activeElement?.closest("[data-region]")?.className.split(" ").at(-1));
  const forth: (string | undefined)[] = [];
  for (let press = 0; press < 5; press += 1) {
    await panel.page.keyboard.press("F6");
    forth.push(await region());
  }
  assert.deepEqual(forth, ["some", "gates", "tabs", "conversation", "foot"]);
  await panel.page.keyboard.press("Shift+F6");
  assert.equal(await region(), "conversation");
  await panel.page.keyboard.press("Escape");
  assert.equal(await region(), "foot");
  await panel.close();
});

void test("arrows move in the list, Enter opens a row, Left folds it, and Tab reaches only its own controls", async () => {
  const panel = await Panel.open(browser);
  await enter(panel, stateNamed("worked"));
  await panel.page.focus("textarea");
  await panel.page.keyboard.press("Shift+F6");
  const index = () =>
    panel.page.evaluate(() => Number((document.activeElement as HTMLElement).dataset["index"]));
  const last = await index();
  for (let press = 0; press < 3; press += 1) await panel.page.keyboard.press("ArrowUp");
  assert.equal(await index(), last - 3);
  await panel.page.keyboard.press("Enter");
  await panel.settled();
  const expanded = () =>
    panel.page.evaluate(() => document.activeElement?.querySelector(".twist")?.getAttribute("aria-expanded"));
  assert.equal(await expanded(), "true");
  assert.notEqual(panel.last("getDetails"), undefined);
  await panel.page.keyboard.press("ArrowLeft");
  await panel.settled();
  assert.equal(await expanded(), "false");
  const stops = await panel.page.locator(".rows [tabindex='0']").count();
  assert.equal(stops, 2);
  await panel.close();
});

void test("three gates stand on one line at 250 px", async () => {
  for (const width of [250, 300]) {
    const panel = await Panel.open(browser, { width });
    await enter(panel, stateNamed("worked"));
    const tops = await panel.page
      .locator(".gate:visible")
      .evaluateAll((all) => all.map((gate) => gate.getBoundingClientRect().top));
    assert.deepEqual([tops.length, new Set(tops).size], [3, 1], `${width} px`);
    assert.equal(await panel.page.locator(".gate-rest:visible").count(), 0);
    await panel.close();
  }
});

void test("a banner's icon stands beside the first line of its text at any width", async () => {
  const panel = await Panel.open(browser);
  await enter(panel, stateNamed("banners"));
  for (const width of [150, 250, 300, 359, 420, 900]) {
    await panel.page.setViewportSize({ width, height: 600 });
    await panel.settled();
    const apart = await panel.page.locator(".banner").evaluateAll((all) =>
      all.map((banner) => {
        const [icon, text] = [".codicon", "p"].map((part) =>
          (banner.querySelector(part) as Element).getBoundingClientRect(),
        );
        return (
          Math.abs((icon?.top ?? 0) - (text?.top ?? 100)) < 8 && (icon?.right ?? 999) <= (text?.left ?? 0)
        );
      }),
    );
    assert.deepEqual(apart, [true, true, true], `${width} px`);
  }
  await panel.close();
});

void test("the gates strip folds to the worst and a count where it is too narrow; a click runs, the count opens", async () => {
  const panel = await Panel.open(browser, { width: 230 });
  await enter(panel, stateNamed("worked"));
  const shown = () =>
    panel.page
      .locator(".gate:visible")
      .evaluateAll((all) => all.map((gate) => gate.getAttribute("data-gate")));
  assert.deepEqual(await shown(), ["types"]);
  assert.match((await panel.page.textContent(".gate-rest")) ?? "", /2 ok/);
  await panel.page.click(".gate-rest");
  await panel.settled();
  assert.deepEqual(await shown(), ["lint", "types", "tests"]);
  await panel.page.click("[data-gate=tests] .gate-run");
  await panel.page.click("[data-gate=types] .gate-findings");
  await panel.settled();
  assert.equal(panel.last("runGate")?.gate, "tests");
  assert.equal(panel.last("showFindings")?.gate, "types");
  await panel.close();
});

void test("the end of a turn is told politely with the answer, and streamed text is not", async () => {
  const panel = await Panel.open(browser);
  await enter(panel, stateNamed("ready"));
  const said = async () => (await panel.page.textContent("[aria-live=polite]")) ?? "";
  await panel.happen({
    type: "message",
    turn: 1,
    message: "m",
    role: "agent",
    text: "The `login` test is **stable** now.",
  });
  assert.equal(await said(), "");
  await panel.happen({ type: "turn.ended", turn: 1, stop: "end_turn", ms: 5 });
  assert.match(await said(), /Codex is done\. The login test is stable now\./);
  await panel.close();
});

void test("the welcome says in three lines what it does, and starts nothing by itself", async () => {
  const panel = await Panel.open(browser);
  await enter(panel, stateNamed("welcome"));
  assert.equal(await panel.page.locator(".promises li").count(), 3);
  assert.deepEqual(
    panel.intents.map((intent) => intent.type),
    ["ready"],
  );
  await panel.page.click("text=New session");
  await panel.settled();
  assert.notEqual(panel.last("newSession"), undefined);
  await panel.close();
});
