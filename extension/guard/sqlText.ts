/** What of SQL looks like a call, and changes nothing: keywords before a parenthesis, and functions of values. */
const PLAIN_CALLS = new Set(
  (
    "in from and or not exists select values as on over where join when then else using filter any all like between " +
    "union case count sum avg min max total group_concat string_agg lower upper length char_length trim substr substring " +
    "replace round abs coalesce ifnull nullif iif cast date time datetime strftime julianday now extract to_char " +
    "date_trunc age concat left right json_extract json_array_length row_number rank dense_rank lag lead distinct version"
  ).split(" "),
);

const SHOWS = /^(show|desc|describe)\s+[\w\s.*%"'`-]+$/i;
const QUERIES =
  /^(explain\s+(query\s+plan\s+|analyze\s+|verbose\s+|\([\w\s,]*\)\s*)*)?(select|values|with\s+(recursive\s+)?\w+\s+as)[\s(]/i;
/** Words of statements that change something, which a query can hold as well. */
const CHANGES =
  /\b(into|insert|update|delete|replace\s+into|merge|drop|alter|create|truncate|attach|detach|vacuum|grant|revoke|call|copy|do|exec|execute|lock|set|reindex|load_extension|writefile|edit)\b/i;
const PRAGMA =
  /^pragma\s+(table_x?info|table_list|index_list|index_info|foreign_key_list|foreign_key_check|database_list|integrity_check|quick_check|compile_options)\s*(\([\w\s'"`.]*\))?$/i;
/** Commands of the clients' own, of sqlite3 and of psql. */
const META =
  /^(\.(tables?|schema|fullschema|indexe?s|databases|dump|headers?|mode|width|show|timer|nullvalue|separator|print|echo|eqp|stats|explain|version|help|quit|exit)(\s+[\w.%,|"']+)*|\\(d[a-zA-Z]*\+?|l\+?|conninfo)(\s+[\w.*"]+)?)$/;

/** Whether a text is statements that read, and nothing else. What is not surely so may do anything. */
export function onlyReads(text: string): boolean {
  // Strings of SQL can hold anything; a comment can hide, and a backslash is a command to some clients.
  const masked = text.replace(/'[^'\\]*'/g, "''");
  // The clients' own commands end with their line.
  const statements = masked.split(/;|(?<=^\s*[.\\].*)\n|\n(?=\s*[.\\])/m).map((each) => each.trim());
  return statements.some((each) => each !== "") && statements.every((each) => each === "" || isPlain(each));
}

function isPlain(statement: string): boolean {
  if (META.test(statement)) return true;
  if (/\\|--|\/\*|["`\]]\s*\(|\n\s*\./.test(statement)) return false;
  if (SHOWS.test(statement) || PRAGMA.test(statement)) return true;
  const calls = [...statement.matchAll(/([A-Za-z_]\w*)\s*\(/g)].map(([, name = ""]) => name.toLowerCase());
  const isQuery = QUERIES.test(statement) && !CHANGES.test(statement.replace(/"[^"]*"/g, '""'));
  return isQuery && calls.every((name) => PLAIN_CALLS.has(name));
}
