import { chromium as playwright } from "playwright-core";
import type { Browser } from "playwright-core";

import { chromium } from "../../scripts/lib/chromium.ts";

/** Nothing that reaches for the network or a GPU; tests run as root in containers, where the sandbox can't. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** A headless Chromium. Close it: it is a child of the test's process. */
export async function launchBrowser(extraFlags: readonly string[] = []): Promise<Browser> {
  return playwright.launch({
    executablePath: await chromium(),
    args: [...FLAGS, ...extraFlags],
    headless: true,
  });
}
