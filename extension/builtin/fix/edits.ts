/** Replaces a stretch of a text. Offsets count UTF-16 units, as JavaScript's strings do. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** What a correction changes. Its edits belong together: all of them or none. */
export interface Correction {
  /** What is better afterwards, in one line. */
  readonly what: string;
  readonly line: number;
  readonly edits: readonly Edit[];
  /** What an earlier correction did there, if this one takes it back. */
  readonly takesBack?: string;
}

/** What a column counts: characters for ruff and ty, UTF-16 units for tsc and ESLint, UTF-8 bytes for oxlint. */
export type Unit = "character" | "utf16" | "byte";

/** A place in a file as tools print it. Both numbers count from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

const LINE_END = /\r\n|\r|\n/g;

/** The offset of a place, or null where the text has no such place. The line after the last one is its end. */
export function offsetOf(text: string, { line, column }: Place, unit: Unit): number | null {
  const starts = [0, ...Array.from(text.matchAll(LINE_END), (end) => end.index + end[0].length)];
  if (line === starts.length + 1 && column === 1) {
    return text.length;
  }
  const start = starts[line - 1];
  if (start === undefined || column < 1) {
    return null;
  }
  const end = starts[line] ?? text.length;
  let offset = start;
  let reached = 1;
  while (reached < column && offset < end) {
    const character = String.fromCodePoint(text.codePointAt(offset) ?? 0);
    reached += sizeOf(character, unit);
    offset += character.length;
  }
  return reached === column ? offset : null;
}

function sizeOf(character: string, unit: Unit): number {
  if (unit === "character") {
    return 1;
  }
  return unit === "utf16" ? character.length : Buffer.byteLength(character);
}

/** As many corrections as fit side by side, first come first served. What is left may fit the next time. */
export function sideBySide(corrections: readonly Correction[]): readonly Correction[] {
  const taken: Edit[] = [];
  return corrections.filter(({ edits }) => {
    const free = edits.every((edit) => taken.every((other) => !touch(edit, other)));
    if (free) {
      taken.push(...edits);
    }
    return free;
  });
}

/** Two insertions at one place touch as well: which goes first would be a guess. */
function touch(a: Edit, b: Edit): boolean {
  return (a.start < b.end && b.start < a.end) || a.start === b.start;
}

/** From right to left, so that no edit moves another one's place. */
export function apply(text: string, corrections: readonly Correction[]): string {
  const edits = corrections.flatMap((correction) => correction.edits).sort((a, b) => b.start - a.start);
  return edits.reduce(
    (result, edit) => result.slice(0, edit.start) + edit.text + result.slice(edit.end),
    text,
  );
}
