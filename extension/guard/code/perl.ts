import type { CodeAct, CodeReader, Language } from "./acts.ts";
import { actsOn, type Does, Literals, type Names, TEXT_MARK } from "./literals.ts";
import { mentionsLoss } from "./mentions.ts";
import { isOnlyRead, isReadAt, type ReadUse } from "./outlineReads.ts";
import type { CodePath } from "./paths.ts";
import { secretsAmong } from "./secrets.ts";

/** Words of Perl that compute and print. */
const WORDS = new Set(
  (
    "print printf say my our if elsif else unless while until for foreach next last redo return sub and or not xor x eq ne lt gt le ge cmp " +
    "length substr index rindex uc lc ucfirst lcfirst sprintf join split map grep sort reverse keys values each exists delete defined " +
    "push pop shift unshift splice scalar chomp chop chr ord abs int sqrt sin cos atan2 exp log hex oct rand srand time localtime gmtime " +
    "die warn exit wantarray BEGIN END STDIN STDOUT STDERR ENV _ strict warnings use pos quotemeta lines eof close"
  ).split(" "),
);

/** Patterns and quotes by their delimiters, of which only those that are easily told from a division are read. */
const PATTERN =
  /(?<![\w$@%)\]}])(?:(?:s|tr|y)(?:([/|#!,])(?:\\.|(?!\1)[^\\\n])*\1(?:\\.|(?!\1)[^\\\n])*\1|\{[^{}\\\n]*\}\{[^{}\\\n]*\})|(?:m|qr)?\/(?:\\.|[^\\/\n])*\/|q[qw]?[({][^(){}\n]*[)}]|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')([a-z]*)/g;

/** Any of the list that names the files to read; `$ARGV` is only the one that is read now. */
const ARGUMENT_LIST = /(?<!(?<![$@%&*#\\])\$)\bARGV\b|\$ARGV\s*[[{]/;

/** A text that stands in the lines below, where quotes mean nothing. */
const HEREDOC = new RegExp(String.raw`<<\s*(?:${TEXT_MARK}|["'\`~\\A-Za-z_])`);

/** A variable by a name that is put together: it could be any, unless the program is strict from its beginning. */
const GOES_BY_NAME =
  /[$@]\s*\{(?!\s*\^?[A-Za-z_]\w*\s*\})|[$@]\s*\$\s*[\w{$:]|(?<!(?:[$@]\w+|\b\d+|[)\]])\s*)[%*&]\s*[{$]/;
const STRICT = /^\s*(?:use\s+\w+\s*;\s*)*use\s+strict\s*;/;

/** In a text, elements of which nothing runs to tell them: `$x[0]`, `$x->{name}[$i]`. */
const ELEMENTS = /([$@]\w+)(?:(?:->)?(?:\[(?:-?\d+|\$\w+)(?:[-+](?:\d+|\$\w+))?\]|\{(?:\$?\w+|'\w*')\}))+/g;

/** True of a pattern or text in which code could run. */
function runs(text: string, flags: string): boolean {
  if (/^('|qw?[({])/.test(text)) return false;
  const evaluates = /^(s|y|tr)/.test(text) && flags.includes("e");
  const interpolates = text.replace(ELEMENTS, "$1 ");
  return evaluates || /\(\?\??\{|[@$]\s*\{|\$\$|[$@]\w+(?:->)?[[{]/.test(interpolates);
}

/** A Perl program that computes and prints, and what it plainly does beside that. Null for any other. */
const readPerl: CodeReader = (code) => {
  if (!Literals.canHold(code)) return null;
  let clear = true;
  const literals = new Literals();
  const texts: string[] = [];
  const outline = code
    .replace(/^\s*use File::(Path|Copy|Basename)\b[^;'"\n]*;/gm, " ")
    .replace(PATTERN, (text, _, flags: string) => {
      if (runs(text, flags)) clear = false;
      if (text.startsWith("qw")) {
        const words = text.slice(3, -1).split(/\s+/).filter(Boolean);
        texts.push(...words);
        return `(${words.map((word) => literals.hold(word)).join(", ")})`;
      }
      if (!/^["']/.test(text)) return " 0 ";
      const value = text.slice(1, -1);
      texts.push(value);
      return literals.hold(
        value.includes("\\") || (text.startsWith('"') && /[$@]/.test(value)) ? null : value,
      );
    });
  const acts: CodeAct[] = [];
  const names = namesIn(outline, literals);
  const rest = Literals.without(withoutActs(outline, { literals, names }, acts));
  const runsLines = acts.some(({ does }) => does === "runs" || does === "executes");
  if (
    HEREDOC.test(outline) ||
    (GOES_BY_NAME.test(rest) && !STRICT.test(code)) ||
    (runsLines && !keepsEnvironment(outline))
  )
    return null;
  // Where the names of files come from decides what is opened, and a name can be a command.
  if (!clear || ARGUMENT_LIST.test(code) || /[`"'\\/]|<(?!STDIN>|=|<?\s)|>>|->|::|&\w|#/.test(rest))
    return null;
  const words = rest.matchAll(/([$@%&*]\s*#?\{?\^?)?([A-Za-z_]\w*)/g);
  for (const [, sigil, word = ""] of words) {
    if (sigil === undefined ? !WORDS.has(word) : /[&*{^]/.test(sigil)) return null;
  }
  // Printing to what isn't a standard stream needs a handle: there is none but those that were seen to be opened.
  return [...acts, ...secretsAmong(texts)];
};

/** Functions of the language, and of File::Copy and File::Path, that act on the files they are given. */
const FUNCTIONS: Readonly<Record<string, Does>> = {
  unlink: "deletes",
  rmdir: "deletes",
  rename: "moves",
  move: "moves",
  mv: "moves",
  copy: "copies",
  cp: "copies",
  mkdir: "creates",
  make_path: "creates",
  mkpath: "creates",
  remove_tree: "deletes all",
  rmtree: "deletes all",
};

/** Brackets, or without them the words up to the end of the statement. */
const ARGUMENTS = String.raw`(?:\s*\(((?:[^()]|\([^()]*\))*)\)|[ \t]+([^\s(=][^;\n{}|&]*?)(?=\s*(?:$|[;\n}]|\|\||&&|\b(?:or|and|if|unless|for|foreach|while)\b)))`;
const CALL = new RegExp(String.raw`(?<![$@%&\w>])(${Object.keys(FUNCTIONS).join("|")})\b${ARGUMENTS}`, "g");
const RUN = new RegExp(String.raw`(?<![$@%&\w>])(?:system|exec)\b${ARGUMENTS}`, "g");
const FINDS = new RegExp(String.raw`^(?:sort\s+)?glob\s*\(?\s*(${TEXT_MARK})\s*\)?$`);
const OPENS = new RegExp(
  String.raw`\bopen\s*\(?\s*(?:my\s+)?(\$\w+|[A-Z]+)\s*,\s*(${TEXT_MARK})\s*,\s*(${TEXT_MARK}|\$\w+)\s*\)?(?=\s*(?:;|$|\bor\b|\|\|))`,
  "g",
);
/** Each of a list, one after the other: `unlink for glob "x/*"`. */
const EACH = /\b(unlink|rmdir)(?:\s*\(?\s*\$_\s*\)?)?\s+for(?:each)?\b\s*([^;\n{}|&]+?)(?=\s*(?:[;\n}]|$))/g;

/** The program without what plainly acts on files or runs a line: what that does is added to the acts. */
function withoutActs(
  outline: string,
  { literals, names }: { readonly literals: Literals; readonly names: Names },
  acts: CodeAct[],
): string {
  const handles: string[] = [];
  const act = (whole: string, name: string, list: string): string => {
    const paths = literals.pathsOf(list, names, FINDS);
    const done = paths === null ? null : actsOn(FUNCTIONS[name] ?? "deletes", paths);
    acts.push(...(done ?? []));
    return done === null ? whole : " 0 ";
  };
  const rest = outline
    .replace(EACH, act)
    .replace(OPENS, (whole, handle: string, mode: string, target: string) => {
      const how = /^(>>?|<)(?::[\w():-]+)?$/.exec(
        (literals.textsOf(mode)?.[0] ?? "").replaceAll(" ", ""),
      )?.[1];
      const paths = literals.pathsOf(target, names, FINDS);
      if (how === undefined || paths === null) return whole;
      handles.push(handle);
      for (const path of paths)
        acts.push(
          how === "<"
            ? { does: "reads", path }
            : { does: "writes", path, mode: how === ">" ? "overwrite" : "append" },
        );
      return " 0 ";
    })
    .replace(CALL, (whole, name: string, bracketed?: string, bare?: string) =>
      act(whole, name, bracketed ?? bare ?? ""),
    )
    .replace(/\btruncate\s*\(([^(),]+),[\s\d]+\)/g, (whole, target: string) => {
      const paths = literals.pathsOf(target, names, FINDS);
      acts.push(...(paths === null ? [] : (actsOn("empties", paths) ?? [])));
      return paths === null ? whole : " 0 ";
    })
    .replace(RUN, (whole, bracketed?: string, bare?: string) => {
      const [line, ...more] = literals.textsOf(bracketed ?? bare ?? "") ?? [];
      if (line === undefined) return whole;
      acts.push(more.length === 0 ? { does: "runs", line } : { does: "executes", argv: [line, ...more] });
      return " 0 ";
    })
    .replace(/\bglob\b\s*\(?\s*\uE000\d+\uE001\s*\)?/g, " 0 ");
  // What was opened is read, and printed to.
  return handles.reduce(
    (text, handle) =>
      text
        .replaceAll(`<${handle}>`, " 0 ")
        .replaceAll(new RegExp(`(?<![\\w$])${handle.replace("$", "\\$")}\\b`, "g"), " "),
    rest,
  );
}

/** Functions that only look at what they are given, and what stands before a value in their lists. */
const LOOKS =
  `(?<![$@%&\\w])(?:${Object.keys(FUNCTIONS).join("|")}|truncate|print|printf|say|die|warn|join|sprintf|length|defined|lc|uc|` +
  String.raw`if|unless|elsif|while|until)(?:\s+(?:STDOUT|STDERR|\$\w+))?\s*\(?`;
const OPENED = String.raw`(?<![$@%&\w])open\s*\(?\s*(?:my\s+)?(?:\$\w+|[A-Z]+)\s*,\s*${TEXT_MARK}\s*,`;
const COPIED = String.raw`(?:^|[;{}\n])\s*my\s+[$@]\w+\s*=\s*\(?`;
const ITEMS = String.raw`(?:(?:${TEXT_MARK}|[$@]\w+|\d+)\s*[,.]\s*)*(?:(?:sort|reverse|scalar)\s*\(?\s*)?`;
const BEHIND_READ =
  /^\s*(?:$|[;})\n,]|\.(?![.=])|[=!]=|\|\|(?!=)|&&(?!=)|(?:eq|ne|lt|gt|le|ge|cmp|or|and|if|unless|for|foreach|while|until)\b)/;

/** Uses of a value that neither change it nor give it another name. */
const READ: readonly ReadUse[] = [
  {
    before: new RegExp(String.raw`(?:${LOOKS}|${OPENED}|${COPIED})\s*${ITEMS}$`),
    behind: BEHIND_READ,
  },
  // Each of them, one after the other.
  {
    before: /(?<![$@%&\w])(?:unlink|rmdir|print|say)(?:\s*\(?\s*\$_\s*\)?)?\s+for(?:each)?\s*\(?\s*$/,
    behind: BEHIND_READ,
  },
];

const LOOP = /\bfor(?:each)?\s+my\s+$/;

/** Variables that stand for literal paths all the time. */
function namesIn(outline: string, literals: Literals): Names {
  const names = new Map<string, readonly CodePath[]>();
  const isRead = (name: string, made: ReadUse, uses = READ): boolean => {
    const mention = new RegExp(String.raw`[$@%&*#]\s*[{#]?\s*${name.slice(1)}\b`, "g");
    // Of a list's elements, and of another variable of the same name, nothing is known.
    const isSame = [...outline.matchAll(mention)].every(([found]) => found === name);
    return isSame && isOnlyRead(outline, { mention, made }, uses);
  };
  const bind = (name: string, list: string): void => {
    const paths = literals.pathsOf(list, names, FINDS);
    if (paths !== null) names.set(name, paths);
  };
  const loops = [...outline.matchAll(/\bfor(?:each)?\s+my\s+(\$\w+)\s*\(((?:[^()]|\([^()]*\))*)\)/g)].filter(
    ([, name = ""]) => isRead(name, { before: LOOP, behind: /^\s*\(/ }),
  );
  // By the name of each in turn the list itself could be changed.
  const each = loops.map(([, name = ""]) => name.slice(1)).join("|");
  const through = new RegExp(String.raw`\bfor(?:each)?\s+my\s+\$(?:${each})\s*\(\s*${ITEMS}$`);
  const uses = loops.length === 0 ? READ : [...READ, { before: through, behind: BEHIND_READ }];
  const made: ReadUse = { before: /(?:^|[;{}\n])\s*my\s+$/, behind: /^\s*=(?![=~])/ };
  for (const [, name = "", list = ""] of outline.matchAll(/\bmy\s+([$@]\w+)\s*=\s*([^;\n]+?)\s*(?=;|$)/g))
    if (isRead(name, made, uses)) bind(name, list);
  for (const [, name = "", list = ""] of loops) bind(name, list);
  return names;
}

/** Whether what the program runs has the environment that the program got. */
function keepsEnvironment(outline: string): boolean {
  const element = new RegExp(String.raw`\$ENV\{\s*(?:\w+|${TEXT_MARK})\s*\}`, "g");
  const others = outline.replaceAll(element, (found, at: number) =>
    isReadAt(outline, { index: at, length: found.length }, READ) ? " 0 " : found,
  );
  return !/\bENV\b/.test(others);
}

export const perl: Language = {
  read: readPerl,
  glance: (code) => ({ acts: [], hides: mentionsLoss(code) }),
};
