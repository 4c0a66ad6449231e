import { quoteAll } from "../../shell/quote.ts";
import type { ShellWord } from "../../shell/command.ts";
import { resolvePath } from "../../shell/path.ts";
import type { ProgramCall } from "../call.ts";
import type { Effect } from "../effect.ts";
import { placeOf } from "../places.ts";
import type { CodeReader } from "./acts.ts";
import { readJavaScript } from "./javascript.ts";
import { judgeCode } from "./judgeCode.ts";
import type { CodeAnswer, CodeText } from "./lookup.ts";
import { readPython } from "./python.ts";

/** Looks into a file of the project or a temporary one. Undefined where that can't be done, or wasn't yet. */
export function lookInto(call: ProgramCall, paths: readonly string[]): CodeAnswer | undefined {
  const places = paths.map((path) => placeOf(path, call.around));
  if (places.length === 0 || places.some((place) => place === "outside" || place === "device"))
    return undefined;
  call.looks({ paths });
  return call.around.look?.({ paths });
}

/** The one path that a word can mean. */
function pathOf(call: ProgramCall, file: ShellWord | undefined): readonly string[] {
  const [folder, ...others] = call.folders;
  if (file === undefined || !file.known || file.glob || folder === undefined || others.length > 0) return [];
  return [resolvePath(folder, file.text)];
}

/** A shell that runs a script: what is in it. */
export function judgeShellFile(
  call: ProgramCall,
  file: ShellWord | undefined,
  args: readonly ShellWord[],
  { sourced = false } = {},
): void {
  const found = lookInto(call, pathOf(call, file));
  if (found === "missing") call.add("read");
  else if (found === undefined || found === "unreadable") call.add("unclear.code");
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
  else if (found === undefined || found === "unreadable") call.add("unclear.code");
  else {
    const [, interpreter] = /^#!\s*(?:\S*\/env\s+(?:-S\s+)?)?(\S+)/.exec(found.text) ?? [];
    const program = interpreter?.slice(interpreter.lastIndexOf("/") + 1);
    if (program === undefined || /^(ba|da|k|a)?sh$/.test(program))
      judgeShellText(call, found, call.args, false);
    else
      judgeText(
        call,
        found,
        /^python[\d.]*$/.test(program) ? readPython : program === "node" ? readJavaScript : null,
      );
  }
}

function judgeText(call: ProgramCall, { text }: CodeText, read: CodeReader | null): void {
  judgeCode(call, read?.(text) ?? null);
}

/** A script for an interpreter: what it plainly does counts; the rest is the project's own code. */
export function judgeScript(
  call: ProgramCall,
  file: ShellWord | undefined,
  read: CodeReader | undefined,
): void {
  call.add("run.project");
  call.add("fs.write");
  const found = read === undefined ? undefined : lookInto(call, pathOf(call, file));
  if (found === undefined || typeof found === "string" || read === undefined) return;
  const acts = read(found.text);
  if (acts !== null) judgeCode(call, acts);
}

/** Lines that a package's script or a target runs. `risky`: by its name it does more than build and test. */
export function judgeLines(
  call: ProgramCall,
  lines: readonly string[],
  folder: string,
  risky: boolean,
): void {
  // Each line has a shell of its own, and what one takes another may lose.
  const text = lines.map((line) => `( ${line}\n)`).join("\n");
  const effects = call.nested(text, [folder]);
  const isUnclear = ({ kind }: Effect): boolean => kind === "unclear";
  // What isn't understood there is the project's own doing, unless its name says otherwise.
  if (risky && effects.some(isUnclear)) call.add("unclear.code");
  call.effects.push(...effects.filter((effect) => !isUnclear(effect)));
}
