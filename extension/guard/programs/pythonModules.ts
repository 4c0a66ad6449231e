import type { ShellWord } from "../../shell/command.ts";
import type { ProgramCall } from "../call.ts";
import { resolvePath } from "../../shell/path.ts";
import { judgeScript, judgeScriptAt } from "../code/files.ts";
import { judgeCode } from "../code/judgeCode.ts";
import { python } from "../code/python.ts";
import type { FindAnalyser } from "./executors.ts";
import { judgeFramework } from "./frameworks.ts";

/** Modules of Python's library that only read or print. */
const QUIET =
  /^(json\.tool|platform|site|sysconfig|tokenize|dis|ast|this|calendar|base64|pydoc|inspect|locale|mimetypes|quopri|tabnanny|pyclbr|symtable|pickletools|keyword|turtledemo)$/;

/** Modules that unpack over files, and those that run what they are told. */
const PACKS = /^(zipfile|tarfile|gzip)$/;
const TALKS = /^(code|pdb|IPython|ptpython|bpython|idlelib|asyncio|sqlite3)$/;
/** Modules that run a script, or another module, and watch it. */
const WATCHES =
  /^(cProfile|profile|trace|runpy|tracemalloc|viztracer|memory_profiler|kernprof|coverage|scalene|pyinstrument)$/;

/** `python -m NAME ARGS`. */
export function pythonModule(find: FindAnalyser) {
  const judge = (call: ProgramCall, name: string, rest: readonly ShellWord[]): void => {
    const operands = rest.filter((word) => !word.text.startsWith("-"));
    // Modules are called as their programs are, but for the dash.
    const program = name.replaceAll("_", "-");
    const analyser = find(program);
    if (name === "json.tool" && operands[1] !== undefined) call.writes(operands[1], "overwrite");
    if (QUIET.test(name)) call.reads(name === "pydoc" ? [] : operands.slice(0, 1));
    else if (PACKS.test(name) && !rest.some((word) => /^(-l|-t|--list|--test)$/.test(word.text)))
      call.add("unclear.options");
    else if (WATCHES.test(name)) watches(call, rest, judge, name);
    else if ((TALKS.test(name) && rest.length > 0) || name === "") call.add("unclear.code");
    else if (name === "timeit") times(call, rest);
    else if (name === "django") judgeFramework(call, name, rest);
    else if (
      analyser !== undefined &&
      !/^(dotenv|test|code|site|time|trace|http|find|sort|cat|ls|rm|cp|mv)$/.test(name)
    ) {
      const inner = call.as(program, rest);
      analyser(inner);
      call.effects.push(...inner.effects);
    } else if (name === "zipapp") {
      const at = rest.findIndex(({ text }) => /^(-o|--output)$/.test(text));
      const output =
        at < 0 ? operands[0] && { ...operands[0], text: `${operands[0].text}.pyz` } : rest[at + 1];
      if (output !== undefined) call.writes(output, "overwrite");
    } else judgeModule(call, name);
  };
  return judge;
}

/** A module of the project is looked into like a script. */
function judgeModule(call: ProgramCall, name: string): void {
  const [folder, ...others] = call.folders;
  const path = name.replaceAll(".", "/");
  const places = ["", "src/"].flatMap((from) => [`${from}${path}.py`, `${from}${path}/__main__.py`]);
  const isName = /^[\w.]+$/.test(name) && folder !== undefined && others.length === 0;
  judgeScriptAt(call, isName ? places.map((each) => resolvePath(folder, each)) : [], python);
}

/** Options of those that watch a program which take the next word. */
const VALUES = /^(-[soc]|--(sort|outfile|command|source|include|omit|rcfile|data-file))$/;
const TRACE_VALUES = /^(-[Cf]|--(file|coverdir|ignore-module|ignore-dir))$/;

/** `cProfile -o FILE SCRIPT`, `coverage run -m NAME`: what they run counts. */
function watches(
  call: ProgramCall,
  args: readonly ShellWord[],
  module: (call: ProgramCall, name: string, rest: readonly ShellWord[]) => void,
  name: string,
): void {
  const hasActions = name === "coverage";
  const byName = name === "runpy";
  if (hasActions && args[0]?.text !== "run") {
    call.add("run.project");
    call.add("fs.write");
    return;
  }
  const rest = hasActions ? args.slice(1) : args;
  for (let index = 0; index < rest.length; index++) {
    const word = rest[index];
    const next = rest[index + 1];
    if (word === undefined) return;
    if (word.text === "-m") {
      module(call, next?.text ?? "", rest.slice(index + 2));
      return;
    }
    if (/^(-o|--outfile)$/.test(word.text) && next !== undefined) call.writes(next, "overwrite");
    if (/^(-c|--command)$/.test(word.text) && !hasActions && name !== "trace") call.add("unclear.code");
    if ((name === "trace" ? TRACE_VALUES : VALUES).test(word.text)) index++;
    else if (!word.text.startsWith("-")) {
      if (byName) module(call, word.text, rest.slice(index + 1));
      else judgeScript(call, word, python);
      return;
    }
  }
  call.add("unclear.code");
}

/** `timeit -s SETUP STATEMENT`: each text is code. */
function times(call: ProgramCall, args: readonly ShellWord[]): void {
  const texts = args.filter(
    ({ text }, at) =>
      (!text.startsWith("-") || /\s/.test(text)) && !/^-[nrur]$/.test(args[at - 1]?.text ?? ""),
  );
  const known = texts.length > 0 && texts.every((word) => word.known);
  judgeCode(call, known ? (python.read?.(texts.map(({ text }) => text).join("\n")) ?? null) : null);
}
