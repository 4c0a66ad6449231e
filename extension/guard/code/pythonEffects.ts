import { quote } from "../../shell/quote.ts";
import { onlyReads } from "../sqlText.ts";
import type { CodeAct, CodeReader } from "./acts.ts";
import type { Alternatives } from "./paths.ts";
import { EFFECTS, meaningOf, PLAIN_MODULES } from "./pythonNames.ts";
import { PYTHON_SYNTAX } from "./pythonSyntax.ts";
import type { PythonValues } from "./pythonValues.ts";
import { argumentsAt, isUnpacked, tokensOf, type Token } from "./tokens.ts";

type Arguments = readonly (readonly Token[])[];

/** Modes of files that are opened for reading only, packed ones among them. */
const READS = /^([rbtU]+|r[:|](gz|bz2|xz|\*)?)$/;
/** Options of `subprocess` that change neither what runs nor where. */
const QUIET =
  /^(capture_output|text|universal_newlines|check|stdout|stderr|timeout|encoding|errors|bufsize|close_fds|start_new_session)=/;

/** The calls of a Python program that act: each adds what it does, and is false where that can't be told. */
export class PythonEffects {
  readonly #tokens: readonly Token[];
  readonly #values: PythonValues;
  readonly #acts: CodeAct[];
  readonly #read: CodeReader;

  /** `acts`: where what is done is added; `read`: what code in a text does. */
  constructor(tokens: readonly Token[], values: PythonValues, acts: CodeAct[], read: CodeReader) {
    this.#tokens = tokens;
    this.#values = values;
    this.#acts = acts;
    this.#read = read;
  }

  /** A member of the library that acts, called at `open`. */
  call(full: string, open: number): boolean {
    const args = argumentsAt(this.#tokens, open);
    if (args === null) return false;
    const does = EFFECTS[full] ?? "";
    if (does === "run") return this.#runs(args);
    // What was packed right here is what it was.
    if (does === "unpickles")
      return /^pickle\.dumps$/.test(
        (args[0] ?? [])
          .slice(0, 3)
          .map(({ text }) => text)
          .join(""),
      );
    // What is named behind the code of a profile is a file.
    if (does === "times") return (full !== "cProfile.run" || args.length === 1) && this.#times(args);
    if (does === "tests") return testsItself(args);
    if (does === "compiles")
      return args.every(([name, equals], at) => at === 0 || (equals?.text === "=" && name?.text !== "cfile"));
    if (does === "fetch") return this.requests(open, "get");
    if (does === "opens") return this.opens(args);
    if (does === "system") return this.#lines(args[0], "");
    const paths = this.#values.pathsOf(args[0] ?? []);
    return paths !== null && this.act(does, paths, args.slice(1));
  }

  /** One act on any of these paths; `rest` are the arguments behind it. */
  act(does: string, paths: NonNullable<Alternatives>, rest: Arguments): boolean {
    if (does === "rename" || does === "copy") return this.#moves(does, paths, rest[0] ?? []);
    if (does === "copytree") return this.#copiesTree(rest);
    for (const path of paths) {
      const act = actOf(does, path);
      if (act === null) return false;
      this.#acts.push(act);
    }
    return true;
  }

  #moves(does: "rename" | "copy", paths: NonNullable<Alternatives>, target: readonly Token[]): boolean {
    const targets = this.#values.pathsOf(target);
    if (targets === null || [...paths, ...targets].some(({ rest }) => rest !== undefined)) return false;
    for (const path of paths)
      for (const to of targets) this.#acts.push({ does: does === "rename" ? "moves" : "copies", path, to });
    return true;
  }

  /** Into a folder that isn't there yet, or it fails. */
  #copiesTree([target = [], ...options]: Arguments): boolean {
    const targets = this.#values.pathsOf(target);
    if (options.some(([name]) => !/^(ignore|symlinks)$/.test(name?.text ?? ""))) return false;
    for (const path of targets ?? []) this.#acts.push({ does: "writes", path, mode: "create" });
    return targets !== null;
  }

  /** An address that is written out is reached as `curl` would. */
  requests(open: number, method: string): boolean {
    const args = this.#tokens[open]?.text === "(" ? argumentsAt(this.#tokens, open) : null;
    const url = this.#values.textOf(args?.[0]) ?? localOf(this.#values.pathsOf(args?.[0] ?? []));
    if (args === null || url === null) return false;
    const sends =
      !/^(get|head)$/.test(method) ||
      args.slice(1).some(([name]) => !/^(timeout|verify|stream)$/.test(name?.text ?? ""));
    this.#acts.push({ does: "executes", argv: ["curl", url, ...(sends ? ["-d", ""] : [])] });
    return true;
  }

  /** Statements that only ask, and any where every database is one in memory. */
  queries(args: Arguments | null): boolean {
    const opened = this.#tokens.flatMap((token, at) =>
      token.text === "connect" ? [this.#values.textOf(argumentsAt(this.#tokens, at + 1)?.[0])] : [],
    );
    const inMemory = opened.length > 0 && opened.every((path) => path === ":memory:");
    const [given = []] = args ?? [];
    // `text("select …")`, as toolkits for databases want it.
    const isText = given[0]?.text === "text" && given[1]?.text === "(";
    const tokens = isText ? (argumentsAt(given, 1)?.[0] ?? []) : given;
    const statement = this.#values.textOf(tokens) ?? this.#begun(tokens);
    return (
      statement !== null &&
      (inMemory ? !/attach|vacuum|load_extension|writefile/i.test(statement) : onlyReads(statement))
    );
  }

  /** SQLite runs one statement at once, and one that begins by asking only asks. */
  #begun(tokens: readonly Token[]): string | null {
    const [only, ...others] = this.#values.pathsOf(tokens) ?? [];
    const asks = /^\s*(select\s|pragma\s+(table_x?info|index_list|foreign_key_list)\()/i.exec(
      only?.text ?? "",
    );
    return others.length === 0 && this.#values.imported.get("sqlite3") === "sqlite3"
      ? asks && "select 1"
      : null;
  }

  /** `open(path, mode)`; of `path.open(mode)` the path is given. */
  opens(args: Arguments, receiver?: Alternatives): boolean {
    const positional = args.filter((each) => each[1]?.text !== "=");
    const named = args.find((each) => each[0]?.text === "mode" && each[1]?.text === "=");
    // What is unpacked could be any of them.
    if (isUnpacked(args) || args.some((each) => each[0]?.text === "opener")) return false;
    const given = named?.slice(2) ?? positional[receiver === undefined ? 1 : 0];
    const mode = given === undefined ? "r" : this.#values.textOf(given);
    const paths = receiver === undefined ? this.#values.pathsOf(args[0] ?? []) : receiver;
    if (mode === null) return false;
    if (READS.test(mode)) {
      for (const path of paths ?? []) this.#acts.push({ does: "reads", path });
      return true;
    }
    if (paths === null || !/^([rwaxbtU+]+|[wax][:|](gz|bz2|xz)?)$/.test(mode)) return false;
    const kept = mode.includes("a") ? "append" : mode.includes("x") ? "create" : "overwrite";
    for (const path of paths) this.#acts.push({ does: "writes", path, mode: kept });
    return true;
  }

  /** `frame.to_csv("name")`, `image.save("name")`; without a name they give a text back. */
  saves(args: Arguments): boolean {
    const isNamed = ([name, equals]: readonly Token[]): boolean =>
      equals?.text === "=" && name?.kind === "name";
    const names = /^(path|path_or_buf|buf|f|fname|fp|file|filename|excel_writer|con)$/;
    const named = args.find((each) => isNamed(each) && names.test(each[0]?.text ?? ""))?.slice(2);
    const [first] = args;
    const target = named ?? (first === undefined || isNamed(first) ? undefined : first);
    if (target === undefined) return !isUnpacked(args);
    if (target.map(({ text }) => text).join("") === "sys.stdout") return true;
    const paths = this.#values.pathsOf(target);
    for (const path of paths ?? []) this.#acts.push({ does: "writes", path, mode: "overwrite" });
    return paths !== null;
  }

  /** `subprocess.run([...])`, or a line with `shell=True`. */
  #runs(args: Arguments): boolean {
    const [first = [], ...options] = args;
    const named = options.map((option) => option.map(({ text }) => text).join(""));
    const isShell = named.includes("shell=True");
    if (named.some((option) => !QUIET.test(option) && !/^(cwd=|shell=True$)/.test(option))) return false;
    const folder = options.find(([name]) => name?.text === "cwd")?.slice(2);
    const cwd = folder === undefined ? "." : this.#values.textOf(folder);
    if (cwd === null) return false;
    const before = cwd === "." ? "" : `cd ${quote(cwd)} && `;
    if (isShell) return this.#lines(first, before);
    const [only, ...others] = first;
    const isList = only?.text === "[" && first.at(-1)?.text === "]";
    const words = isList ? argumentsAt(first, 0) : null;
    const lists =
      words !== null
        ? this.#unpacked(words)
        : only !== undefined && others.length === 0
          ? this.#values.listsOf(only.text)
          : null;
    if (lists === null || lists.length === 0) return false;
    for (const list of lists) {
      if (this.#word(list[0] ?? []) === null) return false;
      // What comes at run time is, to a shell, a variable that nobody knows.
      const line = list
        .map((word) => this.#word(word) ?? (isUnpacked([word]) ? "$MORE" : '"$ONE"'))
        .join(" ");
      this.#acts.push({ does: "runs", line: before + line });
    }
    return true;
  }

  /** A list as it is at each call, where it ends with what a function is called with: `["git", *args]`. */
  #unpacked(words: Arguments): readonly Arguments[] {
    const [star, name, ...others] = words.at(-1) ?? [];
    const lists =
      star?.text === "*" && name !== undefined && others.length === 0
        ? this.#values.listsOf(name.text)
        : null;
    const before = words.slice(0, -1);
    return lists?.map((list) => before.concat(list)) ?? [words];
  }

  /** One argument as a shell would read it; null where it comes at run time. */
  #word(tokens: readonly Token[]): string | null {
    const name = tokens.map(({ text }) => text).join("");
    if (name === "sys.executable" && this.#values.imported.get("sys") === "sys") return "python3";
    const [only, ...more] = isUnpacked([tokens]) ? [] : (this.#values.pathsOf(tokens) ?? []);
    if (only === undefined || more.length > 0 || only.rest === "pattern") return null;
    if (only.rest === undefined) return quote(only.text);
    return only.text === "" ? null : `${quote(only.text)}"$REST"`;
  }

  /**
   * `exec("print(1)")`: a text that names nothing but what only counts and prints, for it could give the program's names other
   * values; `exec(text, {})`: what it does with names of its own.
   */
  runs([given = [], ...scopes]: Arguments): boolean {
    const isCompiled = given[0]?.text === "compile" && given[1]?.text === "(";
    const code = this.#values.textOf(isCompiled ? argumentsAt(given, 1)?.[0] : given);
    if (code === null || /\bimport\b/.test(code)) return false;
    if (scopes.length > 0) {
      const acts = scopes.every((scope) => this.#values.isEmptyDict(scope)) ? this.#read(code) : null;
      this.#acts.push(...(acts ?? []));
      return acts !== null;
    }
    const tokens = tokensOf(code, PYTHON_SYNTAX);
    return tokens?.every(({ kind, text }) => kind !== "name" || COUNTS.test(text)) === true;
  }

  #lines(tokens: readonly Token[] | undefined, before: string): boolean {
    const lines = this.#values.textsOf(tokens);
    for (const line of lines ?? []) this.#acts.push({ does: "runs", line: before + line });
    return lines !== null;
  }

  /** Texts that are run as code themselves: what they do counts. */
  #times(args: Arguments): boolean {
    const code = args
      .filter(([name]) => !/^(number|repeat|globals|timer|sort)$/.test(name?.text ?? ""))
      .map((each) => (each[1]?.text === "=" ? each.slice(2) : each))
      // What a function does is seen where it stands.
      .filter(([first]) => first?.text !== "lambda")
      .map((each) => this.#values.textOf(each));
    const names = args.some(([name]) => name?.text === "globals")
      ? tokensOf(code.join("\n"), PYTHON_SYNTAX)
      : [];
    // With the program's own names they mean what they mean there.
    const isApart = names?.every(({ text }) => isPlainName(this.#values.imported.get(text))) === true;
    const acts = code.includes(null) || !isApart ? null : this.#read(code.join("\n"));
    this.#acts.push(...(acts ?? []));
    return acts !== null;
  }
}

/** Builtins that reach nothing, and what binds no names. */
const COUNTS =
  /^(print|len|sum|range|str|int|float|bool|list|dict|set|tuple|max|min|sorted|repr|abs|round|if|else|and|or|not|in|is|True|False|None)$/;

/** An address on this machine, whatever is put behind it. */
function localOf(urls: Alternatives): string | null {
  const isLocal = urls?.every(({ text }) => /^https?:\/\/(localhost|127\.0\.0\.1)[:/]/.test(text)) === true;
  return isLocal ? "http://localhost/" : null;
}

/** `unittest.main(argv=["x"], exit=False)` runs the tests of the program itself. */
function testsItself(args: Arguments): boolean {
  const argv = args.find(([name]) => name?.text === "argv") ?? [];
  return (
    args.every(
      ([name, equals]) =>
        equals?.text === "=" && /^(argv|exit|verbosity|failfast|buffer)$/.test(name?.text ?? ""),
    ) && !argv.some(({ text }) => text === ",")
  );
}

function isPlainName(imported: string | undefined): boolean {
  return imported === undefined || PLAIN_MODULES.has(imported) || meaningOf(imported) === "plain";
}

function actOf(does: string, path: NonNullable<Alternatives>[number]): CodeAct | null {
  switch (does) {
    case "unlink":
    case "rmtree":
      return { does: "deletes", path, recursive: does === "rmtree" };
    case "write_text":
    case "write_bytes":
    case "truncate":
      return { does: "writes", path, mode: "overwrite" };
    case "touch":
    case "mkdir":
    case "rmdir":
      return { does: "writes", path, mode: "create" };
    default:
      return null;
  }
}
