import { defineConfig } from "oxlint";

import rules from "../../scripts/oxlint.config.ts";

/** The project's own rules, with nothing left out. */
export default defineConfig({ ...rules, options: {}, ignorePatterns: [] });
