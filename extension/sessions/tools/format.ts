import { extname, resolve } from "node:path";
import { list, maybe, text, yes } from "../../doorways/mcp/fields.ts";
import { tool, type ToolAnswer } from "../../doorways/mcp/tool.ts";
import { InterlockError } from "../../errors.ts";
import { type Formatter, formattersOf } from "../../toolchain/manage.ts";
import { answerText, dataOf, howItWent, lastLines } from "./compact.ts";
import { ownFolder, ownPaths, type ToolParts } from "./parts.ts";

const MAX_PATHS = 200;
/** Formatters name the files that they changed, one a line. */
const OUTPUT_LINES = 30;
const PYTHON = new Set([".py", ".pyi", ".ipynb"]);

export const formatTool = ({ toolchain, ...where }: ToolParts) =>
  tool({
    name: "format",
    description:
      "Formats with the project's own formatter (ruff, black, biome, prettier, oxfmt); with “check” it only says what it would change.",
    readOnly: false,
    runs: true,
    input: {
      paths: maybe(list(text("Files or folders; the whole folder if left out."), MAX_PATHS)),
      check: maybe(yes("Only say what would change.")),
      cwd: maybe(text("Folder that the paths are relative to.")),
    },
    async call({ paths, check = false, cwd }, use) {
      const at = ownFolder(where, cwd);
      const { tools } = toolchain;
      const formatters = formattersOf(toolchain.evidence(at), (name) => tools.find(name, at) !== null);
      const named = paths === undefined ? ["."] : ownPaths(where, at, paths);
      const answers: ToolAnswer[] = [];
      for (const formatter of formatters) {
        const files = named.filter((path) => takes(formatter, path));
        if (files.length === 0) continue;
        const command = tools.find(formatter.tool, at)?.path ?? formatter.tool;
        const args = [...(check ? formatter.check : formatter.write), "--", ...files];
        const ran = await use.run({ command, args, cwd: at }, { asAsked: true });
        const { text: output } = lastLines(ran, OUTPUT_LINES);
        answers.push({
          text: answerText(ran, `${formatter.tool}: ${howItWent(ran)}`, output),
          data: { tool: formatter.tool, ...dataOf(ran), output },
          failed: ran.exit === null || (ran.exit !== 0 && !check),
        });
      }
      if (answers.length === 0) throw noFormatter(at);
      return {
        text: answers.map(({ text }) => text).join("\n\n"),
        data: { runs: answers.map(({ data }) => data) },
        failed: answers.some(({ failed }) => failed === true),
      };
    },
  });

/** A folder is for every language; a file for its own. */
function takes({ language }: Formatter, path: string): boolean {
  const ending = extname(resolve(path));
  return ending === "" || PYTHON.has(ending) === (language === "python");
}

function noFormatter(at: string): InterlockError {
  return new InterlockError({
    code: "mcp.no-formatter",
    message: `No formatter was found for this in ${at}.`,
    next: "Add one to the project's development dependencies (ruff, prettier, biome), or run it with `run`.",
  });
}
