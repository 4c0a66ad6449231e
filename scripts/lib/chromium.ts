import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { provide } from "../boot/cache.mjs";
import { pinnedNode } from "../boot/node.mjs";
import { installPackages } from "../boot/npm.mjs";
import { Stop } from "../boot/stop.mjs";
import pins from "../pins.json" with { type: "json" };
import { mustRun } from "./process.ts";
import { findProgram, isProgram } from "./programs.ts";
import { step } from "./step.ts";

const NAMES = [
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
  "microsoft-edge",
  "chrome",
];
const MAC_APPLICATIONS = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
];

/**
 * A Chromium to test with: the one INTERLOCK_CHROMIUM names, else one that is installed, else the one that npm
 * carries (Linux on x64 alone).
 */
export async function chromium(): Promise<string> {
  const named = process.env["INTERLOCK_CHROMIUM"];
  if (named) {
    if (isProgram(named)) return named;
    throw new Stop(
      `INTERLOCK_CHROMIUM names ${named}, which is not a program.`,
      "Set it to a Chromium, or unset it.",
    );
  }
  for (const name of NAMES) {
    const found = findProgram(name);
    if (found) return found;
  }
  const application = MAC_APPLICATIONS.find(isProgram);
  return application ?? packagedChromium();
}

async function packagedChromium(): Promise<string> {
  if (process.platform !== "linux" || process.arch !== "x64") {
    throw new Stop("No Chromium was found.", "Install Chromium or Chrome, or set INTERLOCK_CHROMIUM to one.");
  }
  const name = "@sparticuz/chromium";
  const version = pins[name];
  const folder = await provide(`chromium-${version}`, (unfinished) =>
    step(`Fetching Chromium ${version} from npm, since none is installed`, async () => {
      await installPackages(unfinished, [`${name}@${version}`]);
      // It unpacks itself into the folder for temporary files, and says nothing of where else.
      await writeFile(join(unfinished, "unpack.mjs"), `import c from "${name}"; await c.executablePath();\n`);
      await mustRun(
        await pinnedNode(),
        [join(unfinished, "unpack.mjs")],
        "Install Chromium yourself (Debian: apt-get install chromium), and run the same command again.",
        { cwd: unfinished, env: { ...process.env, TMPDIR: unfinished } },
      );
    }),
  );
  return join(folder, "chromium");
}
