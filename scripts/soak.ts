import { readFile, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { basename, join } from "node:path";

import { Stop } from "./boot/stop.mjs";
import { buildAll } from "./lib/bundle.ts";
import { main } from "./lib/main.ts";
import { ROOT } from "./lib/paths.ts";
import { runVisibly } from "./lib/process.ts";
import { source, SOURCES } from "./lib/sources.ts";
import { step } from "./lib/step.ts";
import { soaks } from "./testing/discover.ts";

const SUMMARY = join(ROOT, "docs", "soak.md");
const HEADING =
  "# Soak runs\n\nWhat hours of use leave behind: the newest run first, written by `npm run soak`.\n";

/** `npm run soak`: runs each file of test/soak and keeps the lines it prints, which are Markdown, with the date. */
await main(async () => {
  const files = await soaks();
  if (files.length === 0) throw new Stop("There is no soak test yet.", "They belong into test/soak.");
  await step("Building for release", () => buildAll({ production: true }));
  // Now, so that a first run doesn't tell of it among its results.
  for (const name of SOURCES) await source(name);
  const parts: string[] = [];
  let failed = 0;
  for (const file of files) {
    console.log(`\n${basename(file, ".soak.ts")}`);
    let printed = "";
    const code = await runVisibly(process.execPath, ["--expose-gc", file], (text) => (printed += text));
    if (code !== 0) failed += 1;
    const result = code === 0 ? "" : `\n\nIt failed with ${code}.`;
    parts.push(`### ${basename(file, ".soak.ts")}\n\n${printed.trim()}${result}\n`);
  }
  const machine = `${process.platform} ${process.arch}, ${availableParallelism()} cores, Node ${process.versions.node}`;
  const section = `## ${new Date().toISOString().slice(0, 10)} (${machine})\n\n${parts.join("\n")}`;
  const before = (await readFile(SUMMARY, "utf8").catch(() => HEADING)).replace(HEADING, "");
  await writeFile(SUMMARY, `${HEADING}\n${section}${before}`);
  return failed === 0 ? 0 : 1;
});
