import { lineOf } from "./builtins.ts";
import type { ShellWord, SimpleCommand } from "./command.ts";
import { outputOf } from "./output.ts";
import { baseName } from "./path.ts";
import { quote } from "./quote.ts";
import { bindParameters, Scope } from "./scope.ts";
import type { Place, Walker } from "./walk.ts";
import { blank } from "./wrappers.ts";

/** Options of GNU parallel that say how, and not what: alone, or with a value in the same word or the next. */
const ALONE =
  /^(-[krutvXm0]+|--(keep-order|no-run-if-empty|ungroup|line-buffer|lb|linebuffer|group|verbose|bar|eta|progress|tag|will-cite|null|xargs|no-notice))$/;
const VALUED = /^(-[jP]|--(jobs|max-procs|halt|halt-on-error|timeout|retries|delay|load|memfree|nice))$/;
const ATTACHED = /^(-[jP]\+?\d+%?|-n1|-N1|-L1|--[a-z-]+=.*)$/;
const PRINTS = /^(-V|--version|--help|-h|--citation|--dry-run|--dryrun|--number-of-(cpus|cores|threads))$/;
/** Several arguments in one command. */
const TOGETHER = /^(-[krutv0]*[Xm][krutvXm0]*|--xargs)$/;

/** Arguments in the line, at most: each makes a command. */
const MAX_ARGUMENTS = 64;

/** What it replaces by an argument, or a part of it. */
const PLACEHOLDERS: readonly (readonly [placeholder: string, part: (text: string) => string])[] = [
  ["{//}", (text) => (text.includes("/") ? text.replace(/\/[^/]*$/, "") || "/" : ".")],
  ["{/.}", (text) => withoutEnding(baseName(text))],
  ["{/}", baseName],
  ["{.}", withoutEnding],
  ["{}", (text) => text],
];

function withoutEnding(text: string): string {
  return text.replace(/(?<=[^/])\.[^./]*$/, "");
}

/** Characters by which a word is more than itself to the shell that reads the line anew. */
const SHELL_OWN = /[;&|<>()$`"'\\*?[\]#~!\n=]|[{}]/;

/** Runs a line of shell: what is in it, and whether all of it is known. */
export type RunLine = (line: string, scope: Scope) => void;

/**
 * GNU parallel: its words, joined, are a line for a shell, once for each argument behind `:::` or in its input. True where it was
 * followed; what it does otherwise, on other machines or with pieces of its input, is not.
 */
export function runParallel(walker: Walker, command: SimpleCommand, place: Place, run: RunLine): boolean {
  const args = command.words.slice(1);
  const start = firstOf(args);
  if (start === "prints") {
    walker.emitRedirects(command.redirects, place, command.assignments);
    return true;
  }
  const from = start === null ? -1 : args.findIndex((word, at) => at >= start && word.text.startsWith(":::"));
  const words = start === null ? [] : args.slice(start, from < 0 ? undefined : from);
  const given = from < 0 ? null : args.slice(from + 1);
  const plain =
    start !== null &&
    !command.openEnded &&
    (from < 0 || args[from]?.text === ":::") &&
    words.every((word) => word.known && !word.glob) &&
    (given === null ||
      (given.length > 0 &&
        given.length <= MAX_ARGUMENTS &&
        given.every(({ text }) => !text.startsWith(":::"))));
  if (!plain) {
    walker.notClear("unsupported", lineOf(command));
    return false;
  }
  const together = args.slice(0, start).some(({ text }) => TOGETHER.test(text));
  if (words.length === 0) runLines(walker, command, given, place, run);
  else if (isPlain(words)) runWords(walker, command, { words: asWords(words), given, together }, place);
  else runText(walker, command, { words, given, together }, place, run);
  walker.emitRedirects(command.redirects, place, command.assignments);
  return true;
}

interface Job {
  readonly words: readonly ShellWord[];
  /** The arguments in the line; null where they come at run time. */
  readonly given: readonly ShellWord[] | null;
  readonly together: boolean;
}

/** Where the command begins behind the options; null where one of them is not understood. */
function firstOf(args: readonly ShellWord[]): number | "prints" | null {
  let index = 0;
  for (; index < args.length; index++) {
    const { text, known } = args[index] ?? { text: "", known: false };
    if (!known) return null;
    if (PRINTS.test(text)) return "prints";
    if (!text.startsWith("-")) return index;
    if (VALUED.test(text)) index++;
    else if (!ALONE.test(text) && (!ATTACHED.test(text) || !isValued(text))) return null;
  }
  return index;
}

function isValued(text: string): boolean {
  return !text.startsWith("--") || VALUED.test(text.replace(/=.*$/s, ""));
}

/** Words that mean themselves to the shell that reads them anew, but for blanks and what is replaced. */
function isPlain(words: readonly ShellWord[]): boolean {
  return words.every(({ text }) => {
    const rest = PLACEHOLDERS.reduce((all, [placeholder]) => all.replaceAll(placeholder, ""), text);
    return !SHELL_OWN.test(rest);
  });
}

function asWords(words: readonly ShellWord[]): readonly ShellWord[] {
  return words.flatMap((word) =>
    word.text.split(/\s+/).flatMap((text) => (text === "" ? [] : [{ ...word, text }])),
  );
}

function hasPlaceholder(words: readonly ShellWord[]): boolean {
  return words.some(({ text }) => PLACEHOLDERS.some(([placeholder]) => text.includes(placeholder)));
}

/** Each line of the input, or each argument, is a command. */
function runLines(
  walker: Walker,
  { input, ...command }: SimpleCommand,
  given: readonly ShellWord[] | null,
  place: Place,
  run: RunLine,
): void {
  const piped = input.from === "pipe" && input.by !== undefined ? outputOf(input.by) : null;
  const text = input.from === "text" ? input.text : piped;
  const isKnown = given === null ? text !== null : given.every(({ known, glob }) => known && !glob);
  if (!isKnown) walker.notClear("unknown-code", lineOf({ input, ...command }));
  const lines = given === null ? (text ?? "") : given.map((word) => word.text).join("\n");
  if (lines !== "") run(lines, new Scope(command.folders, place.scope.home));
}

/** A command whose words are what they are: arguments may be patterns and names that are found at run time. */
function runWords(
  walker: Walker,
  command: SimpleCommand,
  { words, given, together }: Job,
  place: Place,
): void {
  const own = { ...command, wrappers: [...command.wrappers, "parallel"], redirects: [], span: null };
  const inside = { ...place, depth: place.depth + 1, scope: place.scope.fork() };
  const replaces = hasPlaceholder(words);
  if (given === null) {
    const { input } = command;
    const finder = input.from === "pipe" && input.by !== undefined ? { finder: input.by } : {};
    const blanked = PLACEHOLDERS.reduce((all, [placeholder]) => blank(all, placeholder), words);
    walker.execute({ ...own, ...finder, words: blanked, openEnded: !replaces }, inside);
    return;
  }
  // Whether what stands around a placeholder comes once or with each argument hangs on the option, and its version.
  if (together && replaces) walker.notClear("unsupported", lineOf(command));
  for (const group of groupsOf(given, together)) {
    const filled = words.flatMap((word) => fill(word, group));
    walker.execute({ ...own, words: replaces ? filled : [...words, ...group] }, inside);
  }
}

/** The arguments of each command. Several together are dealt out to as many jobs as there are: all to one, at most one to each. */
function groupsOf<T>(given: readonly T[], together: boolean): readonly (readonly T[])[] {
  const each = given.map((one) => [one]);
  return together && given.length > 1 ? [given, ...each] : each;
}

/** A word with arguments in the place of what stands for them; a part of a pattern is not known. */
function fill(word: ShellWord, group: readonly ShellWord[]): readonly ShellWord[] {
  if (!PLACEHOLDERS.some(([placeholder]) => word.text.includes(placeholder))) return [word];
  if (word.text === "{}") return group;
  return group.map((argument) => {
    const text = PLACEHOLDERS.reduce(
      (all, [placeholder, part]) => all.replaceAll(placeholder, () => part(argument.text)),
      word.text,
    );
    return { ...word, text, known: argument.known && !argument.glob };
  });
}

/** A line with shell of its own: arguments come in quotes, and those that aren't known as a parameter. */
function runText(
  walker: Walker,
  command: SimpleCommand,
  { words, given, together }: Job,
  place: Place,
  run: RunLine,
): void {
  const line = words.map(({ text }) => text).join(" ");
  const replaces = hasPlaceholder(words);
  // What it computes with, and where in quotes of its own something is put, is not followed.
  if (/\{[=#%\d+-]|"[^"]*\{[./]*\}[^"]*"|'[^']*\{[./]*\}[^']*'/.test(line) || (together && replaces))
    walker.notClear("unsupported", lineOf(command));
  const literal = given !== null && given.every((word) => word.known && !word.glob);
  const groups = literal ? groupsOf(given, together) : [null];
  for (const group of groups) {
    const scope = new Scope(command.folders, place.scope.home);
    bindParameters(scope, null);
    const filled = PLACEHOLDERS.reduce(
      (all, [placeholder, part]) => all.replaceAll(placeholder, () => quoted(group, part) ?? '"$1"'),
      line,
    );
    // What comes at run time must not hide what the line says without it.
    if (group === null && !replaces) run(line, scope.fork());
    run(replaces ? filled : `${line} ${quoted(group, (text) => text) ?? '"$@"'}`, scope);
  }
}

/** Arguments as a shell reads them anew; null where they aren't known. */
function quoted(group: readonly ShellWord[] | null, part: (text: string) => string): string | null {
  return group?.map(({ text }) => quote(part(text))).join(" ") ?? null;
}
