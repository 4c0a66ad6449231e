import { mkdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page, Route } from "playwright-core";
import type { EventBody } from "../../extension/events/event.ts";
import { Conversation } from "../../extension/panel/conversation.ts";
import type { CallDetails } from "../../extension/panel/details.ts";
import { Feed } from "../../extension/panel/feed.ts";
import { handleIntent, parseIntent, type IntentHandlers } from "../../extension/panel/intent.ts";
import { pageHtml } from "../../extension/panel/page.ts";
import type { HostMessage } from "../../extension/panel/protocol.ts";
import type { PageIntent } from "../../extension/panel/pageIntent.ts";
import { launchBrowser } from "../harness/browser.ts";
import { EventSource, ROOT, SESSION } from "../panel/events.ts";
import { undoOf } from "./asks.ts";
import { builtPage } from "./build.ts";
import themes from "./themes.json" with { type: "json" };

export type Theme = keyof typeof themes;
export const THEMES = Object.keys(themes) as Theme[];

/** Nothing listens here: each request is answered by the test itself. */
const ORIGIN = "http://127.0.0.1:9";
/** A script of the page, kept apart: this file is also read where there is no document. */
const AS_VSCODE = new URL("as-vscode.js", import.meta.url);
/** Rows are drawn within 45 ms of each other: after that and two frames all is there. */
const DRAWN =
  "new Promise((done) => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(done)), 50))";
const SHOTS = fileURLToPath(new URL("../../test-output/panel", import.meta.url));

export interface PanelOptions {
  readonly theme?: Theme;
  readonly width?: number;
  readonly height?: number;
  readonly zoom?: number;
  readonly strings?: Readonly<Record<string, string>>;
  readonly reducedMotion?: boolean;
  readonly forcedColours?: boolean;
  readonly details?: (call: string) => CallDetails | undefined;
}

/** The built page in a browser, fed by the real host half, in VS Code's real colours. */
export class Panel {
  readonly page: Page;
  readonly feed: Feed;
  readonly source = new EventSource(Date.now() - 60_000);
  conversation = new Conversation(SESSION, [{ name: "sample", path: ROOT }], ({ id }) => undoOf(id));
  readonly intents: PageIntent[] = [];
  /** What the page's console says; a test that expects none looks here. */
  readonly complaints: string[] = [];
  #sending: Promise<unknown> = Promise.resolve();

  private constructor(page: Page, options: PanelOptions) {
    this.page = page;
    this.feed = new Feed({
      send: (message) => this.#send(message),
      details: (_session, call) => Promise.resolve(options.details?.(call)),
      ...(options.strings === undefined ? {} : { strings: options.strings }),
    });
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") this.complaints.push(message.text());
    });
    page.on("pageerror", (error) => this.complaints.push(String(error)));
  }

  static async open(browser: Browser, options: PanelOptions = {}): Promise<Panel> {
    let panel: Panel | undefined;
    const page = await openPage(browser, options, async (page) => {
      panel = new Panel(page, options);
      await page.exposeBinding("sendIntent", (_source, raw: unknown) => panel?.receive(raw));
    });
    return panel ?? new Panel(page, options);
  }

  /** Shows the session, after these events. */
  async session(...bodies: readonly EventBody[]): Promise<this> {
    for (const body of bodies) this.conversation.apply(this.source.make(body));
    this.feed.show(this.conversation);
    await this.settled();
    return this;
  }

  /** Lets events happen, and waits until the page shows them. */
  async happen(...bodies: readonly EventBody[]): Promise<void> {
    for (const body of bodies) this.conversation.apply(this.source.make(body));
    this.feed.flush();
    await this.settled();
  }

  /** Waits until the page has drawn all that was sent. */
  async settled(): Promise<void> {
    await this.#sending;
    await this.page.evaluate(DRAWN);
    await this.#sending;
  }

  /** The last intent of a type. */
  last<Type extends PageIntent["type"]>(type: Type): Extract<PageIntent, { type: Type }> | undefined {
    return this.intents.findLast((one): one is Extract<PageIntent, { type: Type }> => one.type === type);
  }

  async changeTheme(theme: Theme): Promise<void> {
    await this.page.evaluate(`changeTheme(${JSON.stringify(themes[theme])})`);
    await this.settled();
  }

  async resize(width: number, height: number): Promise<void> {
    await this.page.setViewportSize({ width, height });
    await this.settled();
  }

  async shot(name: string): Promise<void> {
    mkdirSync(SHOTS, { recursive: true });
    await this.page.screenshot({ path: join(SHOTS, `${name}.png`) });
  }

  async close(): Promise<void> {
    this.feed.dispose();
    await this.page.context().close();
  }

  #send(message: HostMessage): void {
    const json = JSON.stringify(message);
    this.#sending = this.#sending
      .then(() => this.page.evaluate(`postMessage(${json}, "*")`))
      .catch(() => undefined);
  }

  /** Takes an intent as the page sends it. */
  async receive(raw: unknown): Promise<void> {
    const parsed = parseIntent(raw);
    if (!parsed.ok) throw new Error(`The page sent an unknown intent: ${JSON.stringify(raw)}`);
    this.intents.push(parsed.value);
    await handleIntent(parsed.value, this.feed, IGNORE);
  }
}

/** Opens the built page, dressed as VS Code dresses a webview; `prepare` runs before it loads. */
export async function openPage(
  browser: Browser,
  options: PanelOptions = {},
  prepare: (page: Page) => Promise<unknown> = () => Promise.resolve(),
): Promise<Page> {
  const zoom = options.zoom ?? 1;
  const context = await browser.newContext({
    viewport: {
      width: Math.round((options.width ?? 420) / zoom),
      height: Math.round((options.height ?? 700) / zoom),
    },
    deviceScaleFactor: zoom,
    reducedMotion: options.reducedMotion ? "reduce" : "no-preference",
    forcedColors: options.forcedColours ? "active" : "none",
  });
  const page = await context.newPage();
  await page.route("**/*", answer);
  const look = { ...themes[options.theme ?? "dark"], defaults: VSCODE_DEFAULTS };
  await page.addInitScript(`${await readFile(AS_VSCODE, "utf8")}\ndressAsVsCode(${JSON.stringify(look)});`);
  await prepare(page);
  await page.goto(ORIGIN);
  return page;
}

const IGNORE = new Proxy({} as IntentHandlers, { get: () => () => undefined });

async function answer(route: Route): Promise<void> {
  const name = new URL(route.request().url()).pathname.slice(1);
  if (name === "") {
    const body = pageHtml({
      script: `${ORIGIN}/main.js`,
      styles: [`${ORIGIN}/style.css`],
      source: ORIGIN,
      nonce: "test",
      language: "en",
    });
    return route.fulfill({ contentType: "text/html", body });
  }
  const content = (await builtPage()).get(name);
  if (content === undefined) return route.fulfill({ status: 404 });
  const types: Readonly<Record<string, string>> = { js: "text/javascript", css: "text/css", ttf: "font/ttf" };
  return route.fulfill({
    contentType: types[name.split(".").at(-1) ?? ""] ?? "application/octet-stream",
    body: Buffer.from(content),
  });
}

/** The styles that VS Code gives every webview, in a layer below the page's own, as far as they matter here. */
const VSCODE_DEFAULTS = `@layer vscode-default {
  html { scrollbar-color: var(--vscode-scrollbarSlider-background) var(--vscode-editor-background); }
  body { overscroll-behavior-x: none; background-color: transparent; color: var(--vscode-editor-foreground);
    font-family: var(--vscode-font-family); font-weight: var(--vscode-font-weight); font-size: var(--vscode-font-size);
    margin: 0; padding: 0 20px; }
  a, a code { color: var(--vscode-textLink-foreground); }
  a:focus, input:focus, select:focus, textarea:focus { outline: 1px solid -webkit-focus-ring-color; outline-offset: -1px; }
  code { font-family: var(--monaco-monospace-font); color: var(--vscode-textPreformat-foreground);
    background-color: var(--vscode-textPreformat-background); padding: 1px 3px; border-radius: 4px; }
  pre code { padding: 0; }
  blockquote { background: var(--vscode-textBlockQuote-background); border-color: var(--vscode-textBlockQuote-border); }
}`;

/** A browser for a test file. */
export { launchBrowser };
