import { join } from "node:path";

import { ROOT } from "./paths.ts";

/** Where each tool of node_modules starts; run with this Node, since the system's may be too old for it. */
export const NODE_TOOLS = {
  tsc: join(ROOT, "node_modules", "typescript", "bin", "tsc"),
  oxlint: join(ROOT, "node_modules", "oxlint", "bin", "oxlint"),
  oxfmt: join(ROOT, "node_modules", "oxfmt", "bin", "oxfmt"),
  knip: join(ROOT, "node_modules", "knip", "bin", "knip.js"),
  vsce: join(ROOT, "node_modules", "@vscode", "vsce", "vsce"),
} as const;
