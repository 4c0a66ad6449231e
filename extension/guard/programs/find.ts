import type { ShellWord, SimpleCommand } from "../../shell/command.ts";
import { baseName } from "../../shell/path.ts";
import type { Analyser, ProgramCall } from "../call.ts";
import type { FactQuery } from "../facts.ts";
import { placeOf, resolveAll } from "../places.ts";

/** Tests and options of `find` that narrow what it finds, and how many words follow each. */
const NARROWS =
  /^-(type|xtype|mtime|mmin|atime|amin|ctime|cmin|newer\w*|size|maxdepth|mindepth|user|group|uid|gid|perm|path|wholename|ipath|regex|iregex|links|inum|fstype|regextype|samefile|used)$/;
const NARROWS_ALONE =
  /^-(empty|readable|writable|executable|nouser|nogroup|depth|xdev|mount|d|noleaf|daystart|true|prune|ignore_readdir_race)$/;
const PRINTS = /^-(print|print0|ls|printf|delete|fprintf?|fprint0|fls|quit)$/;
const RUNS = /^-(exec|execdir|ok|okdir)$/;

/** What a call of `find` can reach. */
interface Search {
  readonly starts: readonly ShellWord[];
  /** File name patterns, one of which everything it finds matches; undefined where it can be any name. */
  readonly names: readonly string[] | undefined;
}

/** Where a `find` looks and for which names. Null where a word of it is not understood. */
function searchOf(args: readonly ShellWord[]): Search | null {
  const first = args.findIndex((word) => /^[-(!]/.test(word.text));
  const starts = first < 0 ? args : args.slice(0, first);
  if (starts.some((word) => !word.known || word.glob)) return null;
  const alternatives = split(first < 0 ? [] : args.slice(first));
  if (alternatives === null) return null;
  // Where one alternative says what to do, the others do nothing.
  const acting = alternatives.filter((each) => each.acts);
  const counted = acting.length > 0 ? acting : alternatives;
  const names = counted.map((each) => each.names);
  const all = names.every((each) => each !== undefined);
  return { starts, names: all && names.length > 0 ? names.flatMap((each) => each ?? []) : undefined };
}

interface Alternative {
  /** Patterns of names that stand before what is done: those behind it come too late. */
  names: readonly string[] | undefined;
  acts: boolean;
}

/** The alternatives of an expression, between its outermost `-o`. */
function split(words: readonly ShellWord[]): Alternative[] | null {
  const alternatives: Alternative[] = [{ names: undefined, acts: false }];
  for (let index = 0; index < words.length; index++) {
    const current = alternatives.at(-1);
    const text = words[index]?.text ?? "";
    const next = words[index + 1];
    if (current === undefined) return null;
    if (text === "-o" || text === "-or") alternatives.push({ names: undefined, acts: false });
    else if (text === "(") {
      const group = namesOnly(words, index);
      if (group === null) return null;
      if (!current.acts) current.names ??= group.names;
      index = group.end;
    } else if (text === "-name" || text === "-iname") {
      if (next === undefined || !next.known) return null;
      if (!current.acts) current.names ??= [text === "-name" ? next.text : anyCase(next.text)];
      index++;
    } else if (text === "!" || text === "-not") {
      // What must not match narrows, and names nothing.
      if (next === undefined || !/^-(i?name$|path$|type$|newer)/.test(next.text)) return null;
      index += 2;
    } else if (NARROWS.test(text)) index++;
    else if (RUNS.test(text)) {
      current.acts = true;
      while (index < words.length - 1 && !/^[;+]$/.test(words[index]?.text ?? "")) index++;
    } else if (PRINTS.test(text)) {
      current.acts = true;
      if (/f/.test(text.slice(1)) && !/^-(print0?|delete)$/.test(text)) index++;
    } else if (!NARROWS_ALONE.test(text) && text !== "-a" && text !== "-and") return null;
  }
  return alternatives;
}

/** `( -name A -o -name B )`: nothing else is read in a group. */
function namesOnly(words: readonly ShellWord[], open: number): { names: string[]; end: number } | null {
  const names: string[] = [];
  for (let index = open + 1; index < words.length; index += 3) {
    const [test, name, then] = words.slice(index, index + 3);
    if (test?.text !== "-name" || name === undefined || !name.known) return null;
    names.push(name.text);
    if (then?.text === ")") return { names, end: index + 2 };
    if (then?.text !== "-o" && then?.text !== "-or") return null;
  }
  return null;
}

function anyCase(pattern: string): string {
  if (pattern.includes("[")) return "*";
  return pattern.replace(/[a-z]/gi, (letter) => `[${letter.toLowerCase()}${letter.toUpperCase()}]`);
}

/**
 * The state that decides whether what a `find` found may be removed or changed: files of those names below its
 * starting points. Null where that can't be told, or lies outside the project.
 */
function stateOfFound(
  call: ProgramCall,
  search: Search,
  act: "remove" | "write",
  recursive: boolean,
): readonly FactQuery[] | null {
  if (call.command.folders === null) return null;
  const { names } = search;
  if (names === undefined && act === "remove") return null;
  const starts = search.starts.length === 0 ? ["."] : search.starts.map((word) => word.text);
  const paths = starts.flatMap((start) => resolveAll(call.folders, start));
  if (!paths.every((path) => placeOf(path, call.around) === "project")) return null;
  const [folder = "/"] = call.folders;
  const literal = paths.map((path) => path.replace(/[*?[\]\\]/g, "\\$&"));
  const narrowed = names === undefined ? {} : { names, wholeFolders: recursive };
  return [{ fact: "files", folder, paths: literal, act, recursive: true, ...narrowed }];
}

/** Listings of files that git has: nothing else comes out of them. */
const LISTS_TRACKED =
  /^(ls-files( -z)?|grep( -\w*| --\w[\w-]*(=\S*)?)* (-\w*l\w*|--files-with-matches|--name-only))( |$)/;

/** What of tracked files would be lost, where the names come from git's own listing. Null where they don't. */
function stateOfTracked(call: ProgramCall, args: readonly ShellWord[]): readonly FactQuery[] | null {
  const { folders } = call.command;
  const line = args.map((word) => word.text).join(" ");
  const others = /(^| )(-\w*O|--(o|no-index|untracked|recurse-submodules|open))/;
  if (folders === null || args.some((word) => !word.known) || !LISTS_TRACKED.test(line) || others.test(line))
    return null;
  const isList = args[0]?.text === "ls-files";
  const rest = args.filter((word, index) => index > 0 && !/^(-z|--)$/.test(word.text));
  if (isList && rest.some((word) => word.text.startsWith("-"))) return null;
  const paths = isList && rest.length > 0 ? rest.map((word) => word.text) : null;
  return folders.map((folder) => ({ fact: "changes", folder, against: "both", paths }));
}

/** A pattern that stands for itself in grep's basic and extended syntax, and in ripgrep's. */
const LITERAL = /^[\w\s:,;=<>@"'/-]+$/;
/** Of basic syntax, where these stand for themselves too. */
const BASIC_LITERAL = /^[\w\s:,;=<>@"'/(){}|+?-]+$/;

/** What would be lost of the files that `grep -rl TEXT FOLDER` names: those below that hold the text. */
function stateOfMatches(
  call: ProgramCall,
  program: string,
  args: readonly ShellWord[],
  act: "remove" | "write",
): readonly FactQuery[] | null {
  const options = args.filter(({ text }) => text.startsWith("-"));
  const [pattern, ...starts] = args.filter(({ text }) => !text.startsWith("-"));
  const letters = options.flatMap(({ text }) => (/^-[a-zA-Z]+$/.test(text) ? text.slice(1).split("") : []));
  const names = options.flatMap(({ text }) => /^--include=(.+)$/.exec(text)?.[1] ?? []);
  const plain = letters.every((each) => /[rRlnHwEF]/.test(each));
  const known = letters.length > 0 && letters.length + names.length >= options.length;
  const recursive = program === "rg" || letters.some((each) => /[rR]/.test(each));
  if (
    !plain ||
    !known ||
    !recursive ||
    !letters.includes("l") ||
    args.some((word) => !word.known || word.glob)
  )
    return null;
  if (pattern === undefined || starts.length === 0) return null;
  const isBasic = program === "grep" && !letters.includes("E");
  const isLiteral = letters.includes("F") || (isBasic ? BASIC_LITERAL : LITERAL).test(pattern.text);
  const search = { starts, names: names.length > 0 ? names : ["*"] };
  const needs = stateOfFound(call, search, act, false);
  return isLiteral
    ? (needs?.map((need) => (need.fact === "files" ? { ...need, containing: pattern.text } : need)) ?? null)
    : needs;
}

/** Whether everything that a `find` finds lies in the project. */
export function findsInProject(call: ProgramCall): boolean {
  const [head, ...args] = call.command.finder?.words ?? [];
  const search = head !== undefined && baseName(head.text) === "find" ? searchOf(args) : null;
  return search !== null && stateOfFound(call, search, "write", false) !== null;
}

/** Where names come from, before filters that only leave some out: `git ls-files | grep -v test | head`. */
function sourceOf(finder: SimpleCommand | undefined): SimpleCommand | undefined {
  if (finder?.input.from !== "pipe" || finder.input.by === undefined) return finder;
  const [head, ...args] = finder.words;
  const texts = args.map(({ text }) => text);
  const known = args.every((word) => word.known && !word.glob) && finder.redirects.length === 0;
  const leavesOut = FILTERS[baseName(head?.text ?? "")]?.test(texts.join(" ")) === true;
  return known && leavesOut ? sourceOf(finder.input.by) : finder;
}

/** Programs that print some of the lines that they read, and the words with which they do no more. */
const FILTERS: Readonly<Record<string, RegExp>> = {
  grep: /^(-[vEFiwx]+ )*[^-\s]\S*$/,
  head: /^(-n ?\d+|-\d+)?$/,
  tail: /^(-n ?\d+|-\d+)?$/,
  sort: /^(-[ru]+)?$/,
  uniq: /^$/,
};

/**
 * A program that removes or changes the files whose names come from a `find`, around it or through `xargs`. False
 * where what it gets can't be told.
 */
export function judgeFound(call: ProgramCall, act: "remove" | "write", recursive: boolean): boolean {
  const [head, ...args] = sourceOf(call.command.finder)?.words ?? [];
  const program = baseName(head?.text ?? "");
  const search = program === "find" ? searchOf(args) : null;
  const tracked = program === "git" && !recursive ? stateOfTracked(call, args) : null;
  const greps = program === "git" && args[0]?.text === "grep" && tracked !== null;
  const matches = greps
    ? stateOfMatches(
        call,
        "rg",
        args.slice(1).filter(({ text }) => text !== "--"),
        act,
      )
    : /^(grep|rg)$/.test(program) && !recursive
      ? stateOfMatches(call, program, args, act)
      : null;
  const needs = matches ?? tracked ?? (search && stateOfFound(call, search, act, recursive));
  if (needs === null) return false;
  call.add(act === "remove" ? "fs.delete" : "fs.overwrite", needs);
  return true;
}

/** What `find` prints is harmless; what it removes or writes is not known before it ran. */
export const find: Analyser = (call) => {
  const texts = call.args.map((word) => word.text);
  call.add("read");
  for (const [index, text] of texts.entries()) {
    const target = call.args[index + 1];
    if (/^-(fprint|fprintf|fprint0|fls)$/.test(text) && target !== undefined)
      call.writes(target, "overwrite");
  }
  // What stands before the first option or expression: unknown words there are starting points, not options.
  const first = call.args.findIndex((word) => /^[-(!]/.test(word.text));
  const rest = first < 0 ? [] : call.args.slice(first);
  if (rest.some((word) => !word.known && word.prefix === undefined)) call.add("unclear.options");
  if (!texts.includes("-delete")) return;
  const search = searchOf(call.args);
  const needs = search && stateOfFound(call, search, "remove", false);
  const starts = first < 0 ? call.args : call.args.slice(0, first);
  if (needs !== null) call.add("fs.delete", needs);
  else call.deletes(starts.length === 0 ? [DOT] : starts, true);
};

const DOT: ShellWord = { text: ".", known: true, glob: false, start: 0, end: 0 };

/** Whether a word stands exactly for what a `find` or `xargs` puts in. */
export function isFound(word: ShellWord): boolean {
  return word.found === true && word.text === "";
}
