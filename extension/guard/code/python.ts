import type { CodeAct, Glance, Language } from "./acts.ts";
import { hidesLoss, mentionsLoss } from "./mentions.ts";
import {
  EFFECTS,
  METHODS,
  PLAIN_MODULES,
  REFUSED_ATTRIBUTES,
  REFUSED_NAMES,
  SOME_OF,
} from "./pythonNames.ts";
import {
  argumentsAt,
  quotedAt,
  splitAt,
  tokensOf,
  type ReadString,
  type Syntax,
  type Token,
} from "./tokens.ts";

const PREFIX = /([rRbBuUfF]{0,2})("""|'''|"|')/y;

const SYNTAX: Syntax = {
  comment: /#[^\n]*/y,
  name: /[A-Za-z_]\w*/y,
  operators: /:=|->|\*\*=?|\/\/=?|[-+*/%&|^=!<>]=|<<|>>|[-+*/%@&|^~<>=()[\]{},:.;!]/y,
  string: readString,
};

function readString(text: string, at: number): ReadString | null {
  PREFIX.lastIndex = at;
  const [whole, prefix = "", quote = ""] = PREFIX.exec(text) ?? [];
  if (whole === undefined) return null;
  const from = at + whole.length;
  const found = quotedAt(text, from, quote);
  if (found === null) return null;
  const { end } = found;
  const raw = text.slice(from, end - quote.length);
  if (!/f/i.test(prefix)) return { end, value: /r/i.test(prefix) ? raw : found.value, code: [] };
  const code = bracedParts(raw.replaceAll(/\{\{|\}\}/g, ""));
  return { end, value: code.length === 0 ? found.value : null, code };
}

/** The expressions in a formatted string; one that can't be read where a brace stays open. */
function bracedParts(text: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] !== "{" && text[at] !== "}") continue;
    if (depth > 0) parts.push(text.slice(from, at).replace(FORMAT, ""));
    depth += text[at] === "{" ? 1 : -1;
    from = at + 1;
  }
  return depth === 0 ? parts : ["\0"];
}

/** `!r`, `:>10.2f` or `=` behind an expression. */
const FORMAT = /(![rsa])?(:[\w<>=^+\-#,.% ]*)?=?$/;

export const python: Language = {
  read: (code) => {
    const tokens = tokensOf(code, SYNTAX);
    return tokens === null ? null : new PythonProgram(tokens).acts();
  },
  glance: (code) => {
    const tokens = tokensOf(code, SYNTAX);
    return tokens === null ? { acts: [], hides: mentionsLoss(code) } : new PythonProgram(tokens).glance(code);
  },
};

class PythonProgram {
  readonly #tokens: readonly Token[];
  /** What names stand for: modules, and members of modules. */
  readonly #imported = new Map<string, string>();
  /** The one value of names that are assigned once; null for others. */
  readonly #values = new Map<string, readonly Token[] | null>();
  readonly #acts: CodeAct[] = [];

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  acts(): readonly CodeAct[] | null {
    for (const statement of this.#statements()) {
      if (!this.#import(statement)) return null;
      this.#assign(statement);
    }
    for (let at = 0; at < this.#tokens.length; at++) if (!this.#name(at)) return null;
    // With another environment a program may be another one.
    const runs = this.#acts.some(({ does }) => does === "runs" || does === "executes");
    return runs && this.#tokens.some(({ text }) => text === "environ") ? null : this.#acts;
  }

  glance(code: string): Glance {
    for (const statement of this.#statements()) {
      this.#import(statement);
      this.#assign(statement);
    }
    for (let at = 0; at < this.#tokens.length; at++) this.#name(at);
    return { acts: this.#acts, hides: hidesLoss(code, this.#tokens, this.#acts) };
  }

  #statements(): readonly (readonly Token[])[] {
    return splitAt(this.#withLines(), ({ text }) => text === ";" || text === "\n");
  }

  /** Ends of lines as separators, and bodies on the line of their head apart from it. */
  #withLines(): readonly Token[] {
    return this.#tokens.map((token) => (token.kind === "line" ? { kind: "op", text: "\n" } : token));
  }

  #import(statement: readonly Token[]): boolean {
    const words = statement.map(({ text }) => text);
    const at = words.findIndex((word) => word === "import");
    if (at < 0) return true;
    // `try: import x` on one line is not followed.
    if (at > 0 && words[0] !== "from") return false;
    const from = at > 0 ? words.slice(1, at).join("") : null;
    const names = splitAt(statement.slice(at + 1), ({ text }) => text === ",");
    return names.every((name) => {
      const [first, as, alias] = splitAs(name.map(({ text }) => text).filter((text) => !/[()]/.test(text)));
      const full = from === null ? first : `${from}.${first}`;
      if (as === undefined && from === null)
        this.#imported.set(first.split(".")[0] ?? "", first.split(".")[0] ?? "");
      else this.#imported.set(alias ?? first, full);
      return from === null ? isKnown(first) : first !== "*" && meaningOf(full) !== "unclear";
    });
  }

  #assign(statement: readonly Token[]): void {
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

  /** Looks at the name at a place. False where it is not understood. */
  #name(at: number): boolean {
    const token = this.#tokens[at];
    if (token?.kind !== "name") return true;
    const before = this.#tokens[at - 1]?.text;
    if (before === ".") return this.#attribute(at);
    if (before === "import" || before === "from") return true;
    const { text } = token;
    const next = this.#tokens[at + 1]?.text;
    // The name of an argument, and of what an import calls it.
    if (next === "=" && /^[(,]$/.test(before ?? "")) return true;
    const imported = this.#imported.get(text);
    if (imported !== undefined) return before === "as" || this.#isImport(at) || this.#member(at, imported);
    if (text === "open") return next === "(" && this.#opens(at + 1, 0);
    if (text.startsWith("__")) return before === "def" || /^__(name|file|doc)__$/.test(text);
    return !REFUSED_NAMES.has(text);
  }

  #isImport(at: number): boolean {
    for (let back = at; back >= 0 && !/^[\n;]$/.test(this.#tokens[back]?.text ?? "\n"); back--)
      if (this.#tokens[back]?.text === "import") return true;
    return this.#tokens.slice(at).findIndex(({ text }) => text === "import") === this.#restOfModule(at);
  }

  /** `from os.path import x`: how far the module's name goes. */
  #restOfModule(at: number): number {
    if (this.#tokens[at - 1]?.text !== "from") return -2;
    let end = at + 1;
    while (/^(\.|\w+)$/.test(this.#tokens[end]?.text ?? "") && this.#tokens[end]?.text !== "import") end++;
    return end - at;
  }

  /** A module or its member, with what follows it: each step has to be known. */
  #member(at: number, imported: string): boolean {
    let full = imported;
    let end = at + 1;
    while (meaningOf(full) === "module" && this.#tokens[end]?.text === ".") {
      full += `.${this.#tokens[end + 1]?.text ?? ""}`;
      end += 2;
    }
    const meaning = meaningOf(full);
    if (meaning === "plain") return true;
    return meaning === "effect" && this.#tokens[end]?.text === "(" && this.#effect(full, end);
  }

  #attribute(at: number): boolean {
    const { text } = this.#tokens[at] ?? { text: "" };
    if (this.#ofModule(at)) return true;
    if (text.startsWith("__")) return /^__(name|doc|version|file|len)__$/.test(text);
    const next = this.#tokens[at + 1]?.text;
    const args = next === "(" ? argumentsAt(this.#tokens, at + 1) : null;
    if (text === "open") return args !== null && this.#opens(at + 1, -1);
    // `text.replace(a, b)` makes another text, `path.replace(to)` moves a file.
    // Of the class itself, `Path.replace(from, to)`, it is the latter.
    if (text === "replace")
      return (
        args !== null &&
        args.length >= 2 &&
        !/^[A-Z]/.test(this.#tokens[at - 2]?.text ?? "") &&
        !isUnpacked(args)
      );
    if (!METHODS.has(text)) return !REFUSED_ATTRIBUTES.has(text);
    const path = this.#receiver(at - 1);
    if (path === null || args === null) return false;
    return this.#act(text, path, args);
  }

  /** Steps from a module to its member were looked at with the module. */
  #ofModule(at: number): boolean {
    let first = at;
    while (this.#tokens[first - 1]?.text === "." && this.#tokens[first - 2]?.kind === "name") first -= 2;
    const imported = this.#imported.get(this.#tokens[first]?.text ?? "");
    if (first === at || imported === undefined) return false;
    let full = imported;
    for (let each = first + 2; each <= at; each += 2) {
      if (meaningOf(full) !== "module") return false;
      full += `.${this.#tokens[each]?.text ?? ""}`;
    }
    return true;
  }

  /** The path before a method: a name for one, or `Path("...")`. */
  #receiver(dot: number): string | null {
    const last = this.#tokens[dot - 1];
    if (last?.kind === "name") return this.#pathOf([last]);
    if (last?.text !== ")") return null;
    let open = dot - 1;
    for (let depth = 0; open >= 0; open--) {
      if (this.#tokens[open]?.text === ")") depth++;
      else if (this.#tokens[open]?.text === "(" && --depth === 0) break;
    }
    let start = open - 1;
    while (this.#tokens[start - 1]?.text === ".") start -= 2;
    return this.#pathOf(this.#tokens.slice(Math.max(0, start), dot));
  }

  #effect(full: string, open: number): boolean {
    const args = argumentsAt(this.#tokens, open);
    if (args === null) return false;
    const does = EFFECTS[full] ?? "";
    if (does === "run") return this.#runs(args);
    if (does === "system") {
      const line = this.#textOf(args[0]);
      if (line !== null) this.#acts.push({ does: "runs", line });
      return line !== null;
    }
    const path = this.#pathOf(args[0] ?? []);
    return path !== null && this.#act(does, path, args.slice(1));
  }

  /** One act on a path; `rest` are the arguments behind it. */
  #act(does: string, path: string, rest: readonly (readonly Token[])[]): boolean {
    const to = (): string | null => this.#pathOf(rest[0] ?? []);
    switch (does) {
      case "unlink":
      case "rmtree":
        this.#acts.push({ does: "deletes", path, recursive: does === "rmtree" });
        return true;
      case "write_text":
      case "write_bytes":
      case "truncate":
        this.#acts.push({ does: "writes", path, mode: "overwrite" });
        return true;
      case "touch":
      case "mkdir":
      case "rmdir":
        this.#acts.push({ does: "writes", path, mode: "create" });
        return true;
      case "rename":
      case "copy": {
        const target = to();
        if (target === null) return false;
        this.#acts.push({ does: does === "rename" ? "moves" : "copies", path, to: target });
        return true;
      }
      default:
        return false;
    }
  }

  /** `subprocess.run([...])`, or a line with `shell=True`. */
  #runs(args: readonly (readonly Token[])[]): boolean {
    const [first = [], ...options] = args;
    const named = options.map((option) => option.map(({ text }) => text).join(""));
    if (
      named.some(
        (option) => /^(cwd|env|executable|preexec_fn|input|stdin)=/.test(option) || !option.includes("="),
      )
    )
      return false;
    const line = this.#textOf(first);
    if (line !== null && named.includes("shell=True")) {
      this.#acts.push({ does: "runs", line });
      return true;
    }
    if (first[0]?.text !== "[" || named.some((option) => option.startsWith("shell="))) return false;
    const words = argumentsAt(first, 0)?.map((each) => this.#textOf(each)) ?? [null];
    const argv = words.flatMap((word) => word ?? []);
    if (argv.length < words.length || argv.length === 0) return false;
    this.#acts.push({ does: "executes", argv });
    return true;
  }

  /** `open(path, mode)`; of `path.open(mode)`, the receiver is at -1. */
  #opens(open: number, pathAt: 0 | -1): boolean {
    const args = argumentsAt(this.#tokens, open);
    if (args === null) return false;
    const positional = args.filter((each) => each[1]?.text !== "=");
    const named = args.find((each) => each[0]?.text === "mode" && each[1]?.text === "=");
    // What is unpacked could be any of them.
    if (args.some((each) => /^(opener|\*\*?)$/.test(each[0]?.text ?? ""))) return false;
    const given = named?.slice(2) ?? positional[pathAt + 1];
    const mode = given === undefined ? "r" : this.#textOf(given);
    const path = pathAt === 0 ? this.#pathOf(args[0] ?? []) : this.#receiver(open - 2);
    if (mode === null || !/^[rwaxbtU+]+$/.test(mode)) return false;
    if (/^[rbtU]+$/.test(mode)) {
      if (path !== null) this.#acts.push({ does: "reads", path });
      return true;
    }
    if (path === null) return false;
    const kept = mode.includes("a") ? "append" : mode.includes("x") ? "create" : "overwrite";
    this.#acts.push({ does: "writes", path, mode: kept });
    return true;
  }

  #textOf(tokens: readonly Token[] | undefined): string | null {
    const [only, ...more] = tokens ?? [];
    if (only === undefined || more.length > 0) return null;
    if (only.kind === "string") return only.value ?? null;
    const value = only.kind === "name" ? this.#values.get(only.text) : null;
    return value?.[0]?.kind === "string" ? this.#textOf(value) : null;
  }

  #pathOf(tokens: readonly Token[]): string | null {
    const [first, second] = tokens;
    if (tokens.length === 1) {
      const text = this.#textOf(tokens);
      if (text !== null || first?.kind !== "name") return text;
      const value = this.#values.get(first.text);
      return value?.[1]?.text === "(" || value?.[1]?.text === "." ? this.#pathOf(value) : null;
    }
    const called = first === undefined ? "" : (this.#imported.get(first.text) ?? "");
    const at = called === "pathlib" && second?.text === "." ? 3 : 1;
    const isPath = called === "pathlib" ? tokens[2]?.text === "Path" : called === "pathlib.Path";
    if (!isPath || tokens[at]?.text !== "(") return null;
    const args = argumentsAt(tokens, at);
    if (args === null || args.length !== 1 || tokens.at(-1)?.text !== ")") return null;
    return tokens.length === at + 2 + (args[0]?.length ?? 0) ? this.#textOf(args[0]) : null;
  }
}

function isUnpacked(args: readonly (readonly Token[])[]): boolean {
  return args.some(([first]) => first?.text === "*" || first?.text === "**");
}

function splitAs(words: readonly string[]): readonly [string, string?, string?] {
  const at = words.indexOf("as");
  return at < 0 ? [words.join("")] : [words.slice(0, at).join(""), "as", words[at + 1] ?? ""];
}

function isKnown(module: string): boolean {
  const [top = ""] = module.split(".");
  return meaningOf(module) === "module" || (meaningOf(top) === "module" && meaningOf(module) !== "unclear");
}

/** What a dotted name from the library means. */
function meaningOf(full: string): "module" | "plain" | "effect" | "unclear" {
  if (Object.hasOwn(EFFECTS, full)) return "effect";
  if (PLAIN_MODULES.has(full) || Object.hasOwn(SOME_OF, full)) return "module";
  const at = full.lastIndexOf(".");
  const [module, member] = [full.slice(0, Math.max(0, at)), full.slice(at + 1)];
  if (SOME_OF[module]?.test(member) === true) return "plain";
  // `datetime.datetime` is a class.
  const isModule = member !== module && (PLAIN_MODULES.has(member) || Object.hasOwn(SOME_OF, member));
  if (!PLAIN_MODULES.has(module) || isModule || REFUSED_ATTRIBUTES.has(member)) return "unclear";
  return /^_|^(open|builtins|codecs|subprocess|FileHandler)/.test(member) ? "unclear" : "plain";
}
