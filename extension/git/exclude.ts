import { appendFile, mkdir, readFile } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { findRepository } from "./repository.ts";

/** Keeps a folder out of git for this clone alone, by `.git/info/exclude`. True when git now ignores it. */
export async function excludeFromGit(folder: string): Promise<boolean> {
  const repository = await findRepository(dirname(folder));
  if (repository === null) return false;
  const path = join(repository.commonDir, "info", "exclude");
  const line = `/${escaped(relative(repository.root, folder).split(sep).join("/"))}/`;
  const content = await readFile(path, "utf8").catch(() => "");
  if (content.split("\n").includes(line)) return true;
  await mkdir(dirname(path), { recursive: true });
  await appendFile(path, `${content === "" || content.endsWith("\n") ? "" : "\n"}${line}\n`);
  return true;
}

/** A path as a pattern that means this path alone, though its folders may be named like `[app]`. */
function escaped(path: string): string {
  return path.replaceAll(/[\\*?[\]!#]| (?= *$)/g, String.raw`\$&`);
}
