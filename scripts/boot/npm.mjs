// @ts-check
import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { Stop } from "./stop.mjs";

/** How much of npm's own words is shown when it fails. */
const SHOWN_LINES = 12;

/**
 * Runs npm quietly in a folder. Install scripts are never run: everything that is fetched here works without them, and
 * some of them would need a compiler.
 *
 * @param {string} cwd
 * @param {string[]} args
 * @param {string} what For the sentence when it fails: "code-server", "the dependencies".
 */
export async function npm(cwd, args, what) {
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-progress", "--loglevel=error"];
  const child = spawn("npm", [...args, ...quiet], {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
    // npm is a .cmd file on Windows, which only a shell starts.
    shell: process.platform === "win32",
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => (said += text));
  }
  const code = await new Promise((resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.on("close", resolve);
  });
  if (code === 0) return;
  // npm names the cause first, and then its usage.
  const cause = said.trim().split("\n").slice(0, SHOWN_LINES).join("\n");
  throw new Stop(
    `Installing ${what} failed: npm ended with ${code}.`,
    "See what npm says above, check that its package registry can be reached, and run the same command again.",
    cause,
  );
}

/**
 * Installs exact packages from the registry into a folder of their own.
 * @param {string} folder
 * @param {string[]} packages As name@version.
 */
export async function installPackages(folder, packages) {
  // Without a package.json npm would look for one in the folders above.
  await writeFile(join(folder, "package.json"), '{ "private": true }\n');
  await npm(folder, ["install", "--save-exact", "--no-package-lock", ...packages], packages.join(" and "));
}

/**
 * Installs what a lock says, each package compared with its hash.
 * @param {string} folder
 * @param {Record<string, string>} dependencies
 * @param {object} lock A package-lock.json.
 */
export async function installLocked(folder, dependencies, lock) {
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, dependencies }));
  await writeFile(join(folder, "package-lock.json"), JSON.stringify(lock));
  await npm(folder, ["ci"], Object.keys(dependencies).join(" and "));
}
