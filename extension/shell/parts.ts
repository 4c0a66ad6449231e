import type { ShellScript, ShellWord } from "./command.ts";
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
    .map(({ words, openEnded, folders, assignments }) => ({
      words: words.map((word, index) => (index === 0 ? baseName(literal(word) ?? "") : literal(word))),
      open: openEnded || words.some(({ glob, known }) => glob || !known),
      folders,
      variables: new Map(assignments.map(({ name, value }) => [name, literal(value)])),
    }));
}

/** True where this running is what the part stands for. */
export function isPart({ words, open, folders, variables }: ShellPart, running: RunningPart): boolean {
  const { argv, cwd } = running;
  if (folders === null || !folders.includes(cwd)) return false;
  if (Object.entries(running.variables).some(([name, value]) => variables.get(name) !== value)) return false;
  const said = [baseName(argv[0] ?? ""), ...argv.slice(1)];
  // Words that come at run time can be any number: what stands before the first of them is known.
  const fixed = words.findIndex((word) => word === null);
  const known = fixed < 0 ? words : words.slice(0, fixed);
  return (open || said.length === words.length) && known.every((word, index) => word === said[index]);
}

function literal(word: ShellWord): string | null {
  return word.known && !word.glob ? word.text : null;
}
