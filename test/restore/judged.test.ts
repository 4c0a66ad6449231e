import assert from "node:assert/strict";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { considerIn } from "./support/consider.ts";
import { FALSE_ALARMS_PERCENT } from "./support/corpora.ts";
import { JUDGED } from "./support/judged.ts";
import { pristine } from "./support/sandbox.ts";

const said: string[] = [];
after(() => console.log(said.join("\n")));

/** The lines of which the verdict is none of these. */
async function unless(lines: readonly string[], verdicts: readonly string[]): Promise<readonly string[]> {
  const { sandbox, state } = pristine("project");
  const problems: string[] = [];
  for (const line of lines) {
    const { verdict, rule } = await considerIn(sandbox, join(sandbox, state.cwd), line);
    if (!verdicts.includes(verdict)) problems.push(`${line} (${verdict} ${rule})`);
  }
  return problems;
}

describe("lines that can't be tried, as a careful person would judge them", () => {
  for (const { name, ask, deny, allow } of JUDGED) {
    test(`none that needs a person passes: ${name}`, async () => {
      const passed = await unless([...ask, ...deny], ["ask", "deny"]);
      said.push(`${name}, needs a person, not allowed: ${ask.length + deny.length - passed.length}`);
      assert.deepEqual(passed, []);
    });

    test(`what changes the policy or the record is refused: ${name}`, async () => {
      assert.deepEqual(await unless(deny, ["deny"]), []);
    });

    test(`an ordinary hour's lines pass: ${name}`, async () => {
      const asked = await unless(allow, ["allow"]);
      said.push(`${name}, harmless, asked: ${asked.length} of ${allow.length}`);
      if (asked.length * 100 > allow.length * FALSE_ALARMS_PERCENT) assert.deepEqual(asked, []);
    });
  }
});
