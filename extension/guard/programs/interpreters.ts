import type { ShellWord } from "../../shell/command.ts";
import { baseName } from "../../shell/path.ts";
import type { Analyser, ProgramCall } from "../call.ts";
import type { Language } from "../code/acts.ts";
import { judgeInput, judgeScript } from "../code/files.ts";
import { judgeStart } from "../code/imports.ts";
import { judgeCode } from "../code/judgeCode.ts";
import { javascript } from "../code/javascript.ts";
import { julia, lua, php, r } from "../code/plain.ts";
import { perl as perlLanguage } from "../code/perl.ts";
import { python as pythonLanguage } from "../code/python.ts";
import { ruby as rubyLanguage } from "../code/ruby.ts";
import type { FindAnalyser } from "./executors.ts";
import { isFramework, judgeFramework } from "./frameworks.ts";
import { pythonModule } from "./pythonModules.ts";

/** How an interpreter is told what to run. */
interface Interpreter {
  /** Options after which nobody looks: they load or run code that can't be seen. */
  readonly code: RegExp;
  /** Options behind which the program's text is the next word. */
  readonly text: RegExp;
  readonly language: Language;
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
  language: pythonLanguage,
  values: /^-[WX]$/,
  prints: /^(-V+|--version|-h|--help|-VV)$/,
  module: /^-[bBdEiIOqsSuvx]*m(.*)$/s,
};
const NODE: Interpreter = {
  code: /^(-e|--eval|-p|--print|-pe|-r|--require|--import|--loader|--experimental-loader|-i$|--interactive)/,
  text: /^(-e|--eval|-p|--print|-pe)$/,
  language: javascript,
  values: /^(-C|--conditions|--env-file|--test-reporter|--test-name-pattern|--title)$/,
  prints: /^(-v|--version|-h|--help|--v8-options|--check|-c)$/,
};
const PERL: Interpreter = {
  code: /^-[a-zA-Z]*[eErIM]/,
  text: /^$/,
  language: perlLanguage,
  values: /^$/,
  prints: /^(-v|--version|-V|-c)$/,
};
const RUBY: Interpreter = {
  code: /^-[a-zA-Z]*[eIrCx]|^-i/,
  text: /^-[nplaswW]*e$/,
  language: rubyLanguage,
  values: /^$/,
  prints: /^(-v|--version|-V|-c|-h|--help)$/,
};
/** Options of PHP, Lua, R and Julia behind which a program's text stands. */
const SCRIPTING: Omit<Interpreter, "language"> = {
  code: /^-[a-zA-Z]*[eErRBFSal]$|^--(run|process-|expression|eval)/,
  text: /^(-r|-e)$/,
  values: /^(-d|-c)$/,
  prints: /^(-v|--version|-V|-l|-i|-m|--ini|-h|--help)$/,
};

const STANDARD_INPUT = /^(-|\/dev\/stdin|\/dev\/fd\/0|\/proc\/self\/fd\/0)$/;

function interpreter(
  spec: Interpreter,
  modules: (call: ProgramCall, name: string, rest: readonly ShellWord[]) => void,
): Analyser {
  return (call) => {
    const { args } = call;
    if (spec === PYTHON) judgeStart(call);
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
      else if (STANDARD_INPUT.test(text)) break;
      else if (!text.startsWith("-")) {
        const program = baseName(text);
        // A script of which the name comes at run time could be any.
        if (!word.known && word.found !== true) call.add("unclear.code");
        if (program === "setup.py") judgeSetup(call, args.slice(index + 1));
        if (isFramework(program)) judgeFramework(call, program, args.slice(index + 1));
        else judgeScript(call, word, spec.language);
        return;
      }
    }
    // No program named: it reads code from its input, or talks to a person.
    if (spec === NODE && args.some((word) => word.text === "--test")) call.add("run.project");
    else judgeInput(call, spec.language);
  };
}

/** `python setup.py`: what it builds stays here, but it can also publish and install. */
function judgeSetup(call: ProgramCall, args: readonly ShellWord[]): void {
  if (args.some(({ text }) => /^(upload|register|upload_docs)$/.test(text))) call.add("publish");
  if (args.some(({ text }) => /^(install|develop|easy_install)$/.test(text))) call.add("deps.change");
}

/** How uv finds out what an interpreter is (uv-python, `get_interpreter_info.py`): its own file, in its own cache. */
const UV_ASKS =
  /^import sys; sys\.path = \[(?:__import__\("os"\)\.fsdecode\(b)?"\/[^"]*\/uv\/[^"/]*"\)?\] \+ sys\.path; from python\.get_interpreter_info import main; main\(\)$/;

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
  if (known && UV_ASKS.test(code.text)) {
    call.add("read");
    return;
  }
  judgeCode(call, known ? (spec.language.read?.(code.text) ?? null) : null);
}

/** `perl -ne CODE FILE`: with `-i` it edits the files in place. */
const perl =
  (otherwise: Analyser): Analyser =>
  (call) => {
    const at = call.args.findIndex(({ text }) => /^-[a-zA-Z0-9]*[eE]$/.test(text));
    // Modules of the language itself that only bring names in.
    const options = call.args
      .slice(0, at + 1)
      .flatMap(({ text }) =>
        /^-M(strict|warnings|File::(Path|Copy|Basename))(=[\w,]+)?$/.test(text) ? [] : [text],
      );
    const code = call.args[at + 1];
    const plain = options.every((text) => /^-([nplawWs0-7]|F\S|i(\.\w+)?)*[eE]?$/.test(text));
    if (at < 0 || !plain || code?.known !== true) {
      otherwise(call);
      return;
    }
    judgeCode(call, perlLanguage.read?.(code.text) ?? null);
    const files = call.args.slice(at + 2);
    if (files.some(({ text }) => /[|<>]/.test(text))) call.add("unclear.code");
    const inPlace = options.some((text) => /^-[a-zA-Z0-9]*i/.test(text));
    readsOrEdits(call, files, inPlace);
  };

/** `ruby -ne CODE FILE`, as Perl's: with `-i` it edits the files in place. */
const ruby =
  (otherwise: Analyser): Analyser =>
  (call) => {
    // Libraries of the language itself are brought in by options.
    const args = call.args.filter(
      ({ text }) => !/^-r(json|yaml|csv|set|time|date|digest|base64|pp|fileutils)$/.test(text),
    );
    const at = args.findIndex(({ text }) => /^-[nplaswWi]*e$/.test(text));
    const options = args.slice(0, at + 1).map(({ text }) => text);
    const code = args[at + 1];
    if (at < 0 || code?.known !== true || !options.every((text) => /^-[nplaswWi]*e?$/.test(text))) {
      otherwise(call);
      return;
    }
    judgeCode(call, rubyLanguage.read?.(code.text) ?? null);
    const loops = options.some((text) => /^-\w*[np]/.test(text));
    readsOrEdits(
      call,
      loops ? args.slice(at + 2) : [],
      options.some((text) => text.includes("i")),
    );
  };

/** Files behind a program's text: read, or with `-i` changed in place. */
function readsOrEdits(call: ProgramCall, files: readonly ShellWord[], inPlace: boolean): void {
  if (!inPlace) call.reads(files);
  else for (const file of files) call.writes(file, "overwrite");
  if (call.command.openEnded && inPlace) call.add("unclear.options");
}

/** The analysers of interpreters; `find` gives those of modules that are programs of their own, such as pip. */
export function interpreters(find: FindAnalyser): Readonly<Record<string, Analyser>> {
  const python = interpreter(PYTHON, pythonModule(find));
  const node = interpreter(NODE, () => {});
  const scripting = (language: Language): Analyser => interpreter({ ...SCRIPTING, language }, () => {});
  return {
    python,
    python2: python,
    python3: python,
    pypy: python,
    pypy3: python,
    node,
    nodejs: node,
    ruby: ruby(interpreter(RUBY, () => {})),
    perl: perl(interpreter(PERL, () => {})),
    php: scripting(php),
    lua: scripting(lua),
    luajit: scripting(lua),
    Rscript: scripting(r),
    julia: scripting(julia),
  };
}
