import type { ProgramCall } from "../call.ts";

/** What a command line must look like for its `--dry-run` to count. */
export interface DryRun {
  /** The sub-commands that know it. */
  readonly verbs: RegExp;
  /** The option as it has to be said. */
  readonly option: RegExp;
  /** Options that take the next word, and might take this one. */
  readonly values: RegExp;
  /** Options that take none. */
  readonly flags: RegExp;
  /** Options that run something all the same. */
  readonly never?: RegExp;
}

/**
 * True where a call only tries what it would change. Behind `--` the words are another program's, and behind an option
 * that isn't known nobody can say whose the next one is.
 */
export function isDryRun({ args }: ProgramCall, { verbs, option, values, flags, never }: DryRun): boolean {
  if (args.some(({ known }) => !known)) return false;
  const said: string[] = [];
  let verb: string | undefined;
  for (let index = 0; index < args.length; index++) {
    const text = args[index]?.text ?? "";
    if (text === "--") break;
    if (never?.test(text) === true) return false;
    if (!text.startsWith("-") || text === "-") verb ??= text;
    else if (text.startsWith("--dry-run")) said.push(text);
    else if (values.test(text)) index++;
    else if (!flags.test(text) && !/^--[\w-]+=/.test(text)) return false;
  }
  // Said twice, the last of them counts.
  return said.length === 1 && option.test(said[0] ?? "") && verbs.test(verb ?? "");
}
