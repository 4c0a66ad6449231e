/**
 * True when a sed script only edits and prints: none of its commands writes a file (`w`, `W`), runs a program (`e`),
 * or is unknown. Addresses and commands after POSIX and the GNU manual.
 */
export function isPlainSedScript(script: string): boolean {
  let rest = script;
  while ((rest = rest.replace(SKIPPED, "")) !== "") {
    const [command = ""] = rest;
    const taken = command === "s" ? substitution(rest) : (TEXT[command] ?? SINGLE).exec(rest)?.[0];
    if (taken === undefined || taken === null) return false;
    rest = rest.slice(taken.length);
  }
  return true;
}

/** Blanks, separators, comments, braces and addresses: what may stand before a command. */
const SKIPPED =
  /^(?:[\s;{}!,~+$]|\d+|#[^\n]*|\/(?:\\.|\[\^?\]?[^\]\n]*\]|[^/\\[\n])*\/[IM]*|\\([^\\\n])(?:\\.|(?!\1)[^\\\n])*\1[IM]*)+/;

/** Commands with words of their own. */
const TEXT: Readonly<Record<string, RegExp>> = {
  a: /^a(?:\\\n|[^\n])*/,
  i: /^i(?:\\\n|[^\n])*/,
  c: /^c(?:\\\n|[^\n])*/,
  r: /^r[^\n]*/,
  R: /^R[^\n]*/,
  b: /^b[^;\n}]*/,
  t: /^t[^;\n}]*/,
  T: /^T[^;\n}]*/,
  ":": /^:[^;\n}]*/,
  y: /^y([^\\\n])(?:\\.|(?!\1)[^\\])*\1(?:\\.|(?!\1)[^\\])*\1/s,
};

/** Commands of one letter; some take a number. */
const SINGLE = /^[dDgGhHnNpPqQlxz=F](?: *\d+)?(?=[\s;}]|$)/;

/** `s` with any delimiter. Its flags `e` and `w` act. */
function substitution(text: string): string | null {
  const match = /^s([^\\\n])(?:\\.|\[\^?\]?[^\]\n]*\]|(?!\1)[^\\[])*\1(?:\\.|(?!\1)[^\\])*\1([\w]*)/s.exec(
    text,
  );
  return match !== null && /^[gpiIMm0-9]*$/.test(match[2] ?? "") ? match[0] : null;
}
