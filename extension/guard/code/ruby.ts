import type { CodeReader, Language } from "./acts.ts";
import { mentionsLoss } from "./mentions.ts";
import { secretsAmong } from "./secrets.ts";

/** Keywords, methods and constants of Ruby that compute, read and print. What is not among them may do anything. */
const WORDS = new Set(
  (
    "puts print p pp printf putc if elsif else unless while until for in do end case when then begin rescue ensure return next break redo " +
    "yield and or not nil true false self def class module require require_relative raise catch throw loop lambda proc new " +
    "map flat_map each each_with_index each_with_object each_line each_char each_slice each_cons each_pair each_entry select filter reject " +
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
  /^(json|yaml|csv|set|time|date|digest|base64|securerandom|bigdecimal|pp|benchmark|erb|English)$/;

const TEXT = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'/g;
const PATTERN = /(?<=^|[(,=~!&|;{\s])\/(?![\s=])(?:\\.|[^/\\\n])+\/[imxo]*/g;

/** A Ruby program that only computes, reads and prints. Null for any other. */
const readRuby: CodeReader = (code) => {
  const names = new Set<string>(locals(code));
  let clear = true;
  const libraries = [...code.matchAll(/\brequire(?:_relative)?\b\s*(?:['"]([\w/]+)['"])?/g)];
  if (libraries.some(([, name = ""]) => !LIBRARIES.test(name))) return null;
  const texts: string[] = [];
  const inside: string[] = [];
  const rest = code
    .replace(TEXT, (text) => {
      if (text.startsWith('"'))
        for (const [, part = ""] of text.matchAll(/#\{([^{}]*)\}/g)) inside.push(part);
      if (/#\{[^{}]*\{/.test(text) || /#[@$]/.test(text)) clear = false;
      texts.push(text.slice(1, -1));
      return " 0 ";
    })
    .replace(PATTERN, (text) => {
      if (text.includes("#{")) clear = false;
      return " 0 ";
    })
    .replace(/#[^\n]*/g, " ");
  const all = `${rest}\n${inside.join("\n")}`;
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
  return secretsAmong(texts);
};

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
