import type { ShellWord } from "../../shell/command.ts";
import type { ProgramCall } from "../call.ts";

/** Which options take the next word, and which take none. */
export interface OptionNames {
  readonly values: RegExp;
  readonly flags: RegExp;
}

/** With more options of which nobody can say whose the next word is, a call has too many readings. */
const MAX_UNKNOWN = 4;

/**
 * The words of a call that are no options and no values of such: its sub-commands, and what they act on. Behind an option
 * that isn't known the next word may be either, so there is a list for each way of reading them; none where those are too many.
 */
export function operandReadings(
  { args }: ProgramCall,
  names: OptionNames,
): readonly (readonly ShellWord[])[] {
  const end = args.findIndex(({ text }) => text === "--");
  const words = end === -1 ? args : args.slice(0, end);
  const unknown = words.filter((word, index) => isUnknown(word.text, words[index + 1]?.text, names));
  return unknown.length > MAX_UNKNOWN ? [] : readings(words, names);
}

function readings(
  [word, ...rest]: readonly ShellWord[],
  names: OptionNames,
): readonly (readonly ShellWord[])[] {
  if (word === undefined) return [[]];
  if (!isOption(word.text)) return readings(rest, names).map((more) => [word].concat(more));
  if (names.values.test(word.text)) return readings(rest.slice(1), names);
  const asFlag = readings(rest, names);
  return isUnknown(word.text, rest[0]?.text, names) ? [...asFlag, ...readings(rest.slice(1), names)] : asFlag;
}

/**
 * The word by which a call says what it does. `unclear`: an option in front of it, which isn't known, may take that word, and then
 * it is another one.
 */
export function actionOf(
  args: readonly ShellWord[],
  names: OptionNames,
): { readonly at: number; readonly unclear: boolean } {
  let at = 0;
  let unclear = false;
  for (; at < args.length && isOption(args[at]?.text ?? ""); at++) {
    const [text = "", next, ...behind] = args.slice(at).map((word) => word.text);
    if (names.values.test(text)) at++;
    else if (isUnknown(text, next, names) && !behind.every(isOption)) unclear = true;
  }
  return { at: at < args.length ? at : -1, unclear };
}

function isUnknown(text: string, next: string | undefined, { values, flags }: OptionNames): boolean {
  if (!isOption(text) || next === undefined || isOption(next) || text.includes("=")) return false;
  const isWithValue = /^-[a-zA-Z]./.test(text) && values.test(text.slice(0, 2));
  return !isWithValue && !values.test(text) && !flags.test(text);
}

function isOption(text: string): boolean {
  return text.startsWith("-");
}
