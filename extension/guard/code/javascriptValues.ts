import { MADE_TEMPORARY, SHARED_TEMPORARY } from "../../shell/words.ts";
import { type Alternatives, concatenated, ENTRY, HERE, joined, oneOf, parents } from "./paths.ts";
import { isMethod, isValueName, JAVASCRIPT_READING } from "./javascriptSyntax.ts";
import { OnlyRead } from "./onlyRead.ts";
import { Sources } from "./sources.ts";
import { argumentsAt, callOf, closing, opening, splitAt, type Token } from "./tokens.ts";

/** Where a name gets a value. */
type Source =
  | { readonly is: "value"; readonly tokens: readonly Token[] }
  /** What comes of going through something; `at`: that part of each. */
  | { readonly is: "element"; readonly of: readonly Token[]; readonly at?: number }
  /** What a function is called with. */
  | { readonly is: "parameter"; readonly of: string; readonly at: number; readonly name: string };

const MAX_STEPS = 8;
/** Looks at values, at most, for one program. */
const MAX_LOOKS = 2_000;

const COMPOUND = /^([-+*/%&|^]|\*\*|\?\?|&&|\|\||<<|>>)=$/;
/** Methods that give a list's own elements again. */
const SAME = /^(filter|sort|toSorted|slice|reverse|toReversed)$/;
const GOES_THROUGH = /^(forEach|map|filter|some|every|flatMap|find)$/;

/** What names of a program for Node stand for, as far as its text says so. */
export class JavaScriptValues {
  readonly #tokens: readonly Token[];
  readonly #nameOf: (callee: readonly Token[]) => string | null;
  /** All places where a name gets a value; null for a name with one that isn't followed. */
  readonly #sources = new Sources<Source>();
  readonly #lists: OnlyRead;
  /** Names that are taken out of a module where it is required. */
  readonly #required = new Set<string>();
  #looks = 0;

  /** `nameOf`: what the library calls a dotted name; null for others. */
  constructor(tokens: readonly Token[], nameOf: (callee: readonly Token[]) => string | null) {
    this.#tokens = tokens;
    this.#nameOf = nameOf;
    this.#lists = new OnlyRead(tokens, JAVASCRIPT_READING, (name) => this.rebinds(name));
    for (let at = 0; at < tokens.length; at++) this.#learn(at);
  }

  /** Whether the program itself gives a name a value, or takes one by it. */
  binds(name: string): boolean {
    return this.#sources.has(name) || this.#required.has(name);
  }

  /** Whether a name that can be one of the library's is something else, too. */
  rebinds(name: string): boolean {
    if (!this.#sources.has(name)) return false;
    const isRequired = (source: Source): boolean =>
      source.is === "value" && source.tokens[0]?.text === "require" && source.tokens[1]?.text === "(";
    return this.#sources.of(name)?.every(isRequired) !== true;
  }

  textOf(tokens: readonly Token[] | undefined): string | null {
    const [only, ...others] = this.pathsOf(tokens ?? []) ?? [];
    return only === undefined || others.length > 0 || only.rest !== undefined ? null : only.text;
  }

  /** All texts and paths that this can be. */
  pathsOf(tokens: readonly Token[], steps = 0): Alternatives {
    const [first, second] = tokens;
    if (first === undefined || steps > MAX_STEPS || this.#looks++ > MAX_LOOKS) return null;
    if (second === undefined) return this.#single(first, steps);
    if (first.text === "await") return this.pathsOf(tokens.slice(1), steps + 1);
    const parts = templateParts(tokens);
    if (parts !== undefined)
      return concatenated(
        parts.map((part) =>
          typeof part === "string" ? [{ text: part }] : this.pathsOf(part ?? [], steps + 1),
        ),
      );
    if (first.text === "(" && closing(tokens, 0) === tokens.length - 1)
      return this.pathsOf(tokens.slice(1, -1), steps + 1);
    const sides = splitAt(tokens, ({ kind, text }) => kind === "op" && text === "+");
    if (sides.length > 1) return concatenated(sides.map((side) => this.pathsOf(side, steps + 1)));
    return this.#member(tokens, steps);
  }

  #learn(at: number): void {
    const { kind, text } = this.#tokens[at] ?? { kind: "op", text: "" };
    if (kind === "op" && text === "(" && this.#tokens[closing(this.#tokens, at) + 1]?.text === "=>")
      this.#arrow(argumentsAt(this.#tokens, at)?.flat() ?? [], at);
    if (kind === "op" && text === "(" && isMethod(this.#tokens, at - 1))
      this.#sources.lose(this.#tokens.slice(at, closing(this.#tokens, at)));
    if (kind === "op" && text === "=" && /^[\]}]$/.test(this.#tokens[at - 1]?.text ?? ""))
      this.#replaced(at - 1);
    if (kind !== "name") return;
    const [before, after] = [this.#tokens[at - 1]?.text ?? "", this.#tokens[at + 1]?.text ?? ""];
    if (before === "." || before === "?.") return;
    if (text === "of" && /^(const|let|var)$/.test(this.#declaring(at))) this.#each(at);
    else if (/^(of|in)$/.test(text)) this.#eachOther(at);
    else if (text === "function") this.#function(at);
    else if (
      /^(const|let|var|catch|class)$/.test(text) &&
      /^[[{(]$/.test(after) &&
      !this.#isRequired(closing(this.#tokens, at + 1))
    )
      this.#sources.lose(this.#tokens.slice(at + 1, closing(this.#tokens, at + 1)));
    else if (COMPOUND.test(after) || /^(\+\+|--)$/.test(after)) this.#sources.loseName(text);
    else if (after === "=") this.#assigned(at);
    else if (after === "=>") this.#arrow(this.#tokens.slice(at, at + 1), at);
  }

  /** `[a] = list`, `({ a } = object)`, `list[0] = a`. */
  #replaced(close: number): void {
    const open = opening(this.#tokens, close);
    if (this.#isRequired(close)) {
      for (const { text } of this.#tokens.slice(open, close)) this.#required.add(text);
      return;
    }
    const before = this.#tokens[open - 1];
    const isPart = before !== undefined && isValueName(before) && !/^(const|let|var)$/.test(before.text);
    // A part of a list: that is a mention of it (onlyRead.ts).
    if (this.#tokens[close]?.text !== "]" || !isPart) this.#sources.lose(this.#tokens.slice(open, close));
  }

  /** `{ join } = require("path")`: names of the library. */
  #isRequired(close: number): boolean {
    const [equals, word, open, named, end, next] = this.#tokens.slice(close + 1, close + 7);
    const isWhole =
      equals?.text === "=" && word?.text === "require" && open?.text === "(" && end?.text === ")";
    return isWhole && named?.kind === "string" && !/^[.([]$|^\?\.$/.test(next?.text ?? "");
  }

  /** `const`, where the names before `of` are declared. */
  #declaring(of: number): string {
    const before = this.#tokens[of - 1];
    let start = of - 1;
    if (before?.text === "]") while (start > 0 && this.#tokens[start]?.text !== "[") start--;
    return this.#tokens[start - 1]?.text ?? "";
  }

  /** `for (a of list)`, `for (const a in object)`: nothing is known of it. */
  #eachOther(at: number): void {
    let open = at - 1;
    while (open > 0 && /^(const|let|var|[[\]{},:])$|^[\w$]+$/.test(this.#tokens[open]?.text ?? "")) open--;
    if (/^(for|await)$/.test(this.#tokens[open - 1]?.text ?? ""))
      this.#sources.lose(this.#tokens.slice(open, at));
  }

  #each(at: number): void {
    const of = valueAt(this.#tokens, at + 1);
    const last = this.#tokens[at - 1];
    if (last?.kind === "name") {
      this.#sources.bind(last.text, { is: "element", of });
      return;
    }
    let start = at - 1;
    while (start > 0 && this.#tokens[start]?.text !== "[") start--;
    const names = splitAt(this.#tokens.slice(start + 1, at - 1), ({ text }) => text === ",");
    for (const [place, [name, ...more]] of names.entries())
      if (more.length > 0) this.#sources.lose(names.flat());
      else this.#sources.bind(name?.text ?? "", { is: "element", of, at: place });
  }

  /** `function name(a, b)`. */
  #function(at: number): void {
    const name = this.#tokens.slice(at + 1, at + 3).find(({ kind }) => kind === "name")?.text ?? "";
    const open = this.#tokens.findIndex(({ text }, index) => index > at && text === "(");
    this.#parameters(name, argumentsAt(this.#tokens, open) ?? []);
    this.#sources.loseName(name);
  }

  #assigned(at: number): void {
    const name = this.#tokens[at]?.text ?? "";
    const start = this.#tokens[at + 2]?.text === "async" ? at + 3 : at + 2;
    const end = closing(this.#tokens, start);
    if (this.#tokens[start]?.text === "(" && this.#tokens[end + 1]?.text === "=>") {
      this.#parameters(name, argumentsAt(this.#tokens, start) ?? []);
      this.#sources.loseName(name);
    } else if (this.#tokens[start + 1]?.text === "=>") {
      this.#parameters(name, [[this.#tokens[start] ?? { kind: "op", text: "" }]]);
      this.#sources.loseName(name);
    } else this.#sources.bind(name, { is: "value", tokens: valueAt(this.#tokens, at + 2) });
  }

  /** A function without a name: what goes through a list is given each element; of others nothing is known. */
  #arrow(parameters: readonly Token[], at: number): void {
    const start = this.#tokens[at - 1]?.text === "async" ? at - 1 : at;
    const before = this.#tokens[start - 1]?.text;
    if (before === "=") {
      // `object.name = (a) => …` can be called by any other name.
      if (/^[.\]]$/.test(this.#tokens[start - 3]?.text ?? "") || this.#tokens[start - 2]?.text === "]")
        this.#sources.lose(parameters);
      return;
    }
    const method = before === "(" ? (this.#tokens[start - 2]?.text ?? "") : "";
    const dot = this.#tokens[start - 3]?.text === ".";
    const [element, ...others] = parameters;
    this.#sources.lose(others);
    if (element?.kind !== "name" || !dot || !GOES_THROUGH.test(method)) this.#sources.lose(parameters);
    else this.#sources.bind(element.text, { is: "element", of: receiverOf(this.#tokens, start - 3) });
  }

  #parameters(of: string, parameters: readonly (readonly Token[])[]): void {
    for (const [at, [name, ...more]] of parameters.entries())
      if (name?.kind !== "name" || more.length > 0) this.#sources.lose(parameters[at] ?? []);
      else this.#sources.bind(name.text, { is: "parameter", of, at, name: name.text });
  }

  #single(token: Token, steps: number): Alternatives {
    if (token.kind === "string") {
      if (token.value === undefined || token.value === null) return null;
      return [{ text: token.value }];
    }
    if (token.text === "__dirname") return HERE;
    const sources = token.kind === "name" ? this.#sources.of(token.text) : null;
    return sources === null ? null : oneOf(sources.map((each) => this.#source(each, steps + 1)));
  }

  #source(source: Source, steps: number): Alternatives {
    if (source.is === "value") return this.pathsOf(source.tokens, steps);
    if (source.is === "element") return this.#elements(source.of, source.at, steps);
    return this.#given(source, (each) => this.pathsOf(each, steps));
  }

  /** What a function's parameter is at each of its calls. */
  #given(
    { of, at, name }: Source & { readonly is: "parameter" },
    read: (tokens: readonly Token[]) => Alternatives,
  ): Alternatives {
    const given: Alternatives[] = [];
    for (const [index, token] of this.#tokens.entries()) {
      if (token.kind !== "name" || token.text !== of) continue;
      const [before, after] = [this.#tokens[index - 1]?.text, this.#tokens[index + 1]?.text];
      if (before === "." || before === "function" || after === "=") continue;
      const args = after === "(" ? argumentsAt(this.#tokens, index + 1) : null;
      if (args?.[at] === undefined || args.some(([first]) => first?.text === "...")) return null;
      const value = args[at] ?? [];
      // What it is called with by its own name is one of the others.
      if (value.length > 1 || value[0]?.text !== name) given.push(read(value));
    }
    return oneOf(given);
  }

  /** A call, or an attribute. */
  #member(tokens: readonly Token[], steps: number): Alternatives {
    const called = callOf(tokens);
    if (called === null) {
      // `entry.name`, of what lists a folder with its types.
      const [entry, dot, name, ...more] = tokens;
      const isEntry = dot?.text === "." && name?.text === "name" && more.length === 0;
      const listed = isEntry && entry !== undefined ? this.#single(entry, steps) : null;
      return listed?.every(({ text, rest }) => text === "" && rest === "prefix") === true ? listed : null;
    }
    const { callee, args } = called;
    if (args.some(([first]) => first?.text === "...")) return null;
    const name = this.#nameOf(callee);
    const all = (): Alternatives[] => args.map((arg) => this.pathsOf(arg, steps + 1));
    if (name === "path.join") return joined(all());
    if (name === "path.resolve") return joined([HERE, ...all()]);
    if (name === "path.basename") return ENTRY;
    if (name === "os.tmpdir") return [{ text: SHARED_TEMPORARY }];
    if (/^fs\.(promises\.)?mkdtemp(Sync)?$/.test(name ?? "")) return [{ text: MADE_TEMPORARY }];
    if (name === "path.dirname") return parents(this.pathsOf(args[0] ?? [], steps + 1));
    if (name === "process.cwd") return HERE;
    return null;
  }

  /** What going through something gives; of several at once, the one `at` that place. */
  #elements(tokens: readonly Token[], at: number | undefined, steps: number): Alternatives {
    const [first, second] = tokens;
    if (first === undefined || steps > MAX_STEPS || this.#looks++ > MAX_LOOKS) return null;
    if (first.text === "await") return this.#elements(tokens.slice(1), at, steps + 1);
    if (second === undefined) {
      const sources = first.kind === "name" ? this.#sources.of(first.text) : null;
      if (sources === null || !this.#lists.stays(first.text, at !== undefined)) return null;
      return oneOf(sources.map((each) => this.#elementsOf(each, at, steps + 1)));
    }
    if (first.text === "[" && closing(tokens, 0) === tokens.length - 1)
      return this.#written(tokens, at, steps);
    const called = callOf(tokens);
    if (called === null) return null;
    const { callee } = called;
    if (/^fs\.(promises\.)?readdir(Sync)?$/.test(this.#nameOf(callee) ?? "")) return ENTRY;
    const method = callee.at(-2)?.text === "." ? (callee.at(-1)?.text ?? "") : "";
    return SAME.test(method) ? this.#elements(callee.slice(0, -2), at, steps + 1) : null;
  }

  #elementsOf(source: Source, at: number | undefined, steps: number): Alternatives {
    if (source.is === "value") return this.#elements(source.tokens, at, steps);
    return source.is === "parameter" ? this.#given(source, (each) => this.#elements(each, at, steps)) : null;
  }

  #written(tokens: readonly Token[], at: number | undefined, steps: number): Alternatives {
    return oneOf(
      splitAt(tokens.slice(1, -1), ({ text }) => text === ",").map((element) => {
        if (element[0]?.text === "...") return null;
        if (at === undefined) return this.pathsOf(element, steps + 1);
        const isGroup = element[0]?.text === "[" && closing(element, 0) === element.length - 1;
        const inner = isGroup ? splitAt(element.slice(1, -1), ({ text }) => text === ",") : [];
        return this.pathsOf(inner[at] ?? [], steps + 1);
      }),
    );
  }
}

/** The expression that begins at a place, as far as it goes. */
function valueAt(tokens: readonly Token[], from: number): readonly Token[] {
  let end = from;
  for (; end < tokens.length; end++) {
    const token = tokens[end];
    const before = tokens[end - 1];
    if (token === undefined || (token.kind === "op" && /^[;,)\]}]$/.test(token.text))) break;
    const follows = end > from && before !== undefined && endsValue(before);
    // Without a sign between, one statement has ended and another begins.
    if (follows && token.kind !== "op" && !/^(instanceof|in|of|as)$/.test(token.text)) break;
    if (follows && token.text === "{") break;
    if (/^[([{]$/.test(token.text) && token.kind === "op") {
      const close = closing(tokens, end);
      if (close < 0) return [];
      end = close;
    }
  }
  return tokens.slice(from, end);
}

function endsValue(token: Token): boolean {
  return (
    token.kind === "string" || token.kind === "number" || isValueName(token) || /^[)\]}]$/.test(token.text)
  );
}

/** What stands before a dot, back to where its expression begins. */
function receiverOf(tokens: readonly Token[], dot: number): readonly Token[] {
  let start = dot;
  for (;;) {
    const last = tokens[start - 1];
    if (last?.kind === "op" && /^[)\]]$/.test(last.text)) {
      start = opening(tokens, start - 1);
      const called = tokens[start - 1];
      if (tokens[start]?.text === "(" && called !== undefined && isValueName(called)) start--;
    } else if (last?.kind === "name" || last?.kind === "string") start--;
    else return [];
    if (tokens[start - 1]?.text !== ".") return tokens.slice(start, dot);
    start--;
  }
}

/** The parts of a template, as those of a formatted string of Python. */
function templateParts(tokens: readonly Token[]): readonly (string | readonly Token[] | null)[] | undefined {
  const last = tokens.at(-1);
  if (last?.kind !== "string" || last.value !== null || !/^`[^]*`$/.test(last.text)) return undefined;
  const parts: (string | readonly Token[] | null)[] = [];
  let at = 0;
  for (const piece of last.text.slice(1, -1).split(/(\$\{[^{}]*\})/)) {
    if (!piece.startsWith("${")) {
      if (piece !== "") parts.push(/\\|\$\{/.test(piece) ? null : piece);
      continue;
    }
    const end = tokens[at]?.text === "(" ? closing(tokens, at) : -1;
    if (end < 0 || tokens[end + 1]?.text !== "+") return undefined;
    parts.push(tokens.slice(at + 1, end));
    at = end + 2;
  }
  return at === tokens.length - 1 ? parts : undefined;
}
