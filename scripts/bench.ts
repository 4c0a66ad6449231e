import { basename } from "node:path";

import { Stop } from "./boot/stop.mjs";
import { buildAll } from "./lib/bundle.ts";
import { main } from "./lib/main.ts";
import { runVisibly } from "./lib/process.ts";
import { step } from "./lib/step.ts";
import { benches } from "./testing/discover.ts";

/** `npm run bench [NAME...]`: each file of test/bench measures one thing on what ships, and prints its own table. */
await main(async () => {
  const names = process.argv.slice(2);
  const all = await benches();
  const chosen = all.filter((file) => names.length === 0 || names.includes(basename(file, ".bench.ts")));
  if (chosen.length === 0) {
    const known = all.map((file) => basename(file, ".bench.ts")).join(", ") || "none yet";
    throw new Stop(`There is no such benchmark.`, `These exist: ${known}.`);
  }
  await step("Building for release", () => buildAll({ production: true }));
  let failed = 0;
  for (const file of chosen) {
    console.log(`\n${basename(file, ".bench.ts")}`);
    const code = await runVisibly(process.execPath, [
      "--expose-gc",
      "--disable-warning=ExperimentalWarning",
      file,
    ]);
    if (code !== 0) failed += 1;
  }
  return failed === 0 ? 0 : 1;
});
