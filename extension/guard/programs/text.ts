import type { Analyser, ProgramCall } from "../call.ts";
import { readAwk } from "../code/awk.ts";
import { judgeCode } from "../code/judgeCode.ts";
import { find, isFound, judgeFound } from "./find.ts";
import type { ShellWord } from "../../shell/command.ts";
import { optionsOf } from "./files.ts";
import { readOptions, type OptionSpec } from "../options.ts";
import { patch } from "./patch.ts";
import { isPlainSedScript } from "./sedScript.ts";

/** Files that a program changes in place: like an edit, but made by a script and without a diff. */
function editsInPlace(call: ProgramCall, targets: readonly ShellWord[], suffix = ""): void {
  const named = targets.filter((target) => !isFound(target));
  if (call.command.openEnded || named.length < targets.length) {
    if (!judgeFound(call, "write", false)) call.add("unclear.options");
  }
  for (const target of named) {
    if (suffix === "" || /[*/]/.test(suffix)) call.writes(target, "overwrite");
    else {
      // What the file held is kept beside it, under a name that may be taken.
      const kept = { ...target, text: target.text + suffix };
      call.writes(target, "create");
      call.writes(kept, "overwrite");
      call.moves([target], [kept]);
    }
  }
}

/** `sed -n "${line}p"`, `sed -n "$((n - 1)),+3p"`: lines that are printed, whichever. */
const PRINTS_LINES = /^[\d$,+~]*p$/;

const sed: Analyser = (call) => {
  const [quiet, script, ...files] = call.args;
  if (
    quiet?.text === "-n" &&
    script?.known === false &&
    script.prefix !== undefined &&
    PRINTS_LINES.test(script.text)
  ) {
    call.reads(files);
    if (files.some(({ text }) => text.startsWith("-"))) call.add("unclear.options");
    return;
  }
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
  const given = expressions(call.args);
  const fromFile = options.has.has("-f") || options.has.has("--file");
  const apart = given.length > 0 || fromFile;
  const scripts = apart ? given : options.operands.slice(0, 1);
  const targets = apart ? options.operands : options.operands.slice(1);
  if (fromFile || scripts.some((word) => !word.known || !isPlainSedScript(word.text)))
    call.add("unclear.code");
  const suffix = options.value.get("-i")?.text || options.value.get("--in-place")?.text;
  if (options.has.has("-i") || options.has.has("--in-place")) editsInPlace(call, targets, suffix);
  else call.reads(targets);
};

/** The scripts behind `-e` and `--expression`, each of which is a whole one. */
function expressions(args: readonly ShellWord[]): readonly ShellWord[] {
  return args.flatMap((word, index) => {
    const match = /^(?:-[nErsuz]*e|--exp\w*(?:=|$))(.*)$/s.exec(word.text);
    if (match === null) return [];
    const inline = match[1] ?? "";
    if (inline !== "") return [{ ...word, text: inline }];
    return args.slice(index + 1, index + 2);
  });
}

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
  else if (code !== undefined) judgeCode(call, code.known ? readAwk(code.text) : null);
  call.reads(options.operands.slice(1));
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
  xxd,
  dos2unix: (call) => editsInPlace(call, call.args),
  unix2dos: (call) => editsInPlace(call, call.args),
  split,
};

function xxd(call: ProgramCall): void {
  // Its options have one dash, however long they are.
  const args = call.args.map((word) =>
    /^-(cols|len|seek|name)$/.test(word.text) ? { ...word, text: `-${word.text}` } : word,
  );
  const spec: OptionSpec = {
    flags: "abCdeEipPruv",
    values: "cglnosR",
    long: { cols: "value", len: "value", seek: "value", name: "value" },
  };
  const options = readOptions(
    args.filter(
      ({ text }) =>
        !/^-(autoskip|bits|capitalize|include|postscript|plain|ps|revert|uppercase|version)$/.test(text),
    ),
    spec,
  );
  if (options.unknown.length > 0) call.add("unclear.options");
  const [input, output] = options.operands;
  call.reads(input === undefined ? [] : [input]);
  if (output !== undefined) call.writes(output, "overwrite");
}

const DOT = { text: ".", known: true, glob: false, start: 0, end: 0 };

const SPLIT: OptionSpec = {
  flags: "dex",
  values: "abClnt",
  long: {
    "suffix-length": "value",
    "additional-suffix": "value",
    bytes: "value",
    "line-bytes": "value",
    "numeric-suffixes": "attached",
    "hex-suffixes": "attached",
    "elide-empty-files": "flag",
    lines: "value",
    number: "value",
    separator: "value",
    verbose: "flag",
  },
};

/** The parts begin with the second operand, or with `x`. */
function split(call: ProgramCall): void {
  const [file, prefix = { ...DOT, text: "x" }] = optionsOf(call, SPLIT).operands;
  call.reads(file === undefined ? [] : [file]);
  call.writes({ ...prefix, text: `${prefix.text}*`, glob: true }, "overwrite");
}
