import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import * as fc from "fast-check";
import type { ShellUnclear } from "../../extension/shell/command.ts";
import { MAX_COMMANDS, MAX_UNCLEAR } from "../../extension/shell/limits.ts";
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

test("no text makes the parser throw, or tell more than is bounded", () => {
  fc.assert(
    fc.property(lines, (line) => {
      const { commands, unclear } = parseShell(line, CONTEXT);
      assert.ok(commands.length <= MAX_COMMANDS);
      assertBounded(unclear);
      for (const { span } of commands)
        if (span !== null) assert.ok(0 <= span.start && span.start <= span.end && span.end <= line.length);
    }),
    { numRuns: 5_000 },
  );
});

test("what is unclear again and again is told once, and each reason is told however often others are", () => {
  assertBounded(parseShell("`(", CONTEXT).unclear);
  const evals = Array.from({ length: 100 }, (_, at) => `eval "${at} $X"`);
  const { unclear } = parseShell([...evals, ...evals, '"$Y" a', "(("].join("\n"), CONTEXT);
  assertBounded(unclear);
  const reasons = [...new Set(unclear.map(({ why }) => why))].toSorted();
  assert.deepEqual(reasons, ["syntax", "unknown-code", "unknown-program"]);
  assert.ok(unclear.length > MAX_UNCLEAR);
});

/** Nothing twice, and of one reason no more than is told. */
function assertBounded(unclear: readonly ShellUnclear[]): void {
  for (const reason of new Set(unclear.map(({ why }) => why))) {
    const texts = unclear.flatMap(({ why, text }) => (why === reason ? [text] : []));
    assert.ok(texts.length <= MAX_UNCLEAR, `${texts.length} times ${reason}`);
    assert.equal(new Set(texts).size, texts.length, reason);
  }
}

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
