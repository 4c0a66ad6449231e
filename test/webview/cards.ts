import { after, before } from "node:test";
import type { Browser } from "playwright-core";
import { enter, stateNamed } from "./enter.ts";
import { launchBrowser, Panel, type PanelOptions } from "./panel.ts";

/** So long a card takes no answer after it came or changed, in ms. */
export const DEAD_MS = 500;

/** One browser for a file's tests: gives a panel in a state, by its name. */
export function cardPanels(): (name: string, options?: PanelOptions) => Promise<Panel> {
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser.close());
  return async (name, options = {}) => {
    const panel = await Panel.open(browser, options);
    await enter(panel, stateNamed(name));
    return panel;
  };
}

/** What has the focus: its text, or its kind. */
export const focused = (panel: Panel): Promise<string> =>
  panel.page.evaluate(
    () => document.activeElement?.textContent?.trim() || document.activeElement?.tagName || "",
  );
