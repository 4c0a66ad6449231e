import type { ShellWord, SimpleCommand } from "./command.ts";
import { bindParameters, type Scope } from "./scope.ts";
import { runsAsSubscript } from "./subscripts.ts";
import type { Place, Walker } from "./walk.ts";

/** Options of `shopt` and `set -o` that change how later text is read. */
const READS_DIFFERENTLY =
  /^(expand_aliases|extglob|nullglob|failglob|dotglob|nocaseglob|nocasematch|globstar|posix)$/;

/** Builtins that take names of variables, and evaluate what stands in their brackets. */
const EVALUATES =
  /^(read|mapfile|readarray|unset|declare|typeset|local|export|readonly|let|test|\[|wait|getopts)$/;

/** What a builtin changes in the shell that runs it. The command itself is still judged like any other. */
export function runBuiltin(walker: Walker, command: SimpleCommand, place: Place): void {
  const [head, ...args] = command.words;
  if (head === undefined || !head.known) return;
  const { scope } = place;
  const evaluated = head.text === "printf" ? namesAfter(args, "-v") : EVALUATES.test(head.text) ? args : [];
  if (evaluated.some(runsAsSubscript)) walker.notClear("unknown-code", lineOf(command));
  switch (head.text) {
    case "cd":
    case "chdir":
      scope.enter(firstOperand(args));
      break;
    case "pushd": {
      // Without a folder, or with a number, it goes to another one on the stack.
      const target = firstOperand(args);
      if (target === undefined || /^[-+]\d+$/.test(target.text)) scope.folders = null;
      else scope.enter(target);
      break;
    }
    case "popd":
      scope.folders = null;
      break;
    case "export":
    case "declare":
    case "typeset":
    case "local":
    case "readonly":
      declareAll(walker, command, place);
      break;
    case "let":
      for (const word of args) scope.forgetAssigned(word.text);
      break;
    case "unset":
      unset(scope, args);
      break;
    case "read":
    case "mapfile":
    case "readarray":
    case "getopts":
    case "printf":
    case "wait":
      forgetNames(scope, head.text, args);
      break;
    case "set":
      if (args.some(({ text }) => /^(-[a-z]*a[a-z]*|allexport)$/.test(text))) scope.exportsAll = true;
      setParameters(scope, args);
      break;
    case "shift":
      bindParameters(scope, null);
      break;
    case "shopt":
      if (args.some((word) => !word.known || READS_DIFFERENTLY.test(word.text))) {
        walker.notClear("shell-setting", lineOf(command));
      }
      break;
    case "enable":
      if (args.length > 0) walker.notClear("shell-setting", lineOf(command));
      break;
    case "hash":
      // `-p FILE NAME` makes a name mean a file.
      if (args.some((word) => !word.known || /^-[a-z]*p/.test(word.text)))
        walker.notClear("shell-setting", lineOf(command));
      break;
    default:
  }
}

export function lineOf(command: SimpleCommand): string {
  return command.words.map((word) => word.text).join(" ");
}

function firstOperand(args: readonly ShellWord[]): ShellWord | undefined {
  return args.find((word) => !word.known || !word.text.startsWith("-") || word.text === "-");
}

/** A name without a variable means a function. */
function unset(scope: Scope, args: readonly ShellWord[]): void {
  const functions = args.some(({ text }) => /^-[a-z]*f/.test(text));
  for (const { text } of args) {
    if (text.startsWith("-")) continue;
    if (functions) scope.undefine(text);
    else {
      if (scope.function(text) !== undefined) scope.define(text, null);
      scope.assign(text, []);
    }
  }
}

const NAMED_VALUE = /^([A-Za-z_]\w*)=(.*)$/s;

/** `export -f` hands a function to other shells, `declare -n` makes one name mean another: neither is followed. */
function declareAll(walker: Walker, command: SimpleCommand, place: Place): void {
  const [head, ...args] = command.words;
  const options = args.flatMap(({ text }) => (text.startsWith("-") ? [text] : [])).join("");
  const hands = options.includes("f") && (head?.text === "export" || options.includes("x"));
  const unnamed = args.some((word) => !word.known && !NAMED_VALUE.test(word.text));
  if (hands || options.includes("n") || unnamed) walker.notClear("shell-setting", lineOf(command));
  for (const word of args) {
    if (head?.text !== "export" && head?.text !== "readonly")
      walker.declareLocal(word.text.split("=", 1)[0] ?? "");
    // In capitals or small letters, or as a number.
    if (/[luic]/.test(options)) place.scope.obscure(word.text.split("=", 1)[0] ?? "");
    const isExported = head?.text === "export" || options.includes("x") || place.scope.exportsAll;
    if (isExported) exportsEarlier(walker, word, place);
    declare(place.scope, word);
    if (head?.text === "readonly" || options.includes("r"))
      place.scope.obscure(word.text.split("=", 1)[0] ?? "");
  }
}

/** `export NAME` of what the line has set before: from now on programs get it. */
function exportsEarlier(walker: Walker, name: ShellWord, place: Place): void {
  const value = place.scope.variable(name.text);
  if (value === undefined) return;
  const [only, ...others] = value ?? [];
  const known = only?.known === true && others.length === 0;
  const assignment = { name: name.text, value: { ...name, text: only?.text ?? "", known } };
  walker.emitRedirects([], place, [assignment], true);
}

function declare(scope: Scope, word: ShellWord): void {
  const match = NAMED_VALUE.exec(word.text);
  if (!match) return;
  const value = { ...word, text: match[2] ?? "" };
  scope.assign(match[1] ?? "", word.known ? [value] : null);
}

/** Builtins that store what they read in variables: all names on the line are unknown afterwards. */
function forgetNames(scope: Scope, builtin: string, args: readonly ShellWord[]): void {
  const named = builtin === "printf" ? namesAfter(args, "-v") : args;
  for (const word of named) if (/^[A-Za-z_]\w*$/.test(word.text)) scope.assign(word.text, null);
  if (builtin === "read") scope.assign("REPLY", null);
}

function namesAfter(args: readonly ShellWord[], option: string): readonly ShellWord[] {
  const at = args.findIndex((word) => word.text === option);
  return at < 0 ? [] : args.slice(at + 1, at + 2);
}

/** `set -- a b` replaces the positional parameters; options alone leave them. */
function setParameters(scope: Scope, args: readonly ShellWord[]): void {
  const at = args.findIndex((word) => word.text === "--");
  const values = at >= 0 ? args.slice(at + 1) : args.every(isOption) ? undefined : null;
  if (values === undefined) return;
  bindParameters(scope, values);
}

function isOption(word: ShellWord): boolean {
  return word.known && /^[-+]/.test(word.text);
}
