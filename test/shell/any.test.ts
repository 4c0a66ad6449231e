import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import * as fc from "fast-check";
import { parseShell } from "../../extension/shell/parse.ts";
import { findProgram } from "../../scripts/lib/programs.ts";

const CONTEXT = { cwd: "/p", home: "/home/me" };

/** Pieces of which lines of bash are made, so that odd texts come near to real ones. */
const PIECES =
  'git rm -rf a b $X "$X" ${X:-a} $(ls) `ls` $((1+2)) \'q q\' "d d" \\ \\\n ; & && || | |& ( ) { } [[ ]] (( )) < > >> << <<< >& 2>&1 <( >( EOF if then else elif fi for in do done while until case esac ;; function f() = A=1 A=( * ? [a] {a,b} ~ ! # $\' $" \' " ` \n \t cd .. eval bash -c sudo xargs find -exec {} + time coproc select é 日本 \u0000 \u202E'
    .split(" ")
    .concat([" ", "  "]);

const lines = fc.oneof(
  fc.string({ unit: "binary", maxLength: 200 }),
  fc.array(fc.constantFrom(...PIECES), { maxLength: 40 }).map((pieces) => pieces.join(" ")),
  fc.array(fc.constantFrom(...PIECES), { maxLength: 40 }).map((pieces) => pieces.join("")),
);

test("no text makes the parser throw, or go on for long", () => {
  fc.assert(
    fc.property(lines, (line) => {
      const { commands, unclear } = parseShell(line, CONTEXT);
      assert.ok(commands.length <= 2_000);
      assert.ok(unclear.length <= line.length + 1, `${unclear.length} reasons`);
      for (const { span } of commands)
        if (span !== null) assert.ok(0 <= span.start && span.start <= span.end && span.end <= line.length);
    }),
    { numRuns: 5_000 },
  );
});

test("the same text means the same each time", () => {
  fc.assert(
    fc.property(lines, (line) => {
      assert.deepEqual(parseShell(line, CONTEXT), parseShell(line, CONTEXT));
    }),
    { numRuns: 500 },
  );
});

test("what bash can't read is unclear", (t) => {
  const bash = findProgram("bash");
  if (bash === undefined) {
    t.skip("bash was not found.");
    return;
  }
  const samples = fc
    .sample(
      fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }).map((pieces) => pieces.join(" ")),
      { numRuns: 600, seed: 7 },
    )
    // The parser reads past an open parenthesis behind a word, and an open quote in a heredoc's end: bash runs nothing of
    // such a line either.
    .filter((line) => !/\u0000|\(|<</.test(line));
  const clear = samples.filter((line) => parseShell(line, CONTEXT).unclear.length === 0);
  assert.ok(clear.length > 20, `${clear.length} lines are clear`);
  const refused = clear.filter(
    (line) => spawnSync(bash, ["-n", "-O", "extglob", "-c", "--", line]).status !== 0,
  );
  assert.deepEqual(refused, []);
});
