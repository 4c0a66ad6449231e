import type { Beforehand } from "../../door/beforehand.ts";
import { CANDIDATES, type Candidates, type Like } from "./harmless.ts";

/** What a shim lets through without asking. */
export interface Table {
  /** Arguments, word for word, with a space between them. */
  readonly lines: readonly string[];
  readonly like: Like | null;
}

/**
 * Characters of words that are no more than words to the guard: what holds another one is asked about. None of them is an end of a
 * line, a quote, or a control character, so that they are also safe to hand on.
 */
export const PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 _./~^@:=,+%{}#*?-";

/** A word that stands for any plain one that is no option. */
const ANY = ["a", "src/a.ts", "HEAD~1", "main..HEAD", "1"];

/** What of the candidates passes by the rules as they are now; by program. */
export function tablesOf(
  programs: readonly string[],
  passes: (argv: readonly string[]) => Beforehand,
): ReadonlyMap<string, Table> {
  const tables = CANDIDATES.filter(({ program }) => programs.includes(program)).map(
    (candidates) => [candidates.program, tableOf(candidates, passes)] as const,
  );
  return new Map(tables.filter(([, { lines, like }]) => lines.length > 0 || like !== null));
}

function tableOf(
  { program, lines, like }: Candidates,
  passes: (argv: readonly string[]) => Beforehand,
): Table {
  const first = like.first.length === 0 ? [""] : like.first;
  const passing = first.filter((word) =>
    examples(like, word).every((args) => passes([program, ...args]).like),
  );
  const wholly = lines.filter((line) => passes([program, ...line.split(" ")]).words);
  const kept = like.first.length === 0 ? [] : passing;
  return { lines: wholly, like: passing.length === 0 ? null : { ...like, first: kept } };
}

/** Words of the kind, each option at least once. */
function examples({ options, valued }: Like, first: string): string[][] {
  const begin = first === "" ? [] : [first];
  const given = valued.map((option) => `${option}=a`);
  return [
    [...begin, "a"],
    [...begin, ...ANY],
    [...begin, ...options, ...given, "-1", ...ANY],
  ];
}
