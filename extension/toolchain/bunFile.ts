import * as l10n from "@vscode/l10n";
import { bunProject } from "./bunProject.ts";
import { type Asked, isLiteral, type Row } from "./row.ts";

/** Flags of bun's that take no value and change nothing of where packages come from (`bun --help`). */
const PLAIN = new Set(
  "--watch --hot --smol --bun -b --silent --no-orphans --no-clear-screen --check".split(" "),
);
const FILE = /\.[cm]?[jt]sx?$/;

export const BUN_FILE_ROWS: readonly Row[] = [
  {
    id: "bun.file",
    kind: "same",
    language: "javascript",
    programs: ["bun"],
    build(asked) {
      const { installed } = asked.evidence.javascript;
      // Beside a node_modules bun installs nothing by itself.
      if (installed || bunProject(asked.evidence) === null || !runsFile(asked)) return null;
      const [bun, ...rest] = asked.command.words;
      return bun === undefined ? null : [bun, "--no-install", ...rest];
    },
    reason: () =>
      l10n.t(
        "Nothing is installed here: bun would fetch what the file imports, past the lock, without a word.",
      ),
  },
];

function runsFile({ args }: Asked): boolean {
  const at = args.findIndex((word) => !isLiteral(word) || !PLAIN.has(word.text));
  const word = args[at];
  const file = isLiteral(word) && word.text === "run" ? args.slice(at + 1).find(isNoPlainFlag) : word;
  return isLiteral(file) && FILE.test(file.text) && !file.text.startsWith("-");
}

function isNoPlainFlag({ text }: { readonly text: string }): boolean {
  return !PLAIN.has(text);
}
