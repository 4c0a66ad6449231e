import type { CodeAct, Glance, Language } from "./acts.ts";
import { isSecretName } from "../places.ts";
import { PACKAGE_WRITERS, PYTHON_PACKAGES } from "./knownPackages.ts";
import { hidesLoss, mentionsLoss } from "./mentions.ts";
import { EVERYTHING, OwnModules } from "./ownModules.ts";
import type { Alternatives } from "./paths.ts";
import { PythonEffects } from "./pythonEffects.ts";
import {
  ASKS_ABOUT,
  isForeign,
  LIBRARY,
  meaningOf,
  METHODS,
  PLAIN_MODULES,
  REFUSED_ATTRIBUTES,
  REFUSED_NAMES,
  splitAs,
  TELLS,
} from "./pythonNames.ts";
import { isImport, PYTHON_SYNTAX as SYNTAX } from "./pythonSyntax.ts";
import { PythonValues } from "./pythonValues.ts";
import { secretsAmong } from "./secrets.ts";
import { argumentsAt, closing, isUnpacked, opening, splitAt, tokensOf, type Token } from "./tokens.ts";

export const python: Language = {
  read,
  glance: (code, uses = []) => {
    const tokens = tokensOf(code, SYNTAX);
    return tokens === null
      ? { acts: [], hides: mentionsLoss(code) }
      : new PythonProgram(tokens).glance(code, uses);
  },
};

function read(code: string): readonly CodeAct[] | null {
  const tokens = tokensOf(code, SYNTAX);
  return tokens === null ? null : new PythonProgram(tokens).acts();
}

/** Names by which code in a text gets at modules, and how YAML names what it calls. */
const HOLDS_CODE = /__(import|globals|builtins|subclasses)__|!!python\//;

/** Modules that the interpreter has before it looks for any. */
const THERE_FROM_THE_START =
  /^(sys|builtins|os|io|abc|codecs|stat|time|site|errno|gc|itertools|posix|posixpath)$/;

/** Words behind which a bracket is no call. */
const KEYWORDS =
  /^(return|in|not|and|or|is|if|elif|else|while|for|with|await|yield|assert|raise|lambda|del|except|import|from)$/;

class PythonProgram {
  readonly #tokens: readonly Token[];
  readonly #statements: readonly (readonly Token[])[];
  readonly #values: PythonValues;
  readonly #effects: PythonEffects;
  readonly #acts: CodeAct[] = [];
  readonly #own = new OwnModules();

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
    this.#statements = statementsOf(tokens);
    this.#values = new PythonValues(tokens, this.#statements);
    this.#effects = new PythonEffects(tokens, this.#values, this.#acts, read);
  }

  acts(): readonly CodeAct[] | null {
    if (!this.#statements.every((statement) => this.#import(statement))) return null;
    // Only modules have others beside them.
    if (this.#own.modules.some((module) => module.startsWith("."))) return null;
    for (let at = 0; at < this.#tokens.length; at++) if (!this.#name(at)) return null;
    // A log can go to a file.
    const named = this.#tokens.some(
      ({ text }, at) => /^(filename|handlers)$/.test(text) && this.#tokens[at + 1]?.text === "=",
    );
    const logs = this.#tokens.findIndex(({ text }) => text === "basicConfig");
    if (logs >= 0 && (named || isUnpacked(argumentsAt(this.#tokens, logs + 1) ?? []))) return null;
    // Texts that packages for templates and data take for code.
    if (this.#tokens.some(({ value }) => typeof value === "string" && HOLDS_CODE.test(value))) return null;
    this.#acts.push(...this.#own.acts(), ...this.#standIns());
    this.#acts.push(...secretsAmong(this.#tokens.map(({ value }) => value)));
    // With another environment a program may be another one.
    const runs = this.#acts.some(({ does }) => does === "runs" || does === "executes");
    // And what is temporary another place.
    const isSteered = runs || this.#tokens.some(({ text }) => text === "gettempdir");
    return isSteered && this.#tokens.some(({ text }) => text === "environ") ? null : this.#acts;
  }

  /** Modules of the library that one of the project's can stand in for. */
  #standIns(): readonly CodeAct[] {
    const tops = [...this.#values.imported.values()].map((full) => full.split(".")[0] ?? "");
    return [...new Set(tops)]
      .filter((module) => !THERE_FROM_THE_START.test(module))
      .map((module) => ({ does: "imports", module, uses: [EVERYTHING], library: true }));
  }

  glance(code: string, uses: readonly string[]): Glance {
    for (const statement of this.#statements) this.#import(statement);
    for (let at = 0; at < this.#tokens.length; at++) this.#name(at);
    // What it has from others is used by its name, too.
    for (const name of uses) this.#own.usesName(name, []);
    this.#acts.push(...this.#own.acts());
    this.#acts.push(...secretsAmong(this.#tokens.map(({ value }) => value)));
    return { acts: this.#acts, hides: hidesLoss(code, this.#tokens, this.#acts) };
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
      if (isForeign(from ?? first)) return this.#imports(from, first, alias);
      // Of the library itself nothing happens before it is used.
      const [top = ""] = first.split(".");
      const isBound =
        as === undefined && from === null ? this.#binds(top, top) : this.#binds(alias ?? first, full);
      return isBound && first !== "*";
    });
  }

  /** False where a name stands for one thing of the library here and for another there, and one of them acts. */
  #binds(name: string, full: string): boolean {
    const before = this.#values.imported.get(name);
    this.#values.imported.set(name, full);
    return before === undefined || before === full || [before, full].every((each) => PLAIN_MODULES.has(each));
  }

  /** A module that may be the project's own, or a package's: what it is for can't be told here. */
  #imports(from: string | null, name: string, alias: string | undefined): boolean {
    const module = from ?? name;
    if (!/^[\w.]+$/.test(module)) return false;
    // What a package imports itself is reached through it, too.
    if (from !== null && LIBRARY.has(name) && !PLAIN_MODULES.has(name)) return false;
    if (name === "*") {
      // Of a package nobody looks at what all of its names are.
      this.#own.hands(module);
      return !isPackage(module);
    }
    if (from === null) {
      const [first = "", ...others] = name.split(".");
      this.#own.bind(alias ?? first, module, null, alias === undefined ? others.length : 0);
      return true;
    }
    this.#own.bind(alias ?? name, module, name);
    // What is imported from a package can be a module of its own.
    this.#own.bindPossible(`${from.replace(/\.$/, "")}.${name}`);
    return true;
  }

  /** The version of a package and where it lies are told by it; whatever else of it is used is for others to judge. */
  #usesOwn(at: number, modules: readonly string[]): boolean {
    const members: string[] = [];
    for (let dot = at + 1; this.#tokens[dot]?.text === "."; dot += 2)
      members.push(this.#tokens[dot + 1]?.text ?? "");
    const [next] = members;
    if (next !== undefined && /^(__version__|__file__|__path__|__name__|__doc__|version|VERSION)$/.test(next))
      return this.#tokens[at + 3]?.text !== "(";
    if (
      next !== undefined &&
      modules.every((module) => /^(requests|httpx)$/.test(module)) &&
      /^(get|head|post|put|patch|delete)$/.test(next)
    )
      return this.#effects.requests(at + 3, next);
    this.#own.usesName(this.#tokens[at]?.text ?? "", members);
    return true;
  }

  /** `getattr(value, "name")`: as if it stood there; by a name that comes at run time, of what isn't the library's. */
  #getattr(open: number): boolean {
    const [of = [], named = []] = argumentsAt(this.#tokens, open) ?? [];
    const name = this.#values.textOf(named);
    if (name !== null && (REFUSED_ATTRIBUTES.has(name) || METHODS.has(name) || !/^(?!__)\w+$/.test(name)))
      return false;
    const library = this.#values.imported.get(of[0]?.text ?? "");
    if (library !== undefined)
      return of.length === 1 && name !== null && meaningOf(`${library}.${name}`) === "plain";
    const isCalled = this.#tokens[closing(this.#tokens, open) + 1]?.text === "(";
    const holdsLibrary = of.some(({ kind, text }) => kind === "name" && this.#values.imported.has(text));
    return name !== null || (!isCalled && !holdsLibrary && this.#values.pathsOf(of) === null);
  }

  /** What a value holds by name; an element of that could be anything. */
  #vars(open: number): boolean {
    const args = this.#tokens[open]?.text === "(" ? argumentsAt(this.#tokens, open) : null;
    const [of = [], ...more] = args ?? [];
    const next = this.#tokens[closing(this.#tokens, open) + 1]?.text ?? "";
    return (
      of.length > 0 &&
      more.length === 0 &&
      !/^[.[]$/.test(next) &&
      !this.#values.imported.has(of[0]?.text ?? "")
    );
  }

  /** Looks at the name at a place. False where it is not understood. */
  #name(at: number): boolean {
    const token = this.#tokens[at];
    if (token?.kind !== "name") return true;
    const before = this.#tokens[at - 1]?.text;
    if (before === ".") return isImport(this.#tokens, at) || this.#attribute(at);
    if (before === "import" || before === "from") return true;
    const { text } = token;
    const next = this.#tokens[at + 1]?.text;
    // The name of an argument, and of what an import calls it.
    if (next === "=" && /^[(,]$/.test(before ?? "")) return !METHODS.has(text) || !this.#isPattern(at);
    const own = this.#own.modulesOf(text);
    const imported = this.#values.imported.get(text);
    // Where a module isn't there, another can have its name: `except ImportError: import json`.
    if (own !== undefined) {
      if (before === "as" || isImport(this.#tokens, at)) return true;
      if (!this.#usesOwn(at, own)) return false;
      if (imported === undefined) return true;
    }
    if (imported !== undefined && /^(os|os\.environ|os\.getenv)$/.test(imported)) this.#shows(at, imported);
    if (imported !== undefined)
      return before === "as" || isImport(this.#tokens, at) || this.#member(at, imported);
    if (text === "exec" || text === "eval")
      return next === "(" && this.#effects.runs(argumentsAt(this.#tokens, at + 1) ?? []);
    if (text === "getattr") return next === "(" && this.#getattr(at + 1);
    if (text === "vars") return this.#vars(at + 1);
    if (text === "open") return next === "(" && this.#effects.opens(argumentsAt(this.#tokens, at + 1) ?? []);
    if (text.startsWith("__")) return before === "def" || /^__(name|file|doc|debug)__$/.test(text);
    return !REFUSED_NAMES.has(text);
  }

  /** `os.environ["NAME"]`, or all of it: not where it is only asked whether there is one. */
  #shows(at: number, imported: string): void {
    const names = imported === "os" ? 2 : 0;
    const what = names === 0 ? imported.slice(3) : this.#tokens[at + 2]?.text;
    const next = at + names + 1;
    const before = this.#tokens[at - 1]?.text ?? "";
    if (
      /^(in|not|import)$/.test(before) ||
      /^(bool|sorted|list|len|set)$/.test(this.#tokens[at - 2]?.text ?? "")
    )
      return;
    const member = this.#tokens[next]?.text === "." ? this.#tokens[next + 1]?.text : undefined;
    const picks =
      what === "getenv" || member === "get" || member === "pop" || this.#tokens[next]?.text === "[";
    const name = this.#tokens.slice(next, next + 4).find(({ kind }) => kind === "string")?.value ?? "";
    if (what === "environ" && !picks && (member === undefined || /^(items|values|copy)$/.test(member)))
      this.#acts.push({ does: "shows", variable: null });
    else if (picks && isSecretName(name)) this.#acts.push({ does: "shows", variable: name });
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
    // Whatever of the library is given another value is another thing from then on.
    if (full !== imported && this.#tokens[end]?.text === "=") return false;
    if (meaning === "plain") return full !== "unittest.mock.patch" || !this.#replaces(end);
    // `hasattr(module, "name")`.
    const asks = this.#tokens[at - 1]?.text === "(" && ASKS_ABOUT.test(this.#tokens[at - 2]?.text ?? "");
    if (meaning === "module" && asks) return /^[,)]$/.test(this.#tokens[end]?.text ?? "");
    return meaning === "effect" && this.#tokens[end]?.text === "(" && this.#effects.call(full, end);
  }

  /** `case Path(unlink=f)`: takes a member of the value. */
  #isPattern(at: number): boolean {
    for (let back = at; back >= 0 && this.#tokens[back]?.kind !== "line"; back--)
      if (this.#tokens[back]?.text === "case") return true;
    return false;
  }

  /** `patch("os.path.join", …)`: what is followed here would mean something else. */
  #replaces(open: number): boolean {
    const named = this.#tokens[open + 1]?.value ?? "";
    return /^(os|tempfile|pathlib|shutil|builtins|subprocess|textwrap|glob)\b(?!\.environ$)/.test(named);
  }

  #attribute(at: number): boolean {
    const { text } = this.#tokens[at] ?? { text: "" };
    if (this.#ofModule(at)) return true;
    if (text.startsWith("__")) return TELLS.test(text);
    if (text.startsWith("_") && this.#values.imported.has(this.#tokens[this.#chainStart(at)]?.text ?? ""))
      return false;
    const next = this.#tokens[at + 1]?.text;
    const args = next === "(" ? argumentsAt(this.#tokens, at + 1) : null;
    // `Image.open(path)`.
    if (text === "open" && this.#own.modulesOf(this.#tokens[at - 2]?.text ?? "")?.every(isPackage) === true)
      return args !== null && this.#effects.opens(args);
    if (text === "open") return args !== null && this.#effects.opens(args, this.#receiver(at - 1));
    // `text.replace(a, b)` makes another text, `path.replace(to)` moves a file.
    // Of the class itself, `Path.replace(from, to)`, it is the latter.
    if (text === "replace")
      return (
        args !== null &&
        args.length >= 2 &&
        !/^[A-Z]/.test(this.#tokens[at - 2]?.text ?? "") &&
        !isUnpacked(args)
      );
    // Of a tree of XML it would be a file.
    if (text === "write" && [...this.#values.imported.values()].some((each) => each.startsWith("xml.")))
      return false;
    if (/^execute(many)?$/.test(text)) return this.#effects.queries(args);
    if (PACKAGE_WRITERS.test(text) && args !== null && this.#usesPackages()) return this.#effects.saves(args);
    if (!METHODS.has(text)) return !REFUSED_ATTRIBUTES.has(text);
    const paths = this.#receiver(at - 1);
    return paths !== null && args !== null && this.#effects.act(text, paths, args);
  }

  #usesPackages(): boolean {
    return this.#own.modules.some(isPackage);
  }

  /** Steps from a module to its member were looked at with the module. */
  #ofModule(at: number): boolean {
    const first = this.#chainStart(at);
    const imported = this.#values.imported.get(this.#tokens[first]?.text ?? "");
    if (first === at || imported === undefined) return false;
    let full = imported;
    for (let each = first + 2; each <= at; each += 2) {
      if (meaningOf(full) !== "module") return false;
      full += `.${this.#tokens[each]?.text ?? ""}`;
    }
    return true;
  }

  /** Where names with dots between them begin. */
  #chainStart(at: number): number {
    let first = at;
    while (this.#tokens[first - 1]?.text === "." && this.#tokens[first - 2]?.kind === "name") first -= 2;
    return first;
  }

  /** The paths before a method's dot: a name for one, or what makes one. */
  #receiver(dot: number): Alternatives {
    let start = dot;
    for (;;) {
      const last = this.#tokens[start - 1];
      if (last?.text === ")" || last?.text === "]") start = opening(this.#tokens, start - 1);
      else if (last?.kind === "name" || last?.kind === "string") start--;
      else return null;
      // The name that is called, and the dots between names.
      const before = this.#tokens[start - 1];
      if (before?.text === ".") start--;
      else if (this.#tokens[start]?.text !== "(" || before?.kind !== "name" || KEYWORDS.test(before.text))
        break;
    }
    return this.#values.pathsOf(this.#tokens.slice(start, dot));
  }
}

function isPackage(module: string): boolean {
  return PYTHON_PACKAGES.has(module.split(".")[0] ?? "");
}

/** The statements, each without its line ends: those in brackets end none. */
function statementsOf(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const isEnd = ({ kind, text }: Token): boolean => kind === "op" && (text === ";" || text === "\n");
  const marked = tokens.map((token): Token => (token.kind === "line" ? { kind: "op", text: "\n" } : token));
  return splitAt(marked, isEnd).map((statement) => statement.filter((token) => token.text !== "\n"));
}
