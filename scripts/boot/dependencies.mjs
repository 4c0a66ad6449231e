// @ts-check
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { withLock } from "./lock.mjs";
import { npm } from "./npm.mjs";
import { tmpdir } from "node:os";
import { createHash } from "node:crypto";
import { join } from "node:path";

const root = fileURLToPath(new URL("../..", import.meta.url));

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, peer?: boolean, link?: boolean }} Locked
 * @param {string} file
 * @returns {Promise<Record<string, Locked> | undefined>}
 */
async function lockedPackages(file) {
  try {
    return JSON.parse(await readFile(join(root, file), "utf8")).packages;
  } catch {
    return undefined;
  }
}

/**
 * Whether node_modules holds what the lock says. npm writes its own list of what it installed as the last thing it
 * does, so an interrupted install is noticed too; what is optional may be missing (it is for another platform).
 */
async function upToDate() {
  const wanted = await lockedPackages("package-lock.json");
  const installed = await lockedPackages(join("node_modules", ".package-lock.json"));
  if (!wanted || !installed) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === "") return true;
    const there = installed[path];
    return there
      ? there.version === entry.version && there.integrity === entry.integrity
      : entry.optional === true;
  });
}

/** Brings node_modules in line with the lock, only when it is not. */
export async function installDependencies() {
  if (await upToDate()) return;
  // The lock file stays out of the clone, which may be read-only for some and is nobody's scratch folder.
  const lock = join(
    tmpdir(),
    `interlock-npm-${createHash("sha256").update(root).digest("hex").slice(0, 16)}.lock`,
  );
  await withLock(lock, async () => {
    if (await upToDate()) return;
    console.log("• Installing the pinned dependencies …");
    const started = performance.now();
    await npm(root, ["ci"], "the pinned dependencies");
    console.log(`  done in ${((performance.now() - started) / 1000).toFixed(1)} s`);
  });
}
