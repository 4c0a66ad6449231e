import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { exportTexts, TEXTS } from "../../scripts/lib/texts.ts";

test("the bundle for translators holds every text; `npm run texts` writes it anew", async () => {
  assert.equal(readFileSync(TEXTS, "utf8"), await exportTexts());
});
