import { createHash } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { cacheRoot } from "../boot/cache.mjs";

/** The clone. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url)).replace(/[/\\]$/, "");
export const DIST = join(ROOT, "dist");
export const TEST_OUTPUT = join(ROOT, "test-output");

/** What belongs to this clone alone lies under its own name, so that two clones never share a window's data. */
export const CLONE_CACHE = join(
  cacheRoot(),
  `clone-${createHash("sha256").update(ROOT).digest("hex").slice(0, 12)}`,
);
