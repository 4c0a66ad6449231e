import type {
  AndOr,
  Command,
  CommandNode,
  CompoundList,
  HereDoc,
  ParsedScript,
  Pipeline,
  Redirection,
  Script,
  Statement,
} from "unbash";
import { runBuiltin } from "./builtins.ts";
import type {
  ShellAssignment,
  ShellInput,
  ShellRedirect,
  ShellUnclear,
  ShellWord,
  SimpleCommand,
  UnclearReason,
} from "./command.ts";
import { walkCompound } from "./compound.ts";
import { MAX_COMMANDS, MAX_DEPTH, MAX_STATEMENTS, MAX_UNCLEAR } from "./limits.ts";
import { runNested } from "./nested.ts";
import { bindParameters, mergeFolders, POSITIONAL, type Scope } from "./scope.ts";
import { runsAsSubscript } from "./subscripts.ts";
import { expandSingle, expandValue, expandWord, visitNested, type NestedCode } from "./words.ts";
import { asRunner, unwrap } from "./wrappers.ts";

/** Where the walk stands. */
export interface Place {
  readonly scope: Scope;
  /** The text that positions count in. */
  readonly source: string;
  /** True while positions count in the outermost text. */
  readonly located: boolean;
  readonly depth: number;
  readonly input: ShellInput;
}

const REDIRECT_MODE = {
  ">": "write",
  ">|": "write",
  "&>": "write",
  ">>": "append",
  "&>>": "append",
  "<": "read",
  "<>": "readwrite",
  ">&": "write",
  "<&": "read",
} as const;

/** Walks a script in the order in which it would run, and collects the simple commands. */
export class Walker {
  readonly commands: SimpleCommand[] = [];
  readonly runners: SimpleCommand[] = [];
  readonly unclear: ShellUnclear[] = [];
  #visited = 0;
  /** Names that the function being followed declared for itself. */
  #locals: Set<string> | undefined;

  notClear(why: UnclearReason, text: string): void {
    const said = this.unclear.filter((other) => other.why === why);
    const start = text.slice(0, 200);
    if (said.length >= MAX_UNCLEAR || said.some((other) => other.text === start)) return;
    this.unclear.push({ why, text: start });
  }

  script(script: ParsedScript | Script, place: Place): void {
    if (place.depth > MAX_DEPTH || this.commands.length > MAX_COMMANDS) {
      this.notClear("too-deep", place.source);
      return;
    }
    if ("errors" in script) for (const error of script.errors ?? []) this.notClear("syntax", error.message);
    // A script in escaped backticks owns its decoded text: its positions say nothing about ours.
    const here = script.source === undefined ? place : { ...place, source: script.source, located: false };
    this.statements(script.commands, here);
  }

  statements(statements: readonly Statement[], place: Place): void {
    for (const statement of statements) this.statement(statement, place);
  }

  list(list: CompoundList, place: Place): void {
    this.statements(list.commands, place);
  }

  statement(statement: Statement, place: Place): void {
    if (++this.#visited > MAX_STATEMENTS) {
      if (this.#visited === MAX_STATEMENTS + 1) this.notClear("too-deep", place.source);
      return;
    }
    const scope = statement.background ? place.scope.fork() : place.scope;
    const before = scope.folders;
    const here = { ...place, scope };
    if (statement.command.type === "AndOr") this.andOr(statement.command, here);
    else this.node(statement.command, here);
    // A `cd` may have failed, and the next statement runs all the same.
    if (scope.folders !== before) scope.folders = mergeFolders(scope.folders, before);
  }

  andOr(list: AndOr, place: Place): void {
    const { scope } = place;
    const before = scope.folders;
    // What is so where every command up to here succeeded; `scope` has what can be so in any case.
    let succeeded = scope;
    for (const [index, node] of list.commands.entries()) {
      if (index === 0) {
        this.node(node, place);
      } else if (list.operators[index - 1] === "||") {
        const branch = scope.fork();
        branch.folders = mergeFolders(branch.folders, before);
        this.node(node, { ...place, scope: branch });
        scope.mergeMaybe(branch);
        succeeded = scope;
      } else {
        const branch = succeeded.fork();
        this.node(node, { ...place, scope: branch });
        scope.mergeMaybe(branch, { keepsNew: true });
        succeeded = branch;
      }
    }
  }

  node(node: CommandNode | Pipeline, place: Place): void {
    switch (node.type) {
      case "Pipeline":
        this.pipeline(node, place);
        break;
      case "Command":
        this.simple(node, place);
        break;
      case "Function":
        place.scope.define(node.name.value, node.body);
        break;
      case "Redirected": {
        const { redirects, input } = this.redirections(node.redirects, place);
        this.emitRedirects(redirects, place);
        walkCompound(this, node.command, { ...place, input: input ?? place.input });
        break;
      }
      case "Coproc":
        this.body(node.body, { ...place, scope: place.scope.fork() });
        break;
      default:
        walkCompound(this, node, place);
    }
  }

  body(node: CommandNode | CompoundList, place: Place): void {
    if (node.type === "CompoundList") this.list(node, place);
    else this.node(node, place);
  }

  pipeline(pipeline: Pipeline, place: Place): void {
    const [only, ...more] = pipeline.commands;
    if (only !== undefined && more.length === 0) {
      this.node(only, place);
      return;
    }
    let input = place.input;
    for (const node of pipeline.commands) {
      const before = this.commands.length;
      this.node(node, { ...place, scope: place.scope.fork(), input });
      const [by, ...others] = this.commands.slice(before);
      input = by !== undefined && others.length === 0 ? { from: "pipe", by } : { from: "pipe" };
    }
  }

  visitor(place: Place): NestedCode {
    return {
      script: (script) =>
        this.script(script, { ...place, scope: place.scope.fork(), depth: place.depth + 1 }),
      notClear: (text) => this.notClear("unknown-code", text),
    };
  }

  assign(scope: Scope, name: string, value: readonly ShellWord[] | null): void {
    const code = value?.find(runsAsSubscript);
    if (code !== undefined) this.notClear("unknown-code", code.text);
    scope.assign(name, value);
  }

  simple(node: Command, place: Place): void {
    const visit = this.visitor(place);
    const assignments: ShellAssignment[] = [];
    const values: { name: string; words: ShellWord[]; append: boolean }[] = [];
    for (const part of node.prefix) {
      if (part.type !== "Assignment") continue;
      if (part.index !== undefined) expandWord(part.index, place.scope, visit);
      const words = expandValue(part.value, place.scope, visit);
      const append = part.append === true || part.index !== undefined;
      values.push({ name: part.name, words, append });
      if (words.some(runsAsSubscript)) this.notClear("unknown-code", part.text);
      const text = words.map((word) => word.text).join(" ");
      const value = { text, known: words.every((word) => word.known) && !append, glob: false };
      assignments.push({ name: part.name, value: { ...value, start: part.pos, end: part.end } });
    }
    const words = node.name ? expandWord(node.name, place.scope, visit) : [];
    let end = node.name?.end ?? node.end;
    for (const argument of node.args) {
      end = Math.max(end, argument.end);
      if (argument.type === "Word") words.push(...expandWord(argument, place.scope, visit));
      else {
        // `export NAME=value`: an argument that reads as an assignment.
        if (argument.index !== undefined) expandWord(argument.index, place.scope, visit);
        const value = expandValue(argument.value, place.scope, visit);
        const isWhole = value.length < 2 && argument.append !== true && argument.index === undefined;
        words.push({
          text: `${argument.name}=${value.map((word) => word.text).join(" ")}`,
          known: isWhole && value.every((word) => word.known),
          glob: false,
          start: argument.pos,
          end: argument.end,
        });
      }
    }
    const { redirects, input } = this.redirections(node.redirects, place);
    if (words.length === 0) {
      for (const each of values) this.assign(place.scope, each.name, each.append ? null : each.words);
      this.emitRedirects(redirects, place, assignments, place.scope.exportsAll);
      return;
    }
    const start = node.name?.pos ?? node.pos;
    this.execute(
      {
        words,
        wrappers: [],
        assignments,
        redirects,
        input: input ?? place.input,
        folders: place.scope.folders,
        span: place.located ? { start, end } : null,
        openEnded: false,
      },
      place,
    );
  }

  /** Follows a command through functions, wrappers, builtins and nested shells to what is executed in the end. */
  execute(command: SimpleCommand, place: Place): void {
    const head = command.words[0];
    // Programs such as `find` start programs, and no functions.
    const isCall = head?.known === true && command.wrappers.length === 0;
    const body = isCall ? place.scope.function(head.text) : undefined;
    if (body === null) this.notClear("unknown-code", head?.text ?? "");
    else if (body !== undefined) {
      this.call(command, body, place);
      return;
    }
    const inner = unwrap(command.words);
    if (inner.unclear) this.notClear("unsupported", command.words.map((word) => word.text).join(" "));
    const first = inner.words[0];
    const { input } = command;
    const fed = inner.wrappers.at(-1) === "xargs" && input.from === "pipe" ? input.by : undefined;
    const unwrapped: SimpleCommand = {
      ...command,
      ...(fed === undefined ? {} : { finder: fed }),
      words: inner.words,
      span: command.span && first ? { start: first.start, end: command.span.end } : null,
      wrappers: [...command.wrappers, ...inner.wrappers],
      assignments: [...command.assignments, ...inner.assignments],
      redirects: [...command.redirects, ...inner.redirects],
      folders: inner.moved ? null : command.folders,
      openEnded: command.openEnded || inner.openEnded,
    };
    if (inner.runner !== undefined && this.runners.length < MAX_COMMANDS)
      this.runners.push({ ...unwrapped, ...asRunner(command, inner.runner) });
    if (inner.wrappers.length > 0 && inner.words.length === 0) {
      this.emit({ ...unwrapped, words: command.words });
      return;
    }
    runBuiltin(this, unwrapped, place);
    if (runNested(this, unwrapped, place)) return;
    this.emit(unwrapped);
  }

  /** A call of a function of the script: its body, with the arguments as `$1`, `$2`, `$@`. */
  call(command: SimpleCommand, body: NonNullable<Parameters<Scope["define"]>[1]>, place: Place): void {
    if (place.depth > MAX_DEPTH || this.commands.length > MAX_COMMANDS) {
      this.notClear("too-deep", command.words[0]?.text ?? "");
      return;
    }
    const { scope } = place;
    const before = scope.fork();
    const callers = this.#locals;
    this.#locals = new Set(POSITIONAL);
    const args = command.words.slice(1);
    bindParameters(scope, args);
    const code = args.find(runsAsSubscript);
    if (code !== undefined) this.notClear("unknown-code", code.text);
    this.withAssignments(command, place, () =>
      this.body(body, { ...place, depth: place.depth + 1, input: command.input }),
    );
    for (const name of this.#locals) scope.restore(name, before.variable(name));
    this.#locals = callers;
  }

  /** Code in this shell with variables set in front of it: it reads them, and the programs that it runs get them. */
  withAssignments(command: SimpleCommand, place: Place, run: () => void): void {
    const { scope } = place;
    const before = command.assignments.map(({ name }) => [name, scope.variable(name)] as const);
    this.emitRedirects(command.redirects, place, command.assignments, true);
    for (const { name, value } of command.assignments) this.assign(scope, name, value.known ? [value] : null);
    run();
    for (const [name, value] of before) scope.restore(name, value);
  }

  declareLocal(name: string): void {
    this.#locals?.add(name);
  }

  emit(command: SimpleCommand): void {
    if (this.commands.length >= MAX_COMMANDS) {
      if (this.commands.length === MAX_COMMANDS) this.notClear("too-deep", command.words[0]?.text ?? "");
      return;
    }
    this.commands.push(command);
  }

  /** Redirections without a program of their own still open and cut their files. */
  emitRedirects(
    redirects: readonly ShellRedirect[],
    place: Place,
    assignments: readonly ShellAssignment[] = [],
    exports = false,
  ): void {
    if (redirects.length === 0 && assignments.length === 0) return;
    this.emit({
      words: [],
      wrappers: [],
      assignments,
      redirects,
      input: place.input,
      folders: place.scope.folders,
      span: null,
      ...(exports && assignments.length > 0 ? { exports } : {}),
      openEnded: false,
    });
  }

  redirections(
    nodes: readonly Redirection[],
    place: Place,
  ): { redirects: ShellRedirect[]; input: ShellInput | undefined } {
    const visit = this.visitor(place);
    const redirects: ShellRedirect[] = [];
    let input: ShellInput | undefined;
    for (const node of nodes) {
      if (node.type === "HereDoc") {
        for (const part of node.body.parts ?? []) visitNested(part, visit);
        const text = hereText(node);
        if (node.descriptor === undefined || isStandardInput(node.descriptor)) input = { from: "text", text };
        continue;
      }
      if (node.target === undefined) {
        this.notClear("syntax", "redirection");
        continue;
      }
      const target = expandSingle(node.target, place.scope, visit);
      if (node.type === "HereString") {
        if (node.descriptor !== undefined && !isStandardInput(node.descriptor)) continue;
        input = { from: "text", text: target.known ? target.text : null };
        continue;
      }
      // `2>&1` and `>&-` duplicate and close descriptors; only a word that is no number names a file.
      const duplicates = node.operator === ">&" || node.operator === "<&";
      if (duplicates && /^(\d+-?|-)$/.test(target.text) && target.known) continue;
      const mode = REDIRECT_MODE[node.operator];
      redirects.push({ mode, target });
      if (mode === "read" && (node.descriptor === undefined || isStandardInput(node.descriptor))) {
        input = { from: "file", target };
      }
    }
    return { redirects, input };
  }
}

/** What a heredoc hands over; null where it is known only at run time. */
function hereText(node: HereDoc): string | null {
  if (node.delimiter?.quoted === true) return node.body.text;
  if (!(node.body.parts ?? []).every(isLiteral)) return null;
  // Without quotes around the delimiter, a backslash escapes these four and nothing else.
  return node.body.text.replace(/\\([$`\\\n])/g, (_, char: string) => (char === "\n" ? "" : char));
}

function isLiteral(part: { readonly type: string }): boolean {
  return part.type === "Literal";
}

function isStandardInput(descriptor: { readonly type: string; readonly value?: number }): boolean {
  return descriptor.type === "FileDescriptor" && descriptor.value === 0;
}
