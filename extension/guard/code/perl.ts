import type { CodeReader, Language } from "./acts.ts";
import { mentionsLoss } from "./mentions.ts";

/** Words of Perl that compute and print. */
const WORDS = new Set(
  (
    "print printf say my our if elsif else unless while until for foreach next last redo return sub and or not xor x eq ne lt gt le ge cmp " +
    "length substr index rindex uc lc ucfirst lcfirst sprintf join split map grep sort reverse keys values each exists delete defined " +
    "push pop shift unshift splice scalar chomp chop chr ord abs int sqrt sin cos atan2 exp log hex oct rand srand time localtime gmtime " +
    "die warn exit wantarray BEGIN END STDIN STDOUT STDERR ENV _ strict warnings use pos quotemeta lines eof"
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

/** A Perl program that only computes and prints: it acts on nothing. Null for any other. */
const readPerl: CodeReader = (code) => {
  let clear = true;
  const rest = code.replace(PATTERN, (text, _, flags: string) => {
    if (runs(text, flags)) clear = false;
    return " 0 ";
  });
  // Where the names of files come from decides what is opened, and a name can be a command.
  if (!clear || /@\s*ARGV/.test(code) || /[`"'\\/]|<(?!STDIN>|=|<?\s)|>>|->|::|&\w|#/.test(rest)) return null;
  const words = rest.matchAll(/([$@%&*]\s*#?\{?\^?)?([A-Za-z_]\w*)/g);
  for (const [, sigil, word = ""] of words) {
    if (sigil === undefined ? !WORDS.has(word) : /[&*{^]/.test(sigil)) return null;
  }
  // Printing to what isn't a standard stream, `open` apart, needs a handle: there is none.
  return [];
};

export const perl: Language = {
  read: readPerl,
  glance: (code) => ({ acts: [], hides: mentionsLoss(code) }),
};
