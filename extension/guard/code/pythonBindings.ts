import { Sources } from "./sources.ts";
import { argumentsAt, closing, splitAt, type Token } from "./tokens.ts";

/** Where a name gets a value. */
export type Source =
  | { readonly is: "value"; readonly tokens: readonly Token[] }
  /** What comes of going through something; `at`: that part of each. */
  | { readonly is: "element"; readonly of: readonly Token[]; readonly at?: number }
  /** One of the several values that something gives: `a, b = of`. */
  | { readonly is: "part"; readonly of: readonly Token[]; readonly at: number }
  /** What a function is called with beyond its other parameters: `*args`. */
  | { readonly is: "more"; readonly of: string; readonly at: number }
  /** What a function is called with. */
  | {
      readonly is: "parameter";
      readonly of: string;
      readonly at: number;
      readonly name: string;
      readonly otherwise?: readonly Token[];
    };

const COMPOUND = /^(if|elif|else|for|while|with|try|except|finally|async|match|case)$/;
const AUGMENTED = /^([-+*/%&|^@]|\/\/|\*\*|<<|>>|:)=$/;

/** Where the names of a Python program get their values: all places, or null for a name with one that isn't followed. */
export class PythonBindings {
  readonly #sources = new Sources<Source>();
  /** Decorated functions may be called with anything. */
  #isDecorated = false;

  constructor(statements: readonly (readonly Token[])[]) {
    for (const statement of statements) this.#statement(statement);
  }

  sourcesOf(name: string): readonly Source[] | null {
    return this.#sources.of(name);
  }

  /** Whether the program itself gives a name a value, a function or a class. */
  binds(name: string): boolean {
    return this.#sources.has(name);
  }

  get isDecorated(): boolean {
    return this.#isDecorated;
  }

  #statement(statement: readonly Token[]): void {
    const [first] = statement;
    if (first === undefined) return;
    if (first.text === "@") this.#isDecorated = true;
    this.#inside(statement);
    if (first.text === "def" || (first.text === "async" && statement[1]?.text === "def")) {
      this.#function(statement.slice(first.text === "def" ? 1 : 2));
      return;
    }
    if (/^(global|nonlocal|del|class|import|from)$/.test(first.text)) {
      if (/^(del|class)$/.test(first.text)) this.#sources.lose(statement.slice(1));
      return;
    }
    const head = COMPOUND.test(first.text) ? headOf(statement) : 0;
    if (first.text === "case") this.#sources.lose(statement.slice(1, head - 1));
    if (/^(with|except|async)$/.test(first.text)) this.#as(statement.slice(0, head));
    this.#assign(statement.slice(head));
  }

  /** Loops, comprehensions, lambdas and what is assigned in passing: these may stand anywhere. */
  #inside(statement: readonly Token[]): void {
    for (const [at, { kind, text }] of statement.entries()) {
      if (kind === "string") continue;
      const before = statement[at - 1]?.text;
      if (AUGMENTED.test(text)) this.#sources.lose(statement.slice(at - 1, at));
      else if (text === "lambda") this.#sources.lose(upTo(statement, at + 1, /^:$/));
      else if (text === "for" && before !== ".") {
        const targets = upTo(statement, at + 1, /^in$/);
        const from = at + 2 + targets.length;
        this.#each(targets, upTo(statement, from, /^(:|for|if|async)$/));
      }
    }
  }

  /** `for a, b in of`. */
  #each(targets: readonly Token[], of: readonly Token[]): void {
    const names = namesIn(targets);
    if (names === null) this.#sources.lose(targets);
    else if (!targets.some(({ text }) => text === ","))
      this.#sources.bind(names[0] ?? "", { is: "element", of });
    else for (const [at, name] of names.entries()) this.#sources.bind(name, { is: "element", of, at });
  }

  /** `with a() as b`, `except A as b`. */
  #as(head: readonly Token[]): void {
    const from = head.findIndex(({ text }) => text === "with") + 1;
    for (const part of splitAt(
      head.slice(from).filter(({ text }) => text !== ":"),
      ({ text }) => text === ",",
    )) {
      const at = part.findIndex(({ text }) => text === "as");
      if (at < 0) continue;
      const names = namesIn(part.slice(at + 1));
      const tokens = part.slice(0, at);
      if (from > 0 && names?.length === 1) this.#sources.bind(names[0] ?? "", { is: "value", tokens });
      else this.#sources.lose(part.slice(at + 1));
    }
  }

  #function([name, ...rest]: readonly Token[]): void {
    if (name === undefined) return;
    this.#sources.loseName(name.text);
    const parameters = argumentsAt(rest, 0) ?? [];
    const more = parameters.findIndex(([star, named]) => star?.text === "*" && named !== undefined);
    // Of methods it can't be told what they are called with, and of `*` and `/` not by which name.
    const isPlain = parameters.every(
      ([each], at) => at === more || (each?.kind === "name" && !/^(self|cls)$/.test(each.text)),
    );
    if (!isPlain) this.#sources.lose(parameters.flat());
    for (const [at, parameter] of isPlain ? parameters.entries() : []) {
      const [first, second] = parameter;
      if (first === undefined) continue;
      if (at === more) {
        this.#sources.bind(second?.text ?? "", { is: "more", of: name.text, at });
        continue;
      }
      const equals = parameter.findIndex(({ text }) => text === "=");
      const otherwise = equals < 0 ? {} : { otherwise: parameter.slice(equals + 1) };
      this.#sources.bind(first.text, {
        is: "parameter",
        of: name.text,
        // Behind `*args` only by its name.
        at: more >= 0 && at > more ? Infinity : at,
        name: first.text,
        ...otherwise,
      });
    }
    // `def f(x): y = x` on one line.
    const end = closing(rest, 0);
    const colon = rest.findIndex(({ text }, at) => at > end && text === ":");
    if (colon >= 0) this.#statement(rest.slice(colon + 1));
  }

  #assign(statement: readonly Token[]): void {
    const parts = splitAt(statement, ({ text }) => text === "=");
    const value = parts.at(-1) ?? [];
    for (const target of parts.slice(0, -1)) {
      // `name: str = value`.
      const plain = target[1]?.text === ":" ? target.slice(0, 1) : target;
      const own = ownAttribute(plain);
      if (own !== null) {
        this.#sources.bind(own, { is: "value", tokens: value });
        continue;
      }
      const names = namesIn(plain);
      const values = splitAt(value, ({ text }) => text === ",");
      if (names === null) this.#sources.lose(plain);
      else if (!plain.some(({ text }) => text === ","))
        this.#sources.bind(names[0] ?? "", { is: "value", tokens: value });
      else if (values.length === names.length)
        for (const [at, name] of names.entries())
          this.#sources.bind(name, { is: "value", tokens: values[at] ?? [] });
      else if (values.length === 1)
        for (const [at, name] of names.entries()) this.#sources.bind(name, { is: "part", of: value, at });
      else this.#sources.lose(plain);
    }
  }
}

/** `self.name` as one name; null for anything else. */
export function ownAttribute([self, dot, name, ...more]: readonly Token[]): string | null {
  return self?.text === "self" && dot?.text === "." && name?.kind === "name" && more.length === 0
    ? `self.${name.text}`
    : null;
}

/** Plain names between commas; null where there is anything else. */
function namesIn(tokens: readonly Token[]): readonly string[] | null {
  const inner = tokens.filter(({ text }) => !/^[(),]$/.test(text));
  const plain = inner.length > 0 && inner.every(({ kind }) => kind === "name");
  // A group in a group would be counted wrong.
  if (tokens.slice(1).some(({ text }) => text === "(")) return null;
  const isList = inner.length === 1 || tokens.filter(({ text }) => text === ",").length >= inner.length - 1;
  return plain && isList ? inner.map(({ text }) => text) : null;
}

/** How far the head of a compound statement goes, its colon included. */
function headOf(statement: readonly Token[]): number {
  return upTo(statement, 0, /^:$/).length + 1;
}

/** What stands from a place up to one of these, in the same brackets. */
function upTo(tokens: readonly Token[], from: number, ends: RegExp): readonly Token[] {
  let depth = 0;
  let end = from;
  for (; end < tokens.length; end++) {
    const { kind, text } = tokens[end] ?? { kind: "op", text: "" };
    if (kind === "string") continue;
    if (/^[([{]$/.test(text)) depth++;
    else if (/^[)\]}]$/.test(text) && --depth < 0) break;
    else if (depth === 0 && ends.test(text)) break;
  }
  return tokens.slice(from, end);
}
