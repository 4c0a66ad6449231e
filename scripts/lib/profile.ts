import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** A window without what would talk over Interlock: no start page, no AI side bar, no recommendations. */
export const QUIET_SETTINGS: Readonly<Record<string, unknown>> = {
  "workbench.startupEditor": "none",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "chat.disableAIFeatures": true,
  "extensions.ignoreRecommendations": true,
  "extensions.autoCheckUpdates": false,
  "update.mode": "none",
  "telemetry.telemetryLevel": "off",
  "git.openRepositoryInParentFolders": "never",
};

/** Writes the settings of a profile that has none yet; what a person changed in it stays. */
export async function writeSettings(
  userData: string,
  settings: Readonly<Record<string, unknown>> = QUIET_SETTINGS,
): Promise<void> {
  const file = join(userData, "User", "settings.json");
  if (existsSync(file)) return;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(settings, undefined, 2)}\n`);
}
