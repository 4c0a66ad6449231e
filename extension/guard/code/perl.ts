import type { CodeAct, CodeReader, Language } from "./acts.ts";
import { actsOn, type Does, Literals, type Names, TEXT_MARK } from "./literals.ts";
import { mentionsLoss } from "./mentions.ts";
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

/** True of a pattern or text in which code could run. */
function runs(text: string, flags: string): boolean {
  const evaluates = /^(s|y|tr)/.test(text) && flags.includes("e");
  return evaluates || /\(\?\??\{|[@$]\{|\$\$|@\{/.test(text);
}

/** A Perl program that computes and prints, and what it plainly does beside that. Null for any other. */
const readPerl: CodeReader = (code) => {
  if (!Literals.canHold(code)) return null;
  let clear = true;
  let changes = false;
  const literals = new Literals();
  const texts: string[] = [];
  const outline = code
    .replace(/^\s*use File::(Path|Copy|Basename)\b[^;'"\n]*;/gm, " ")
    .replace(PATTERN, (text, _, flags: string) => {
      if (runs(text, flags)) clear = false;
      changes ||= /^(s|tr|y)\W/.test(text) && !flags.includes("r");
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
  const names: Names = changes ? new Map() : namesIn(outline, literals);
  const rest = Literals.without(withoutActs(outline, { literals, names }, acts));
  // Where the names of files come from decides what is opened, and a name can be a command.
  if (!clear || /@\s*ARGV/.test(code) || /[`"'\\/]|<(?!STDIN>|=|<?\s)|>>|->|::|&\w|#/.test(rest)) return null;
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

/** Variables that stand for literal paths all the time. */
function namesIn(outline: string, literals: Literals): Names {
  const names = new Map<string, readonly CodePath[]>();
  // What is changed by the name of each in turn.
  if (/\$_\s*(?:[-+.*|&x]|\|\|)?=(?![=~])/.test(outline)) return names;
  const bind = (name: string, list: string): void => {
    const paths = literals.pathsOf(list, names, FINDS);
    const bare = name.slice(1);
    const given = outline.match(
      new RegExp(
        String.raw`[$@]${bare}\b(?:\s*[\[{][^\]}]*[\]}])?\s*(?:=(?![=~])|[-+.*/|&x]=|\|\|=|=~)|\bfor(?:each)?\s+(?:my\s+)?\$${bare}\b`,
        "g",
      ),
    );
    const changed = new RegExp(
      String.raw`\b(?:push|unshift|splice|pop|shift|chomp|chop|substr)\b\s*\(?[^;(){}]*[$@]${bare}\b|\b(?:my|our|local)\s*\([^)]*[$@]${bare}\b`,
    );
    if (paths !== null && given?.length === 1 && !changed.test(outline)) names.set(name, paths);
  };
  for (const [, name = "", list = ""] of outline.matchAll(/\bmy\s+([$@]\w+)\s*=\s*([^;\n]+?)\s*(?=;|$)/g))
    bind(name, list);
  for (const [, name = "", list = ""] of outline.matchAll(
    /\bfor(?:each)?\s+my\s+(\$\w+)\s*\(((?:[^()]|\([^()]*\))*)\)/g,
  ))
    bind(name, list);
  return names;
}

export const perl: Language = {
  read: readPerl,
  glance: (code) => ({ acts: [], hides: mentionsLoss(code) }),
};
