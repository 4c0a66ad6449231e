import type { ShellWord } from "../../shell/command.ts";
import { isCat } from "../../shell/nested.ts";
import { outputOf } from "../../shell/output.ts";
import type { Analyser, ProgramCall } from "../call.ts";
import { lookInto, pathOf } from "../code/lookInto.ts";
import { readOptions, type OptionSpec } from "../options.ts";
import { placeOf } from "../places.ts";
import { onlyReads } from "../sqlText.ts";

/** Statements among the arguments; without them, those on the input. */
function judgeSql(
  call: ProgramCall,
  sql: readonly ShellWord[],
  rule: "read" | "network.read",
  passes: (text: string) => boolean = onlyReads,
): void {
  const given = sql.length > 0 ? sql.map((word) => (word.known ? word.text : null)) : [inputOf(call)];
  const reads = given.every((text) => text !== null && passes(text));
  call.add(reads && (sql.length === 0 || call.command.input.from !== "text") ? rule : "remote.change");
}

function inputOf(call: ProgramCall): string | null {
  const { input } = call.command;
  if (input.from === "text") return input.text;
  if (input.from === "pipe" && input.by !== undefined) {
    const printed = outputOf(input.by);
    if (printed !== null || !isCat(input.by)) return printed;
    return textOfFile(call, input.by.words[1]);
  }
  return input.from === "file" ? textOfFile(call, input.target) : null;
}

function textOfFile(call: ProgramCall, file: ShellWord | undefined): string | null {
  const found = lookInto(call, pathOf(call, file));
  return typeof found === "object" ? found.text : null;
}

/** What leaves a database that is thrown away: other files, code, and the clients' own commands that act. */
const LEAVES_DATABASE =
  /^\s*\.(?!(tables?|schema|mode|headers?|width|dump)\b)|\b(attach|vacuum|load_extension|writefile|edit|fts\w*_tokenizer)\b/im;

/** A database in memory or among the temporary files. */
function isThrownAway(call: ProgramCall, file: ShellWord | undefined): boolean {
  if (file === undefined || !file.known) return false;
  if (file.text === ":memory:") return true;
  return (
    call.folders.length > 0 && pathOf(call, file).every((path) => placeOf(path, call.around) === "temporary")
  );
}

const SQLITE_OPTIONS =
  /^-{1,2}(readonly|headers?|noheader|csv|json|column|line|list|table|box|markdown|batch|bail)$/;

const sqlite: Analyser = (call) => {
  const operands = call.args.filter((word) => !word.known || !word.text.startsWith("-"));
  const options = call.args.filter((word) => word.known && word.text.startsWith("-"));
  if (options.some(({ text }) => /^--?(version|help)$/.test(text))) call.add("read");
  else if (!options.every(({ text }) => SQLITE_OPTIONS.test(text))) call.add("remote.change");
  else if (isThrownAway(call, operands[0]))
    judgeSql(call, operands.slice(1), "read", (text) => !LEAVES_DATABASE.test(text));
  else judgeSql(call, operands.slice(1), "read");
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

/** One query in Mongo's shell, with what shapes its answer. */
const MONGO_QUERY =
  /^\s*(db|db\.getSiblingDB\(['"][\w-]+['"]\))(\.\w+|\.getCollection\(['"][\w.-]+['"]\)|\[['"][\w.-]+['"]\])?\.(find|findOne|countDocuments|estimatedDocumentCount|count|distinct|getIndexes|stats|getCollectionNames|getCollectionInfos|version|hostInfo|serverStatus)\(([^()$]|\$(eq|ne|gte?|lte?|in|nin|exists|regex|and|or|not|elemMatch|size|type)\b)*\)(\.(limit|skip|sort|pretty|toArray|count|project|explain)\([^()]*\))*\s*;?\s*$/;

const mongo: Analyser = (call) => {
  const at = call.args.findIndex(({ text }) => /^--eval(=|$)/.test(text));
  const option = call.args[at];
  const code =
    option?.text === "--eval" ? call.args[at + 1] : option && { ...option, text: option.text.slice(7) };
  const tells = call.args.some(({ text }) => /^--(version|help)$/.test(text));
  const others = call.args.some(({ text }) => /^(-f|--file|--shell|.*\.[cm]?js)$/.test(text));
  const reads = code?.known === true && !others && MONGO_QUERY.test(code.text);
  call.add(tells || reads ? "network.read" : "remote.change");
};

/** Tools that print what a database holds; with a file they write it. */
const dumps: Analyser = (call) => {
  const at = call.args.findIndex(({ text }) => /^(-f|--file|--result-file|-r)(=|$)/.test(text));
  const option = call.args[at];
  const inline = option?.text.includes("=") === true ? option.text.replace(/^[^=]*=/, "") : undefined;
  const target =
    option === undefined ? undefined : inline === undefined ? call.args[at + 1] : { ...option, text: inline };
  call.add("network.read");
  if (target !== undefined) call.writes(target, "overwrite");
};

export const sql: Readonly<Record<string, Analyser>> = {
  sqlite3: sqlite,
  psql,
  mysql,
  mariadb: mysql,
  "redis-cli": redis,
  "valkey-cli": redis,
  mongo,
  mongosh: mongo,
  pg_dump: dumps,
  mysqldump: dumps,
  pg_isready: (call) => call.add("network.read"),
};
