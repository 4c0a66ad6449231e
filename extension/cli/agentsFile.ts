import * as l10n from "@vscode/l10n";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { InterlockError, messageOf, systemCode } from "../errors.ts";
import { configDirectory } from "../state/directory.ts";

/** The agents of a JSON file, or of the user's own `agents.json`, which need not exist. */
export async function readAgentsFile(path: string | undefined): Promise<unknown> {
  const file = path ?? join(configDirectory(process.env), "agents.json");
  try {
    return JSON.parse(await readFile(file, "utf8")) as unknown;
  } catch (error) {
    if (path === undefined && systemCode(error) === "ENOENT") return [];
    throw new InterlockError(
      {
        code: "agents.file",
        message: l10n.t("“{0}” can't be read: {1}", file, messageOf(error)),
        next: l10n.t("It is a JSON list of agents, shaped like the setting interlock.agents."),
      },
      { cause: error },
    );
  }
}
