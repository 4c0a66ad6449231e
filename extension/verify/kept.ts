import { PROGRAMS } from "./acts.ts";

/**
 * What may be copied of a value that a person has set; undefined: nothing of it. What isn't named here stays behind, whatever it is:
 * settings hold keys and passwords in places that nobody has listed.
 */
export type Kept = (value: unknown) => unknown;

export const flag: Kept = (value) => (typeof value === "boolean" ? value : undefined);

export function oneOf(...words: readonly string[]): Kept {
  return (value) => (typeof value === "string" && words.includes(value) ? value : undefined);
}

/** The elements of a list that may be copied. */
export function listOf(each: Kept): Kept {
  return (value) => {
    if (!Array.isArray(value)) return undefined;
    return (value as readonly unknown[]).map(each).filter((kept) => kept !== undefined);
  };
}

/** The named fields of an object that may be copied. */
export function fieldsOf(fields: Readonly<Record<string, Kept>>): Kept {
  return objectOf(
    (name) => Object.hasOwn(fields, name),
    (value, name) => fields[name]?.(value),
  );
}

/** Fields whose names are such as rules have. */
export function namedBy(isName: (name: string) => boolean, each: Kept): Kept {
  return objectOf(isName, each);
}

/** What is kept of a text that is JSON. */
export function inJson(each: Kept): Kept {
  return (value) => {
    try {
      const kept = each(JSON.parse(String(value)) as unknown);
      return kept === undefined ? undefined : JSON.stringify(kept);
    } catch {
      return undefined;
    }
  };
}

/** The first that takes it. */
export function either(...kinds: readonly Kept[]): Kept {
  return (value) => kinds.map((kept) => kept(value)).find((kept) => kept !== undefined);
}

function objectOf(isName: (name: string) => boolean, each: (value: unknown, name: string) => unknown): Kept {
  return (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    const kept = Object.entries(value as Readonly<Record<string, unknown>>)
      .filter(([name]) => isName(name))
      .map(([name, inner]) => [name, each(inner, name)] as const)
      .filter(([, inner]) => inner !== undefined);
    return kept.length === 0 ? undefined : Object.fromEntries(kept);
  };
}

/** Words that are no secret: lower-case, and at most one digit, as in `python3`. */
const PLAIN_WORD = /^-{0,2}[a-z][a-z-]*\d?$/;
const WILDCARDS = /^[~./*]*$/;

/** True for the pattern of a command that the model tries, or of all commands: `git reset:*`, `git *`, `*`. */
export function isCommandPattern(pattern: string): boolean {
  if (WILDCARDS.test(pattern) || pattern === ":*") return true;
  const words = pattern
    .replace(/(:\*|\*)$/, "")
    .trim()
    .split(/\s+/);
  return areCommandWords(words.filter((word) => word !== "*"));
}

function areCommandWords(words: readonly string[]): boolean {
  return PROGRAMS.includes(words[0] ?? "") && words.every((word) => PLAIN_WORD.test(word));
}

const CLAUDE_RULE = /^(Bash|Edit|MultiEdit|Write|Read|mcp__interlock\w{0,40})(?:\((.*)\))?$/;

/** A rule of Claude Code, such as `Bash(git reset:*)` or `Edit(**)`. */
export const claudeRule: Kept = (value) => {
  const [rule, tool, pattern] = CLAUDE_RULE.exec(typeof value === "string" ? value : "") ?? [];
  const isPlain = pattern === undefined || WILDCARDS.test(pattern);
  return isPlain || (tool === "Bash" && isCommandPattern(pattern)) ? rule : undefined;
};

const CODEX_RULE =
  /prefix_rule\(\s*pattern\s*=\s*\[([^\][()]*)\]\s*,\s*decision\s*=\s*"(allow|prompt|forbidden)"/g;

/** The rules of Codex that a text holds, written anew from what was understood of them. */
export const codexRules: Kept = (value) => {
  const rules = [...String(value).matchAll(CODEX_RULE)].flatMap(([, pattern = "", decision = ""]) => {
    const words = [...pattern.matchAll(/"([^"\\]*)"/g)].map(([, word = ""]) => word);
    const isPlain = /^(\s*"[^"\\]*"\s*,?)*\s*$/.test(pattern) && areCommandWords(words);
    return isPlain ? [`prefix_rule(pattern=${JSON.stringify(words)}, decision="${decision}")\n`] : [];
  });
  return rules.length === 0 ? undefined : rules.join("");
};
