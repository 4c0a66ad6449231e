import type { CodeAct } from "./acts.ts";
import { matching, type CodePath } from "./paths.ts";

/** Stand for a text that was taken out of a program; no program holds them. */
const [OPEN, CLOSE] = ["\uE000", "\uE001"];
const MARK = /\uE000(\d+)\uE001/g;

/** A text in the outline of a program. */
export const TEXT_MARK = `${OPEN}\\d+${CLOSE}`;

/** What a name surely stands for. */
export type Names = ReadonlyMap<string, readonly CodePath[]>;

/** The texts that were taken out of a program, so that what is left holds no quotes and can be matched. */
export class Literals {
  readonly #values: (string | null)[] = [];

  /** False for a program in which the marks would be taken for its own. */
  static canHold(code: string): boolean {
    return !/[\uE000\uE001]/.test(code);
  }

  /** The mark that stands for a text; null for one that is put together at run time. */
  hold(value: string | null): string {
    return `${OPEN}${this.#values.push(value) - 1}${CLOSE}`;
  }

  /** The texts that a list of marks stands for; null where it holds anything else. */
  textsOf(list: string): readonly string[] | null {
    const items = itemsOf(list).map((item) => this.#textOf(item));
    return items.length > 0 && items.every((item) => item !== null) ? items : null;
  }

  /** The paths that a list means: marks, names, and patterns that `finds` tells by its only group. Null where that isn't clear. */
  pathsOf(list: string, names: Names, finds: RegExp): readonly CodePath[] | null {
    const paths: CodePath[] = [];
    for (const item of itemsOf(list)) {
      const text = this.#textOf(item);
      const pattern = finds.exec(item)?.[1];
      const found = pattern === undefined ? null : this.#textOf(pattern);
      const parts =
        text !== null
          ? [{ text }]
          : found !== null
            ? matching([{ text: "" }], [{ text: found }])
            : (names.get(item) ?? null);
      if (parts === null) return null;
      paths.push(...parts);
    }
    return paths.length === 0 ? null : paths;
  }

  /** The outline with nothing but a harmless value where texts were. */
  static without(outline: string): string {
    return outline.replaceAll(MARK, " 0 ");
  }

  #textOf(item: string): string | null {
    const [, index] = new RegExp(`^${OPEN}(\\d+)${CLOSE}$`).exec(item) ?? [];
    return index === undefined ? null : (this.#values[Number(index)] ?? null);
  }
}

function itemsOf(list: string): readonly string[] {
  return list
    .trim()
    .replace(/^\*?\s*[[(]([^[\]()]*)[\])]$/, "$1")
    .split(",")
    .map((item) => item.trim().replace(/^\*\s*/, ""))
    .filter((item) => item !== "");
}

/** What a function does to the paths that it is given. */
export type Does = "deletes" | "deletes all" | "moves" | "copies" | "empties" | "creates";

/** The acts of one call; null where it takes other arguments. */
export function actsOn(does: Does, paths: readonly CodePath[]): readonly CodeAct[] | null {
  if (does === "moves" || does === "copies") {
    const to = paths.at(-1);
    if (to === undefined || paths.length < 2) return null;
    return paths.slice(0, -1).map((path) => ({ does, path, to }));
  }
  return paths.map((path): CodeAct => {
    if (does === "empties") return { does: "writes", path, mode: "overwrite" };
    if (does === "creates") return { does: "writes", path, mode: "create" };
    return { does: "deletes", path, recursive: does === "deletes all" };
  });
}
