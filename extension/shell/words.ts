import { forEachChild } from "unbash";
import type {
  ArrayValue,
  Command,
  ParameterExpansionPart,
  ParsedScript,
  SyntaxNode,
  Word,
  WordPart,
} from "unbash";
import { expandBrace } from "./braces.ts";
import type { ShellWord } from "./command.ts";
import type { Scope } from "./scope.ts";

/** What is told of code in a word, which runs before the word's own command. */
export interface NestedCode {
  /** Each script nested in the word, as by `$(...)`. */
  readonly script: (script: ParsedScript) => void;
  /** Code that is not followed. */
  readonly notClear: (text: string) => void;
}

const UNHEARD: NestedCode = { script: () => {}, notClear: () => {} };

/** A word under construction. `quoted` keeps an empty word alive; `prefix` is null once it may split. */
interface Draft {
  text: string;
  known: boolean;
  glob: boolean;
  quoted: boolean;
  prefix: string | null;
  variables?: readonly string[];
}

/** What is added to a word. An unknown piece that is not `whole` may split the word where it stands. */
interface Piece {
  text: string;
  known?: boolean;
  glob?: boolean;
  quoted?: boolean;
  whole?: boolean;
  variable?: string | undefined;
}

const EMPTY: Draft = { text: "", known: true, glob: false, quoted: false, prefix: "" };

/**
 * The words that one word of the source becomes: several after brace expansion or splitting, none when it
 * is empty and unquoted.
 */
export function expandWord(word: Word, scope: Scope, visit: NestedCode): ShellWord[] {
  const parts = word.parts;
  if (parts === undefined) return [simpleWord(word, scope)];
  let rows: Draft[][] = [[{ ...EMPTY }]];
  for (const part of parts) rows = rows.flatMap((row) => addPart(row, part, scope, visit));
  return rows
    .flat()
    .filter((draft) => draft.quoted || draft.text !== "" || !draft.known)
    .map((draft) => finish(draft, word));
}

/** A word where exactly one is expected: a redirection's target, a variable's value. */
export function expandSingle(word: Word, scope: Scope, visit: NestedCode): ShellWord {
  const words = expandWord(word, scope, visit);
  const first = words[0];
  if (words.length === 1 && first !== undefined) return first;
  const text = words.map((each) => each.text).join(" ");
  const known = words.every((each) => each.known);
  // No splitting where one word is expected: what it begins with is certain.
  const prefix = known ? {} : { prefix: first?.prefix ?? "" };
  return { text, known, glob: false, ...prefix, start: word.pos, end: word.end };
}

/** The value of an assignment: not split, not globbed. An array's elements stay apart. */
export function expandValue(value: Word | ArrayValue, scope: Scope, visit: NestedCode): ShellWord[] {
  if (value.type === "ArrayValue") return value.elements.flatMap((each) => expandWord(each, scope, visit));
  return [{ ...expandSingle(value, scope, visit), glob: false }];
}

/** Finds the scripts in the parts of a node that need no expansion of their own, such as arithmetic. */
export function visitNested(node: SyntaxNode, visit: NestedCode): void {
  if (
    node.type === "CommandExpansion" ||
    node.type === "ProcessSubstitution" ||
    node.type === "ArithmeticCommandExpansion"
  ) {
    if (node.script) visit.script(node.script);
    return;
  }
  forEachChild(node, (child) => visitNested(child, visit));
}

function simpleWord(word: Word, scope: Scope): ShellWord {
  const place = { glob: false, start: word.pos, end: word.end };
  if (!word.text.startsWith("~")) return { text: word.value, known: true, ...place };
  const rest = word.value.slice(1);
  if ((rest === "" || rest.startsWith("/")) && scope.home !== undefined) {
    return { text: scope.home + rest, known: true, ...place };
  }
  return { text: word.value, known: false, ...place };
}

function addPart(row: Draft[], part: WordPart, scope: Scope, visit: NestedCode): Draft[][] {
  switch (part.type) {
    case "Literal":
      // A tilde opens a word only: `simpleWord` has the plain case, and `~"x"` stays literal in bash too.
      return [extend(row, { text: part.value })];
    case "SingleQuoted":
    case "AnsiCQuoted":
      return [extend(row, { text: part.value, quoted: true })];
    case "DoubleQuoted":
    case "LocaleString":
      return [addQuoted(row, part.parts, scope, visit)];
    case "Glob":
      visitNested(part, visit);
      return [extend(row, { text: part.text, glob: true })];
    case "ExtendedGlob":
      visitNested(part, visit);
      return [extend(row, { text: part.text, glob: true, known: false })];
    case "BraceExpansion":
      return addBrace(row, part.text, () => visitNested(part, visit));
    case "SimpleExpansion":
      return [addValue(row, variableOf(part.text.slice(1), scope), scope, part.text.slice(1))];
    case "ParameterExpansion":
      return [addValue(row, parameterOf(part, scope, visit), scope, shownBy(part))];
    case "ArithmeticExpansion":
      scope.forgetAssigned(part.text);
      visitNested(part, visit);
      return [extend(row, { text: "", known: false, whole: true })];
    case "CommandExpansion":
    case "ProcessSubstitution":
      visitNested(part, visit);
      return [
        extend(
          row,
          madeTemporary(part) ?? contentOf(part) ?? { text: "", known: false, whole: isOneWord(part) },
        ),
      ];
  }
}

function addQuoted(row: Draft[], parts: readonly WordPart[], scope: Scope, visit: NestedCode): Draft[] {
  let drafts = extend(row, { text: "", quoted: true });
  for (const part of parts) {
    if (part.type === "Literal") drafts = extend(drafts, { text: part.value });
    else if (part.type === "SimpleExpansion" || part.type === "ParameterExpansion") {
      const value =
        part.type === "SimpleExpansion"
          ? variableOf(part.text.slice(1), scope)
          : parameterOf(part, scope, visit);
      const separate = part.text === "$@" || part.text.endsWith("[@]}");
      const variable = part.type === "SimpleExpansion" ? part.text.slice(1) : shownBy(part);
      drafts = separate
        ? addFields(drafts, value)
        : extend(drafts, { ...joined(value, scope), whole: true, variable });
    } else {
      if (part.type === "ArithmeticExpansion") scope.forgetAssigned(part.text);
      visitNested(part, visit);
      const piece = madeTemporary(part) ?? contentOf(part) ?? { text: "", known: false };
      drafts = extend(drafts, { ...piece, whole: true });
    }
  }
  return drafts;
}

/** Stands for the file or folder that `mktemp` makes: its name is known at run time only, and its kind now. */
export const MADE_TEMPORARY = "/<temporary>";

/** Stands for the folder that `${TMPDIR:-/tmp}` names: others keep files there, too. */
export const SHARED_TEMPORARY = "/<temporary folder>";

/** The one plain command of `$(...)`. */
function onlyCommand(part: WordPart): Command | null {
  if (part.type !== "CommandExpansion") return null;
  const [statement, ...others] = part.script?.commands ?? [];
  const command = statement?.command;
  const only = command?.type === "Pipeline" && command.commands.length === 1 ? command.commands[0] : command;
  return others.length > 0 || only?.type !== "Command" ? null : only;
}

/** What these print has no blanks in it. */
const PRINTS_ONE_WORD =
  /^(date( -u| --utc)* \+['"]?[^\s]+|git rev-parse( --[\w=-]+)* \S+|git branch --show-current|whoami|hostname|nproc|uname -[mrs]|id -[un]+)$/;

function isOneWord(part: WordPart): boolean {
  const only = onlyCommand(part);
  if (only === null || only.prefix.length + only.redirects.length > 0) return false;
  const words = only.args.map((each) =>
    each.type === "Word" && each.parts === undefined ? each.text : "\n",
  );
  return PRINTS_ONE_WORD.test([only.name?.value, ...words].join(" "));
}

/** `$(mktemp)` and `$(mktemp -d)`, with nothing that says where or under which name. */
function madeTemporary(part: WordPart): Piece | null {
  const only = onlyCommand(part);
  if (only?.name?.value !== "mktemp") return null;
  const plain = only.args.every(
    (each) => each.type === "Word" && /^(-[dq]+|--directory|--quiet)$/.test(each.text),
  );
  return plain && only.prefix.length + only.redirects.length === 0 ? { text: MADE_TEMPORARY } : null;
}

/** Stands for the number of what the shell started last, as `$!` gives it. */
export const LAST_JOB = "%!";

/** Begins the guess at a word that is the content of the file named behind it: `$(cat server.pid)`. */
export const CONTENT_OF = "%<";

/** Stands for what git prints of commits, which is never an option. */
export const COMMITS = "%#";

const LISTS_COMMITS =
  /^(rev-list|rev-parse|merge-base|hash-object|write-tree|commit-tree|symbolic-ref|describe)$/;

function contentOf(part: WordPart): Piece | null {
  if (part.type !== "CommandExpansion") return null;
  const only = onlyCommand(part);
  const [action] = only?.args ?? [];
  if (only?.name?.value === "git" && action?.type === "Word" && LISTS_COMMITS.test(action.text))
    return { text: COMMITS, known: false, whole: isOneWord(part) };
  const [, file] = /^\$\(\s*(?:cat\s|<)\s*([\w./-]+)\s*\)$/.exec(part.text) ?? [];
  return file === undefined || file.startsWith("-") ? null : { text: CONTENT_OF + file, known: false };
}

function addBrace(row: Draft[], text: string, visitInside: () => void): Draft[][] {
  const words = expandBrace(text);
  if (words !== null) return words.map((word) => extend(row, { text: word }));
  visitInside();
  return [extend(row, { text, known: false })];
}

/** The variable whose value an expansion shows: not where it is only asked whether there is one, or how long. */
function shownBy({ parameter, operation, prefix }: ParameterExpansionPart): string | undefined {
  const isAsked = operation?.type === "Default" && operation.operator.endsWith("+");
  return isAsked || prefix !== undefined ? undefined : parameter;
}

/** An unquoted value: split at blanks, as the shell does where `IFS` says nothing else. */
function addValue(
  row: Draft[],
  value: readonly ShellWord[] | null,
  scope: Scope,
  variable?: string,
): Draft[] {
  // A blank at its end parts it from its neighbours as well: not followed.
  if (
    value === null ||
    value.some(({ text, known }) => !known || text.trim() !== text || splitsOtherwise(text, scope))
  ) {
    const text = value?.map((word) => word.text.trim()).join(" ") ?? "";
    return extend(row, { text, known: false, variable });
  }
  const split: ShellWord[] = [];
  for (const word of value) {
    const glob = word.glob || /[*?[]/.test(word.text);
    for (const text of word.text.split(/\s+/)) if (text !== "") split.push({ ...word, text, glob });
  }
  return addFields(row, split);
}

/** Whether a line that sets `IFS` may have a text split at other places than its blanks. */
function splitsOtherwise(value: string, scope: Scope): boolean {
  const separators = scope.variable("IFS");
  if (separators === undefined) return false;
  const separated =
    separators?.every((word) => word.known) === true ? separators.map((word) => word.text).join("") : null;
  return separated === null || /\s/.test(value) || Array.from(value).some((char) => separated.includes(char));
}

function addFields(row: Draft[], fields: readonly ShellWord[] | null): Draft[] {
  if (fields === null) return extend(row, { text: "", known: false });
  const [first, ...rest] = fields;
  if (first === undefined) return row;
  const more = rest.map(({ text, known, glob, prefix }) => {
    return { text, known, glob, quoted: true, prefix: known ? text : (prefix ?? null) };
  });
  return [...extend(row, { text: first.text, known: first.known, glob: first.glob }), ...more];
}

function extend(row: readonly Draft[], piece: Piece): Draft[] {
  const last = row.at(-1) ?? EMPTY;
  const known = piece.known !== false;
  const splits = !known && piece.whole !== true;
  const literal = last.known && known ? last.text + piece.text : last.known ? last.text : last.prefix;
  return [
    ...row.slice(0, -1),
    {
      text: last.text + piece.text,
      known: last.known && known,
      glob: last.glob || piece.glob === true,
      quoted: last.quoted || piece.quoted === true,
      prefix: splits || last.prefix === null ? null : literal,
      ...withVariable(last.variables, known ? undefined : piece.variable),
    },
  ];
}

function withVariable(
  variables: readonly string[] | undefined,
  more: string | undefined,
): { variables?: readonly string[] } {
  if (more === undefined) return variables === undefined ? {} : { variables };
  return { variables: [...(variables ?? []), more] };
}

function finish(draft: Draft, word: Word): ShellWord {
  const { text, known, glob, prefix, variables } = draft;
  const place = { start: word.pos, end: word.end, ...(variables === undefined ? {} : { variables }) };
  return known || prefix === null ? { text, known, glob, ...place } : { text, known, glob, prefix, ...place };
}

/** A quoted value: one word. A pattern stays one, since a loop variable stands for the names it matched. */
function joined(
  value: readonly ShellWord[] | null,
  scope: Scope,
): { text: string; known: boolean; glob: boolean } {
  if (value === null) return { text: "", known: false, glob: false };
  // `IFS` says what several are joined by, too.
  const plainly = value.length < 2 || scope.variable("IFS") === undefined;
  return {
    text: value.map((word) => word.text).join(" "),
    known: plainly && value.every((word) => word.known),
    glob: value.some((word) => word.glob),
  };
}

function literal(text: string): readonly ShellWord[] {
  return [{ text, known: true, glob: false, start: 0, end: 0 }];
}

/** The value of a variable without an index: of an array, its first element. */
function variableOf(name: string, scope: Scope): readonly ShellWord[] | null {
  const value = scope.variable(name);
  if (value !== undefined) return name === "@" || name === "*" ? value : (value?.slice(0, 1) ?? null);
  if (name === "HOME" && scope.home !== undefined) return literal(scope.home);
  // A number, known only at run time; as a guess, what names the same job.
  if (name === "!") return [{ text: LAST_JOB, known: false, glob: false, start: 0, end: 0 }];
  const [folder, ...others] = scope.folders ?? [];
  if (name === "PWD" && folder !== undefined && others.length === 0) return literal(folder);
  return null;
}

function parameterOf(
  part: ParameterExpansionPart,
  scope: Scope,
  visit: NestedCode,
): readonly ShellWord[] | null {
  visitNested(part, visit);
  // `${x@P}` expands the value as a prompt, and runs the substitutions in it.
  if (part.operation?.type === "Transform" && part.operation.operand.text === "P") visit.notClear(part.text);
  if (part.prefix !== undefined) return null;
  if (part.index !== undefined && part.index.value !== "@" && part.index.value !== "*") return null;
  const value = scope.variable(part.parameter);
  const operation = part.operation;
  const all = part.index !== undefined;
  if (operation === undefined) return all ? (value ?? null) : variableOf(part.parameter, scope);
  if (operation.type !== "Default") return null;
  if (value !== undefined && value !== null && !operation.operator.endsWith("+"))
    return all ? value : variableOf(part.parameter, scope);
  // The variable may be set in the environment: the default is a guess, looked at but never trusted.
  const guess = expandSingle(operation.operand, scope, UNHEARD);
  // Whatever the environment names there is for throw-away files, too.
  const isTemporary = part.parameter === "TMPDIR" && /^(\/var)?\/tmp\/?$/.test(guess.text) && guess.known;
  if (isTemporary && operation.operator === ":-") return literal(SHARED_TEMPORARY);
  return [{ ...guess, known: false }];
}
