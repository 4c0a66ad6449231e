import { runTestTask } from "./testing/stages.ts";
import { main } from "./lib/main.ts";

await main(() => runTestTask(process.argv.slice(2)));
