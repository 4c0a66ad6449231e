import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Does `work` unless the stamp file says that it was done for this very key. The stamp is taken away first and written
 * last, so an interrupted run is done again.
 */
export async function unlessStamped(file: string, key: string, work: () => Promise<unknown>): Promise<void> {
  if ((await readFile(file, "utf8").catch(() => "")) === key) return;
  await rm(file, { force: true });
  await work();
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, key);
}
