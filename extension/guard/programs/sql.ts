import type { ShellWord } from "../../shell/command.ts";
import type { Analyser, ProgramCall } from "../call.ts";
import { readOptions, type OptionSpec } from "../options.ts";

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
const QUERIES = /^(explain\s+(query\s+plan\s+)?)?select\s/i;
const PRAGMA =
  /^pragma\s+(table_x?info|table_list|index_list|index_info|foreign_key_list|foreign_key_check|database_list|integrity_check|quick_check|compile_options)\s*(\([\w\s'"`.]*\))?$/i;
/** Commands of the clients' own, of sqlite3 and of psql. */
const META =
  /^(\.(tables?|schema|indexe?s|databases|headers?|mode|width|show)(\s+[\w.%]+)*|\\(d[a-zA-Z]*\+?|l\+?|conninfo)(\s+[\w.*"]+)?)$/;

/** Whether a text is statements that read, and nothing else. What is not surely so may do anything. */
function onlyReads(text: string): boolean {
  // Strings of SQL can hold anything; a comment can hide, and a backslash is a command to some clients.
  const masked = text.replace(/'[^'\\]*'/g, "''");
  const statements = masked.split(";").map((each) => each.trim());
  return statements.some((each) => each !== "") && statements.every((each) => each === "" || isPlain(each));
}

function isPlain(statement: string): boolean {
  if (META.test(statement)) return true;
  if (/\\|--|\/\*|["`\]]\s*\(|\n\s*\.|\binto\b/i.test(statement)) return false;
  if (SHOWS.test(statement) || PRAGMA.test(statement)) return true;
  const calls = [...statement.matchAll(/([A-Za-z_]\w*)\s*\(/g)].map(([, name = ""]) => name.toLowerCase());
  return QUERIES.test(statement) && calls.every((name) => PLAIN_CALLS.has(name));
}

function judgeSql(call: ProgramCall, sql: readonly ShellWord[], rule: "read" | "network.read"): void {
  const reads = sql.length > 0 && sql.every((word) => word.known && onlyReads(word.text));
  call.add(reads && call.command.input.from !== "text" ? rule : "remote.change");
}

const SQLITE_OPTIONS =
  /^-{1,2}(readonly|headers?|noheader|csv|json|column|line|list|table|box|markdown|batch|bail)$/;

const sqlite: Analyser = (call) => {
  const operands = call.args.filter((word) => !word.known || !word.text.startsWith("-"));
  const options = call.args.filter((word) => word.known && word.text.startsWith("-"));
  if (options.some(({ text }) => /^--?(version|help)$/.test(text))) call.add("read");
  else if (options.every(({ text }) => SQLITE_OPTIONS.test(text))) judgeSql(call, operands.slice(1), "read");
  else call.add("remote.change");
};

const PSQL: OptionSpec = {
  flags: "AtxqwXlV1",
  values: "chpUdFP",
  long: {
    command: "value",
    host: "value",
    port: "value",
    username: "value",
    dbname: "value",
    csv: "flag",
    expanded: "flag",
    "tuples-only": "flag",
    "no-align": "flag",
    "no-psqlrc": "flag",
    "no-password": "flag",
    quiet: "flag",
    list: "flag",
    version: "flag",
    help: "flag",
  },
};

const psql = client(PSQL, /^(-[AtxqwX1]*c|--command(=|$))/, ["-l", "--list", "-V", "--version", "--help"]);

const MYSQL: OptionSpec = {
  flags: "tBNsvVE",
  values: "ehPuD",
  attached: "p",
  long: {
    execute: "value",
    host: "value",
    port: "value",
    user: "value",
    password: "attached",
    database: "value",
    table: "flag",
    batch: "flag",
    version: "flag",
    help: "flag",
  },
};

const mysql = client(MYSQL, /^(-[tBNsvE]*e|--execute(=|$))/, ["-V", "--version", "--help"]);

/** A client of a database server: what `statement` options bring is judged; with one of `informs` it only tells. */
function client(spec: OptionSpec, statement: RegExp, informs: readonly string[]): Analyser {
  return (call) => {
    const { has, unknown } = readOptions(call.args, spec);
    if (unknown.length > 0) call.add("remote.change");
    else if (informs.some((each) => has.has(each))) call.add("network.read");
    else judgeSql(call, valuesOf(call, statement), "network.read");
  };
}

/** Every value of an option that may be given more than once. */
function valuesOf(call: ProgramCall, option: RegExp): readonly ShellWord[] {
  return call.args.flatMap((word, index) => {
    const match = option.exec(word.text)?.[0];
    if (match === undefined) return [];
    const text = word.text.slice(match.length);
    return text === "" ? call.args.slice(index + 1, index + 2) : [{ ...word, text }];
  });
}

const REDIS_READS =
  /^(ping|get|mget|keys|exists|ttl|pttl|type|strlen|hget|hgetall|hkeys|hlen|llen|lrange|lindex|scard|smembers|sismember|zcard|zrange|zscore|dbsize|scan|info|time|echo)$/i;

const redis: Analyser = (call) => {
  const { operands, has, unknown } = readOptions(call.args, {
    flags: "v",
    values: "hpnua",
    long: { version: "flag", help: "flag", raw: "flag" },
  });
  const [command] = operands;
  const reads =
    command === undefined ? has.has("--version") || has.has("--help") : REDIS_READS.test(command.text);
  call.add(unknown.length === 0 && reads && command?.known !== false ? "network.read" : "remote.change");
};

export const sql: Readonly<Record<string, Analyser>> = {
  sqlite3: sqlite,
  psql,
  mysql,
  mariadb: mysql,
  "redis-cli": redis,
};
