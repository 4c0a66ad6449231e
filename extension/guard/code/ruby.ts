import type { CodeAct, CodeReader, Language } from "./acts.ts";
import { actsOn, type Does, Literals, type Names, TEXT_MARK } from "./literals.ts";
import { mentionsLoss } from "./mentions.ts";
import { isOnlyRead, isReadAt, type ReadUse } from "./outlineReads.ts";
import type { CodePath } from "./paths.ts";
import { secretsAmong } from "./secrets.ts";

/** Keywords, methods and constants of Ruby that compute, read and print. What is not among them may do anything. */
const WORDS = new Set(
  (
    "puts print p pp printf putc if elsif else unless while until for in do end case when then begin rescue ensure return next break redo " +
    "yield and or not nil true false self def class module require require_relative raise catch throw loop lambda proc new " +
    "map flat_map filter_map grep grep_v each each_with_index each_with_object each_line each_char each_slice each_cons each_pair each_entry select filter reject " +
    "find detect find_all find_index index rindex inject reduce sum min max min_by max_by minmax sort sort_by reverse uniq group_by partition " +
    "count size length first last take drop take_while drop_while zip compact flatten join split chars bytes lines chomp chop strip lstrip rstrip " +
    "upcase downcase capitalize swapcase sub gsub tr scan match start_with end_with include any all none one empty zero even odd positive " +
    "negative times upto downto step to_s to_i to_f to_a to_h to_sym to_json to_r to_c to_set inspect keys values key value has_key key dig " +
    "fetch merge transform_values transform_keys slice except push pop shift unshift concat insert tally format sprintf round floor ceil abs " +
    "divmod pow gcd lcm digits chr ord hex oct center ljust rjust succ pred between clamp freeze frozen dup clone then tap itself is_a kind_of " +
    "respond_to nil ascii_only encoding force_encoding encode unpack unpack1 pack parse pretty_generate generate dump load_file safe_load " +
    "read readlines foreach exist exists file directory basename dirname extname join expand_path absolute_path glob entries children pwd " +
    "mtime size now today at strftime iso8601 year month day hour minute second rand srand sleep gets stdin stdout rewind " +
    "each_byte cycle chunk_while slice_when lazy eager with_index with_object combination permutation product transpose rotate sample shuffle " +
    "BEGIN END ARGV ENV STDIN STDOUT STDERR RUBY_VERSION RUBY_PLATFORM JSON YAML CSV File Dir Time Date DateTime Math PI Set Struct Hash Array String Integer Float " +
    "Symbol Regexp Range Rational Complex Comparable Enumerable StandardError ArgumentError Digest SHA256 MD5 SHA1 hexdigest Base64 encode64 " +
    "strict_encode64 decode64 SecureRandom uuid Benchmark measure realtime sqrt sin cos log exp attr_accessor attr_reader initialize headers row rows __FILE__ __dir__"
  ).split(" "),
);

/** Kernel's own methods that act: a variable of such a name doesn't hide them. */
const ACTS =
  /^(system|exec|spawn|fork|eval|open|load|syscall|send|public_send|__send__|method|binding|trap|exit|abort|test|autoload|select|warn|\w+_(eval|exec))$/;

/** Libraries that only bring names in. */
const LIBRARIES =
  /^(json|yaml|csv|set|time|date|digest|base64|securerandom|bigdecimal|pp|benchmark|erb|English|fileutils|tempfile|pathname)$/;

/** Texts, lists of words and commands, whichever begins first. */
const TEXT =
  /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|(?<![\w)\]}])%[wi](?:\[[^\][()\\#'"`]*\]|\([^()\\#'"`]*\))|`[^`\\#]*`/g;
const PATTERN = /(?<=^|[(,=~!&|;{\s])\/(?![\s=])(?:\\.|[^/\\\n])+\/[imxo]*/g;

/** A Ruby program that computes, reads and prints, and what it plainly does beside that. Null for any other. */
const readRuby: CodeReader = (code) => {
  const names = new Set<string>(locals(code));
  let clear = true;
  const libraries = [...code.matchAll(/\brequire(?:_relative)?\b\s*(?:['"]([\w/]+)['"])?/g)];
  if (libraries.some(([, name = ""]) => !LIBRARIES.test(name))) return null;
  if (!Literals.canHold(code)) return null;
  const literals = new Literals();
  const acts: CodeAct[] = [];
  const texts: string[] = [];
  const inside: string[] = [];
  const groups: string[] = [];
  const rest = code
    .replace(TEXT, (text) => {
      if (text.startsWith("%")) {
        const words = text.slice(3, -1).split(/\s+/).filter(Boolean);
        texts.push(...words);
        return `[${words.map((word) => literals.hold(word)).join(", ")}]`;
      }
      if (text.startsWith("`")) {
        acts.push({ does: "runs", line: text.slice(1, -1) });
        return " 0 ";
      }
      if (text.startsWith('"'))
        for (const [, part = ""] of text.matchAll(/#\{([^{}]*)\}/g)) inside.push(part);
      if (/#\{[^{}]*\{/.test(text) || /#[@$]/.test(text)) clear = false;
      texts.push(text.slice(1, -1));
      return literals.hold(/\\|#[{@$]/.test(text) ? null : text.slice(1, -1));
    })
    .replace(PATTERN, (text) => {
      if (text.includes("#{")) clear = false;
      for (const [group] of text.matchAll(/<\w+>/g)) groups.push(group);
      return " 0 ";
    })
    .replace(/#[^\n]*/g, " ");
  // What texts hold is code, and a group of a pattern gives its name a value.
  const program = [rest, ...inside.map((part) => `puts(${part})`), ...groups].join("\n");
  const plain = withoutActs(rest, { literals, program }, acts);
  const runsLines = acts.some(({ does }) => does === "runs" || does === "executes");
  if (runsLines && !keepsEnvironment(program)) return null;
  const all = `${Literals.without(plain)}\n${inside.join("\n")}`;
  // Quotes that are left, commands, other ways to write texts, methods by name, and globals that steer.
  if (
    !clear ||
    /["'`\\]|%[a-zA-Z]?[[({<|!/]|<<|&:?\s*[a-zA-Z_]+\s*\(|::\s*[a-z]|\$(?!stdin\b|stdout\b|stderr\b|_\b|\d)|@@/.test(
      all,
    )
  )
    return null;
  // A method's name may be a path to another: `method(:system)`, `&:exit`.
  for (const [, sign = "", word = ""] of all.matchAll(/([@$:.]?)\b([A-Za-z_]\w*)/g)) {
    if (sign === "@" || sign === "$" || WORDS.has(word)) continue;
    if (sign !== "" || !names.has(word) || ACTS.test(word)) return null;
  }
  return [...acts, ...secretsAmong(texts)];
};

/** Methods that act on the files they are given, by the names of their modules. */
const FILE_METHODS: Readonly<Record<string, Does>> = {
  "File.delete": "deletes",
  "File.unlink": "deletes",
  "File.rename": "moves",
  "Dir.rmdir": "deletes",
  "Dir.unlink": "deletes",
  "Dir.delete": "deletes",
  "Dir.mkdir": "creates",
  "FileUtils.rm": "deletes",
  "FileUtils.rm_f": "deletes",
  "FileUtils.remove": "deletes",
  "FileUtils.rm_r": "deletes all",
  "FileUtils.rm_rf": "deletes all",
  "FileUtils.rmtree": "deletes all",
  "FileUtils.remove_dir": "deletes all",
  "FileUtils.remove_entry": "deletes all",
  "FileUtils.remove_entry_secure": "deletes all",
  "FileUtils.rmdir": "deletes",
  "FileUtils.mv": "moves",
  "FileUtils.move": "moves",
  "FileUtils.cp": "copies",
  "FileUtils.copy": "copies",
  "FileUtils.mkdir": "creates",
  "FileUtils.mkdir_p": "creates",
  "FileUtils.touch": "creates",
};

/** Brackets, at most one pair in another; without them the words up to the end of the statement. */
const ARGUMENTS = String.raw`(?:\(((?:[^()]|\([^()]*\))*)\)|[ \t]+([^\s(=][^;\n{}|&]*?)(?=\s*(?:$|[;\n}]|\|\||&&|\b(?:if|unless|rescue|and|or|end|while|do)\b|\{)))`;
const CALL = new RegExp(String.raw`\b(File|IO|Dir|FileUtils)\.(\w+)\b(?![?!])${ARGUMENTS}`, "g");
const RUN = new RegExp(String.raw`(?<![.\w@$:])(?:system|exec|spawn)\b${ARGUMENTS}`, "g");
const FINDS = new RegExp(String.raw`^Dir\s*(?:\.\s*glob\s*\(|\[)\s*(${TEXT_MARK})\s*[)\]]$`);
const FOUND = String.raw`(?:Dir\s*(?:\.\s*glob\s*\(|\[)\s*${TEXT_MARK}\s*[)\]]|\[[^\][]*\]|${TEXT_MARK})`;
const OPTIONS = /(?:,\s*(?:verbose|force|secure|preserve|mode|noop)\s*:\s*(?:true|false|0?o?\d+)\s*)+$/;

/** The program without the calls that plainly act on files or run a line: what they do is added to the acts. */
function withoutActs(
  outline: string,
  { literals, program }: { readonly literals: Literals; readonly program: string },
  acts: CodeAct[],
): string {
  const names = namesIn(outline, program, literals);
  const add = (more: readonly CodeAct[] | null): boolean => {
    acts.push(...(more ?? []));
    return more !== null;
  };
  const handles = new Set<string>();
  const rest = outline
    .replace(
      new RegExp(
        String.raw`\bFile\.open\(\s*([^(),]+),\s*(${TEXT_MARK})\s*\)\s*(?:\{|\bdo\b)\s*\|\s*([a-z_]\w*)\s*\|`,
        "g",
      ),
      (whole, target: string, mode: string, handle: string) => {
        const [how] = literals.textsOf(mode) ?? [];
        const paths = literals.pathsOf(target, names, FINDS);
        const writes = /^[wa]b?(:utf-8)?$/i.exec(how ?? "")?.[0];
        if (paths === null || writes === undefined || !stays(program, handle, PARAMETER, WRITTEN))
          return whole;
        handles.add(handle);
        const write = writes.startsWith("a") ? "append" : "overwrite";
        acts.push(...paths.map((path) => ({ does: "writes", path, mode: write }) as const));
        return ` loop { |${handle}| `;
      },
    )
    .replace(CALL, (whole, module: string, method: string, bracketed?: string, bare?: string) => {
      const list = (bracketed ?? bare ?? "").replace(OPTIONS, "");
      if (/^(File|IO)$/.test(module) && /^(bin)?write$/.test(method)) {
        const [target = "", ...content] = list.split(",");
        const paths = literals.pathsOf(target, names, FINDS);
        return paths !== null && add(actsOn("empties", paths)) ? ` ( ${content.join(",")} ) ` : whole;
      }
      const name = `${module}.${method}`;
      const does = Object.hasOwn(FILE_METHODS, name) ? FILE_METHODS[name] : undefined;
      const paths = does === undefined ? null : literals.pathsOf(list, names, FINDS);
      return does !== undefined && paths !== null && add(actsOn(does, paths)) ? " 0 " : whole;
    })
    .replace(RUN, (whole, bracketed?: string, bare?: string) => {
      const [line, ...more] = literals.textsOf(bracketed ?? bare ?? "") ?? [];
      if (line === undefined) return whole;
      acts.push(more.length === 0 ? { does: "runs", line } : { does: "executes", argv: [line, ...more] });
      return " 0 ";
    });
  return [...handles].reduce(
    (text, handle) =>
      text.replaceAll(
        new RegExp(String.raw`\b${handle}\s*(?:\.\s*(?:write|puts|print|printf)\b|<<)`, "g"),
        " puts ",
      ),
    rest,
  );
}

/** Functions that only look at what they are given, and hand it back to nobody. */
const LOOKS = String.raw`(?<![\w.@$:])(?:puts|print|printf|if|unless|elsif|while|until|(?:File|IO|Dir|FileUtils)\s*\.\s*\w+[?!]?)\s*\(?`;
const ITEMS = String.raw`(?:(?:${TEXT_MARK}|[a-z_]\w*|\d+)\s*[,+]\s*)*`;

/** Uses of a value that neither change it nor give it another name. */
const READ: readonly ReadUse[] = [
  {
    before: new RegExp(String.raw`${LOOKS}\s*${ITEMS}$`),
    behind:
      /^\s*(?:$|[;})\n,]|\+(?!=)|[=!]=(?!=)|\|\|(?!=)|&&(?!=)|(?:or|and|if|unless|while|until|then|do)\b)/,
  },
  // What such a method gives is another value.
  {
    before: /$/,
    behind: /^\s*\.\s*(?:(?:end_with|start_with|include|empty)\?|(?:length|size|count)\b)/,
  },
];

/** Uses of a file that is open: it is only written to. */
const WRITTEN: readonly ReadUse[] = [
  { before: /$/, behind: /^\s*(?:\.\s*(?:write|puts|print|printf)\b|<<(?!=))/ },
];

/** A parameter of a block that has no other. */
const PARAMETER: ReadUse = { before: /(?:\{|\bdo)\s*\|\s*$/, behind: /^\s*\|/ };

function stays(program: string, name: string, made: ReadUse, uses: readonly ReadUse[]): boolean {
  const mention = new RegExp(String.raw`(?<![\w@$])${name}\b`, "g");
  return isOnlyRead(program, { mention, made }, uses);
}

/** Variables and parameters of blocks that stand for literal paths all the time. `program`: with what its texts hold. */
function namesIn(outline: string, program: string, literals: Literals): Names {
  const names = new Map<string, readonly CodePath[]>();
  const given = String.raw`(?<![\w.@$])([a-z_]\w*)\s*=\s*(${FOUND})(?=\s*(?:[;\n]|$))`;
  const looped = String.raw`(${FOUND})\s*\.\s*each\s*(?:\{|\bdo\b)\s*\|\s*([a-z_]\w*)\s*\|`;
  const made: ReadUse = { before: /(?:^|[;\n{|])\s*$/, behind: /^\s*=(?![=~>])/ };
  const parameters = [...outline.matchAll(/\|\s*([a-z_]\w*)\s*\|/g)].flatMap(([, name = ""]) =>
    stays(program, name, PARAMETER, READ) ? [name] : [],
  );
  // A list is gone through where nothing before could take what that gives, which is the list itself.
  const through: ReadUse = {
    before: new RegExp(String.raw`^(?:\s*[a-z_]\w*\s*=\s*${FOUND}\s*[;\n])*\s*$`),
    behind: new RegExp(
      String.raw`^\s*\.\s*each\s*\{\s*\|\s*(?:${parameters.join("|")})\s*\|[^{}|]*\}[ \t]*(?:$|;|\n(?!\s*[.&]))`,
    ),
  };
  const uses = parameters.length === 0 ? READ : [...READ, through];
  const bind = (name: string, list: string, how: ReadUse): void => {
    const paths = literals.pathsOf(list, names, FINDS);
    if (paths !== null && stays(program, name, how, uses)) names.set(name, paths);
  };
  for (const [, name = "", list = ""] of outline.matchAll(new RegExp(given, "g"))) bind(name, list, made);
  for (const [, list = "", name = ""] of outline.matchAll(new RegExp(looped, "g")))
    bind(name, list, PARAMETER);
  return names;
}

/** Whether what the program runs has the environment that the program got. */
function keepsEnvironment(program: string): boolean {
  const element = new RegExp(
    String.raw`\bENV\s*(?:\[\s*${TEXT_MARK}\s*\]|\.\s*fetch\s*\(\s*${TEXT_MARK}\s*(?:,\s*${TEXT_MARK}\s*)?\))`,
    "g",
  );
  const others = program.replaceAll(element, (found, at: number) =>
    isReadAt(program, { index: at, length: found.length }, READ) ? " 0 " : found,
  );
  return !/\bENV\b/.test(others);
}

/** Names that the text itself gives: variables, and the parameters of blocks and methods. */
function* locals(code: string): Generator<string> {
  for (const [, name = ""] of code.matchAll(/\b([a-z_]\w*)\s*(?:[-+*/%|&]|\|\||&&|\*\*|<<)?=(?![=~>])/g))
    yield name;
  for (const [, list = ""] of code.matchAll(/(?:\{|\bdo)\s*\|([^|]*)\|/g))
    for (const [name] of list.matchAll(/[a-z_]\w*/g)) yield name;
  for (const [, list = ""] of code.matchAll(/\bfor\s+([\w\s,]+?)\s+in\b/g))
    for (const [name] of list.matchAll(/[a-z_]\w*/g)) yield name;
  for (const [, name = "", list = ""] of code.matchAll(/\bdef\s+([a-z_]\w*)[?!]?\s*(?:\(([^)]*)\))?/g)) {
    yield name;
    for (const [each] of list.matchAll(/[a-z_]\w*/g)) yield each;
  }
  for (const [, name = ""] of code.matchAll(/\b([a-z_]\w*):(?!:)/g)) yield name;
}

export const ruby: Language = {
  read: readRuby,
  glance: (code) => ({ acts: [], hides: mentionsLoss(code) }),
};
