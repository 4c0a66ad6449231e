// @ts-check
import { chmod, readFile } from "node:fs/promises";
import { join } from "node:path";

import { provide } from "./cache.mjs";
import { installPackages } from "./npm.mjs";
import { Stop } from "./stop.mjs";

/** The oldest Node that runs .ts files without a flag and satisfies the packaging and linting tools. */
const TASK_NODE = { major: 22, minor: 18 };
/** What code-server needs, and what every test and measurement runs on. */
const PINNED_MAJOR = 24;
/** These measure or test on the pinned Node, whatever Node started them. */
const PINNED_TASKS = new Set(["test", "bench", "soak"]);

/**
 * A Node of the pinned major version: the running one where it fits, else the one from the registry.
 * @returns {Promise<string>}
 */
export async function pinnedNode() {
  if (process.versions.node.startsWith(`${PINNED_MAJOR}.`)) return process.execPath;
  const platform = `${process.platform}-${process.arch}`;
  const pins = JSON.parse(await readFile(new URL("../pins.json", import.meta.url), "utf8"));
  const spec = /** @type {string | undefined} */ (pins.node[platform]);
  if (!spec) {
    throw new Stop(
      `No Node ${PINNED_MAJOR} is packaged for ${platform}, and this is ${process.version}.`,
      `Install Node ${PINNED_MAJOR} and run the same command with it.`,
    );
  }
  const at = spec.lastIndexOf("@");
  const [name, version] = [spec.slice(0, at), spec.slice(at + 1)];
  const binary = join("node_modules", name, "bin", process.platform === "win32" ? "node.exe" : "node");
  const folder = await provide(`node-${version}-${platform}`, async (unfinished) => {
    console.log(`• Fetching Node ${version} (this one is ${process.version}) …`);
    await installPackages(unfinished, [spec]);
    await chmod(join(unfinished, binary), 0o755);
  });
  return join(folder, binary);
}

/** @param {string} task */
export async function nodeForTask(task) {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const enough = major > TASK_NODE.major || (major === TASK_NODE.major && minor >= TASK_NODE.minor);
  return enough && !PINNED_TASKS.has(task) ? process.execPath : pinnedNode();
}
