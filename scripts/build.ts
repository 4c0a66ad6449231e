import { buildAll } from "./lib/bundle.ts";
import { main } from "./lib/main.ts";
import { step } from "./lib/step.ts";

await main(async () => {
  const production = process.argv.includes("--production");
  await step(production ? "Building for release" : "Building", () => buildAll({ production }));
});
