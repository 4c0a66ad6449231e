import type { CodeReader, Language } from "./acts.ts";
import { mentionsLoss } from "./mentions.ts";

/** How little programs of a language look that only compute and print. */
interface Plain {
  /** Words of the language, and what it calls its harmless functions, those with dots as a whole. */
  readonly words: string;
  readonly name: RegExp;
  /** Texts that hold nothing but text. */
  readonly text: RegExp;
  /** What gives the name before it a value, or the one behind it. */
  readonly binds: RegExp;
  readonly introduces: RegExp;
}

const PLAIN_TEXT = /"(?:[^"\\$`]|\\[nt"\\])*"|'(?:[^'\\]|\\.)*'/g;

const PHP: Plain = {
  words:
    "echo print printf sprintf print_r var_dump var_export json_encode json_decode count strlen strtoupper strtolower ucfirst " +
    "implode explode trim str_repeat str_contains str_starts_with substr strpos str_replace number_format array array_keys array_values array_sum " +
    "in_array is_int is_string is_array is_null gettype phpversion php_uname php_sapi_name PHP_VERSION PHP_EOL PHP_OS PHP_OS_FAMILY PHP_INT_MAX PHP_BINARY " +
    "ini_get php_ini_loaded_file get_loaded_extensions extension_loaded function_exists date time microtime round floor ceil min max sqrt abs range intdiv " +
    "random_int uniqid md5 sha1 hash base64_encode base64_decode memory_get_usage JSON_PRETTY_PRINT true false null if else elseif for foreach while as return " +
    "isset empty int string float bool and or not",
  name: /\$?[A-Za-z_]\w*/g,
  text: PLAIN_TEXT,
  binds: /(?!)/,
  introduces: /(?!)/,
};
const LUA: Plain = {
  words:
    "print tostring tonumber type pairs ipairs select unpack next _VERSION jit.version string.format string.rep string.sub string.upper string.lower string.len " +
    "string.byte string.char string.find string.match string.gmatch string.reverse math.floor math.ceil math.max math.min math.sqrt math.abs math.pi math.huge " +
    "math.random table.concat table.insert table.remove table.sort table.unpack os.time os.date os.clock " +
    "local function end if then else elseif for in do while repeat until return and or not true false nil",
  name: /[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*/g,
  text: PLAIN_TEXT,
  binds: /^\s*=(?!=)/,
  introduces: /^(local|for)$/,
};
const R: Plain = {
  words:
    "cat print paste paste0 format sprintf R.version.string R.version sessionInfo packageVersion getRversion installed.packages rownames colnames names " +
    "c list vector length nchar toupper tolower sum mean median var sd min max range seq rep rev sort order unique table sqrt abs exp log round " +
    "head tail str summary data.frame matrix is.na Sys.time Sys.Date date nrow ncol dim TRUE FALSE NULL NA T F if else for in while function return set.seed rnorm runif sample sep collapse digits na.rm by decreasing length.out",
  name: /[A-Za-z.][\w.]*/g,
  text: PLAIN_TEXT,
  // By `=` arguments are named, too: `cat("", file = "a")`.
  binds: /^\s*<-/,
  introduces: /^for$/,
};
const JULIA: Plain = {
  words:
    "println print string VERSION length sum sqrt abs min max maximum minimum round floor ceil exp log sin cos pi rand zeros ones collect range " +
    "sort reverse unique typeof parse Int Float64 String Threads.nthreads Sys.CPU_THREADS for in end if else elseif while true false nothing return function",
  name: /[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*/g,
  text: PLAIN_TEXT,
  binds: /^\s*=(?!=)/,
  introduces: /^for$/,
};

/** A program in which each name is a known harmless one or a value of its own; null for any other. */
function reader({ words, name, text, binds, introduces }: Plain): CodeReader {
  const known = new Set(words.split(" "));
  return (code) => {
    const rest = code.replaceAll(text, " 0 ");
    // Quotes that are left over, commands, comments, members, macros, and what could be a call of a value.
    if (/["'`\\#@]|--|->|::|\/\/|\/\*|<\?|\$\$|\$\w+\s*\(|[)\]}\d]\s*\(|\d\s*=(?![=>])/.test(rest))
      return null;
    const found = [...rest.matchAll(name)];
    const own = new Set(
      found
        .filter(({ 0: word, index }, at) => {
          const behind = rest.slice(index + word.length);
          return word.startsWith("$") || binds.test(behind) || introduces.test(found[at - 1]?.[0] ?? "");
        })
        .map(([word]) => word),
    );
    // A name that the program gives a value may stand for a function of the language no more.
    const isClear =
      [...own].every((word) => !known.has(word)) && found.every(([word]) => known.has(word) || own.has(word));
    return isClear ? [] : null;
  };
}

function languageOf(plain: Plain): Language {
  return { read: reader(plain), glance: (code) => ({ acts: [], hides: mentionsLoss(code) }) };
}

export const php = languageOf(PHP);
export const lua = languageOf(LUA);
export const r = languageOf(R);
export const julia = languageOf(JULIA);
