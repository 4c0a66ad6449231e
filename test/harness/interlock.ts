import type { FrameLocator, Locator, Page } from "playwright-core";

import { activityIcon, sideBarEdge, webview } from "./locators.ts";

/** The panel's widths that pictures are taken at: the narrowest, a common one, a wide one, and half a screen. */
export const WIDTHS = [250, 300, 420, 900] as const;

/** What a person needs to see what is asked, in ms; no surface takes an answer before. */
export const READ_MS = 600;

/** Interlock's side bar as a person sees and uses it. */
export class InterlockPanel {
  readonly page: Page;
  readonly frame: FrameLocator;

  private constructor(page: Page) {
    this.page = page;
    this.frame = webview(page);
  }

  /** Opens the side bar by its icon, and waits for what it shows first. */
  static async open(page: Page): Promise<InterlockPanel> {
    const panel = new InterlockPanel(page);
    await activityIcon(page, "Interlock").click();
    await panel.frame.locator("main, section").filter({ visible: true }).first().waitFor();
    return panel;
  }

  get card(): Locator {
    return this.frame.locator(".card");
  }

  get prompt(): Locator {
    return this.frame.locator("textarea");
  }

  get state(): Locator {
    return this.frame.locator(".head .state");
  }

  button(name: string): Locator {
    return this.frame.getByRole("button", { name, exact: true });
  }

  /** The newest call that shows this text. */
  call(text: string | RegExp): Locator {
    return this.frame.locator(".conversation .row-call").filter({ hasText: text }).last();
  }

  /** The newest message of the agent. */
  get said(): Locator {
    return this.frame.locator(".conversation .row-agent").last();
  }

  gate(name: "lint" | "types" | "tests"): Locator {
    return this.frame.locator(`[data-gate="${name}"]`);
  }

  async newSession(): Promise<void> {
    await this.button("New session").click();
    await this.ready();
  }

  async send(text: string): Promise<void> {
    await this.prompt.fill(text);
    await this.prompt.press("Enter");
  }

  /** Sends a prompt and waits for the end of its turn. */
  async turn(text: string): Promise<void> {
    const ends = this.frame.locator(".row-turn");
    const before = await ends.count();
    await this.send(text);
    await ends.nth(before).waitFor({ timeout: 60_000 });
  }

  /** Waits until the agent is done and takes a prompt. */
  async ready(): Promise<void> {
    await this.state.filter({ hasText: /^Ready$/i }).waitFor({ timeout: 60_000 });
  }

  async answer(name: "Reject" | "Allow once"): Promise<void> {
    await this.card.locator("[aria-disabled=false]").first().waitFor();
    await this.button(name).click();
    await this.card.waitFor({ state: "detached" });
  }

  /** Drags the side bar's edge until the panel has this width in pixels. */
  async resize(width: number): Promise<void> {
    const box = await this.page.locator("iframe.webview.ready").first().boundingBox();
    if (box === null) throw new Error("the panel is not in sight");
    const edge = await sideBarEdge(this.page);
    await this.page.mouse.move(edge, 400);
    await this.page.mouse.down();
    await this.page.mouse.move(edge + width - box.width, 400, { steps: 4 });
    await this.page.mouse.up();
  }

  async width(): Promise<number> {
    return this.frame.locator("html").evaluate(({ clientWidth }) => clientWidth);
  }

  /** What is wider than the panel and can't be scrolled in a box of its own. */
  async overflow(): Promise<string[]> {
    return this.frame
      .locator("html")
      .evaluate((html) =>
        html.scrollWidth <= html.clientWidth
          ? []
          : [...html.querySelectorAll("*")]
              .filter((element) => element.getBoundingClientRect().right > html.clientWidth + 1)
              .map((element) => `${element.tagName}.${element.className}`),
      );
  }
}
