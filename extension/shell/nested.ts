import { parse } from "unbash";
import { lineOf } from "./builtins.ts";
import type { ShellWord, SimpleCommand } from "./command.ts";
import { outputOf } from "./output.ts";
import { MAX_DEPTH, MAX_TEXT } from "./limits.ts";
import { runParallel } from "./parallel.ts";
import { baseName } from "./path.ts";
import { bindParameters, Scope } from "./scope.ts";
import type { Place, Walker } from "./walk.ts";
import { blank } from "./wrappers.ts";

/** What zsh reads otherwise than bash: glob qualifiers and flags, which can run code, and words of its own. */
export const ZSH_OWN =
  /[*?)\]\w]\([^)]*\)|(^|\s)=[\w(]|\$\{\(|\*\*|<->|&[!|]|(^|[\s;&|({])(repeat|foreach|always|noglob|nocorrect|autoload|zmodload|emulate)\b/;

/** What bash reads otherwise than plain POSIX shells. One too many costs a question, no more. */
export const BASH_OWN =
  /\[\[|(?<!\$)\(\(|[<>=]\(|\$['"[]|&>|>&(?!\d|-)|[|;]&|<<<|\{[^{}\s]*(,|\.\.)[^{}\s]*\}|\$\{!|\$\{\w+(\[[^\]]*\])?([/^,@]|:(?![-=?+]))|\+=|(^|[\s;&|({])(function|select|coproc|source|declare|typeset|shopt|local|let)\b/;

const POSIX_SHELLS = new Set(["sh", "bash", "dash", "ash", "ksh", "zsh", "rbash"]);
/** Shells whose language is not bash's: what they are given is never read. */
const OTHER_SHELLS = new Set([
  "fish",
  "pwsh",
  "powershell",
  "cmd",
  "cmd.exe",
  "csh",
  "tcsh",
  "nu",
  "elvish",
  "xonsh",
]);
/** Options of a shell that take the next word. */
const SHELL_VALUE_OPTIONS = /^([-+][a-zA-Z]*[oO]|--rcfile|--init-file)$/;

/**
 * Follows code that a command carries in its arguments or input: `bash -c`, `eval`, `trap`, `alias`,
 * heredocs to a shell, `find -exec`, `watch`. True when the command was followed and needs no judgement of its own.
 */
export function runNested(walker: Walker, command: SimpleCommand, place: Place): boolean {
  const head = command.words[0];
  if (head === undefined) return false;
  if (!head.known) {
    walker.notClear("unknown-program", lineOf(command));
    return false;
  }
  const program = baseName(head.text);
  const args = command.words.slice(1);
  if (POSIX_SHELLS.has(program)) return runShell(walker, command, place);
  if (OTHER_SHELLS.has(program)) {
    walker.notClear("unsupported", lineOf(command));
    return false;
  }
  switch (program) {
    case "eval":
      if (args.length === 0) return false;
      walker.withAssignments(command, place, () => runCode(walker, args, command, place, place.scope));
      return true;
    case "trap":
      runTrap(walker, args[0]?.text === "--" ? args.slice(1) : args, command, place);
      return false;
    case "alias":
      for (const word of args) {
        const body = /^[^=]+=(.*)$/s.exec(word.text);
        if (body) runCode(walker, [{ ...word, text: body[1] ?? "" }], command, place, place.scope.fork());
      }
      return false;
    case "source":
    case ".":
      // What it assigns isn't followed.
      place.scope.forgetAll();
      return false;
    case "mapfile":
    case "readarray":
      runCallback(walker, args, command, place);
      return false;
    case "compgen":
      runCompletion(walker, args, command, place);
      return false;
    case "watch":
      return runWatch(walker, command, place);
    case "find":
    case "fd":
    case "fdfind":
      runFind(walker, command, place);
      return false;
    case "parallel":
      return runParallel(walker, command, place, (line, scope) =>
        runText(walker, line, { ...command, input: { from: "inherited" } }, place, scope),
      );
    default:
      return false;
  }
}

/** `trap CODE SIGNAL...`: the code runs later, in this shell. */
function runTrap(walker: Walker, args: readonly ShellWord[], command: SimpleCommand, place: Place): void {
  const [code, ...signals] = args;
  if (code === undefined || signals.length === 0 || /^(-[lp]*)?$/.test(code.text)) return;
  runCode(walker, [code], command, place, place.scope.fork());
}

/** `mapfile -C CODE` runs the code on what it reads. */
function runCallback(walker: Walker, args: readonly ShellWord[], command: SimpleCommand, place: Place): void {
  const at = args.findIndex((word) => /^-[a-zA-Z]*C/.test(word.text));
  const option = args[at];
  if (option === undefined) return;
  const inline = option.text.replace(/^-[a-zA-Z]*?C/, "");
  const code = inline === "" ? args[at + 1] : { ...option, text: inline };
  walker.notClear("unknown-code", lineOf(command));
  if (code !== undefined) runCode(walker, [code], command, place, place.scope.fork());
}

/** `compgen -C CODE` runs it, `-W` expands its words, and `-F` calls a function. */
function runCompletion(
  walker: Walker,
  args: readonly ShellWord[],
  command: SimpleCommand,
  place: Place,
): void {
  for (const [index, option] of args.entries()) {
    const value = args[index + 1];
    if (value === undefined || !/^-[CFW]$/.test(option.text)) continue;
    if (option.text === "-C") runCode(walker, [value], command, place, place.scope.fork());
    else if (option.text === "-F" || !value.known || /[$`]/.test(value.text))
      walker.notClear("unknown-code", lineOf(command));
  }
}

/** Runs words joined by blanks as code, as `eval` does. */
function runCode(
  walker: Walker,
  words: readonly ShellWord[],
  command: SimpleCommand,
  place: Place,
  scope: Scope,
): void {
  const text = words.map((word) => word.text).join(" ");
  if (words.some((word) => !word.known || word.glob)) walker.notClear("unknown-code", lineOf(command));
  runText(walker, text, command, place, scope);
}

function runText(walker: Walker, text: string, command: SimpleCommand, place: Place, scope: Scope): void {
  if (text.length > MAX_TEXT) {
    walker.notClear("too-long", text);
    return;
  }
  if (place.depth > MAX_DEPTH) {
    walker.notClear("too-deep", text);
    return;
  }
  const parsed = parse(text);
  const inside = { ...place, scope, source: text, located: false, depth: place.depth + 1 };
  walker.script(parsed, { ...inside, input: command.input });
}

function runShell(walker: Walker, command: SimpleCommand, place: Place): boolean {
  const args = command.words.slice(1);
  // A child shell sees exported variables only; which are exported is not followed, so it starts from nothing.
  const scope = new Scope(command.folders, place.scope.home);
  let readsCode = false;
  let readsInput = false;
  let index = 0;
  for (; index < args.length; index++) {
    const word = args[index];
    if (word === undefined) break;
    // Code that holds something unknown is looked at all the same, as far as it goes.
    if (!word.known && readsCode) break;
    if (!word.known) {
      walker.notClear("unknown-code", lineOf(command));
      return false;
    }
    const { text } = word;
    if (text === "--version" || text === "--help" || /^-[a-zA-Z]*n/.test(text))
      return onlyReads(walker, command, place);
    if (text === "--" || text === "-") {
      index++;
      break;
    }
    if (!/^[-+]/.test(text)) break;
    readsCode ||= /^-[a-zA-Z]*c/.test(text);
    readsInput ||= /^-[a-zA-Z]*s/.test(text);
    // An interactive shell begins with that file.
    if (/^--(rcfile|init-file)/.test(text)) walker.notClear("unknown-code", lineOf(command));
    if (SHELL_VALUE_OPTIONS.test(text)) index++;
  }
  const [first, ...rest] = args.slice(index);
  if (readsCode) {
    if (first === undefined) return false;
    const isZsh = baseName(command.words[0]?.text ?? "") === "zsh";
    if (isZsh && ZSH_OWN.test(first.text)) walker.notClear("unsupported", lineOf(command));
    // What `xargs` adds comes behind the words that stand here.
    bindParameters(scope, command.openEnded ? null : rest.slice(1));
    runCode(walker, [first], command, place, scope);
    walker.emitRedirects(command.redirects, place, command.assignments);
    return true;
  }
  // A script file: what is in it is a question for later.
  if (first !== undefined && !readsInput) return false;
  bindParameters(scope, command.openEnded ? null : args.slice(index));
  return runInput(walker, command, place, scope);
}

/** `bash -n` checks a script, and `--version` prints: only the redirections do anything. */
function onlyReads(walker: Walker, command: SimpleCommand, place: Place): boolean {
  walker.emitRedirects(command.redirects, place, command.assignments);
  return true;
}

/** A shell that reads its commands from its input. */
function runInput(walker: Walker, command: SimpleCommand, place: Place, scope: Scope): boolean {
  const { input } = command;
  const piped = input.from === "pipe" && input.by !== undefined ? outputOf(input.by) : null;
  const text = input.from === "text" ? input.text : piped;
  if (text !== null) {
    runText(walker, text, { ...command, input: { from: "inherited" } }, place, scope);
    walker.emitRedirects(command.redirects, place, command.assignments);
    return true;
  }
  // A file is looked into by whoever judges the command.
  const isFile = input.from === "file" || (input.from === "pipe" && isCat(input.by));
  if (!isFile) walker.notClear("unknown-code", lineOf(command));
  return false;
}

/** `cat FILE`, and nothing else. */
export function isCat(command: SimpleCommand | undefined): boolean {
  const [program, file, ...more] = command?.words ?? [];
  return program?.text === "cat" && file?.known === true && !file.text.startsWith("-") && more.length === 0;
}

/** `watch` hands its words, joined, to `sh -c`. */
function runWatch(walker: Walker, command: SimpleCommand, place: Place): boolean {
  const args = command.words.slice(1);
  let index = 0;
  while (args[index]?.known && args[index]?.text.startsWith("-")) {
    index += /^(-n|--interval|-q|--equexit|-s|--shotsdir)$/.test(args[index]?.text ?? "") ? 2 : 1;
  }
  if (index >= args.length) return false;
  runCode(walker, args.slice(index), command, place, new Scope(command.folders, place.scope.home));
  walker.emitRedirects(command.redirects, place, command.assignments);
  return true;
}

const FIND_EXEC = /^(-exec|-execdir|-ok|-okdir|-x|-X|--exec|--exec-batch)$/;

/** What `find` and `fd` replace by a name, or a part of it. */
const PLACEHOLDERS = ["{}", "{/}", "{//}", "{.}", "{/.}"];

/** The commands after `-exec` of `find` and `-x` of `fd`; `{}` stands for names found at run time. */
function runFind(walker: Walker, command: SimpleCommand, place: Place): void {
  const args = command.words.slice(1);
  for (let index = 0; index < args.length; index++) {
    if (!FIND_EXEC.test(args[index]?.text ?? "")) continue;
    const end = args.findIndex((word, at) => at > index && (word.text === ";" || word.text === "+"));
    const words = args.slice(index + 1, end < 0 ? undefined : end);
    if (words.length === 0) continue;
    // `fd -x` adds the names at the end where no placeholder says otherwise.
    const adds =
      baseName(command.words[0]?.text ?? "") !== "find" && !words.some((word) => /\{.*\}/.test(word.text));
    walker.execute(
      {
        ...command,
        words: PLACEHOLDERS.reduce(blank, words),
        wrappers: ["find"],
        redirects: [],
        span: null,
        openEnded: adds,
        finder: command,
      },
      { ...place, depth: place.depth + 1 },
    );
    if (end < 0) return;
    index = end;
  }
}
