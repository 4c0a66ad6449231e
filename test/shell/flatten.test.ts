import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseArgv, parseShell } from "../../extension/shell/parse.ts";
import flattened from "./flattened.json" with { type: "json" };
import { show } from "./show.ts";

const CONTEXT = { cwd: "/p", home: "/home/me" };

for (const [title, rows] of Object.entries(flattened)) {
  describe(title, () => {
    for (const [line, expected] of Object.entries(rows as Readonly<Record<string, readonly string[]>>)) {
      test(JSON.stringify(line), () => {
        assert.deepEqual(show(parseShell(line, CONTEXT), CONTEXT.cwd), expected);
      });
    }
  });
}

describe("where a command stands in its line", () => {
  const spans = (line: string): readonly (string | null)[] =>
    parseShell(line, CONTEXT).commands.map(({ span }) => span && line.slice(span.start, span.end));

  test("wrappers, variables and redirections are left out", () => {
    assert.deepEqual(spans("A=1 sudo -E rm a b > c && ls"), ["rm a b", "ls"]);
  });
  test("what a loop or a function runs several times has the same place each time", () => {
    assert.deepEqual(spans("for f in a b; do rm $f; done"), ["rm $f", "rm $f"]);
  });
  test("code in an argument has none", () => {
    assert.deepEqual(spans("bash -c 'rm a'; ls"), [null, "ls"]);
  });
});

describe("a program with its arguments, without a shell", () => {
  test("is one command, whatever its words hold", () => {
    const script = parseArgv(["rm", "-f", "a; rm b", "$X", "*.txt"], CONTEXT);
    assert.deepEqual(show(script, CONTEXT.cwd), ["rm -f ‹a; rm b› $X *.txt"]);
  });
  test("its wrappers and the code in its arguments are followed as in a line", () => {
    const script = parseArgv(["env", "A=1", "bash", "-c", "rm a; ls"], CONTEXT);
    assert.deepEqual(show(script, CONTEXT.cwd), ["rm a", "ls", "A=1"]);
  });
  test("its text is a line that means the same", () => {
    const argv = ["echo", "it's", "a b", "", "$X"];
    const again = parseShell(parseArgv(argv, CONTEXT).text, CONTEXT);
    assert.deepEqual(
      again.commands.map(({ words }) => words.map(({ text }) => text)),
      [argv],
    );
  });
});

describe("what is too much is unclear, and bounded", () => {
  const reasons = (line: string): readonly string[] =>
    parseShell(line, CONTEXT).unclear.map(({ why }) => why);

  test("text over the cap", () => {
    assert.deepEqual(reasons(`echo ${"a".repeat(40_000)}`), ["too-long"]);
    assert.deepEqual(reasons(`bash -c '${"a ".repeat(17_000)}'`), ["too-long"]);
  });
  test("functions that call themselves", () => {
    assert.deepEqual([...new Set(reasons("f() { f | f; }; f"))], ["too-deep"]);
  });
  test("loops in loops", () => {
    const depth = 12;
    const line = `${"for i in 1 2 3 4 5 6 7 8; do ".repeat(depth)} ls $i; ${"done; ".repeat(depth)}`;
    const script = parseShell(line, CONTEXT);
    assert.deepEqual([...new Set(script.unclear.map(({ why }) => why))], ["too-deep"]);
    assert.ok(script.commands.length <= 2_000);
  });
  test("shells in shells", () => {
    let line = "ls";
    for (let depth = 0; depth < 8; depth++) line = `eval ${JSON.stringify(line)}`;
    assert.equal(parseShell(line, CONTEXT).commands.length > 0 || reasons(line).length > 0, true);
  });
});
