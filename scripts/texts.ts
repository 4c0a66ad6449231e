import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

import { exportTexts, TEXTS } from "./lib/texts.ts";

await mkdir(dirname(TEXTS), { recursive: true });
await writeFile(TEXTS, await exportTexts());
