import { stat } from "node:fs/promises";

import { main } from "./lib/main.ts";
import { packageVsix } from "./lib/vsix.ts";

await main(async () => {
  const vsix = await packageVsix(process.argv[2]);
  console.log(`${vsix}: ${((await stat(vsix)).size / 1000).toFixed(1)} kB`);
});
