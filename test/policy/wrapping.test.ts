import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { CONSTRUCTS } from "../guard/support/constructs.ts";
import { decided, type Said } from "./support.ts";

const rule = { id: "x.rule", reason: "Because.", remedy: "Instead." };
const LINE = "alembic upgrade head";
const REFUSED: Said = { deny: [{ ...rule, command: "alembic upgrade" }] };
const ALLOWED: Said = { allow: [{ ...rule, command: "alembic upgrade head" }] };

describe("a line in every construct that executes it", () => {
  for (const { name, wrap } of CONSTRUCTS) {
    test(name, () => {
      const line = wrap(LINE);
      assert.notEqual(decided(line, { user: REFUSED }).verdict, "allow", "a refusal is never lifted");
      const worse = wrap("alembic upgrade head && rm -rf /etc");
      assert.notEqual(
        decided(worse, { user: ALLOWED }).verdict,
        "allow",
        "a permission covers nothing beside it",
      );
    });
  }

  test("is refused as such, not only asked about, where it can be seen", () => {
    const asked = CONSTRUCTS.filter(
      ({ wrap, opaque }) => !opaque && decided(wrap(LINE), { user: REFUSED }).verdict !== "deny",
    );
    assert.deepEqual(
      asked.map(({ name }) => name),
      [],
    );
  });
});
