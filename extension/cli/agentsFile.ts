import * as l10n from "@vscode/l10n";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { InterlockError, messageOf, type Problem, systemCode } from "../errors.ts";
import { configDirectory } from "../state/directory.ts";

/** Where the agents of a call are read from. */
export function agentsFile(path: string | undefined): string {
  return path ?? join(configDirectory(process.env), "agents.json");
}

/** On a terminal agents come from a file, not from the editor's setting: what to do next says so. */
export function nextHere({ code, next }: Problem, path: string | undefined): string {
  const file = agentsFile(path);
  switch (code) {
    case "agents.invalid":
    case "agents.duplicate":
      return l10n.t("Correct it in “{0}”.", file);
    case "agent.start.missing":
      return l10n.t("Install it, or correct its command in “{0}”.", file);
    case "agents.unknown":
      return l10n.t("{0} Others are added in “{1}”.", next, file);
    default:
      return next;
  }
}

/** The agents of a JSON file, or of the user's own `agents.json`, which need not exist. */
export async function readAgentsFile(path: string | undefined): Promise<unknown> {
  const file = agentsFile(path);
  try {
    return JSON.parse(await readFile(file, "utf8")) as unknown;
  } catch (error) {
    if (path === undefined && systemCode(error) === "ENOENT") return [];
    throw new InterlockError(
      {
        code: "agents.file",
        message: l10n.t("“{0}” can't be read: {1}.", file, messageOf(error)),
        next: l10n.t("It is a JSON list of agents, shaped like the setting interlock.agents."),
      },
      { cause: error },
    );
  }
}
