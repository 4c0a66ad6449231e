import { readFile } from "node:fs/promises";
import { join } from "node:path";

import type { Profile } from "./code-server.ts";
import { ownEnvironment } from "./environment.ts";
import { ROOT } from "./paths.ts";
import { mustRun, run } from "./process.ts";
import { findProgram } from "./programs.ts";

/** Whether a window of a desktop program can appear at all. */
export function hasDisplay(environment: NodeJS.ProcessEnv = process.env): boolean {
  if (process.platform !== "linux") return true;
  return Boolean(environment["DISPLAY"] || environment["WAYLAND_DISPLAY"]);
}

/**
 * The desktop `code` on the PATH, when it is one, new enough, and has a display. In the terminal of a remote window
 * `code` is another program, which can only talk to that window; it knows no profiles of its own.
 */
export async function desktopCode(): Promise<string | undefined> {
  if (!hasDisplay() || process.env["VSCODE_IPC_HOOK_CLI"]) return undefined;
  const environment = ownEnvironment();
  const code = findProgram("code", environment);
  if (!code) return undefined;
  const { stdout } = await run(code, ["--version"], { env: environment });
  const [major = 0, minor = 0] = stdout.split(".").map(Number);
  const oldest = await oldestMinor();
  if (major > 1 || (major === 1 && minor >= oldest)) return code;
  console.log(`  the VS Code on your PATH is older than 1.${oldest}; using code-server instead`);
  return undefined;
}

async function oldestMinor(): Promise<number> {
  const manifest = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")) as {
    engines: { vscode: string };
  };
  return Number(/\.(\d+)\./.exec(manifest.engines.vscode)?.[1]);
}

const profileArguments = ({ userData, extensions }: Profile): string[] => [
  "--user-data-dir",
  userData,
  "--extensions-dir",
  extensions,
];

export async function installOnDesktop(code: string, profile: Profile, vsix: string): Promise<void> {
  const args = [...profileArguments(profile), "--install-extension", vsix, "--force"];
  await mustRun(code, args, "Start VS Code once by hand and see whether it works.", {
    env: ownEnvironment(),
  });
}

/** Opens a window of its own profile, and resolves when it is closed. */
export async function openOnDesktop(
  code: string,
  profile: Profile,
  window: { readonly folder: string; readonly trusted: boolean; readonly env: NodeJS.ProcessEnv },
): Promise<void> {
  const trust = window.trusted ? ["--disable-workspace-trust"] : [];
  const args = [...profileArguments(profile), "--new-window", "--wait", ...trust, window.folder];
  await mustRun(code, args, "Start VS Code once by hand and see whether it works.", { env: window.env });
}
