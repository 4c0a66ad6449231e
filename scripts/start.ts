import { main } from "./lib/main.ts";
import { openWindow } from "./start/open.ts";
import { readOptions } from "./start/options.ts";
import { prepareFolder } from "./start/folder.ts";

await main(async () => {
  const options = readOptions(process.argv.slice(2));
  const workspace = await prepareFolder(options);
  await openWindow(workspace, options);
});
