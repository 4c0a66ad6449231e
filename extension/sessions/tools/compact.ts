import { stripVTControlCharacters } from "node:util";
import type { Ran } from "../../doorways/mcp/tool.ts";

/** Lines of an output that an agent reads where it asks for no other number, and at most. */
export const LINES = 60;
export const MAX_LINES = 2_000;
/** Characters of them, whatever their number: a line of minified code is a line. */
const CHARACTERS = 64 * 1024;

/** What an agent reads of a command: what ran in place of what was asked, and then the lines that are not empty. */
export function answerText({ notice }: Ran, ...lines: readonly (string | null)[]): string {
  return [notice.trimEnd(), ...lines].filter((each) => each !== null && each !== "").join("\n");
}

/** How a command went, in one line. */
export function howItWent({ exit, signal, ms, timedOut, stopped }: Ran): string {
  const end = timedOut
    ? "ended, it took too long"
    : stopped
      ? "stopped by the person"
      : (signal ?? `exit ${exit}`);
  return `${end} · ${(ms / 1000).toFixed(1)} s`;
}

/** The last lines of an output, and how many were left out before them. */
export function lastLines(
  { output, truncated }: Pick<Ran, "output" | "truncated">,
  count: number,
): { readonly text: string; readonly left: number; readonly atLeast: boolean } {
  const plain = stripVTControlCharacters(output).replace(/\r\n/g, "\n").trimEnd();
  const all = plain === "" ? [] : plain.split("\n");
  const kept: string[] = [];
  let characters = 0;
  for (const line of all.toReversed()) {
    characters += line.length + 1;
    if (kept.length >= count || characters > CHARACTERS) break;
    kept.unshift(line);
  }
  const [only = ""] = all.slice(-1);
  if (kept.length === 0 && only !== "") kept.push(only.slice(-CHARACTERS));
  return { text: kept.join("\n"), left: all.length - kept.length, atLeast: truncated };
}

/** The fields that every answer about a command has. */
export function dataOf({ exit, signal, ms, instead, timedOut, stopped }: Ran): Record<string, unknown> {
  return {
    exit,
    ms,
    ...(signal === null ? {} : { signal }),
    ...(instead === null ? {} : { ran: instead }),
    ...(timedOut ? { timedOut } : {}),
    ...(stopped ? { stopped } : {}),
  };
}
