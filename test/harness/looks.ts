import type { Page } from "playwright-core";

import { quickInput, quickPickRow, runCommand, screenshot } from "./locators.ts";

/** Each theme's name in the picker, and its mark on the workbench. */
export const LOOKS = {
  dark: ["Dark Modern", ".vs-dark"],
  light: ["Light Modern", ".vs:not(.vs-dark)"],
  contrast: ["Dark High Contrast", ".hc-black"],
  "contrast light": ["Light High Contrast", ".hc-light"],
} as const;
export type Look = keyof typeof LOOKS;

/** Changes the window's theme, as a person does. */
export async function use(page: Page, look: Look): Promise<void> {
  const [name, mark] = LOOKS[look];
  await runCommand(page, "Preferences: Color Theme");
  await quickInput(page).fill(name);
  await quickPickRow(page, name).first().click();
  await page.locator(`.monaco-workbench${mark}`).waitFor();
}

/** Keeps pictures of what the window shows in the light and the contrast theme, and in the dark one, which stays. */
export async function pictures(page: Page, name: string): Promise<void> {
  for (const look of ["light", "contrast", "dark"] as const) {
    await use(page, look);
    await screenshot(page, `${name}-${look}`);
  }
}
