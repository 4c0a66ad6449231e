import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import { AUDIT_FOLDER } from "../../extension/audit/log.ts";

/** The lines of a project's record, of all its days: a test may run over midnight. */
export async function auditLines(project: string): Promise<string[]> {
  const folder = join(project, AUDIT_FOLDER);
  const names = (await readdir(folder)).filter((name) => name.endsWith(".log")).toSorted();
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
  return texts.flatMap((text) => text.split("\n")).filter((line) => line !== "");
}
