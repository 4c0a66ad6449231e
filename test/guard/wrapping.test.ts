import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as fc from "fast-check";
import { isStricter } from "../../extension/policy/verdict.ts";
import { parseShell } from "../../extension/shell/parse.ts";
import { CONSTRUCTS, type Construct } from "./support/constructs.ts";
import { CWD, judged } from "./support/judged.ts";
import code from "./verdicts/code.json" with { type: "json" };
import files from "./verdicts/files.json" with { type: "json" };
import git from "./verdicts/git.json" with { type: "json" };
import later from "./verdicts/later.json" with { type: "json" };
import programs from "./verdicts/programs.json" with { type: "json" };

/** Every line of the tables that is held back. */
const HELD = [git, files, programs, later, code].flatMap((table) =>
  Object.entries(table).flatMap(([expected, lines]) => (expected === "allow" ? [] : lines)),
);

/** One program with its arguments, and nothing else on the line: what a wrapper can stand in front of. */
function isSimple(line: string): boolean {
  const { commands, unclear } = parseShell(line, { cwd: CWD });
  const [command, ...others] = commands;
  if (command === undefined || others.length > 0 || unclear.length > 0) return false;
  const whole = command.span?.start === 0 && command.span.end === line.length;
  // Builtins and functions are no programs: a wrapper would look for one on PATH.
  return (
    whole &&
    command.wrappers.length === 0 &&
    !/^(export|alias|declare|set|enable|trap|source|\.|\[)\b/.test(line)
  );
}

const SIMPLE = HELD.filter((line) => isSimple(line));

function weakened(line: string, wrapped: string, opaque = false): string | null {
  const plain = judged(line).verdict;
  const { verdict } = judged(wrapped);
  return isStricter(opaque ? "ask" : plain, verdict) ? `${wrapped} → ${verdict}, and alone ${plain}` : null;
}

describe("a construct that executes a command never weakens its verdict", () => {
  for (const { name, simple, opaque, wrap } of CONSTRUCTS) {
    test(name, () => {
      const lines = simple ? SIMPLE : HELD;
      assert.deepEqual(
        lines.flatMap((line) => weakened(line, wrap(line), opaque) ?? []),
        [],
      );
    });
  }
});

test("constructs inside each other never weaken a verdict either", () => {
  const any = CONSTRUCTS.filter(({ simple }) => !simple);
  // An open quote swallows what is put around it, and the whole means something else.
  const closed = HELD.filter((line) => judged(line).rule !== "unclear.syntax");
  const nest = (line: string, constructs: readonly Construct[]): string =>
    constructs.reduce((inner, { wrap }) => wrap(inner), line);
  fc.assert(
    fc.property(
      fc.constantFrom(...closed),
      fc.array(fc.constantFrom(...any), { minLength: 2, maxLength: 4 }),
      (line, constructs) => {
        const opaque = constructs.some(({ name, opaque }) => opaque || name === "echo to a shell");
        assert.equal(weakened(line, nest(line, constructs), opaque), null);
      },
    ),
    { numRuns: 2_000 },
  );
});

test("there are enough lines to say so", () => {
  assert.ok(HELD.length > 500, `${HELD.length} lines`);
  assert.ok(SIMPLE.length > 400, `${SIMPLE.length} simple lines`);
});
