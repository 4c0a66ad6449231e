import { MADE_TEMPORARY, SHARED_TEMPORARY } from "../../shell/words.ts";
import {
  type Alternatives,
  concatenated,
  ENTRY,
  HERE,
  joined,
  matching,
  oneOf,
  parents,
  within,
} from "./paths.ts";
import { OnlyRead } from "./onlyRead.ts";
import { ownAttribute, PythonBindings, type Source } from "./pythonBindings.ts";
import { PYTHON_READING } from "./pythonSyntax.ts";
import { argumentsAt, callOf, closing, isUnpacked, splitAt, type Token } from "./tokens.ts";

/** Values of values, at most: `a = b`, `b = a` would go on. */
const MAX_STEPS = 8;
/** Looks at values, at most, for one program. */
const MAX_LOOKS = 2_000;

/** What `tempfile` makes. */
const MADE: Alternatives = [{ text: MADE_TEMPORARY }];

/** Functions that hand on what they are given, or go through it in another order. */
const SAME = /^(str|list|tuple|set|sorted|reversed|iter)$/;

/** What names of a Python program stand for, as far as its text says so. */
export class PythonValues {
  /** Modules of the library, and members of them, by the names that the program gives them. */
  readonly imported = new Map<string, string>();
  readonly #tokens: readonly Token[];
  readonly #bindings: PythonBindings;
  readonly #lists: OnlyRead;
  #looks = 0;

  constructor(tokens: readonly Token[], statements: readonly (readonly Token[])[]) {
    this.#tokens = tokens;
    this.#bindings = new PythonBindings(statements);
    this.#lists = new OnlyRead(tokens, PYTHON_READING, (name) => this.#bindings.binds(name));
  }

  /** The one text that this is. */
  textOf(tokens: readonly Token[] | undefined): string | null {
    const [only = null, ...others] = this.textsOf(tokens) ?? [];
    return others.length === 0 ? only : null;
  }

  /** All texts that this can be. */
  textsOf(tokens: readonly Token[] | undefined): readonly string[] | null {
    const all = this.pathsOf(tokens ?? []);
    return all?.every(({ rest }) => rest === undefined) === true ? all.map(({ text }) => text) : null;
  }

  /** `{}`, or a name for nothing else, however it is filled later. */
  isEmptyDict(tokens: readonly Token[]): boolean {
    const [first, second] = tokens;
    if (tokens.length === 1 && first?.kind === "name")
      return (
        this.#bindings
          .sourcesOf(first.text)
          ?.every(
            (source) => source.is === "value" && source.tokens.length > 1 && this.isEmptyDict(source.tokens),
          ) === true
      );
    return tokens.length === 2 && first?.text === "{" && second?.text === "}";
  }

  /** All texts and paths that this can be: `Path("a") / "b"`, `os.path.join(folder, "c")`, `f"{x}.txt"`, or a name for one. */
  pathsOf(tokens: readonly Token[], steps = 0): Alternatives {
    const [first, second] = tokens;
    if (first === undefined || steps > MAX_STEPS || this.#looks++ > MAX_LOOKS) return null;
    if (second === undefined) return this.#single(first, steps);
    const parts = formatted(tokens);
    if (parts !== undefined)
      return concatenated(
        parts.map((part) =>
          typeof part === "string" ? [{ text: part }] : this.pathsOf(part ?? [], steps + 1),
        ),
      );
    // Texts side by side are one.
    if (tokens.every(({ kind }) => kind === "string"))
      return concatenated(tokens.map((each) => this.#single(each, steps)));
    if (first.text === "(" && closing(tokens, 0) === tokens.length - 1)
      return this.pathsOf(tokens.slice(1, -1), steps + 1);
    for (const [sign, combine] of [
      ["+", concatenated],
      ["/", joined],
    ] as const) {
      const sides = splitAt(tokens, ({ kind, text }) => kind === "op" && text === sign);
      if (sides.length > 1) return combine(sides.map((side) => this.pathsOf(side, steps + 1)));
    }
    return this.#member(tokens, steps);
  }

  #single(token: Token, steps: number): Alternatives {
    if (token.kind === "string") {
      if (token.value === undefined || token.value === null) return null;
      return [{ text: token.value }];
    }
    const sources = token.kind === "name" ? this.#bindings.sourcesOf(token.text) : null;
    return sources === null ? null : oneOf(sources.map((each) => this.#source(each, steps + 1)));
  }

  #source(source: Source, steps: number): Alternatives {
    if (source.is === "value") return this.pathsOf(source.tokens, steps);
    if (source.is === "element") return this.#elements(source.of, source.at, steps);
    if (source.is === "more") return null;
    if (source.is === "part") return this.#part(source, steps);
    const given = this.#givenTo(source);
    return given === null ? null : oneOf(given.map((each) => this.pathsOf(each, steps)));
  }

  /** `handle, name = tempfile.mkstemp()`, `folder, name = os.path.split(path)`. */
  #part({ of, at }: Source & { readonly is: "part" }, steps: number): Alternatives {
    const called = callOf(of);
    const name = called === null ? null : this.#nameOf(called.callee);
    if (name === "tempfile.mkstemp") return at === 1 ? MADE : null;
    if (name !== "os.path.split") return null;
    return at === 1 ? ENTRY : parents(this.pathsOf(called?.args[0] ?? [], steps + 1));
  }

  /** What a function's parameter is at each of its calls; null where one of them can't be told. */
  #givenTo({ of, at, name, otherwise }: Source & { readonly is: "parameter" }): (readonly Token[])[] | null {
    const given: (readonly Token[])[] = [];
    for (const args of this.#callsOf(of) ?? [null]) {
      if (args === null) return null;
      const named = args.find((each) => isNamed(each) && each[0]?.text === name)?.slice(2);
      const value = named ?? args.filter((each) => !isNamed(each))[at] ?? otherwise;
      if (value === undefined) return null;
      // What it is called with by its own name is one of the others.
      if (value.length > 1 || value[0]?.text !== name) given.push(value);
    }
    return given;
  }

  /** The lists that `*args` stands for, one for each call; null where one of them can't be told. */
  listsOf(name: string): readonly (readonly (readonly Token[])[])[] | null {
    const [source, ...others] = this.#bindings.sourcesOf(name) ?? [];
    if (source?.is !== "more" || others.length > 0) return null;
    return (
      this.#callsOf(source.of)?.map((args) => args.filter((each) => !isNamed(each)).slice(source.at)) ?? null
    );
  }

  /** The arguments of all calls of a function; null where it may be called in other ways. */
  #callsOf(name: string): readonly (readonly (readonly Token[])[])[] | null {
    if (this.#bindings.isDecorated) return null;
    const hasClasses = this.#tokens.some(({ kind, text }) => kind === "name" && text === "class");
    const calls: (readonly (readonly Token[])[])[] = [];
    for (const [index, token] of this.#tokens.entries()) {
      if (token.kind !== "name" || token.text !== name) continue;
      const before = this.#tokens[index - 1]?.text;
      // Of a class it can be the function; of a module it is another one.
      const isOther = !hasClasses || this.imported.has(this.#tokens[index - 2]?.text ?? "");
      if (before === "def" || (before === "." && isOther)) continue;
      const args = this.#tokens[index + 1]?.text === "(" ? argumentsAt(this.#tokens, index + 1) : null;
      if (args === null || before === "." || isUnpacked(args)) return null;
      calls.push(args);
    }
    return calls;
  }

  /** A call, or an attribute. */
  #member(tokens: readonly Token[], steps: number): Alternatives {
    const called = callOf(tokens);
    if (called === null) {
      const own = ownAttribute(tokens);
      // One of the class is meant where the instance has none of its own.
      if (own !== null && !this.#bindings.binds(own.slice("self.".length)))
        return this.#single({ kind: "name", text: own }, steps);
      const of = tokens.at(-2)?.text === "." ? (tokens.at(-1)?.text ?? "") : "";
      if (of === "parent") return parents(this.pathsOf(tokens.slice(0, -2), steps + 1));
      if (!/^(name|stem|suffix)$/.test(of)) return null;
      // A file or folder of `tempfile` tells by its name where it lies.
      const whole = this.pathsOf(tokens.slice(0, -2), steps + 1);
      return of === "name" && whole?.every(({ text }) => text === MADE_TEMPORARY) === true ? whole : ENTRY;
    }
    const { callee, args } = called;
    if (isUnpacked(args)) return null;
    const all = (): Alternatives[] => args.map((arg) => this.pathsOf(arg, steps + 1));
    const name = this.#nameOf(callee);
    if (name !== null) {
      if (/^pathlib\.(Pure|Posix|PurePosix)?Path$/.test(name))
        return args.length === 0 ? [{ text: "." }] : joined(all());
      if (name === "os.path.join") return joined(all());
      if (/^(os\.path\.normpath|str)$/.test(name)) return all()[0] ?? null;
      if (/^os\.path\.(abspath|realpath)$/.test(name)) return joined([HERE, all()[0] ?? null]);
      if (/^os\.path\.dirname$/.test(name)) return parents(all()[0] ?? null);
      if (/^(os\.getcwd|pathlib\.Path\.cwd)$/.test(name)) return HERE;
      if (name === "os.path.basename") return ENTRY;
      if (name === "textwrap.dedent") return dedented(all()[0] ?? null);
      if (name === "tempfile.gettempdir") return [{ text: SHARED_TEMPORARY }];
      if (/^tempfile\.(mkdtemp|TemporaryDirectory|NamedTemporaryFile)$/.test(name)) return MADE;
    }
    const method = callee.at(-2)?.text === "." ? callee.at(-1)?.text : undefined;
    if (method === undefined) return null;
    const receiver = this.pathsOf(callee.slice(0, -2), steps + 1);
    if (/^(as_posix|strip)$/.test(method) && args.length === 0) return receiver;
    if (/^(resolve|absolute)$/.test(method) && args.length === 0) return joined([HERE, receiver]);
    if (method === "relative_to") return ENTRY;
    if (method === "joinpath") return joined([receiver, ...all()]);
    if (/^with_(suffix|name|stem)$/.test(method)) return within(parents(receiver));
    return null;
  }

  /** What going through something gives; of several at once, the one `at` that place. */
  #elements(tokens: readonly Token[], at: number | undefined, steps: number): Alternatives {
    const [first, second] = tokens;
    if (first === undefined || steps > MAX_STEPS || this.#looks++ > MAX_LOOKS) return null;
    if (second === undefined) {
      const sources = first.kind === "name" ? this.#bindings.sourcesOf(first.text) : null;
      if (sources === null || !this.#lists.stays(first.text, at !== undefined)) return null;
      return oneOf(sources.map((each) => this.#elementsOf(each, at, steps + 1)));
    }
    if (/^[([{]$/.test(first.text) && closing(tokens, 0) === tokens.length - 1)
      return this.#written(
        splitAt(tokens.slice(1, -1), ({ text }) => text === ","),
        at,
        steps,
      );
    const called = callOf(tokens);
    if (called === null || isUnpacked(called.args)) return null;
    const { callee, args } = called;
    const [given = []] = args;
    const name = this.#nameOf(callee);
    if (name !== null && SAME.test(name)) return this.#elements(given, at, steps + 1);
    if (name === "range") return ENTRY;
    if (name === "enumerate" && at === 0) return ENTRY;
    if (name === "enumerate") return at === 1 ? this.#elements(given, undefined, steps + 1) : null;
    if (/^glob\.i?glob$/.test(name ?? "")) return matching([{ text: "." }], this.pathsOf(given, steps + 1));
    if (name === "os.listdir") return ENTRY;
    if (name === "os.walk")
      return at === 0 ? within(this.pathsOf(given, steps + 1)) : at === undefined ? null : ENTRY;
    return this.#found(callee, given, at, steps);
  }

  /** The elements of what a name stands for. */
  #elementsOf(source: Source, at: number | undefined, steps: number): Alternatives {
    if (source.is === "value") return this.#elements(source.tokens, at, steps);
    if (source.is === "parameter") {
      const given = this.#givenTo(source);
      return given === null ? null : oneOf(given.map((each) => this.#elements(each, at, steps)));
    }
    if (source.is !== "element") return null;
    // `for root, folders, files in os.walk(...)`: `for file in files`.
    const called = callOf(source.of);
    const walks = called !== null && this.#nameOf(called.callee) === "os.walk";
    return walks && at === undefined && source.at !== undefined && source.at > 0 ? ENTRY : null;
  }

  /** Elements that are written out, or made by a comprehension. */
  #written(parts: readonly (readonly Token[])[], at: number | undefined, steps: number): Alternatives {
    return oneOf(
      parts.map((part) => {
        const made = part.findIndex(({ kind, text }) => kind === "name" && text === "for");
        const element = made < 0 ? part : part.slice(0, made);
        if (element[0]?.text === "*" || element.some(({ text }) => text === ":")) return null;
        if (at === undefined) return this.pathsOf(element, steps + 1);
        const isGroup = /^[([]$/.test(element[0]?.text ?? "") && closing(element, 0) === element.length - 1;
        const inner = isGroup ? splitAt(element.slice(1, -1), ({ text }) => text === ",") : [];
        return this.pathsOf(inner[at] ?? [], steps + 1);
      }),
    );
  }

  /** `folder.glob("*.py")`, `"a b".split()`, `{"a": "b"}.items()`. */
  #found(
    callee: readonly Token[],
    given: readonly Token[],
    at: number | undefined,
    steps: number,
  ): Alternatives {
    const method = callee.at(-2)?.text === "." ? (callee.at(-1)?.text ?? "") : "";
    const receiver = callee.slice(0, -2);
    if (/^(glob|rglob|iterdir)$/.test(method)) {
      const folders = this.pathsOf(receiver, steps + 1);
      return method === "glob" ? matching(folders, this.pathsOf(given, steps + 1)) : within(folders);
    }
    if (/^split(lines)?$/.test(method) && given.length === 0) {
      const words = this.textOf(receiver)?.split(method === "split" ? /\s+/ : "\n");
      return words?.filter((text) => text !== "").map((text) => ({ text })) ?? null;
    }
    if (!/^(items|keys)$/.test(method)) return null;
    const named = receiver.length === 1 ? (receiver[0]?.text ?? "") : null;
    const [only, ...more] =
      named !== null && this.#lists.stays(named, false) ? (this.#bindings.sourcesOf(named) ?? []) : [];
    const written =
      receiver.length > 1 ? receiver : only?.is === "value" && more.length === 0 ? only.tokens : [];
    if (written[0]?.text !== "{" || closing(written, 0) !== written.length - 1) return null;
    const place = method === "keys" ? 0 : at;
    return oneOf(
      splitAt(written.slice(1, -1), ({ text }) => text === ",").map((part) => {
        const sides = splitAt(part, ({ text }) => text === ":");
        return place === undefined || sides.length !== 2 ? null : this.pathsOf(sides[place] ?? [], steps + 1);
      }),
    );
  }

  /** What a dotted name is called by the library; itself where it is a builtin's. */
  #nameOf(tokens: readonly Token[]): string | null {
    const [first, ...rest] = tokens;
    if (first?.kind !== "name" || rest.some(({ kind, text }) => kind !== "name" && text !== ".")) return null;
    // `def join(…)` behind an import, or a name of the language for something else.
    if (this.#bindings.binds(first.text)) return null;
    const module = this.imported.get(first.text);
    if (module === undefined) return rest.length === 0 ? first.text : null;
    return module + rest.map(({ text }) => text).join("");
  }
}

/** Texts without the blanks that all of their lines begin with. */
function dedented(texts: Alternatives): Alternatives {
  return (
    texts?.map((each) => {
      const blanks = each.text.match(/^[ \t]*(?=\S)/gm) ?? [""];
      const common = Math.min(...blanks.map(({ length }) => length));
      return { ...each, text: each.text.replaceAll(new RegExp(`^[ \\t]{${common}}`, "gm"), "") };
    }) ?? null
  );
}

function isNamed([name, equals]: readonly Token[]): boolean {
  return equals?.text === "=" && name?.kind === "name";
}

/**
 * The parts of a formatted string that is all of these tokens: its own texts, and the expressions between them, which stand
 * before it, each in brackets (tokens.ts). Null for one that can't be told; undefined where it is no such string.
 */
function formatted(tokens: readonly Token[]): readonly (string | readonly Token[] | null)[] | undefined {
  const last = tokens.at(-1);
  if (last?.kind !== "string" || last.value !== null) return undefined;
  const [, , quoted] = /^[rR]?[fF][rR]?("""|'''|"|')(.*)\1$/s.exec(last.text) ?? [];
  if (quoted === undefined || /\{\{|\}\}/.test(quoted)) return undefined;
  const parts: (string | readonly Token[] | null)[] = [];
  let at = 0;
  for (const piece of quoted.split(/(\{[^{}]*\})/)) {
    if (!piece.startsWith("{")) {
      if (piece !== "") parts.push(/[\\{}]/.test(piece) ? null : piece);
      continue;
    }
    const end = tokens[at]?.text === "(" ? closing(tokens, at) : -1;
    if (end < 0 || tokens[end + 1]?.text !== "+") return undefined;
    parts.push(/[!:=]/.test(piece) ? null : tokens.slice(at + 1, end));
    at = end + 2;
  }
  return at === tokens.length - 1 ? parts : undefined;
}
