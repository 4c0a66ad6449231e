import { quoteAll } from "../../shell/quote.ts";
import type { ShellWord } from "../../shell/command.ts";
import { isCat } from "../../shell/nested.ts";
import { outputOf } from "../../shell/output.ts";
import { isInside } from "../../shell/path.ts";
import { SHARED_TEMPORARY } from "../../shell/words.ts";
import type { ProgramCall } from "../call.ts";
import type { Effect } from "../effect.ts";
import { placeOf } from "../places.ts";
import type { Language } from "./acts.ts";
import { judgeCode } from "./judgeCode.ts";
import { javascript } from "./javascript.ts";
import { languageOf } from "./languages.ts";
import { lookInto, pathOf } from "./lookInto.ts";
import { RISKY_NAME } from "../programs/risky.ts";
import type { CodeText } from "./lookup.ts";

/** A shell that runs a script: what is in it. */
export function judgeShellFile(
  call: ProgramCall,
  file: ShellWord | undefined,
  args: readonly ShellWord[],
  { sourced = false } = {},
): void {
  const found = lookInto(call, pathOf(call, file));
  if (found === "missing") call.add("read");
  else if (typeof found !== "object") call.add("unclear.code");
  else judgeShellText(call, found, args, sourced);
}

function judgeShellText(
  call: ProgramCall,
  { text }: CodeText,
  args: readonly ShellWord[],
  sourced: boolean,
): void {
  // What a sourced file defines is meant by the words behind it, and not followed there.
  if (sourced && /\(\)|\b(function|alias|cd|pushd|set|shopt|trap|eval|exec|export\s+-f)\b/.test(text))
    call.add("unclear.code");
  const known = args.every((word) => word.known && !word.glob) && !call.command.openEnded;
  const parameters = known ? `set -- ${quoteAll(args.map((word) => word.text))}\n` : "";
  call.add("read");
  call.effects.push(...call.nested(parameters + text, call.command.folders));
}

/** A program of the project by its path: its first line says who reads it. */
export function judgeOwnProgram(call: ProgramCall, path: string): void {
  const word = call.command.words[0];
  const found = lookInto(call, pathOf(call, word && { ...word, text: path }));
  if (found === "missing") call.add("read");
  else if (typeof found !== "object") call.add("unclear.code");
  else {
    const [, interpreter] = /^#!\s*(?:\S*\/env\s+(?:-S\s+)?)?(\S+)/.exec(found.text) ?? [];
    const program = interpreter?.slice(interpreter.lastIndexOf("/") + 1);
    if (program === undefined || /^(ba|da|k|a)?sh$/.test(program))
      judgeShellText(call, found, call.args, false);
    else judgeOwnCode(call, found, languageOf(program));
  }
}

/** What the project's own code plainly does counts; the rest is what it is for. */
export function judgeOwnCode(call: ProgramCall, { text }: CodeText, language: Language): void {
  call.add("run.project");
  call.add("fs.write");
  const acts = language.read?.(text) ?? null;
  if (acts !== null) {
    // What the project's own code imports is the project's own code, and keys are given to it to be used.
    judgeCode(
      call,
      acts.filter(({ does }) => does !== "imports" && does !== "shows"),
    );
    return;
  }
  const { acts: seen, hides } = language.glance(text);
  judgeCode(
    call,
    seen.filter(({ does }) => does !== "imports" && does !== "shows"),
  );
  if (hides) call.add("unclear.code", [], call.words, { destroys: true });
}

/**
 * A program that is installed for the project and that nobody knows, such as the project's own command: its first lines name the
 * module that it runs, and only one of the project's own can be looked into. False where it can't be.
 */
export function judgeInstalled(call: ProgramCall, paths: readonly string[]): boolean {
  const found = lookInto(call, paths, true);
  if (typeof found !== "object" || !/^#!.*\bpython[\d.]*\s*$/m.test(found.text.slice(0, MAX_HEAD)))
    return false;
  const acts = languageOf("python").read?.(found.text) ?? null;
  if (acts === null || call.args.some(({ text }) => RISKY_NAME.test(text))) return false;
  call.add("run.project");
  call.add("fs.write");
  judgeCode(call, acts);
  return true;
}

/** The longest first line that systems read. */
const MAX_HEAD = 256;

const NODE_ENDINGS = ["", ".js", ".mjs", ".cjs", ".json", "/index.js"];

/** A script for an interpreter, at the first of the places where it can lie. */
export function judgeScript(call: ProgramCall, file: ShellWord | undefined, language: Language): void {
  const [path] = pathOf(call, file);
  // Node finds a file without its ending, too.
  const endings = language === javascript && path !== undefined && !/\.\w+$/.test(path) ? NODE_ENDINGS : [""];
  judgeScriptAt(call, path === undefined ? [] : endings.map((ending) => path + ending), language);
}

/** The same by absolute paths: the first of them at which there is one. */
export function judgeScriptAt(call: ProgramCall, paths: readonly string[], language: Language): void {
  const found = lookInto(call, paths);
  if (typeof found === "object") {
    judgeOwnCode(call, found, language);
    return;
  }
  call.add("run.project");
  call.add("fs.write");
  // Nobody's review saw what was fetched a moment ago, or what lies outside.
  const isElsewhere = (path: string): boolean =>
    isInside(SHARED_TEMPORARY, path) || placeOf(path, call.around) === "outside";
  if (found === "fetched" || paths.some(isElsewhere)) call.add("unclear.code");
}

/** A program on the standard input: a heredoc, a file, or what plainly printing commands give. */
export function judgeInput(call: ProgramCall, language: Language): void {
  const { input, openEnded } = call.command;
  const piped = input.from === "pipe" && input.by !== undefined ? outputOf(input.by) : null;
  const text = input.from === "text" ? input.text : piped;
  const isCatted = input.from === "pipe" && isCat(input.by);
  const file = input.from === "file" ? input.target : isCatted ? input.by?.words[1] : undefined;
  if (openEnded || (text === null && file === undefined)) call.add("unclear.code");
  else if (text !== null) judgeCode(call, language.read?.(text) ?? null);
  else judgeScript(call, file, language);
}

/** Names of scripts and targets that everyday work runs again and again: what they clear is what they make. */
const EVERYDAY =
  /^(build|bundle|compile|test|tests|check|lint|fmt|format|typecheck|types|dev|start|serve|watch|preview|codegen|generate|gen|docs|ci|prepare|all|default)([:_.-]|$)/;

/**
 * Lines that a package's script or a target runs. `risky`: by its name it does more than build and test. What isn't
 * understood there is the project's own doing, unless its name says otherwise or it names what destroys.
 */
export function judgeLines(
  call: ProgramCall,
  lines: readonly string[],
  folder: string,
  { name, risky }: { readonly name: string; readonly risky: boolean },
): void {
  // Each line has a shell of its own, and what one takes another may lose.
  const text = lines.map((line) => `( ${line}\n)`).join("\n");
  const effects = call.nested(text, [folder]);
  const counts = ({ kind, destroys }: Effect): boolean =>
    kind !== "unclear" || (destroys === true && !EVERYDAY.test(name));
  if (risky && effects.some(({ kind }) => kind === "unclear")) call.add("unclear.code");
  call.effects.push(...effects.filter(counts));
}
