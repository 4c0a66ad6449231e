import type { ShellInput, ShellScript, ShellWord } from "./command.ts";
import { outputOf } from "./output.ts";
import { parseArgv } from "./parse.ts";
import { baseName } from "./path.ts";

/** One of the commands that a line runs, as it can be known again when it does. */
export interface ShellPart {
  /** The program's name and its arguments; null for a word that is decided only at run time. */
  readonly words: readonly (string | null)[];
  /** True where the words may become more at run time. */
  readonly open: boolean;
  /** Absolute folders that it can run in; null where that can't be told. */
  readonly folders: readonly string[] | null;
  /** Variables set for it alone, by name; null where the value is decided at run time. */
  readonly variables: ReadonlyMap<string, string | null>;
  readonly input: ShellInput;
}

/** A program as it is about to run. */
export interface RunningPart {
  readonly argv: readonly string[];
  readonly cwd: string;
  /** Variables that change what it does. */
  readonly variables: Readonly<Record<string, string>>;
}

/** The commands that a line runs, those of loops once for each round that is known. */
export function partsOf({ commands }: ShellScript): readonly ShellPart[] {
  return commands
    .filter(({ words }) => words.length > 0)
    .map(({ words, openEnded, folders, assignments, input }) => ({
      words: words.map((word, index) => (index === 0 ? baseName(literal(word) ?? "") : literal(word))),
      open: openEnded || words.some(({ glob, known }) => glob || !known),
      folders,
      variables: new Map(assignments.map(({ name, value }) => [name, literal(value)])),
      input,
    }));
}

/** Tells the parts that something running is, be it with a wrapper around it: `uv run pytest`. */
export function partsFor({ argv, cwd, variables }: RunningPart): (part: ShellPart) => boolean {
  let inner: readonly string[] | undefined;
  return (part) => {
    if (part.folders?.includes(cwd) !== true) return false;
    if (Object.entries(variables).some(([name, value]) => part.variables.get(name) !== value)) return false;
    return says(part, argv) || says(part, (inner ??= unwrapped(argv, cwd)));
  };
}

function says({ words, open }: ShellPart, argv: readonly string[]): boolean {
  const said = [baseName(argv[0] ?? ""), ...argv.slice(1)];
  // Words that come at run time can be any number: what stands before the first of them is known.
  const fixed = words.findIndex((word) => word === null);
  const known = fixed < 0 ? words : words.slice(0, fixed);
  return (open || said.length === words.length) && known.every((word, index) => word === said[index]);
}

/** The command in its wrappers; none where it has none, or is several. */
function unwrapped(argv: readonly string[], cwd: string): readonly string[] {
  const [only, ...more] = parseArgv(argv, { cwd }).commands;
  const isOne = only !== undefined && more.length === 0 && only.wrappers.length > 0;
  return isOne && only.words.every(({ known }) => known) ? only.words.map(({ text }) => text) : [];
}

/** The text that something running is given to read, where all the parts that it can be say the same one. */
export function textFor(parts: readonly ShellPart[], running: RunningPart): string | null {
  const [first = null, ...others] = parts.filter(partsFor(running)).map(textOf);
  return others.every((other) => other === first) ? first : null;
}

function textOf({ input }: ShellPart): string | null {
  if (input.from === "text") return input.text;
  return input.from === "pipe" && input.by !== undefined ? outputOf(input.by) : null;
}

function literal(word: ShellWord): string | null {
  return word.known && !word.glob ? word.text : null;
}
