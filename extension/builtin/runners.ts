import * as l10n from "@vscode/l10n";
import { statSync } from "node:fs";
import { delimiter, join } from "node:path";

/** A program that a project's commands are sent through where its lock says so. */
export type Runner = "uv" | "bun";

/** Where the installers put them: the host looks there too. */
const INSTALLED_IN_HOME = [".local/bin", ".cargo/bin", ".bun/bin"];

/** Why commands of a project can have failed: its runner is not on this machine. Null where it is. */
export function missingRunner(runner: Runner, environment: NodeJS.ProcessEnv): string | null {
  if (isThere(runner, environment)) {
    return null;
  }
  const what = l10n.t(
    "This project's lock belongs to {0}, which is not on this machine, so its commands ran without it.",
    `\`${runner}\``,
  );
  return `${what} ${howToInstall(runner)}`;
}

function howToInstall(runner: Runner): string {
  return runner === "uv"
    ? l10n.t("Install it with `pipx install uv` (or see https://docs.astral.sh/uv), and try again.")
    : l10n.t("Install it with `npm install --global bun` (or see https://bun.sh), and try again.");
}

function isThere(runner: Runner, environment: NodeJS.ProcessEnv): boolean {
  const home = environment["HOME"] ?? environment["USERPROFILE"];
  const path = (environment["PATH"] ?? environment["Path"] ?? "").split(delimiter);
  const folders = [
    ...path.filter((folder) => folder !== ""),
    ...(home === undefined ? [] : INSTALLED_IN_HOME.map((folder) => join(home, folder))),
  ];
  const endings = process.platform === "win32" ? [".exe", ".cmd"] : [""];
  return folders.some((folder) => endings.some((ending) => isFile(join(folder, runner + ending))));
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
