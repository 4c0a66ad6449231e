import type { Analyser, ProgramCall } from "../call.ts";
import type { ShellWord } from "../../shell/command.ts";
import { optionsOf } from "./files.ts";

/** Files that a program changes in place: like an edit, but made by a script and without a diff. */
function editsInPlace(call: ProgramCall, targets: readonly ShellWord[]): void {
  if (call.command.openEnded) call.add("unclear.options");
  for (const target of targets) call.writes(target, "overwrite");
}

/** Commands of sed that write files or run programs: `w`, `W`, `e`, and the flags of `s///`. */
const SED_WRITES = /(^|[;{}\n]|[0-9$/,!])\s*[wWe](\s|$)|\/[gipIMm0-9]*[we][gipIMm0-9]*(\s|$|;|})/;

const sed: Analyser = (call) => {
  const options = optionsOf(call, {
    flags: "nEruszb",
    values: "efl",
    attached: "i",
    long: {
      quiet: "flag",
      silent: "flag",
      expression: "value",
      file: "value",
      "in-place": "attached",
      "line-length": "value",
      posix: "flag",
      "regexp-extended": "flag",
      separate: "flag",
      sandbox: "flag",
      unbuffered: "flag",
      "null-data": "flag",
      "follow-symlinks": "flag",
      debug: "flag",
      help: "flag",
      version: "flag",
    },
  });
  const given = options.value.get("-e") ?? options.value.get("--expression");
  const fromFile = options.has.has("-f") || options.has.has("--file");
  const script = given ?? (fromFile ? undefined : options.operands[0]);
  const targets = given || fromFile ? options.operands : options.operands.slice(1);
  const scripts = call.args.filter((word) => /^-e|^--expression=/.test(word.text)).concat(script ?? []);
  if (fromFile || scripts.some((word) => !word.known || SED_WRITES.test(word.text))) call.add("unclear.code");
  if (options.has.has("-i") || options.has.has("--in-place")) editsInPlace(call, targets);
  else call.reads(targets);
};

/** What an awk program can do besides printing: run commands, write files. */
const AWK_ACTS = /system\s*\(|\|\s*getline|print[^;}\n]*[>|]|printf[^;}\n]*[>|]|@load|@include/;

const awk: Analyser = (call) => {
  const options = optionsOf(call, {
    flags: "bcCghnNOPrsStVM",
    values: "FfvieEl",
    long: {
      "field-separator": "value",
      assign: "value",
      file: "value",
      posix: "flag",
      re: "flag",
      sandbox: "flag",
      source: "value",
      include: "value",
      version: "flag",
      help: "flag",
      csv: "flag",
    },
  });
  const code = options.operands[0];
  const otherCode = ["-f", "--file", "-i", "--include", "-l", "-e", "--source", "-E"];
  if (otherCode.some((each) => options.has.has(each))) call.add("unclear.code");
  else if (code !== undefined && (!code.known || AWK_ACTS.test(code.text))) call.add("unclear.code");
  call.reads(options.operands.slice(1));
};

/** What `find` prints is harmless; what it removes or writes is not known before it ran. */
const find: Analyser = (call) => {
  const texts = call.args.map((word) => word.text);
  call.add("read");
  const writes = ["-fprint", "-fprintf", "-fprint0", "-fls"];
  for (const [index, text] of texts.entries()) {
    const target = call.args[index + 1];
    if (writes.includes(text) && target !== undefined) call.writes(target, "overwrite");
  }
  // What stands before the first option or expression: unknown words there are starting points, not options.
  const first = call.args.findIndex((word) => /^[-(!]/.test(word.text));
  const rest = first < 0 ? [] : call.args.slice(first);
  if (rest.some((word) => !word.known && word.prefix === undefined)) call.add("unclear.options");
  if (!texts.includes("-delete")) return;
  const starts = first < 0 ? call.args : call.args.slice(0, first);
  call.addByState("fs.delete", (folder) => ({
    fact: "files",
    folder,
    paths: starts.length === 0 ? [folder] : starts.map((word) => absolute(folder, word.text)),
    recursive: true,
    ...nameFilter(texts),
  }));
};

function absolute(folder: string, path: string): string {
  return path.startsWith("/") ? path : `${folder}/${path}`;
}

/** A single `-name PATTERN`, which narrows what `-delete` can reach. Anything more stays as wide as the folders. */
function nameFilter(texts: readonly string[]): { name?: string } {
  const at = texts.indexOf("-name");
  const alternatives = ["-o", "-or", "!", "-not", "(", ","].some((word) => texts.includes(word));
  const name = texts[at + 1];
  return at < 0 || alternatives || name === undefined ? {} : { name };
}

const patch: Analyser = (call) => {
  const dry = call.args.some((word) => word.text === "--dry-run");
  if (dry) call.add("read");
  else {
    call.add("fs.write");
    call.addByState("git.apply", (folder) => ({ fact: "changes", folder, against: "both", paths: null }));
  }
};

export const text: Readonly<Record<string, Analyser>> = {
  sed,
  gsed: sed,
  awk,
  gawk: awk,
  mawk: awk,
  nawk: awk,
  find,
  fd: (call) => call.reads([]),
  fdfind: (call) => call.reads([]),
  patch,
  xxd: (call) => {
    const operands = call.args.filter((word) => !word.text.startsWith("-"));
    call.add("read");
    const output = operands[1];
    if (output !== undefined) call.writes(output, "overwrite");
  },
  dos2unix: (call) => editsInPlace(call, call.args),
  unix2dos: (call) => editsInPlace(call, call.args),
  split: (call) =>
    call.writes(call.args.findLast((word) => !word.text.startsWith("-")) ?? { ...DOT }, "create"),
};

const DOT = { text: ".", known: true, glob: false, start: 0, end: 0 };
