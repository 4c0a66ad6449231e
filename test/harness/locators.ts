import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import type { FrameLocator, Locator, Page } from "playwright-core";

import { TEST_OUTPUT } from "../../scripts/lib/paths.ts";

/** Where things are in VS Code 1.139's page. A newer VS Code that moves them is mended here alone. */
export const workbench = (page: Page): Locator => page.locator(".monaco-workbench");

export const activityIcon = (page: Page, name: string): Locator =>
  page.locator(`.activitybar a[aria-label^="${name}"]`).first();

/** The document inside a webview; the first one that is loaded unless another is asked for. */
export const webview = (page: Page, index = 0): FrameLocator =>
  page.locator("iframe.webview.ready").nth(index).contentFrame().locator("#active-frame").contentFrame();

export const statusItem = (page: Page, text: string | RegExp): Locator =>
  page.locator(".statusbar-item").filter({ hasText: text });

/** Where, in pixels from the left, the side bar's edge can be dragged. */
export async function sideBarEdge(page: Page): Promise<number> {
  const bar = await page.locator(".part.sidebar").boundingBox();
  const edges = await page.locator(".monaco-sash.vertical:not(.disabled)").all();
  const boxes = await Promise.all(edges.map((edge) => edge.boundingBox()));
  const right = (bar?.x ?? 0) + (bar?.width ?? 0);
  const near = boxes.flatMap((box) => (box === null ? [] : [box.x + box.width / 2]));
  return near.sort((one, other) => Math.abs(one - right) - Math.abs(other - right))[0] ?? right;
}

export const quickInput = (page: Page): Locator => page.locator(".quick-input-widget input");

export const quickPickRow = (page: Page, text: string | RegExp): Locator =>
  page.locator(".quick-input-list .monaco-list-row").filter({ hasText: text });

/** A lens of an open editor; a lens that is only text is a span. */
export const codeLens = (page: Page, text: string | RegExp): Locator =>
  page.locator(".codelens-decoration").locator("a, span").filter({ hasText: text }).first();

/** The mark in the margin at which a folded comment thread opens. */
export const commentGlyph = (page: Page): Locator =>
  page.locator(".comment-range-glyph.comment-thread").first();

export const commentWidget = (page: Page): Locator => page.locator(".review-widget");

export const notificationButton = (page: Page, text: string | RegExp): Locator =>
  page.locator(".notification-toast a.monaco-button").filter({ hasText: text });

/** A button of the modal dialog, which the browser draws like the desktop's system does. */
export const dialogButton = (page: Page, name: string): Locator =>
  page.locator(".monaco-dialog-box a.monaco-button").filter({ hasText: name });

/** Runs a command by its title in the palette, as a person does. */
export async function runCommand(page: Page, title: string): Promise<void> {
  await workbench(page).press("F1");
  await quickInput(page).fill(`>${title}`);
  await quickPickRow(page, title).first().click();
}

/** Keeps a picture of the page in test-output/screenshots, and returns its path. */
export async function screenshot(page: Page, name: string): Promise<string> {
  const folder = join(TEST_OUTPUT, "screenshots");
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${name}.png`);
  await page.screenshot({ path });
  return path;
}
