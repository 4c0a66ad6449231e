import type { ShellWord } from "../../shell/command.ts";
import type { Analyser, ProgramCall } from "../call.ts";
import type { CodeReader } from "../code/acts.ts";
import { readJavaScript } from "../code/javascript.ts";
import { judgeScript } from "../code/files.ts";
import { judgeCode } from "../code/judgeCode.ts";
import { readPerl } from "../code/perl.ts";
import { readPython } from "../code/python.ts";

/** How an interpreter is told what to run. */
interface Interpreter {
  /** Options after which nobody looks: they load or run code that can't be seen. */
  readonly code: RegExp;
  /** Options behind which the program's text is the next word. */
  readonly text: RegExp;
  /** Reads such a text; without, it is never understood. */
  readonly read?: CodeReader;
  /** Options that take the next word. */
  readonly values: RegExp;
  /** Options after which only something is printed. */
  readonly prints: RegExp;
  /** The option that names a module, in the same word or the next. */
  readonly module?: RegExp;
}

const PYTHON: Interpreter = {
  code: /^-[a-zA-Z]*c|^-i$/,
  text: /^-[bBdEIOqsSuv]*c$/,
  read: readPython,
  values: /^-[WX]$/,
  prints: /^(-V+|--version|-h|--help|-VV)$/,
  module: /^-[bBdEiIOqsSuvx]*m(.*)$/s,
};
const NODE: Interpreter = {
  code: /^(-e|--eval|-p|--print|-pe|-r|--require|--import|--loader|--experimental-loader|-i$|--interactive)/,
  text: /^(-e|--eval|-p|--print|-pe)$/,
  read: readJavaScript,
  values: /^(-C|--conditions|--env-file|--test-reporter|--test-name-pattern|--title)$/,
  prints: /^(-v|--version|-h|--help|--v8-options|--check|-c)$/,
};
const SCRIPTING: Interpreter = {
  code: /^-[a-zA-Z]*[eErIM]/,
  text: /^$/,
  values: /^$/,
  prints: /^(-v|--version|-V|-c)$/,
};

/** The command lines of web frameworks, and what of them changes databases. */
const MANAGES = /(^|\/)(manage\.py|artisan|rails|console)$/;
const CHANGES_DATA =
  /^(flush|reset_db|migrate|sqlflush|dbshell|shell|shell_plus|loaddata|tinker|(db|migrate|doctrine):[\w:-]+)$/;

/** Modules of Python's library that only read or print. */
const QUIET_MODULES = new Set([
  "json.tool",
  "platform",
  "site",
  "sysconfig",
  "tokenize",
  "dis",
  "ast",
  "this",
  "calendar",
  "base64",
]);

/** Modules that unpack over files, and those that run what they are told. */
const PACKS = /^(zipfile|tarfile|gzip)$/;
const TALKS = /^(code|pdb|IPython|ptpython|bpython|runpy|cProfile|profile)$/;

function interpreter(
  spec: Interpreter,
  modules: (call: ProgramCall, name: string, rest: readonly ShellWord[]) => void,
): Analyser {
  return (call) => {
    const { args } = call;
    for (let index = 0; index < args.length; index++) {
      const word = args[index];
      if (word === undefined) break;
      const { text } = word;
      if (!word.known && word.prefix === undefined) {
        call.add("unclear.code");
        return;
      }
      if (spec.prints.test(text)) {
        call.add("read");
        return;
      }
      const module = spec.module?.exec(text)?.[1];
      if (module !== undefined) {
        const attached = module !== "";
        modules(
          call,
          attached ? module : (args[index + 1]?.text ?? ""),
          args.slice(index + (attached ? 1 : 2)),
        );
        return;
      }
      if (spec.text.test(text)) {
        readsText(call, spec, args[index + 1], args.slice(index + 2));
        return;
      }
      if (spec.code.test(text)) {
        call.add("unclear.code");
        return;
      }
      if (spec.values.test(text)) index++;
      else if (!text.startsWith("-")) {
        if (MANAGES.test(text) && args.slice(index + 1).some((each) => CHANGES_DATA.test(each.text)))
          call.add("remote.change");
        judgeScript(call, word, spec.read);
        return;
      } else if (text === "-") break;
    }
    // No program named: it reads code from its input, or talks to a person.
    const { input } = call.command;
    if (spec === NODE && args.some((word) => word.text === "--test")) call.add("run.project");
    else if (input.from === "text" && input.text !== null && !call.command.openEnded)
      judgeCode(call, spec.read?.(input.text) ?? null);
    else call.add("unclear.code");
  };
}

/** A program's text among the arguments. Options behind it are Node's own still, but Python's program's. */
function readsText(
  call: ProgramCall,
  spec: Interpreter,
  code: ShellWord | undefined,
  rest: readonly ShellWord[],
): void {
  const loads = spec === NODE && rest.some(({ text }) => spec.code.test(text));
  // What comes at run time could be such an option.
  if (call.command.openEnded && spec === NODE) call.add("unclear.code");
  const known = code?.known === true && !loads;
  judgeCode(call, known ? (spec.read?.(code.text) ?? null) : null);
}

/** `perl -ne CODE FILE`: with `-i` it edits the files in place. */
const perl =
  (otherwise: Analyser): Analyser =>
  (call) => {
    const at = call.args.findIndex(({ text }) => /^-[a-zA-Z0-9]*e$/.test(text));
    const options = call.args.slice(0, at + 1).map(({ text }) => text);
    const code = call.args[at + 1];
    const plain = options.every((text) => /^-([nplawWs0-7]|F\S|i(\.\w+)?)*e?$/.test(text));
    if (at < 0 || !plain || code?.known !== true) {
      otherwise(call);
      return;
    }
    judgeCode(call, readPerl(code.text));
    const files = call.args.slice(at + 2);
    if (files.some(({ text }) => /[|<>]/.test(text))) call.add("unclear.code");
    const inPlace = options.some((text) => /^-[a-zA-Z0-9]*i/.test(text));
    if (!inPlace) call.reads(files);
    else for (const file of files) call.writes(file, "overwrite");
    if (call.command.openEnded && inPlace) call.add("unclear.options");
  };

function pythonModule(analyseProgram: (call: ProgramCall) => void) {
  return (call: ProgramCall, name: string, rest: readonly ShellWord[]): void => {
    const operands = rest.filter((word) => !word.text.startsWith("-"));
    if (name === "json.tool" && operands[1] !== undefined) call.writes(operands[1], "overwrite");
    if (QUIET_MODULES.has(name)) call.reads(operands.slice(0, 1));
    else if (PACKS.test(name) && !rest.some((word) => /^(-l|-t|--list|--test)$/.test(word.text)))
      call.add("unclear.options");
    else if (TALKS.test(name) && rest.length > 0) call.add("unclear.code");
    else if (name === "pip" || name === "venv" || name === "virtualenv") {
      const inner = call.as(name, rest);
      analyseProgram(inner);
      call.effects.push(...inner.effects);
    } else if (name === "timeit" || name === "trace" || name === "") call.add("unclear.code");
    else {
      call.add("run.project");
      call.add("fs.write");
    }
  };
}

/** The analysers of interpreters; `analyseProgram` judges a module that is a program of its own, such as pip. */
export function interpreters(
  analyseProgram: (call: ProgramCall) => void,
): Readonly<Record<string, Analyser>> {
  const python = interpreter(PYTHON, pythonModule(analyseProgram));
  const node = interpreter(NODE, () => {});
  const scripting = interpreter(SCRIPTING, () => {});
  return {
    python,
    python2: python,
    python3: python,
    pypy: python,
    pypy3: python,
    node,
    nodejs: node,
    ruby: scripting,
    perl: perl(scripting),
    php: scripting,
    lua: scripting,
    Rscript: scripting,
  };
}
