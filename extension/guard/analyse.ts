import type { RuleId } from "../policy/rules.ts";
import type {
  ShellAssignment,
  ShellScript,
  ShellWord,
  SimpleCommand,
  UnclearReason,
} from "../shell/command.ts";
import { parseShell } from "../shell/parse.ts";
import { isCat } from "../shell/nested.ts";
import { baseName, resolvePath } from "../shell/path.ts";
import { ProgramCall, wordsOf } from "./call.ts";
import { judgeInstalled, judgeOwnProgram, judgeShellFile } from "./code/files.ts";
import { inProject } from "./code/lookInto.ts";
import { WrittenCode } from "./code/written.ts";
import type { CommandWords, Effect } from "./effect.ts";
import { meaningOf, type SetFor } from "./environment.ts";
import type { FactQuery } from "./facts.ts";
import { placeOf, type Surroundings } from "./places.ts";
import { RULES } from "../policy/rules.ts";
import { isFramework } from "./programs/frameworks.ts";
import { inSequence } from "./sequence.ts";
import { findAnalyser, runsProject, takesMore } from "./programs.ts";

/** Everything that a command line would do, and what must be known before it can be judged. */
export interface Analysis {
  readonly effects: readonly Effect[];
  readonly needs: readonly FactQuery[];
}

/** Code inside code, such as `git rebase -x` in `bash -c`, is followed this far. */
const MAX_NESTING = 8;

const UNCLEAR_RULE: Readonly<Record<UnclearReason, RuleId>> = {
  syntax: "unclear.syntax",
  "too-long": "unclear.syntax",
  "too-deep": "unclear.syntax",
  "unknown-program": "unclear.program",
  "unknown-code": "unclear.code",
  "unknown-folder": "unclear.folder",
  "shell-setting": "unclear.shell",
  unsupported: "unclear.shell",
};

const DECLARES = /^(export|declare|typeset|readonly|local)$/;

/** Programs by their path: folders of the system and of the project's own tools, where a name is what it seems. */
const SYSTEM_FOLDER = /^((\/usr(\/local)?)?\/s?bin|\/opt\/homebrew\/bin)\/[^/]+$/;
const PROJECT_FOLDER = /\/((\.venv|venv|env|\.tox\/[^/]+)\/(bin|Scripts)|node_modules\/\.bin)\/[^/]+$/;
/** The interpreter of an environment that was made for a try. */
const TRIAL = /\/(venv|\.venv|env)\/bin\/(python|pip)[\d.]*$/;
const WRAPPER_SCRIPTS = new Set(["gradlew", "mvnw"]);

/** Texts inside texts that one line may lead to: scripts call scripts, and each other. */
const MAX_TEXTS = 200;

/** The first of the two pure steps: text to effects. Nothing is read but the text. */
export function analyse(
  script: ShellScript,
  around: Surroundings,
  nesting = 0,
  budget = { left: MAX_TEXTS },
): Analysis {
  const effects: Effect[] = [];
  for (const { why, text } of script.unclear) {
    const rule = UNCLEAR_RULE[why];
    effects.push({ kind: RULES[rule].effect, rule, words: text, needs: [] });
  }
  const written = new WrittenCode();
  let here: Surroundings = { ...around, look: written.looking(around.look) };
  const commands = script.commands.map((command) => {
    const found = analyseCommand(command, here, nesting, budget);
    written.add(command, found);
    here = reachedBy(here, command.exports === true ? command.assignments : declaredBy(command.words));
    return found;
  });
  effects.push(...inSequence(commands));
  return { effects, needs: effects.flatMap((effect) => effect.needs) };
}

function analyseCommand(
  command: SimpleCommand,
  around: Surroundings,
  nesting: number,
  budget: { left: number },
): readonly Effect[] {
  const within = reachedBy(around, [...(command.beside ?? []), ...command.assignments]);
  const nested = (text: string, folders: readonly string[] | null): readonly Effect[] => {
    if (nesting >= MAX_NESTING || folders === null || budget.left-- <= 0) {
      return [{ kind: "unclear", rule: "unclear.code", words: text.slice(0, 200), needs: [] }];
    }
    const home = around.home === undefined ? {} : { home: around.home };
    const inner = folders.flatMap(
      (cwd) => analyse(parseShell(text, { cwd, ...home }), within, nesting + 1, budget).effects,
    );
    const outer = wordsOf(command.words);
    return inner.map((effect) => runBy(effect, outer));
  };
  const [head] = command.words;
  const program = head === undefined ? "" : baseName(head.text);
  const call = new ProgramCall(program, command, within, nested);
  call.outside(() => {
    const gains = command.wrappers.find((wrapper) => wrapper === "sudo" || wrapper === "doas");
    if (gains !== undefined) gainsRights(call, gains);
    judgeAssignments(call);
    judgeRedirects(call);
  });
  if (head !== undefined) judgeProgram(call, head.text, head.known);
  return call.effects;
}

function reachedBy(around: Surroundings, variables: readonly ShellAssignment[]): Surroundings {
  return variables.length === 0
    ? around
    : { ...around, variables: [...(around.variables ?? []), ...variables] };
}

/** Without words of its own an effect is the inner shell's, and not what the outer words stand for. */
function runBy(effect: Effect, outer: CommandWords): Effect {
  return { ...effect, by: [...(effect.by ?? [[]]), outer] };
}

function gainsRights(call: ProgramCall, wrapper: string): void {
  const wrapped = call.as(wrapper, call.command.words);
  wrapped.add("privilege");
  call.effects.push(...wrapped.effects);
}

function judgeAssignments(call: ProgramCall): void {
  const setFor = whatRuns(call.command);
  for (const assignment of call.command.assignments) {
    const meaning = meaningOf(assignment, setFor);
    const words = `${assignment.name}=${assignment.value.text}`.slice(0, 200);
    if (meaning === "interlock") call.add(interlockRule(assignment), [], words);
    else if (meaning === "steers" && EDITS_LIST.test(assignment.name) && assignment.value.known)
      call.effects.push(...call.nested(`${assignment.value.text} ${LIST}`, call.command.folders));
    else if (meaning === "steers") call.add("unclear.environment", [], words);
  }
}

/** The one word by which an agent can ask for a command to run past the toolchain; all else would change how it is guarded. */
function interlockRule({ name, value }: ShellAssignment): RuleId {
  return name === "INTERLOCK" && value.known && value.text === "off" ? "interlock.off" : "interlock.tamper";
}

/** Names the program that git gives the list of a rebase's commits to, and a file that is as little the person's. */
const EDITS_LIST = /^GIT_SEQUENCE_EDITOR$/;
const LIST = '"$(mktemp -d)/git-rebase-todo"';

/** In front of builtins a variable is the shell's alone, and code that is handed over is judged by itself. */
const BUILTIN =
  /^(:|\.|\[|\[\[|true|false|echo|printf|read|test|cd|pwd|set|unset|export|declare|typeset|local|readonly|source|eval|mapfile|readarray|wait|type|command|exit|return|shift|let|umask|ulimit|trap)$/;

function whatRuns({ words: [head], exports }: SimpleCommand): SetFor {
  if (exports === true) return "project";
  if (head?.known !== true || BUILTIN.test(head.text)) return "shell";
  const program = baseName(head.text);
  return runsProject(program) || isPosixShell(program) || findAnalyser(program) === undefined
    ? "project"
    : "system";
}

function judgeRedirects(call: ProgramCall): void {
  for (const { mode, target } of call.command.redirects) {
    if (mode === "read") call.reads([target]);
    // `<>` keeps what is there until something is written over it.
    else call.writes(target, mode === "append" ? "append" : "overwrite");
  }
}

function judgeProgram(call: ProgramCall, path: string, known: boolean): void {
  if (DECLARES.test(path)) judgeDeclarations(call);
  else if (/^(read|mapfile|readarray|getopts|printf|wait)$/.test(path)) judgeNamed(call);
  if (!known) return;
  if (path === "source" || path === ".") {
    judgeSource(call);
    return;
  }
  if (isPosixShell(call.program)) {
    judgeShell(call);
    return;
  }
  const analyser = findAnalyser(call.program);
  if (path.includes("/") && !isTrusted(path, call)) {
    judgeOwnProgram(call, path);
    // A program of the project that stands for a known one takes its words.
    if (isFramework(call.program) || call.program === "rake") analyser?.(call);
    return;
  }
  if (analyser === undefined && (path.includes("/") || runsInstalled(call))) {
    const [folder = "/"] = call.folders;
    const places = path.includes("/")
      ? [resolvePath(folder, path)]
      : inProject(call).map((each) => `${each}/.venv/bin/${path}`);
    if (!judgeInstalled(call, places)) call.add("unclear.program");
  } else if (analyser === undefined && tellsOfItself(call)) call.add("read");
  else if (analyser === undefined) call.add(isShell(call.program) ? "unclear.code" : "unclear.program");
  else analyser(call);
  if (call.command.openEnded && !takesMore(call)) call.add("unclear.options");
}

/** Declaring builtins carry assignments as arguments: `export PATH=...` steers like `PATH=...`. */
function declaredBy([head, ...args]: readonly ShellWord[]): readonly ShellAssignment[] {
  if (head === undefined || !DECLARES.test(head.text)) return [];
  return args.flatMap((word) => {
    const [, name, text = ""] = /^([A-Za-z_]\w*)=(.*)$/s.exec(word.text) ?? [];
    return name === undefined ? [] : [{ name, value: { ...word, text } }];
  });
}

function judgeDeclarations(call: ProgramCall): void {
  for (const declared of declaredBy(call.command.words)) {
    const meaning = meaningOf(declared, call.program === "export" ? "project" : "shell");
    const words = `${declared.name}=${declared.value.text}`;
    if (meaning === "interlock") call.add(interlockRule(declared), [], words);
    else if (meaning === "steers") call.add("unclear.environment", [], words);
  }
}

/** Builtins that store what they read in variables, or print into one: `read -r PATH` steers like `PATH=...`. */
function judgeNamed(call: ProgramCall): void {
  const option = call.program === "printf" ? "-v" : call.program === "wait" ? "-p" : null;
  const at = option === null ? 0 : call.args.findIndex(({ text }) => text === option) + 1;
  const names = option === null ? call.args : at > 0 ? call.args.slice(at, at + 1) : [];
  for (const word of names) {
    if (!/^[A-Za-z_]\w*$/.test(word.text)) continue;
    const meaning = meaningOf({ name: word.text, value: { ...word, known: false } }, "shell");
    if (meaning !== "harmless") call.add("unclear.environment", [], call.words);
  }
}

/** `source .venv/bin/activate` puts the project's own programs first; any other file is code nobody looked into. */
function judgeSource(call: ProgramCall): void {
  const [file, ...args] = call.args;
  if (file !== undefined) call.reads([file]);
  if (file?.known === true && /(^|\/)(\.venv|venv|env)\/bin\/activate$/.test(file.text)) call.add("read");
  else judgeShellFile(call, file, args, { sourced: true });
}

/** `sh FILE`, `sh < FILE` and `cat FILE | sh`: what a shell gets from anywhere else was followed, or isn't known. */
function judgeShell(call: ProgramCall): void {
  const { input, openEnded } = call.command;
  const at = call.args.findIndex((word) => !word.known || !/^[-+]/.test(word.text));
  const options = at < 0 ? call.args : call.args.slice(0, at);
  const plain = options.every(({ text }) => /^-(-norc|-noprofile|-login|-posix|[eluxv]+)$/.test(text));
  if (!plain || openEnded) call.add("unclear.code");
  else if (at >= 0) judgeShellFile(call, call.args[at], call.args.slice(at + 1));
  else if (input.from === "file") judgeShellFile(call, input.target, []);
  else if (input.from === "pipe" && isCat(input.by)) judgeShellFile(call, input.by?.words[1], []);
  else call.add("unclear.code");
}

/** By a manager that runs what is in the project's environment of Python. */
function runsInstalled({ command }: ProgramCall): boolean {
  return command.wrappers.some((wrapper) => /^(uv|poetry|pdm|hatch|rye|pipenv)( run)?$/.test(wrapper));
}

/** `frobnicate --version`: whatever it is, it prints that and ends. */
function tellsOfItself({ args: [only, ...more], command }: ProgramCall): boolean {
  return more.length === 0 && !command.openEnded && /^--(version|help)$/.test(only?.text ?? "");
}

function isPosixShell(program: string): boolean {
  return /^(ba|da|k|a)?sh$/.test(program);
}

function isTrusted(path: string, call: ProgramCall): boolean {
  const [folder = "/"] = call.folders;
  const full = resolvePath(folder, path);
  if (SYSTEM_FOLDER.test(full)) return true;
  const isTool = WRAPPER_SCRIPTS.has(call.program) || PROJECT_FOLDER.test(full);
  if (!isTool || call.folders.length === 0) return false;
  const place = placeOf(full, call.around);
  return place === "project" || (place === "temporary" && TRIAL.test(full));
}

function isShell(program: string): boolean {
  return /^(ba|z|da|k|a)?sh$|^fish$|^pwsh$/.test(program);
}
