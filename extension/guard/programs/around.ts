import { quoteAll } from "../../shell/quote.ts";
import type { Analyser, ProgramCall } from "../call.ts";
import { readOptions, type OptionSpec } from "../options.ts";

const OPTIONS: OptionSpec = {
  flags: "h",
  values: "fqeovpc",
  long: {
    file: "value",
    quote: "value",
    export: "value",
    env: "value",
    help: "flag",
    version: "flag",
    override: "flag",
    "no-override": "flag",
    expand: "flag",
  },
};

const WRITES = /^(set|unset)$/;
const SHOWS = /^(list|get)$/;

/** `dotenv` of Python and of Node: shows or changes a file of variables, or runs a program with them. */
export const dotenv: Analyser = (call) => {
  const helps = call.args.findIndex(({ text }) => text === "--help");
  if (helps >= 0 && !call.args.slice(0, helps).some(({ text }) => text === "run" || text === "--")) {
    call.add("read");
    return;
  }
  const at = firstOperand(call);
  const action = call.args[at];
  const { value } = readOptions(call.args.slice(0, at), OPTIONS);
  const file = value.get("-f") ?? value.get("--file") ?? value.get("-e") ?? DEFAULT;
  if (action === undefined) call.add("read");
  else if (SHOWS.test(action.text)) call.reads([file]);
  else if (WRITES.test(action.text)) call.writes(file, "append");
  else runs(call, at + (action.text === "run" || action.text === "--" ? 1 : 0));
};

const DEFAULT = { text: ".env", known: true, glob: false, start: 0, end: 0 };

/** Where the sub-command stands, or the program that is run. */
function firstOperand({ args }: ProgramCall): number {
  for (let at = 0; at < args.length; at++) {
    const { text, known } = args[at] ?? { text: "", known: false };
    if (!known || !text.startsWith("-") || text === "--") return at;
    if (/^(-[fqeovpc]|--(file|quote|export|env))$/.test(text)) at++;
  }
  return args.length;
}

/** A program behind it, and options of `run` before that. */
function runs(call: ProgramCall, from: number): void {
  const words = call.args.slice(from);
  const at = words.findIndex(({ text }) => !/^(--|--(no-)?override)$/.test(text));
  const program = at < 0 ? [] : words.slice(at);
  if (program.length === 0) call.add("read");
  else if (call.command.openEnded || program.some(({ known, glob }) => !known || glob))
    call.add("unclear.code");
  else call.effects.push(...call.nested(quoteAll(program.map(({ text }) => text)), call.command.folders));
}

/** `script -qec LINE FILE`: a line in a terminal of its own, and what it printed in a file. */
export const recorded: Analyser = (call) => {
  const { args } = call;
  const at = args.findIndex(({ text }) => /^(-[aefq]*c|--command)$/.test(text));
  const line = args[at + 1];
  const others = args.filter((_, index) => index !== at && index !== at + 1);
  const [file = TYPESCRIPT, ...more] = others.filter(
    ({ text }) => !/^-([aefq]+|-quiet|-return|-flush|-append)$/.test(text),
  );
  if (at < 0 || line?.known !== true || more.length > 0 || file.text.startsWith("-"))
    call.add("unclear.code");
  else {
    call.writes(file, "overwrite");
    call.effects.push(...call.nested(line.text, call.command.folders));
  }
};

const TYPESCRIPT = { text: "typescript", known: true, glob: false, start: 0, end: 0 };
