import { stripVTControlCharacters } from "node:util";
import { list, maybe, number, text } from "../../doorways/mcp/fields.ts";
import { tool, type ToolAnswer } from "../../doorways/mcp/tool.ts";
import type { Ran } from "../../doorways/mcp/tool.ts";
import { InterlockError } from "../../errors.ts";
import { type TestCommand, testCommands } from "../../gates/testRuns.ts";
import { readSummary } from "../../gates/testSummary.ts";
import { quoteAll } from "../../shell/quote.ts";
import { answerText, dataOf, howItWent, lastLines } from "./compact.ts";
import { ownFolder, type ToolParts } from "./parts.ts";

/** Lines that runners write about a test that failed; from real runs of pytest, bun, vitest, jest, node and cargo. */
const FAILURE =
  /^\s*(?:(?:FAILED|ERROR) \S|\(fail\) |✗ |✖ (?!failing)|× |● .* › |not ok \d|FAIL {1,2}\S|test .* \.\.\. FAILED)/;
const MAX_ARGUMENTS = 200;
const DAY_SECONDS = 24 * 60 * 60;
const MAX_FAILURES = 20;
const LINE_CHARACTERS = 240;
/** Lines of an output whose failures aren't told one by one. */
const OUTPUT_LINES = 40;
/** A suite's summary and its failures stand at the end, and some are long. */
const OUTPUT_BYTES = 1024 * 1024;

export const testTool = ({ toolchain, ...where }: ToolParts) =>
  tool({
    name: "test",
    description:
      "Runs the project's own tests (pytest, or the test script of package.json): counts, and each failure in one line.",
    readOnly: false,
    runs: true,
    input: {
      args: maybe(list(text("Arguments of the test runner, such as a file or -k NAME."), MAX_ARGUMENTS)),
      cwd: maybe(text("The part of the project to test; all of it if left out.")),
      timeout_seconds: maybe(number(1, DAY_SECONDS, "Ends it after so long; no limit if left out.")),
    },
    async call({ args = [], cwd, timeout_seconds: seconds }, use) {
      const at = ownFolder(where, cwd);
      const commands = await testCommands(at, (each) => toolchain.evidence(each));
      if (commands.length === 0) throw noTests(at);
      if (args.length > 0 && commands.length > 1) throw whichPart(commands);
      const answers: ToolAnswer[] = [];
      for (const command of commands) {
        const [program = "", ...words] = withArguments(command, args);
        const ran = await use.run(
          { command: program, args: words, cwd: command.cwd },
          { limit: OUTPUT_BYTES, ...(seconds === undefined ? {} : { timeoutMs: seconds * 1000 }) },
        );
        answers.push(answer(quoteAll([program, ...words]), ran));
      }
      return {
        text: answers.map(({ text }) => text).join("\n\n"),
        data: { runs: answers.map(({ data }) => data) },
        failed: answers.some(({ failed }) => failed === true),
      };
    },
  });

/** npm takes what follows for its own, unless it stands behind `--`. */
function withArguments({ argv }: TestCommand, args: readonly string[]): readonly string[] {
  return args.length > 0 && argv[0] === "npm" ? [...argv, "--", ...args] : [...argv, ...args];
}

function answer(line: string, ran: Ran): ToolAnswer {
  const summary = readSummary(ran.output);
  const plain = stripVTControlCharacters(ran.output).split(/\r?\n/);
  const failures = [...new Set(plain.filter((each) => FAILURE.test(each)).map((each) => each.trim()))];
  const shown = failures.slice(0, MAX_FAILURES).map((each) => each.slice(0, LINE_CHARACTERS));
  const counts = summary === null ? [] : [`${summary.passed} passed, ${summary.failed} failed`];
  // A run that says nothing of its failures is shown as it ended.
  const tells = ran.exit === 0 || shown.length > 0;
  const { text: output } = lastLines(ran, OUTPUT_LINES);
  const left = failures.length - shown.length;
  return {
    text: answerText(
      ran,
      [line, ...counts, howItWent(ran)].join(" · "),
      ...shown,
      left > 0 ? `… ${left} more` : null,
      tells ? null : output,
      ran.exit === 0 ? null : `All of it: run ${line}`,
    ),
    data: {
      command: line,
      ...dataOf(ran),
      ...(summary === null ? {} : { passed: summary.passed, failed: summary.failed }),
      failures: shown,
      ...(tells ? {} : { output }),
    },
    failed: ran.exit === null,
  };
}

function noTests(at: string): InterlockError {
  return new InterlockError({
    code: "mcp.no-tests",
    message: `No tests are set up in ${at}: neither pytest nor a test script in package.json.`,
    next: "Name another folder by “cwd”, or run them with `run`.",
  });
}

function whichPart(commands: readonly TestCommand[]): InterlockError {
  return new InterlockError({
    code: "mcp.part",
    message: `Several parts have tests of their own: ${commands.map(({ cwd }) => cwd).join(", ")}.`,
    next: "Say which by “cwd” when you give arguments.",
  });
}
