import type { CodeAct, Glance, Language } from "./acts.ts";
import { hidesLoss, mentionsLoss } from "./mentions.ts";
import { EVERYTHING, OwnModules } from "./ownModules.ts";
import { secretsAmong } from "./secrets.ts";
import {
  CALLABLE,
  GLOBALS,
  KEYWORDS,
  NODE_LIBRARY,
  PLAIN_MODULES,
  PROCESS,
  REFUSED_ATTRIBUTES,
  SOME_OF,
} from "./javascriptNames.ts";
import {
  awaited,
  isGivenValue,
  isComputedMethod,
  isInClass,
  isMethod,
  isValueName,
  JAVASCRIPT_SYNTAX as SYNTAX,
} from "./javascriptSyntax.ts";
import { JavaScriptEffects } from "./javascriptEffects.ts";
import { JavaScriptValues } from "./javascriptValues.ts";
import { closing, tokensOf, type Token } from "./tokens.ts";

export const javascript: Language = {
  read: (code) => programOf(code)?.acts() ?? null,
  glance: (code, uses = []) => programOf(code)?.glance(code, uses) ?? { acts: [], hides: mentionsLoss(code) },
};

function programOf(code: string): JavaScriptProgram | null {
  const tokens = tokensOf(code.replace(/^#!.*/, ""), SYNTAX);
  return tokens && new JavaScriptProgram(awaited(tokens.filter(({ kind }) => kind !== "line")));
}

/** Behind these a value is handed on. */
const HANDS_ON = /^([=([,:?]|=>|return|await|\|\||&&|\?\?|\.\.\.)$/;

/** Stands for a file of JSON, which is data. */
const JSON_FILE = "{json}";

class JavaScriptProgram {
  readonly #tokens: readonly Token[];
  /** What names stand for: modules, and members of modules as `fs.rmSync`. */
  readonly #bound = new Map<string, string>();
  readonly #functions = new Set<string>();
  readonly #values: JavaScriptValues;
  readonly #effects: JavaScriptEffects;
  readonly #acts: CodeAct[] = [];
  readonly #own = new OwnModules();
  /** Tokens that are understood with others. */
  readonly #done = new Set<number>();

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
    this.#values = new JavaScriptValues(tokens, (callee) => this.#nameOf(callee));
    this.#effects = new JavaScriptEffects(tokens, this.#values, this.#acts);
    // `node -e` has the library's modules as names.
    for (const name of ["fs", "path", "os", "util", "url", "child_process"]) this.#bound.set(name, name);
  }

  acts(): readonly CodeAct[] | null {
    for (let at = 0; at < this.#tokens.length; at++) if (!this.#bind(at)) return null;
    for (let at = 0; at < this.#tokens.length; at++) if (!this.#token(at)) return null;
    this.#acts.push(...this.#own.acts());
    const runs = this.#acts.some(({ does }) => does === "runs" || does === "executes");
    if (runs && this.#effects.changesEnvironment) return null;
    return [...this.#acts, ...secretsAmong(this.#tokens.map(({ value }) => value))];
  }

  glance(code: string, uses: readonly string[]): Glance {
    for (let at = 0; at < this.#tokens.length; at++) this.#bind(at);
    for (let at = 0; at < this.#tokens.length; at++) this.#token(at);
    // What it has from others is used by its name, too.
    for (const name of uses) this.#own.usesName(name, []);
    this.#acts.push(...this.#own.acts(), ...secretsAmong(this.#tokens.map(({ value }) => value)));
    return { acts: this.#acts, hides: hidesLoss(code, this.#tokens, this.#acts) };
  }

  #text(at: number): string {
    return this.#tokens[at]?.text ?? "";
  }

  /** Declarations of modules and functions. False for an import that is not known. */
  #bind(at: number): boolean {
    const text = this.#text(at);
    const is = this.#text(at + 1);
    if (text === "import" && is !== "(" && this.#tokens[at - 1]?.text !== ".") return this.#import(at);
    if (this.#tokens[at]?.kind !== "name") return true;
    if (text === "export" && !/^(\.|\?\.)$/.test(this.#text(at - 1))) return this.#exports(at);
    if (text === "class") this.#functions.add(is);
    if (text === "function") this.#functions.add(this.#text(at + 1) === "*" ? this.#text(at + 2) : is);
    if (is !== "=" || this.#text(at - 1) === ".") return true;
    const value = at + 2;
    const isArrow = this.#text(value + 1) === "=>" || this.#text(closing(this.#tokens, value) + 1) === "=>";
    if (isArrow || /^(async|function|class)$/.test(this.#text(value))) this.#functions.add(text);
    const module = this.#required(value);
    if (module !== null && !/^[.([]$/.test(this.#text(value + 4))) this.#bound.set(text, module);
    return true;
  }

  /** `require("fs")` at a place: which module. Null where it is none, or not a plain one. */
  #required(at: number): string | null {
    const named = this.#tokens[at + 2];
    if (this.#text(at) !== "require" || this.#text(at + 1) !== "(" || named?.kind !== "string") return null;
    return this.#text(at + 3) === ")" ? moduleOf(named.value ?? null) : null;
  }

  /** `import x, { y as z } from "fs"`, `import * as x from "fs"`. */
  #import(at: number): boolean {
    let end = at + 1;
    while (end < this.#tokens.length && this.#tokens[end]?.kind !== "string") end++;
    const named = this.#tokens[end]?.value ?? null;
    const module = moduleOf(named);
    const isForeign = module === null && isPlainModule(named);
    if (module === null && !isForeign) return false;
    if (isForeign) this.#own.imports(named);
    let inBraces = false;
    for (let each = at; each <= end; each++) {
      const { kind, text } = this.#tokens[each] ?? { kind: "op", text: "" };
      this.#done.add(each);
      if (text === "{") inBraces = true;
      else if (kind === "name" && !/^(import|from|as)$/.test(text) && this.#text(each + 1) !== "as") {
        const own = this.#text(each - 1) === "as" ? this.#text(each - 2) : text;
        if (module !== null)
          this.#bound.set(text, inBraces && own !== "default" ? `${module}.${own}` : module);
        else if (named !== null) this.#own.bind(text, named, inBraces ? own : own === "*" ? null : "default");
      }
    }
    return true;
  }

  /** `export { x } from "./name"`, `export * from "./name"`: runs it, and hands on what it has. */
  #exports(at: number): boolean {
    let end = at + 1;
    if (this.#text(end) === "{") end = closing(this.#tokens, end) + 1;
    else if (this.#text(end) === "*") end += this.#text(end + 1) === "as" ? 3 : 1;
    else return true;
    const named = this.#text(end) === "from" ? (this.#tokens[end + 1]?.value ?? null) : null;
    if (named === null || moduleOf(named) !== null) return true;
    if (isPlainModule(named)) this.#own.hands(named);
    return isPlainModule(named);
  }

  #token(at: number): boolean {
    const token = this.#tokens[at];
    if (token === undefined || this.#done.has(at)) return true;
    if (token.text === "[" && this.#isAccess(at)) return this.#access(at);
    // A template behind a value is a call of it.
    const before = this.#tokens[at - 1];
    if (token.kind === "string" && token.text.startsWith("`") && before !== undefined)
      if (isValueName(before) || /^[)\]]$/.test(before.text)) return false;
    if (token.kind === "string" && /constructor|__proto__|prototype/.test(token.text)) return false;
    // Only what the text itself names is called: not what a call or an element gives back.
    if (token.text === "(" && /^[)\]]$/.test(this.#text(at - 1)) && !this.#closesArrow(at - 1))
      return isComputedMethod(this.#tokens, at);
    if (token.kind !== "name") return true;
    const dot = before?.text;
    if (dot === "." || dot === "?.") return this.#attribute(at);
    if (KEYWORDS.has(token.text)) return true;
    if (this.#text(at + 1) === ":" && /^[{,]$/.test(dot ?? ""))
      return !/^(constructor|prototype|__proto__)$/.test(token.text);
    if (token.text === "require") return this.#requires(at);
    if (this.#own.modulesOf(token.text) !== undefined) return this.#declares(at) || this.#usesOwn(at);
    const bound = this.#bound.get(token.text);
    if (bound !== undefined) return this.#declares(at) || this.#member(at, bound, at + 1);
    if (token.text === "process" && this.#text(at + 2) === "env") {
      if (!this.#effects.keepsEnvironment(at)) return false;
      this.#effects.shows(at);
    }
    if (token.text === "process") return this.#text(at + 1) === "." && PROCESS.test(this.#text(at + 2));
    if (/^(this|super)$/.test(token.text)) return isInClass(this.#tokens, at);
    if (token.text === "fetch") return this.#effects.fetches(at + 1);
    if (token.text === "Bun") return this.#effects.bun(at);
    if (token.text === "import" && this.#text(at + 1) === "(") return this.#imports(at);
    if (GLOBALS.has(token.text)) return true;
    if (
      /^(globalThis|global|eval|Function|Reflect|Proxy|Deno|WebSocket|with|arguments|module|exports|EventSource|XMLHttpRequest|WebAssembly|Worker)$/.test(
        token.text,
      )
    )
      return false;
    if (this.#functions.has(token.text) || this.#values.binds(token.text) || isMethod(this.#tokens, at))
      return true;
    // `node -e` has every module of the library as a name.
    const calls = this.#text(at + 1) === "(" && dot !== "function" && dot !== "*";
    return !calls && !NODE_LIBRARY.test(token.text);
  }

  /** A call right behind a bracket: `if (x) (y)`, `(() => 1)()`. */
  #closesArrow(close: number): boolean {
    let depth = 0;
    let open = close;
    for (; open >= 0; open--) {
      if (/^[)\]}]$/.test(this.#text(open))) depth++;
      else if (/^[([{]$/.test(this.#text(open)) && --depth === 0) break;
    }
    if (/^(if|while|for)$/.test(this.#text(open - 1))) return true;
    const called = this.#tokens[open - 1];
    if (called !== undefined && (isValueName(called) || /^[)\].]$/.test(called.text))) return false;
    const inside = this.#tokens.slice(open + 1, close);
    return inside.some(({ text }) => text === "=>") || /^(async|function)$/.test(inside[0]?.text ?? "");
  }

  #declares(at: number): boolean {
    return this.#text(at + 1) === "=" && /^(const|let|var|,)$/.test(this.#text(at - 1));
  }

  #requires(at: number): boolean {
    const module = this.#required(at);
    // Where a module lies is told without running it.
    if (this.#text(at + 1) === "." && this.#text(at + 2) === "resolve") return true;
    if (module === null) return this.#requiresForeign(at);
    for (let each = at; each < at + 4; each++) this.#done.add(each);
    // `const fs = require("fs")`: seen where the name is used.
    if (this.#text(at - 1) === "=" && this.#bound.get(this.#text(at - 2)) === module) return true;
    if (this.#text(at - 1) === "=" && this.#text(at - 2) === "}") return this.#destructures(at - 2, module);
    return this.#member(at, module, at + 4);
  }

  /** A module of the project's own or of a package: what it is for can't be told here. */
  #requiresForeign(at: number): boolean {
    const named = this.#tokens[at + 2]?.value ?? null;
    if (this.#text(at + 1) !== "(" || this.#text(at + 3) !== ")" || !isPlainModule(named)) return false;
    this.#own.imports(named);
    for (let each = at; each < at + 4; each++) this.#done.add(each);
    if (this.#text(at - 1) !== "=" || /^[.([]$/.test(this.#text(at + 4))) {
      const used = this.#usedAt(at + 4);
      if (used === null) return this.#text(at + 6) !== "(";
      // A statement of its own only runs the module.
      if (used !== EVERYTHING || this.#text(at + 4) === "[" || HANDS_ON.test(this.#text(at - 1)))
        this.#own.uses(named, used);
      return this.#text(at + 4) !== "[";
    }
    if (this.#text(at - 2) !== "}") {
      if (/^(const|let|var|,)$/.test(this.#text(at - 3))) this.#own.bind(this.#text(at - 2), named, null);
      else this.#own.uses(named, EVERYTHING);
      return true;
    }
    for (let each = at - 3; this.#text(each) !== "{"; each--) {
      if (each < 0 || /^[=([{]$/.test(this.#text(each))) return false;
      if (this.#tokens[each]?.kind !== "name") continue;
      const before = this.#text(each - 1);
      const member = before === ":" ? this.#text(each - 2) : this.#text(each);
      this.#own.bind(this.#text(each), named, before === "..." ? null : member);
      this.#done.add(each);
    }
    return true;
  }

  /** `import("./name")`: what is used of it stands anywhere behind. */
  #imports(at: number): boolean {
    const named = this.#tokens[at + 2]?.value ?? null;
    if (this.#text(at + 3) !== ")" || (!isPlainModule(named) && moduleOf(named) === null)) return false;
    if (!isPlainModule(named)) return PLAIN_MODULES.has(moduleOf(named) ?? "");
    this.#own.imports(named);
    for (const [index, { kind, text, value }] of this.#tokens.entries()) {
      const before = this.#text(index - 1);
      const picked = /^[{,]$/.test(before) && /^[},:]$/.test(this.#text(index + 1));
      if (kind === "string" && typeof value === "string") this.#own.uses(named, value);
      else if (kind === "name" && (before === "." || picked || this.#done.has(index)))
        this.#own.uses(named, text);
    }
    return true;
  }

  /** The version of a package is told by it; whatever else of it is used is for others to judge. */
  #usesOwn(at: number): boolean {
    const used = this.#usedAt(at + 1);
    if (used === null) return this.#text(at + 3) !== "(";
    this.#own.usesName(this.#text(at), used === EVERYTHING ? [] : [used]);
    return true;
  }

  /** What is used of a module that stands before this place; null where it is its version. */
  #usedAt(from: number): string | null {
    if (this.#text(from) === "(") return "default";
    if (!/^\??\.$/.test(this.#text(from))) return EVERYTHING;
    const member = this.#text(from + 1);
    return /^(version|VERSION)$/.test(member) ? null : member;
  }

  /** `const { readFileSync, rmSync: remove } = require("fs")`. */
  #destructures(close: number, module: string): boolean {
    for (let at = close - 1; this.#text(at) !== "{"; at--) {
      if (at < 0 || /^[=([{]$/.test(this.#text(at))) return false;
      if (this.#tokens[at]?.kind !== "name") continue;
      const isRenamed = this.#text(at - 1) === ":";
      this.#bound.set(this.#text(at), `${module}.${isRenamed ? this.#text(at - 2) : this.#text(at)}`);
      this.#done.add(at);
    }
    return true;
  }

  /** A module or its member, and what is done with it. */
  #member(at: number, bound: string, from: number): boolean {
    if (bound.startsWith(JSON_FILE)) return true;
    let [module = "", member] = bound.split(".");
    let next = from;
    if (member === undefined && this.#text(next) !== "." && CALLABLE.test(module)) {
      this.#done.add(at);
      return true;
    }
    while (member === undefined || member === "promises" || member === "default" || member === "posix") {
      if (this.#text(next) !== ".") return false;
      if (member === "promises" && module === "fs") module = "fs";
      member = this.#text(next + 1);
      this.#done.add(next + 1);
      next += 2;
    }
    this.#done.add(at);
    // Whatever of the library is given another value is another thing from then on.
    if (isGivenValue(this.#tokens, next)) return false;
    if (Object.hasOwn(SOME_OF, module) && SOME_OF[module]?.test(member) === true) return true;
    if (/^https?$/.test(module) && /^(get|request)$/.test(member))
      return this.#effects.fetches(next, member === "request");
    if (module === "fs") return this.#effects.fs(member, next);
    if (module === "child_process") return this.#effects.process(member, next);
    return (
      PLAIN_MODULES.has(module) &&
      !REFUSED_ATTRIBUTES.has(member) &&
      !/^(default|constructor|_.*|promisify|inherits|setPriority)$/.test(member)
    );
  }

  #attribute(at: number): boolean {
    const name = this.#text(at);
    return !REFUSED_ATTRIBUTES.has(name) && !name.startsWith("__");
  }

  #isAccess(at: number): boolean {
    const before = this.#tokens[at - 1];
    return (
      before !== undefined &&
      (/^[)\]]$|^\?\.$/.test(before.text) || isValueName(before) || before.kind === "string")
    );
  }

  /** `x[0]`, `x[key]`, `x["name"]`: a name that is put together could be any. */
  #access(at: number): boolean {
    const inside = this.#tokens.slice(at + 1, closing(this.#tokens, at));
    const [only] = inside;
    if (inside.length === 1 && only?.kind === "string")
      return (
        only.value !== null &&
        only.value !== undefined &&
        !REFUSED_ATTRIBUTES.has(only.value) &&
        !only.value.startsWith("__")
      );
    // A name that is put together before.
    const named = inside.length === 1 ? this.#values.textOf(inside) : null;
    if (named !== null && REFUSED_ATTRIBUTES.has(named)) return false;
    return inside.every(({ kind }) => kind !== "string") && !inside.some(({ text }) => text === "(");
  }

  /** What the library calls `fs.readdirSync`, `join` or `require("path").join`. */
  #nameOf(callee: readonly Token[]): string | null {
    const [first, , named] = callee;
    if (first?.kind !== "name") return null;
    const isRequire = first.text === "require" && named?.kind === "string";
    // A name of the library that the program gives another meaning somewhere.
    if (!isRequire && this.#values.rebinds(first.text)) return null;
    const module = isRequire ? moduleOf(named.value ?? null) : (this.#bound.get(first.text) ?? first.text);
    return module === null
      ? null
      : module +
          callee
            .slice(isRequire ? 4 : 1)
            .map(({ text }) => text)
            .join("");
  }
}

function isPlainModule(named: string | null): named is string {
  return named !== null && /^[@\w./-]+$/.test(named) && !NODE_LIBRARY.test(named);
}

/** The plain name of a module that is known; null for others. A JSON file is data. */
function moduleOf(named: string | null): string | null {
  if (named === null) return null;
  if (/^[@\w./-]+\/[\w.-]+\.json$/.test(named)) return JSON_FILE;
  const name = named.replace(/^node:/, "");
  // A package can be called so, too.
  if (name === "test" && name === named) return null;
  if (name === "bun:test") return "test";
  if (name === "fs/promises") return "fs";
  return PLAIN_MODULES.has(name) || Object.hasOwn(SOME_OF, name) || name === "fs" || name === "child_process"
    ? name
    : null;
}
