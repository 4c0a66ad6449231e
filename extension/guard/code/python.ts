import type { CodeAct, Glance, Language } from "./acts.ts";
import { isSecretName } from "../places.ts";
import { onlyReads } from "../sqlText.ts";
import { hidesLoss, mentionsLoss } from "./mentions.ts";
import {
  EFFECTS,
  LIBRARY,
  METHODS,
  PLAIN_MODULES,
  REFUSED_ATTRIBUTES,
  REFUSED_NAMES,
  SOME_OF,
} from "./pythonNames.ts";
import { isImport, PYTHON_SYNTAX as SYNTAX } from "./pythonSyntax.ts";
import { PythonValues } from "./pythonValues.ts";
import { secretsAmong } from "./secrets.ts";
import { argumentsAt, splitAt, tokensOf, type Token } from "./tokens.ts";

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
  readonly #values = new PythonValues();
  readonly #acts: CodeAct[] = [];
  /** Names of modules that are not the library's, and of what was imported from them. */
  readonly #foreign = new Map<string, string>();
  /** What is used of each of those modules. */
  readonly #uses = new Map<string, string[]>();

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  acts(): readonly CodeAct[] | null {
    for (const statement of this.#statements()) {
      if (!this.#import(statement)) return null;
      this.#values.assign(statement);
    }
    for (let at = 0; at < this.#tokens.length; at++) if (!this.#name(at)) return null;
    // A log can go to a file.
    const named = this.#tokens.some(
      ({ text }, at) => /^(filename|handlers)$/.test(text) && this.#tokens[at + 1]?.text === "=",
    );
    if (named && this.#tokens.some(({ text }) => text === "basicConfig")) return null;
    for (const [module, uses] of this.#uses) this.#acts.push({ does: "imports", module, uses });
    this.#acts.push(...secretsAmong(this.#tokens.map(({ value }) => value)));
    // With another environment a program may be another one.
    const runs = this.#acts.some(({ does }) => does === "runs" || does === "executes");
    return runs && this.#tokens.some(({ text }) => text === "environ") ? null : this.#acts;
  }

  glance(code: string): Glance {
    for (const statement of this.#statements()) {
      this.#import(statement);
      this.#values.assign(statement);
    }
    for (let at = 0; at < this.#tokens.length; at++) this.#name(at);
    this.#acts.push(...secretsAmong(this.#tokens.map(({ value }) => value)));
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
      if (isForeign(from ?? first)) return this.#imports(from, first, alias);
      if (as === undefined && from === null)
        this.#values.imported.set(first.split(".")[0] ?? "", first.split(".")[0] ?? "");
      else this.#values.imported.set(alias ?? first, full);
      return from === null ? isKnown(first) : first !== "*" && meaningOf(full) !== "unclear";
    });
  }

  /** A module that may be the project's own, or a package's: what it is for can't be told here. */
  #imports(from: string | null, name: string, alias: string | undefined): boolean {
    const module = from ?? name;
    if (name === "*" || module.startsWith(".") || !/^[\w.]+$/.test(module)) return false;
    this.#foreign.set(alias ?? (from === null ? (name.split(".")[0] ?? "") : name), module);
    // What is imported from a package can be a module of its own.
    for (const each of from === null ? [module] : [module, `${from}.${name}`])
      if (!this.#uses.has(each)) this.#uses.set(each, []);
    return true;
  }

  /** The version of a package and where it lies are told by it; whatever else of it is used is for others to judge. */
  #usesForeign(at: number, module: string): boolean {
    const next = this.#tokens[at + 1]?.text === "." ? this.#tokens[at + 2]?.text : undefined;
    if (next !== undefined && /^(__version__|__file__|__path__|__name__|__doc__|version|VERSION)$/.test(next))
      return this.#tokens[at + 3]?.text !== "(";
    if (
      next !== undefined &&
      /^(requests|httpx)$/.test(module) &&
      /^(get|head|post|put|patch|delete)$/.test(next)
    )
      return this.#requests(at + 3, next);
    const used = next ?? this.#tokens[at]?.text ?? "";
    const uses = this.#uses.get(module) ?? [];
    uses.push(used);
    this.#uses.set(module, uses);
    return true;
  }

  /** An address that is written out is reached as `curl` would. */
  #requests(open: number, method: string): boolean {
    const args = this.#tokens[open]?.text === "(" ? argumentsAt(this.#tokens, open) : null;
    const url = this.#values.textOf(args?.[0]);
    if (args === null || url === null) return false;
    const sends =
      !/^(get|head)$/.test(method) ||
      args.slice(1).some(([name]) => !/^(timeout|verify|stream)$/.test(name?.text ?? ""));
    this.#acts.push({ does: "executes", argv: ["curl", url, ...(sends ? ["-d", ""] : [])] });
    return true;
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
    const foreign = this.#foreign.get(text);
    if (foreign !== undefined)
      return before === "as" || isImport(this.#tokens, at) || this.#usesForeign(at, foreign);
    const imported = this.#values.imported.get(text);
    if (imported !== undefined && /^(os|os\.environ|os\.getenv)$/.test(imported)) this.#shows(at, imported);
    if (imported !== undefined)
      return before === "as" || isImport(this.#tokens, at) || this.#member(at, imported);
    if (text === "open") return next === "(" && this.#opens(at + 1, 0);
    if (text.startsWith("__")) return before === "def" || /^__(name|file|doc)__$/.test(text);
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
    if (meaning === "plain") return true;
    return meaning === "effect" && this.#tokens[end]?.text === "(" && this.#effect(full, end);
  }

  #attribute(at: number): boolean {
    const { text } = this.#tokens[at] ?? { text: "" };
    if (this.#ofModule(at)) return true;
    if (text.startsWith("__")) return /^__(name|doc|version|file|len|path)__$/.test(text);
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
    // Of a tree of XML it would be a file.
    if (text === "write" && [...this.#values.imported.values()].some((each) => each.startsWith("xml.")))
      return false;
    if (/^execute(many)?$/.test(text)) return this.#queries(args);
    if (!METHODS.has(text)) return !REFUSED_ATTRIBUTES.has(text);
    const path = this.#receiver(at - 1);
    if (path === null || args === null) return false;
    return this.#act(text, path, args);
  }

  /** Steps from a module to its member were looked at with the module. */
  #ofModule(at: number): boolean {
    let first = at;
    while (this.#tokens[first - 1]?.text === "." && this.#tokens[first - 2]?.kind === "name") first -= 2;
    const imported = this.#values.imported.get(this.#tokens[first]?.text ?? "");
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
    if (last?.kind === "name") return this.#values.pathOf([last]);
    if (last?.text !== ")") return null;
    let open = dot - 1;
    for (let depth = 0; open >= 0; open--) {
      if (this.#tokens[open]?.text === ")") depth++;
      else if (this.#tokens[open]?.text === "(" && --depth === 0) break;
    }
    let start = open - 1;
    while (this.#tokens[start - 1]?.text === ".") start -= 2;
    return this.#values.pathOf(this.#tokens.slice(Math.max(0, start), dot));
  }

  /** Statements that only ask, and any where every database is one in memory. */
  #queries(args: readonly (readonly Token[])[] | null): boolean {
    const opened = this.#tokens.flatMap((token, at) =>
      token.text === "connect" ? [this.#values.textOf(argumentsAt(this.#tokens, at + 1)?.[0])] : [],
    );
    const inMemory = opened.length > 0 && opened.every((path) => path === ":memory:");
    const statement = this.#values.textOf(args?.[0]);
    return (
      statement !== null &&
      (inMemory ? !/attach|vacuum|load_extension|writefile/i.test(statement) : onlyReads(statement))
    );
  }

  #effect(full: string, open: number): boolean {
    const args = argumentsAt(this.#tokens, open);
    if (args === null) return false;
    const does = EFFECTS[full] ?? "";
    if (does === "run") return this.#runs(args);
    if (does === "times") return this.#times(args);
    if (does === "fetch") return this.#requests(open, "get");
    if (does === "system") {
      const line = this.#values.textOf(args[0]);
      if (line !== null) this.#acts.push({ does: "runs", line });
      return line !== null;
    }
    const path = this.#values.pathOf(args[0] ?? []);
    return path !== null && this.#act(does, path, args.slice(1));
  }

  /** Texts that are run as code themselves: what they do counts. */
  #times(args: readonly (readonly Token[])[]): boolean {
    const code = args
      .filter(([name]) => !/^(number|repeat|globals|timer)$/.test(name?.text ?? ""))
      .map((each) => this.#values.textOf(each[1]?.text === "=" ? each.slice(2) : each));
    const tokens = code.includes(null) ? null : tokensOf(code.join("\n"), SYNTAX);
    const acts = tokens && new PythonProgram(tokens).acts();
    this.#acts.push(...(acts ?? []));
    return acts !== null;
  }

  /** One act on a path; `rest` are the arguments behind it. */
  #act(does: string, path: string, rest: readonly (readonly Token[])[]): boolean {
    const to = (): string | null => this.#values.pathOf(rest[0] ?? []);
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
    const line = this.#values.textOf(first);
    if (line !== null && named.includes("shell=True")) {
      this.#acts.push({ does: "runs", line });
      return true;
    }
    if (first[0]?.text !== "[" || named.some((option) => option.startsWith("shell="))) return false;
    const words = argumentsAt(first, 0)?.map((each) => this.#values.textOf(each)) ?? [null];
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
    const mode = given === undefined ? "r" : this.#values.textOf(given);
    const path = pathAt === 0 ? this.#values.pathOf(args[0] ?? []) : this.#receiver(open - 2);
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
}

function isUnpacked(args: readonly (readonly Token[])[]): boolean {
  return args.some(([first]) => first?.text === "*" || first?.text === "**");
}

function splitAs(words: readonly string[]): readonly [string, string?, string?] {
  const at = words.indexOf("as");
  return at < 0 ? [words.join("")] : [words.slice(0, at).join(""), "as", words[at + 1] ?? ""];
}

/** A module of which nothing is known here: none of the library's. */
function isForeign(module: string): boolean {
  const [top = ""] = module.split(".");
  return !LIBRARY.has(top);
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
