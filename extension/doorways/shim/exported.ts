/** Escapes of `$'…'` that bash writes for what can't be shown: by the letter after the backslash. */
const ESCAPES: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  e: "\x1b",
  E: "\x1b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

const NAME = /^(?:export|declare -x) ([A-Za-z_][A-Za-z0-9_]*)(=|\n|$)/;
/** Bytes one after the other: a character can be several, and a shell without its language shows each. */
const OCTAL = /^(?:\\[0-7]{1,3})+/;

/** A variable as `export -p` prints it. */
export interface Exported {
  readonly name: string;
  /** Null where it is exported, and was never set. */
  readonly value: string | null;
  /** All that was printed of it. */
  readonly printed: string;
}

/**
 * The variables in what `export -p` prints (POSIX, "export"): a text that a shell could read again, quoted by dash, bash and
 * busybox in ways of their own. What can't be read is left out, with all that follows it: then not all of it was `read`.
 */
export function readExported(text: string): { readonly all: readonly Exported[]; readonly read: boolean } {
  const all: Exported[] = [];
  let rest = text;
  for (;;) {
    rest = rest.replace(/^\n+/, "");
    const [head, name, sign] = NAME.exec(rest) ?? [];
    if (head === undefined || name === undefined) return { all, read: rest === "" };
    const isSet = sign === "=";
    const value = isSet ? readValue(rest.slice(head.length)) : null;
    if (isSet && value === null) return { all, read: false };
    const length = head.length + (value?.length ?? 0);
    all.push({ name, value: value?.text ?? null, printed: rest.slice(0, length).replace(/\n$/, "") });
    rest = rest.slice(length);
  }
}

/** Those that are set, by their names. */
export function variablesOf(all: readonly Exported[]): Readonly<Record<string, string>> {
  return Object.fromEntries(all.flatMap(({ name, value }) => (value === null ? [] : [[name, value]])));
}

/** A quoted value up to the end of its line. */
function readValue(text: string): { readonly text: string; readonly length: number } | null {
  let value = "";
  let at = 0;
  while (at < text.length && text[at] !== "\n") {
    const part = text[at] === "$" && text[at + 1] === "'" ? ansi(text, at) : piece(text, at);
    if (part === null) return null;
    value += part.text;
    at += part.length;
  }
  return { text: value, length: at };
}

interface Part {
  readonly text: string;
  readonly length: number;
}

function piece(text: string, start: number): Part | null {
  const first = text.charAt(start);
  if (first === "\\") return { text: text.charAt(start + 1), length: 2 };
  if (first !== "'" && first !== '"') return { text: first, length: 1 };
  let value = "";
  for (let at = start + 1; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === first) return { text: value, length: at + 1 - start };
    const escaped = first === '"' && character === "\\" && /[$`"\\\n]/.test(text.charAt(at + 1));
    if (escaped) at++;
    value += text.charAt(at);
  }
  return null;
}

/** `$'…'`, with the escapes of C. */
function ansi(text: string, start: number): Part | null {
  let value = "";
  for (let at = start + 2; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === "'") return { text: value, length: at + 1 - start };
    if (character !== "\\") {
      value += character;
      continue;
    }
    const octal = OCTAL.exec(text.slice(at))?.[0];
    if (octal !== undefined) {
      const bytes = octal
        .slice(1)
        .split("\\")
        .map((digits) => Number.parseInt(digits, 8));
      value += Buffer.from(bytes).toString("utf8");
      at += octal.length - 1;
    } else {
      at++;
      value += ESCAPES[text.charAt(at)] ?? text.charAt(at);
    }
  }
  return null;
}
