import { delimiter, dirname, join } from "node:path";

import type { Page } from "playwright-core";

import { installExtension, startServer } from "../../scripts/lib/code-server.ts";
import { ownEnvironment } from "../../scripts/lib/environment.ts";
import { QUIET_SETTINGS, writeSettings } from "../../scripts/lib/profile.ts";
import { packageVsix } from "../../scripts/lib/vsix.ts";
import { launchBrowser } from "./browser.ts";
import { workbench } from "./locators.ts";
import { tempDir } from "./temp.ts";
import type { Owner } from "./temp.ts";
import { tools } from "./tools.ts";

export const THEMES = {
  dark: "Dark Modern",
  light: "Light Modern",
  contrast: "Default High Contrast",
  "contrast light": "Default High Contrast Light",
} as const;

/** The first paint of a workbench takes seconds on two cores. */
const WORKBENCH_MS = 60_000;
const VIEWPORT = { width: 1280, height: 800 };

export interface WindowOptions {
  /** A folder, or a workspace file. */
  readonly folder: string;
  /** Installed into an extensions folder of its own. Without it: what `npm test` built and installed for all. */
  readonly vsix?: string;
  /** An unpacked extension to load instead of an installed one. */
  readonly extensionDevelopmentPath?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly theme?: keyof typeof THEMES;
  readonly viewport?: { readonly width: number; readonly height: number };
  /** Default true: the folder is trusted without asking. */
  readonly trusted?: boolean;
  /** Set in the server, and so in the extension host. */
  readonly env?: NodeJS.ProcessEnv;
}

export interface VscodeWindow {
  readonly page: Page;
  readonly url: string;
  readonly userData: string;
  /** Where Interlock keeps its state in this window. */
  readonly state: string;
  /** The server's process id, whose group holds the extension host and all that it starts. */
  readonly pid: number;
  /** Opens another page on the same server. */
  newPage(viewport?: { readonly width: number; readonly height: number }): Promise<Page>;
  close(): Promise<void>;
}

/** Starts a real VS Code (code-server) on a folder and opens it in headless Chromium. Ends with the test. */
export async function startVscode(t: Owner, options: WindowOptions): Promise<VscodeWindow> {
  const scratch = await tempDir(t);
  const userData = join(scratch, "user-data");
  const state = join(scratch, "state");
  const theme = { "workbench.colorTheme": THEMES[options.theme ?? "dark"] };
  await writeSettings(userData, { ...QUIET_SETTINGS, ...theme, ...options.settings });
  const server = await startServer({
    userData,
    extensions: await extensionsFolder(scratch, userData, options),
    folder: options.folder,
    trusted: options.trusted ?? true,
    testDriver: options.extensionDevelopmentPath !== undefined,
    env: { ...(await environment()), INTERLOCK_STATE_DIR: state, ...options.env },
  });
  t.after(() => server.close());
  const browser = await launchBrowser();
  t.after(() => browser.close());
  const url = addressOf(server.url, options);
  const newPage: VscodeWindow["newPage"] = async (viewport = options.viewport ?? VIEWPORT) => {
    const page = await (await browser.newContext({ viewport })).newPage();
    await page.goto(url);
    await workbench(page).waitFor({ timeout: WORKBENCH_MS });
    return page;
  };
  return {
    page: await newPage(),
    url,
    userData,
    state,
    pid: server.process.pid ?? 0,
    newPage,
    close: async () => {
      await browser.close();
      await server.close();
    },
  };
}

/** The person's environment with the pinned tools found first, so that a test never depends on the machine's. */
async function environment(): Promise<NodeJS.ProcessEnv> {
  const { uv, bun, ruff, ty } = await tools();
  const own = ownEnvironment();
  const folders = [uv, bun, ruff, ty].map(dirname);
  return { ...own, PATH: [...folders, own["PATH"]].join(delimiter) };
}

async function extensionsFolder(scratch: string, userData: string, options: WindowOptions): Promise<string> {
  const extensions = join(scratch, "extensions");
  if (options.extensionDevelopmentPath) return extensions;
  const shared = process.env["INTERLOCK_EXTENSIONS"];
  if (shared && !options.vsix) return shared;
  const vsix = options.vsix ?? (await packageVsix(join(scratch, "interlock.vsix")));
  await installExtension({ userData, extensions }, vsix);
  return extensions;
}

function addressOf(url: string, { folder, extensionDevelopmentPath }: WindowOptions): string {
  const query = new URLSearchParams({
    [folder.endsWith(".code-workspace") ? "workspace" : "folder"]: folder,
  });
  if (extensionDevelopmentPath) {
    const remote = `vscode-remote://${new URL(url).host}${extensionDevelopmentPath}`;
    query.set("payload", JSON.stringify([["extensionDevelopmentPath", remote]]));
  }
  return `${url}?${query.toString()}`;
}
