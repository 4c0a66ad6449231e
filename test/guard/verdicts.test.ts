import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { judged } from "./support/judged.ts";
import code from "./verdicts/code.json" with { type: "json" };
import files from "./verdicts/files.json" with { type: "json" };
import git from "./verdicts/git.json" with { type: "json" };
import later from "./verdicts/later.json" with { type: "json" };
import programs from "./verdicts/programs.json" with { type: "json" };

/** Lines by what becomes of them while nothing is known of the disk: `VERDICT`, or `VERDICT RULE`. */
type Table = Readonly<Record<string, readonly string[]>>;

function check(title: string, table: Table): void {
  describe(title, () => {
    for (const [expected, lines] of Object.entries(table)) {
      test(`${expected}: ${lines.length} lines`, () => {
        const others = lines.flatMap((line) => {
          const { verdict, rule } = judged(line);
          const same = expected === (expected.includes(" ") ? `${verdict} ${rule}` : verdict);
          return same ? [] : [`${line} → ${verdict} ${rule}`];
        });
        assert.deepEqual(others, []);
      });
    }
  });
}

check("git", git);
check("files, places and secrets", files);
check("other programs, environments and what is unclear", programs);
check("ways that were once open, and questions that were once asked for nothing", later);

check("programs in a line, scripts that the line writes, and other shells", code);

test("no line stands in the tables twice", () => {
  const lines = [git, files, programs, later, code].flatMap((table: Table) => Object.values(table).flat());
  assert.deepEqual(
    lines.filter((line, index) => lines.indexOf(line) !== index),
    [],
  );
});
