import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";

import { ROOT } from "./paths.ts";

/** Everything that ends up in the VSIX, or decides how it is made. */
const FOLDERS = ["extension", "webview", "media", "scripts/lib"];
const FILES = /^(package.*\.json|README\.md|CHANGELOG\.md|LICENSE|\.vscodeignore)$/;

/** A hash of the sources: the same one means that there is nothing to build. */
export async function sourceHash(): Promise<string> {
  const files = (await readdir(ROOT)).filter((name) => FILES.test(name)).map((name) => join(ROOT, name));
  for (const folder of FOLDERS) {
    const entries = await readdir(join(ROOT, folder), { recursive: true, withFileTypes: true }).catch(
      () => [],
    );
    files.push(
      ...entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)),
    );
  }
  const hash = createHash("sha256");
  for (const file of files.sort())
    hash
      .update(`${relative(ROOT, file)}\0`)
      .update(await readFile(file))
      .update("\0");
  return hash.digest("hex");
}
