import { maybe, number, text } from "../../doorways/mcp/fields.ts";
import { tool } from "../../doorways/mcp/tool.ts";
import { answerText, dataOf, howItWent, lastLines, LINES, MAX_LINES } from "./compact.ts";
import { folder, type ToolParts } from "./parts.ts";

const DAY_SECONDS = 24 * 60 * 60;

export const runTool = ({ place }: ToolParts) =>
  tool({
    name: "run",
    description:
      "Runs a shell command in the project through its own toolchain. What could lose work waits for the person's answer. What the command leaves in the background ends with it.",
    readOnly: false,
    runs: true,
    input: {
      command: text("A line of shell."),
      cwd: maybe(text("Folder to run in; the session's own if left out.")),
      lines: maybe(number(1, MAX_LINES, `Last lines of the output to return; ${LINES} if left out.`)),
      timeout_seconds: maybe(number(1, DAY_SECONDS, "Ends it after so long; no limit if left out.")),
    },
    async call({ command, cwd, lines = LINES, timeout_seconds: seconds }, use) {
      const ran = await use.run(
        { command, cwd: folder(place, cwd) },
        seconds === undefined ? {} : { timeoutMs: seconds * 1000 },
      );
      const { text: output, left, atLeast } = lastLines(ran, lines);
      const more =
        left > 0
          ? `… ${atLeast ? "at least " : ""}${left} lines before; for more: "lines": ${MAX_LINES}`
          : null;
      return {
        text: answerText(ran, howItWent(ran), more, output),
        data: { ...dataOf(ran), output, leftOut: left },
        failed: ran.exit === null,
      };
    },
  });
