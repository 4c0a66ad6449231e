import type { ShellWord } from "../shell/command.ts";

/** Which options a program knows. Anything else is `unknown`, and what is unknown is asked about. */
export interface OptionSpec {
  /** Short options without a value, as letters. */
  readonly flags?: string;
  /** Short options with a value: the rest of the word, or the next word. */
  readonly values?: string;
  /** Short options whose value may only stand in the same word, such as `-n3` of `git log`. */
  readonly attached?: string;
  /** Long options: `flag`, `value` (with `=` or the next word), or `attached` (only with `=`). */
  readonly long?: Readonly<Record<string, "flag" | "value" | "attached">>;
  /** Long options may be cut short while they stay unique, as GNU getopt and git allow. Default true. */
  readonly abbreviates?: boolean;
  /** `-5` is an option of its own, a count. */
  readonly digits?: boolean;
}

export interface Options {
  /** Options present, as `-f` and `--force`; long ones in full. */
  readonly has: ReadonlySet<string>;
  /** Values by option name, the last one of each. */
  readonly value: ReadonlyMap<string, ShellWord>;
  readonly operands: readonly ShellWord[];
  /** Index in `operands` of the first one behind `--`; -1 without `--`. */
  readonly afterDashes: number;
  /** Options that the specification doesn't name, and words that can't be told from an option. */
  readonly unknown: readonly string[];
}

/** Reads arguments by a specification, as getopt would. Words known only at run time count as unknown. */
export function readOptions(args: readonly ShellWord[], spec: OptionSpec): Options {
  const has = new Set<string>();
  const value = new Map<string, ShellWord>();
  const operands: ShellWord[] = [];
  const unknown: string[] = [];
  let afterDashes = -1;
  for (let index = 0; index < args.length; index++) {
    const word = args[index];
    if (word === undefined) break;
    const { text } = word;
    if (afterDashes >= 0) {
      operands.push(word);
    } else if (!word.known && !isSurelyOperand(word)) {
      unknown.push(text === "" ? "…" : text);
      operands.push(word);
    } else if (text === "--") {
      afterDashes = operands.length;
    } else if (text.startsWith("--")) {
      index += readLong(text, args[index + 1], spec, has, value, unknown);
    } else if (text.startsWith("-") && text !== "-") {
      index += readShort(word, args[index + 1], spec, has, value, unknown);
    } else {
      operands.push(word);
    }
  }
  return { has, value, operands, afterDashes, unknown };
}

/** A word of which at least the beginning is certain, and no option begins so. */
function isSurelyOperand(word: ShellWord): boolean {
  return word.prefix !== undefined && word.prefix !== "" && !word.prefix.startsWith("-");
}

function readLong(
  text: string,
  next: ShellWord | undefined,
  spec: OptionSpec,
  has: Set<string>,
  value: Map<string, ShellWord>,
  unknown: string[],
): number {
  const [name = "", ...rest] = text.slice(2).split("=");
  const inline = text.includes("=") ? rest.join("=") : undefined;
  const full = completeName(name, spec);
  const kind = full === undefined ? undefined : spec.long?.[full];
  if (full === undefined || kind === undefined || (kind === "flag" && inline !== undefined)) {
    unknown.push(text);
    return 0;
  }
  const option = `--${full}`;
  has.add(option);
  if (inline !== undefined) value.set(option, plainWord(inline));
  else if (kind === "value" && next !== undefined) {
    value.set(option, next);
    return 1;
  }
  return 0;
}

/** `--har` → `hard`: the one known option that begins so. An exact name wins over longer ones. */
function completeName(name: string, spec: OptionSpec): string | undefined {
  const long = spec.long ?? {};
  if (Object.hasOwn(long, name)) return name;
  if (spec.abbreviates === false || name === "") return undefined;
  const matches = Object.keys(long).filter((each) => each.startsWith(name));
  return matches.length === 1 ? matches[0] : undefined;
}

function readShort(
  word: ShellWord,
  next: ShellWord | undefined,
  spec: OptionSpec,
  has: Set<string>,
  value: Map<string, ShellWord>,
  unknown: string[],
): number {
  const letters = word.text.slice(1);
  if (spec.digits && /^\d+$/.test(letters)) return 0;
  for (let index = 0; index < letters.length; index++) {
    const letter = letters[index] ?? "";
    const option = `-${letter}`;
    const rest = letters.slice(index + 1);
    if (spec.attached?.includes(letter)) {
      has.add(option);
      value.set(option, plainWord(rest));
      return 0;
    }
    if (spec.values?.includes(letter)) {
      has.add(option);
      const own = rest === "" ? next : plainWord(rest);
      if (own !== undefined) value.set(option, own);
      return rest === "" && next !== undefined ? 1 : 0;
    }
    if (!spec.flags?.includes(letter)) {
      unknown.push(word.text);
      return 0;
    }
    has.add(option);
  }
  return 0;
}

function plainWord(text: string): ShellWord {
  return { text, known: true, glob: false, start: 0, end: 0 };
}
