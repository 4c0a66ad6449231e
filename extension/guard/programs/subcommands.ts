import type { ShellWord } from "../../shell/command.ts";
import type { ProgramCall } from "../call.ts";

/** The words of a call that are no options and no values of such: its sub-commands, and what they act on. */
export function operandsBeside({ args }: ProgramCall, values: RegExp): readonly ShellWord[] {
  const operands: ShellWord[] = [];
  for (let index = 0; index < args.length; index++) {
    const word = args[index];
    if (word === undefined || word.text === "--") break;
    if (!word.text.startsWith("-")) operands.push(word);
    else if (values.test(word.text)) index++;
  }
  return operands;
}
