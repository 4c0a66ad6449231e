import { readFileSync, statSync } from "node:fs";

/** What a tool counts columns in. Editors count UTF-16 units; ruff, ty and biome characters; oxlint bytes. */
export type ColumnUnit = "utf16" | "characters" | "bytes";

/** Files larger than this are not read only to correct a column. */
const MAX_BYTES = 2 * 1024 * 1024;

/** Corrects columns to UTF-16 units, reading each file at most once. */
export class Columns {
  readonly #lines = new Map<string, readonly string[]>();

  /** A column from 1 in UTF-16 units, of one from 1 in the tool's unit. */
  inUtf16(file: string, line: number, column: number, unit: ColumnUnit): number {
    if (unit === "utf16" || column <= 1) return column;
    const text = this.#linesOf(file)[line - 1];
    // In plain ASCII all units agree.
    if (text === undefined || /^[\0-\x7f]*$/.test(text)) return column;
    if (unit === "characters") return unitsOf(text, column - 1) + 1;
    return (
      Buffer.from(text)
        .subarray(0, column - 1)
        .toString("utf8").length + 1
    );
  }

  /** Where a span of bytes ends, as line and column from 1. */
  endOf(
    file: string,
    start: { line: number; column: number },
    bytes: number,
  ): { line: number; column: number } {
    let rest = start.column - 1 + bytes;
    const lines = this.#linesOf(file);
    for (let line = start.line; ; line++) {
      const text = lines[line - 1];
      if (text === undefined)
        return { line: start.line, column: this.inUtf16(file, start.line, start.column, "bytes") };
      const length = Buffer.byteLength(text) + 1;
      if (rest < length) return { line, column: this.inUtf16(file, line, rest + 1, "bytes") };
      rest -= length;
    }
  }

  #linesOf(file: string): readonly string[] {
    const kept = this.#lines.get(file);
    if (kept !== undefined) return kept;
    let lines: readonly string[] = [];
    try {
      if (statSync(file).size <= MAX_BYTES) lines = readFileSync(file, "utf8").split("\n");
    } catch {
      // Gone since it was checked: its columns stay as they are.
    }
    this.#lines.set(file, lines);
    return lines;
  }
}

/** UTF-16 units of the first characters (code points) of a text. */
function unitsOf(text: string, characters: number): number {
  let units = 0;
  for (let rest = characters; rest > 0 && units < text.length; rest--) {
    units += (text.codePointAt(units) ?? 0) > 0xffff ? 2 : 1;
  }
  return units;
}
