import * as l10n from "@vscode/l10n";
import { fail, ok, type Result } from "../errors.ts";

/** A command for an agent, as a person types it. */
interface OwnCommand {
  readonly command: string;
  readonly args: readonly string[];
}

/** What only a shell would understand: an agent is started without one. */
const SHELL_ONLY = new Set("|&;<>`$()*?{}\n");

/** Splits what a person typed into a program and its arguments, or says what is wrong. Quotes hold words together, as in a shell. */
export function readOwnCommand(
  line: string,
  platform: NodeJS.Platform = process.platform,
): Result<OwnCommand, string> {
  // A path of Windows has backslashes of its own.
  const escape = platform === "win32" ? null : "\\";
  const words: string[] = [];
  let word: string | null = null;
  let quote: string | null = null;
  for (let at = 0; at < line.length; at += 1) {
    const sign = line.charAt(at);
    if (sign === quote) quote = null;
    else if (quote !== null) word += sign;
    else if (sign === "'" || sign === '"') {
      quote = sign;
      word ??= "";
    } else if (sign === escape) {
      at += 1;
      word = (word ?? "") + line.charAt(at);
    } else if (/\s/.test(sign)) {
      if (word !== null) words.push(word);
      word = null;
    } else if (SHELL_ONLY.has(sign)) {
      return fail(
        l10n.t(
          "No shell reads this: write a program and its arguments, without pipes, patterns and variables.",
        ),
      );
    } else word = (word ?? "") + sign;
  }
  if (quote !== null) return fail(l10n.t("A quote is not closed."));
  if (word !== null) words.push(word);
  const [command = "", ...args] = words;
  return command === ""
    ? fail(l10n.t("Write the program that speaks ACP, and its arguments."))
    : ok({ command, args });
}
