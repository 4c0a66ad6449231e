import { argumentsAt, splitAt, type Token } from "./tokens.ts";

/** Values of values, at most: `a = b`, `b = a` would go on. */
const MAX_STEPS = 8;

/** What names of a Python program stand for, as far as its text says so. */
export class PythonValues {
  /** Modules of the library, and members of them, by the names that the program gives them. */
  readonly imported = new Map<string, string>();
  /** The one value of names that are assigned once; null for others. */
  readonly #values = new Map<string, readonly Token[] | null>();

  assign(statement: readonly Token[]): void {
    const parts = splitAt(statement, ({ text }) => text === "=");
    const targets = parts.length > 1 ? parts.slice(0, -1).flat() : [];
    const value = parts.at(-1) ?? [];
    const whole = parts.length === 2 && targets.length === 1 && statement.length === value.length + 2;
    for (const { kind, text } of targets) {
      if (kind === "name") this.#values.set(text, this.#values.has(text) || !whole ? null : value);
    }
    for (const [index, { text }] of statement.entries()) {
      if (
        /^(for|as|def|lambda|global|nonlocal|del)$/.test(text) ||
        /^([-+*/%&|^@]|\/\/|\*\*|:)=$/.test(text)
      ) {
        const around = statement.slice(Math.max(0, index - 1));
        for (const each of around) {
          if (each.text === "in" || (text === "as" && each.text === ":")) break;
          if (each.kind === "name") this.#values.set(each.text, null);
        }
      }
    }
  }

  textOf(tokens: readonly Token[] | undefined): string | null {
    const [only, ...more] = tokens ?? [];
    if (only === undefined || more.length > 0) return null;
    if (only.kind === "string") return only.value ?? null;
    const value = only.kind === "name" ? this.#values.get(only.text) : null;
    return value?.[0]?.kind === "string" ? this.textOf(value) : null;
  }

  /** A path: a text, `Path("a")`, `Path("a") / "b"`, `os.path.join("a", "b")`, or a name for one. */
  pathOf(tokens: readonly Token[], steps = 0): string | null {
    const [first] = tokens;
    if (first === undefined || steps > MAX_STEPS) return null;
    if (tokens.length === 1) {
      const text = this.textOf(tokens);
      if (text !== null || first.kind !== "name") return text;
      const value = this.#values.get(first.text);
      return value && value.length > 1 ? this.pathOf(value, steps + 1) : null;
    }
    const parts = splitAt(tokens, ({ text }) => text === "/");
    if (parts.length > 1) return joined(parts.map((part) => this.pathOf(part, steps + 1)));
    const open = tokens.findIndex(({ text }) => text === "(");
    const args = open < 0 ? null : argumentsAt(tokens, open);
    // Nothing may stand behind the call.
    const length =
      (args ?? []).reduce((sum, arg) => sum + arg.length, 0) + Math.max(0, (args?.length ?? 0) - 1);
    if (args === null || tokens.length !== open + 2 + length) return null;
    const called = [
      this.imported.get(first.text) ?? "",
      ...tokens.slice(1, open).map(({ text }) => text),
    ].join("");
    if (!/^(pathlib\.(Pure)?Path|os\.path\.join)$/.test(called)) return null;
    return args.length === 0 ? "." : joined(args.map((arg) => this.pathOf(arg, steps + 1)));
  }
}

function joined(parts: readonly (string | null)[]): string | null {
  let path = "";
  for (const part of parts) {
    if (part === null) return null;
    path = part.startsWith("/") || path === "" ? part : `${path.replace(/\/$/, "")}/${part}`;
  }
  return path;
}
