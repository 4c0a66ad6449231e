import type { ChildProcess } from "node:child_process";
import { createWriteStream, existsSync } from "node:fs";
import { mkdir, readFile, symlink } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { provide } from "../boot/cache.mjs";
import { pinnedNode } from "../boot/node.mjs";
import { installPackages, npm } from "../boot/npm.mjs";
import { Stop } from "../boot/stop.mjs";
import pins from "../pins.json" with { type: "json" };
import { ownEnvironment } from "./environment.ts";
import { endGroup, mustRun, startGroup } from "./process.ts";
import { step } from "./step.ts";

/** A server that hasn't answered by then won't. It takes about a second; a cold disk has taken eight. */
const START_MS = 60_000;
const POLL_MS = 100;
const LOOPBACK = "127.0.0.1";

const VERSION = pins["code-server"];

/** The entry script of code-server, which is a whole VS Code in a browser, fetched on first use. */
export async function codeServer(): Promise<string> {
  const home = join("node_modules", "code-server");
  const folder = await provide(`code-server-${VERSION}`, (unfinished) =>
    step(`Fetching code-server ${VERSION}: VS Code in the browser, about 800 MB on disk`, async () => {
      await installPackages(unfinished, [`code-server@${VERSION}`]);
      // Its own install script would run these two, and then a compiler.
      const vscode = join(unfinished, home, "lib", "vscode");
      await npm(vscode, ["install", "--omit=dev"], "VS Code's own packages");
      await npm(join(vscode, "extensions"), ["install", "--omit=dev"], "VS Code's built-in extensions");
      await linkHelpers(vscode);
    }),
  );
  return join(folder, home, "out", "node", "entry.js");
}

/** `code` in its terminal, and opening a link from a program. */
async function linkHelpers(vscode: string): Promise<void> {
  if (process.platform === "win32") return;
  const system = process.platform === "darwin" ? "darwin" : "linux";
  for (const [folder, target, name] of [
    ["remote-cli", `code-${system}.sh`, "code"],
    ["helpers", `browser-${system}.sh`, "browser.sh"],
  ] as const) {
    const link = join(vscode, "bin", folder, name);
    if (!existsSync(link)) await symlink(target, link);
  }
}

export interface Profile {
  readonly userData: string;
  readonly extensions: string;
}

function profileArguments(profile: Profile): string[] {
  return [
    "--config",
    join(profile.userData, "code-server.yaml"),
    "--user-data-dir",
    profile.userData,
    "--extensions-dir",
    profile.extensions,
    "--disable-telemetry",
    "--disable-update-check",
  ];
}

export async function installExtension(profile: Profile, vsix: string): Promise<void> {
  const args = [await codeServer(), ...profileArguments(profile), "--install-extension", vsix, "--force"];
  await mustRun(await pinnedNode(), args, "Run `npm run package` and see what it says.", {
    env: ownEnvironment(),
  });
}

export interface ServerOptions extends Profile {
  readonly folder: string;
  /** Without one anybody on this machine gets in: for tests only. */
  readonly password?: string;
  /** This port or none. */
  readonly port?: number;
  /** This port if it is free, else another. */
  readonly preferredPort?: number;
  /** Opens the folder as trusted without asking. Only for folders that Interlock made itself. */
  readonly trusted: boolean;
  /** Lets a page with a `payload` run an extension-host suite. */
  readonly testDriver?: boolean;
  readonly env?: NodeJS.ProcessEnv;
}

export interface Server {
  readonly url: string;
  readonly process: ChildProcess;
  close(): Promise<void>;
}

/** Starts code-server on loopback and resolves when it answers. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const port = await choosePort(options);
  await mkdir(options.userData, { recursive: true });
  const args = [
    await codeServer(),
    ...profileArguments(options),
    "--bind-addr",
    `${LOOPBACK}:${port}`,
    "--auth",
    options.password === undefined ? "none" : "password",
    "--disable-getting-started-override",
    "--ignore-last-opened",
    ...(options.trusted ? ["--disable-workspace-trust"] : []),
    ...(options.testDriver ? ["--vscode-option", "enable-smoke-test-driver"] : []),
    options.folder,
  ];
  // As from `code` in a terminal: the window has the environment that it was started with. Otherwise a login shell
  // is asked, which finds its own PATH and not the tools that were put first.
  const env: NodeJS.ProcessEnv = { ...ownEnvironment(), ...options.env, VSCODE_CLI: "1" };
  if (options.password !== undefined) env["PASSWORD"] = options.password;
  const log = join(options.userData, "code-server.log");
  const child = startGroup(await pinnedNode(), args, { env, stdio: ["ignore", "pipe", "pipe"] });
  const sink = createWriteStream(log);
  child.stdout?.pipe(sink, { end: false });
  child.stderr?.pipe(sink, { end: false });
  const url = `http://${LOOPBACK}:${port}/`;
  await answers(url, child, log);
  return { url, process: child, close: () => endGroup(child).finally(() => sink.end()) };
}

async function answers(url: string, child: ChildProcess, log: string): Promise<void> {
  for (const end = Date.now() + START_MS; Date.now() < end && child.exitCode === null; await sleep(POLL_MS)) {
    const response = await fetch(`${url}healthz`).catch(() => undefined);
    if (response?.ok) return;
  }
  await endGroup(child);
  const said = (await readFile(log, "utf8").catch(() => "")).trim().split("\n").slice(-12).join("\n");
  throw new Stop("code-server did not start.", `Its whole log is in ${log}.`, said);
}

async function choosePort({ port, preferredPort = 0 }: ServerOptions): Promise<number> {
  if (port === undefined) return (await freePort(preferredPort)) ?? (await freePort(0)) ?? 0;
  const free = await freePort(port);
  if (free !== undefined) return free;
  throw new Stop(`Port ${port} is taken.`, "Choose another with --port N, or leave it out.");
}

/** The port if nothing listens on it; 0 asks for any. */
async function freePort(port: number): Promise<number | undefined> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once("error", () => resolve(undefined));
    server.listen(port, LOOPBACK, () => {
      const { port: chosen } = server.address() as AddressInfo;
      server.close(() => resolve(chosen));
    });
  });
}
