import type { CommandWords } from "../guard/effect.ts";
import { wildcardSource } from "./globs.ts";

/** How sure it is that a rule applies. `maybe`: it hangs on what is known at run time only. */
export type Match = "no" | "maybe" | "yes";

const RANK: Readonly<Record<Match, number>> = { no: 0, maybe: 1, yes: 2 };

export function surer(a: Match, b: Match): Match {
  return RANK[a] >= RANK[b] ? a : b;
}

/** A rule applies as surely as the least sure of its conditions. */
export function leastSure(a: Match, b: Match): Match {
  return RANK[a] <= RANK[b] ? a : b;
}

type Part = typeof REST | ((word: string) => boolean);
/** `**`: any number of words. */
const REST = Symbol("**");

/**
 * A command by its words: `*` in a word stands for any characters, `**` for any number of words. What holds back
 * is read generously: more words may follow, and options may stand between. What lets through is read exactly.
 */
export interface CommandPattern {
  /** The program, where the pattern names one: most rules are found by it. */
  readonly program: string | null;
  readonly parts: readonly Part[];
}

export function commandPattern(text: string): CommandPattern | null {
  const words = text.split(/\s+/).filter((word) => word !== "");
  const [program] = words;
  if (program === undefined || program === "**") return null;
  return { program: program.includes("*") ? null : program, parts: words.map((word) => partOf(word)) };
}

function partOf(word: string): Part {
  if (word === "**") return REST;
  if (!word.includes("*")) return (other) => other === word;
  const expression = new RegExp(`^${wildcardSource(word, ".*")}$`, "s");
  return (other) => expression.test(other);
}

export function matchCommand({ parts }: CommandPattern, words: CommandWords, generous: boolean): Match {
  let after = words.map((): Match => (generous ? "yes" : "no"));
  after.push("yes");
  for (const part of parts.toReversed()) {
    const here: Match[] = [];
    here[words.length] = part === REST ? (after[words.length] ?? "no") : "no";
    for (let index = words.length - 1; index >= 0; index--)
      here[index] = matchAt(part, words, index, { generous, here, after });
    after = here;
  }
  return after[0] ?? "no";
}

interface Row {
  readonly generous: boolean;
  /** How this part and all behind it match from a word on. */
  readonly here: readonly Match[];
  /** The same for the parts behind this one alone. */
  readonly after: readonly Match[];
}

function matchAt(part: Part, words: CommandWords, index: number, { generous, here, after }: Row): Match {
  const word = words[index] ?? null;
  const later = here[index + 1] ?? "no";
  if (part === REST) {
    // What is put in at run time can be an option as well.
    return surer(after[index] ?? "no", word === null && !generous ? "no" : later);
  }
  if (word === null) return generous ? "maybe" : "no";
  if (part(word)) return after[index + 1] ?? "no";
  return generous && index > 0 && word.startsWith("-") ? later : "no";
}
