import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";

import { installExtension, startServer } from "../lib/code-server.ts";
import type { Profile } from "../lib/code-server.ts";
import { desktopCode, hasDisplay, installOnDesktop, openOnDesktop } from "../lib/desktop.ts";
import { ownEnvironment, withPrograms } from "../lib/environment.ts";
import { sourceHash } from "../lib/inputs.ts";
import { CLONE_CACHE } from "../lib/paths.ts";
import { run } from "../lib/process.ts";
import { findProgram } from "../lib/programs.ts";
import { writeSettings } from "../lib/profile.ts";
import { unlessStamped } from "../lib/stamp.ts";
import { step } from "../lib/step.ts";
import { packageVsix } from "../lib/vsix.ts";
import type { Workspace } from "./folder.ts";
import type { StartOptions } from "./options.ts";

/** Tried first, so that a bookmark and a log-in keep working from one start to the next. */
const USUAL_PORT = 7433;
const VSIX = join(CLONE_CACHE, "interlock.vsix");

/** Opens VS Code with Interlock installed, on a profile of its own, and resolves when it is over. */
export async function openWindow(workspace: Workspace, options: StartOptions): Promise<void> {
  const code = await desktopCode();
  const home = join(CLONE_CACHE, code ? "desktop" : "server");
  const profile: Profile = { userData: join(home, "user-data"), extensions: join(home, "extensions") };
  await writeSettings(profile.userData);
  await installInto(profile, join(home, "installed"), (vsix) => {
    return code ? installOnDesktop(code, profile, vsix) : installExtension(profile, vsix);
  });
  const env = {
    ...withPrograms(ownEnvironment(), workspace.programs),
    // What Interlock keeps about this profile's sessions stays with the profile.
    INTERLOCK_STATE_DIR: join(home, "state"),
  };
  if (code) await onDesktop(code, profile, workspace, env);
  else await inBrowser(profile, workspace, options, env);
}

async function installInto(
  profile: Profile,
  stamp: string,
  install: (vsix: string) => Promise<void>,
): Promise<void> {
  const key = await sourceHash();
  await unlessStamped(`${VSIX}.key`, key, () => packageVsix(VSIX));
  await unlessStamped(stamp, key, () =>
    step(`Installing Interlock into ${profile.extensions}`, () => install(VSIX)),
  );
}

async function onDesktop(
  code: string,
  profile: Profile,
  { folder, isSample }: Workspace,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  tell([
    ["VS Code", code],
    ["Folder", folder],
    ["Stop", "close its window"],
  ]);
  await openOnDesktop(code, profile, { folder, trusted: isSample, env });
}

async function inBrowser(
  profile: Profile,
  { folder, isSample }: Workspace,
  options: StartOptions,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const password = randomBytes(12).toString("base64url");
  const server = await step("Starting VS Code", () =>
    startServer({
      ...profile,
      folder,
      password,
      trusted: isSample,
      env,
      ...(options.port === undefined ? { preferredPort: USUAL_PORT } : { port: options.port }),
    }),
  );
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => resolve());
  });
  tell([
    ["Address", server.url],
    ["Password", password],
    ["Folder", folder],
    ["Stop", "Ctrl+C"],
  ]);
  if (options.open) await openInBrowser(server.url);
  const ended = once(server.process, "exit").then(() => console.log("VS Code ended by itself."));
  await Promise.race([stopped, ended]);
  await server.close();
  console.log("Stopped.");
}

async function openInBrowser(url: string): Promise<void> {
  const opener = process.platform === "darwin" ? "open" : findProgram("xdg-open");
  if (process.platform === "win32") await run("cmd", ["/c", "start", "", url]);
  else if (opener && hasDisplay() && !process.env["CI"]) await run(opener, [url]);
}

function tell(lines: readonly (readonly [label: string, value: string])[]): void {
  const shown = lines.map(([label, value]) => `  ${label.padEnd(9)} ${value}`).join("\n");
  console.log(
    `\nInterlock is ready.\n\n${shown}\n\nClick Interlock's icon, start a session, and type /test.\n`,
  );
}
