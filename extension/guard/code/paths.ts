/** Where a path goes on at run time: `prefix`: it only begins so; `pattern`: whatever a shell's pattern matches. */
export type PathRest = "prefix" | "pattern";

/** A path as far as a program's text says it. */
export interface CodePath {
  readonly text: string;
  readonly rest?: PathRest;
}

/** All that a value can be; null where that can't be told. */
export type Alternatives = readonly CodePath[] | null;

/** What a value can be, at most: more are no list that anyone could check. */
const MAX_ALTERNATIVES = 64;

/** The name of something in a folder. */
export const ENTRY: Alternatives = [{ text: "", rest: "prefix" }];

/** The folder that a program works in: a whole path, as the systems say it. */
export const HERE: Alternatives = [{ text: "./." }];

export function oneOf(parts: readonly Alternatives[]): Alternatives {
  const all: CodePath[] = [];
  for (const part of parts) {
    if (part === null) return null;
    all.push(...part);
  }
  return all.length === 0 || all.length > MAX_ALTERNATIVES ? null : all;
}

/** Parts joined as a file system does: what is absolute begins anew. */
export function joined(parts: readonly Alternatives[]): Alternatives {
  return parts.length === 0 ? null : product(parts, join);
}

/** Texts one behind the other. What can't be told behind a known beginning leaves that a beginning. */
export function concatenated(parts: readonly Alternatives[]): Alternatives {
  const isEmpty = (part: Alternatives): boolean =>
    part?.every(({ text, rest }) => text === "" && rest === undefined) === true;
  const [first = null, ...others] = parts.filter((part) => !isEmpty(part));
  if (first === null) return parts.length > 0 && parts.every(isEmpty) ? [{ text: "" }] : null;
  const rests = others.map((part): Alternatives => part ?? ENTRY);
  return product([first, ...rests], (left, right) =>
    left.rest === undefined ? { ...right, text: left.text + right.text } : left,
  );
}

/** The folder of each. */
export function parents(of: Alternatives): Alternatives {
  return (
    of?.map(({ text, rest }) => {
      const at = text.lastIndexOf("/");
      if (rest !== undefined) return { text: text.slice(0, at + 1), rest: "prefix" };
      // Of a whole path it is the folder above, whatever its last part says.
      if (isWhole(text) && /(^|\/)\.{1,2}$/.test(text)) return { text: `./${text}/..` };
      return { text: at < 0 ? "." : at === 0 ? "/" : text.slice(0, at) };
    }) ?? null
  );
}

/** What lies in each of these folders, and below. */
export function within(folders: Alternatives): Alternatives {
  return joined([folders, ENTRY]);
}

/** What a pattern finds there. `**` and what a pattern can't be joined with leave the beginning. */
export function matching(folders: Alternatives, patterns: Alternatives): Alternatives {
  const all = joined([folders, patterns]);
  return (
    all?.map((path): CodePath => {
      if (path.rest !== undefined || !/[*?[]/.test(path.text)) return path;
      if (!path.text.includes("**")) return { text: path.text, rest: "pattern" };
      return { text: path.text.slice(0, path.text.indexOf("**")), rest: "prefix" };
    }) ?? null
  );
}

/** From the root, or from the folder worked in (`HERE`). */
function isWhole(text: string): boolean {
  return /^(\/|\.\/\.(\/|$))/.test(text);
}

function join(left: CodePath, right: CodePath): CodePath {
  if (isWhole(right.text)) return right;
  if (left.rest === "prefix") return left;
  if (left.rest === "pattern") return { text: left.text.replace(/[^/]*[*?[].*$/s, ""), rest: "prefix" };
  if (left.text === "" || right.text === ".") return left.text === "" ? right : left;
  return { ...right, text: `${left.text.replace(/\/$/, "")}/${right.text}` };
}

function product(
  parts: readonly Alternatives[],
  combine: (left: CodePath, right: CodePath) => CodePath,
): Alternatives {
  const [first = null, ...others] = parts;
  return others.reduce<Alternatives>((all, part) => {
    if (all === null || part === null || all.length * part.length > MAX_ALTERNATIVES) return null;
    return all.flatMap((left) => part.map((right) => combine(left, right)));
  }, first);
}
