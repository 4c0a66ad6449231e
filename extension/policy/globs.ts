/**
 * Patterns over paths, as in `.gitignore`: without a slash a name at any depth, with one a path from the project's
 * root; what is below a folder that matches belongs to it. Paths of commands may hold patterns of the shell
 * themselves, so two patterns are compared: can they mean the same path, and does one cover the other?
 */
export type Glob = readonly Segment[];

type Segment = typeof ANY_SEGMENTS | readonly Token[];
type Token = string | typeof ONE | typeof MANY;

const ANY_SEGMENTS = Symbol("**");
/** One character, and any number of them, inside one segment. */
const ONE = Symbol("?");
const MANY = Symbol("*");

/** Null for what can't be a pattern: empty, with `..`, or a negation. */
export function pathGlob(text: string): Glob | null {
  const parts = text.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.length === 0 || text.startsWith("!") || parts.includes("..")) return null;
  const anywhere = !text.replace(/\/+$/, "").includes("/");
  return [...(anywhere ? [ANY_SEGMENTS] : []), ...segmentsOf(parts), ANY_SEGMENTS] as Glob;
}

/** A path as a command names it, relative to the project's root. */
export function pathOf(relative: string): Glob {
  return segmentsOf(relative.split("/").filter((part) => part !== ""));
}

function segmentsOf(parts: readonly string[]): Glob {
  return parts.map((part) => (part === "**" ? ANY_SEGMENTS : tokensOf(part)));
}

function tokensOf(part: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let index = 0; index < part.length; index++) {
    const char = part[index] ?? "";
    if (char === "\\") tokens.push(part[++index] ?? "");
    else if (char === "*") tokens.push(MANY);
    else if (char === "?") tokens.push(ONE);
    else if (char === "[") {
      // Which character it is doesn't matter here: any.
      const close = part.indexOf("]", index + 2);
      tokens.push(close < 0 ? "[" : ONE);
      if (close > 0) index = close;
    } else tokens.push(char);
  }
  return tokens;
}

/** True where some path is meant by both. */
export function meets(a: Glob, b: Glob): boolean {
  return align(a, b, isMany, isMany, (left, right) =>
    align(left as readonly Token[], right as readonly Token[], isMany, isMany, sameCharacter),
  );
}

/** True where every path that `path` can mean is meant by `glob`, as far as can be told. */
export function covers(glob: Glob, path: Glob): boolean {
  return align(glob, path, isMany, never, (wide, narrow) =>
    narrow === ANY_SEGMENTS ? false : tokensCover(wide as readonly Token[], narrow),
  );
}

function tokensCover(wide: readonly Token[], narrow: readonly Token[]): boolean {
  if (wide.length === 1 && wide[0] === MANY) return true;
  if (narrow.every((token) => typeof token === "string"))
    return align(wide, narrow, isMany, never, sameCharacter);
  return wide.length === narrow.length && wide.every((token, index) => token === narrow[index]);
}

function isMany(part: Segment | Token): boolean {
  return part === ANY_SEGMENTS || part === MANY;
}

function never(): boolean {
  return false;
}

function sameCharacter(a: Token, b: Token): boolean {
  return a === ONE || b === ONE || a === b;
}

/**
 * Whether two rows can be laid side by side, where some parts stand for any number of others. Without going back,
 * so that no pattern takes long.
 */
function align<Part>(
  a: readonly Part[],
  b: readonly Part[],
  manyInA: (part: Part) => boolean,
  manyInB: (part: Part) => boolean,
  same: (a: Part, b: Part) => boolean,
): boolean {
  let below: boolean[] = [];
  for (let i = a.length; i >= 0; i--) {
    const row: boolean[] = [];
    for (let j = b.length; j >= 0; j--) {
      const [left, right] = [a[i], b[j]] as const;
      if (left === undefined && right === undefined) row[j] = true;
      else if (left !== undefined && manyInA(left)) row[j] = below[j] === true || row[j + 1] === true;
      else if (right !== undefined && manyInB(right)) row[j] = row[j + 1] === true || below[j] === true;
      else if (left === undefined || right === undefined) row[j] = false;
      else row[j] = below[j + 1] === true && same(left, right);
    }
    below = row;
  }
  return below[0] === true;
}

/** True where removing the folder `path` takes something along that the glob names from its first part on. */
export function liesBelow(glob: Glob, path: Glob): boolean {
  return path.length < glob.length && meets(glob.slice(0, path.length), path) && glob[0] !== ANY_SEGMENTS;
}

/** Patterns over names without structure, such as branches and hosts: `*` stands for any characters. */
export function nameMatcher(patterns: readonly string[]): (name: string) => boolean {
  if (patterns.length === 0) return () => false;
  const sources = patterns.map((pattern) => wildcardSource(pattern, ".*"));
  const expression = new RegExp(`^(?:${sources.join("|")})$`, "s");
  return (name) => expression.test(name);
}

/** A pattern as the source of a regular expression in which `*` becomes `any`. */
export function wildcardSource(pattern: string, any: string): string {
  return pattern
    .split("*")
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
    .join(any);
}
