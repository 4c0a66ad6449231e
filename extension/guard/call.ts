import type { RuleId } from "../policy/rules.ts";
import { RULES } from "../policy/rules.ts";
import type { ShellWord, SimpleCommand } from "../shell/command.ts";
import { isInside } from "../shell/path.ts";
import { SHARED_TEMPORARY } from "../shell/words.ts";
import type { CommandWords, Effect } from "./effect.ts";
import type { CodeQuery } from "./code/lookup.ts";
import type { FactQuery } from "./facts.ts";
import { isSecret, placeOf, resolveAll, type PathPlace, type Surroundings } from "./places.ts";

/** What overwriting a file means: `append` and `create` lose nothing. */
export type WriteMode = "overwrite" | "append" | "create";

/** The rule for writing to a place where nothing hangs on the state of the file. */
const RULE_OF_WRITING = {
  outside: "fs.write.outside",
  protected: "fs.write.protected",
  repository: "fs.write.protected",
  instructions: "fs.write.instructions",
  policy: "interlock.tamper",
  own: "interlock.tamper",
} as const satisfies Partial<Record<PathPlace, RuleId>>;

/** The list of a rebase's commits, and what its editor puts beside it. */
const REBASE_LIST = /\/\.git\/(worktrees\/[^/]+\/)?rebase-merge\/git-rebase-todo[\w.~/-]*$/;

/** What policies look at beside rule and words. */
export type EffectDetails = Omit<Effect, "kind" | "rule" | "words" | "needs" | "by">;

/** One program with its arguments, and the effects found so far. Analysers add to it. */
export class ProgramCall {
  readonly program: string;
  readonly args: readonly ShellWord[];
  readonly command: SimpleCommand;
  readonly around: Surroundings;
  readonly effects: Effect[] = [];
  /** Analyses a line of shell that the program would run itself. */
  readonly nested: (text: string, folders: readonly string[] | null) => readonly Effect[];
  #argv: CommandWords | undefined;
  #inProgram = true;

  constructor(
    program: string,
    command: SimpleCommand,
    around: Surroundings,
    nested: (text: string, folders: readonly string[] | null) => readonly Effect[],
    args: readonly ShellWord[] = command.words.slice(1),
  ) {
    this.program = program;
    this.command = command;
    this.around = around;
    this.nested = nested;
    this.args = args;
  }

  /** What a variable holds that reaches the program; undefined where nothing is known to set it. */
  variable(name: string): ShellWord | undefined {
    return this.around.variables?.findLast((each) => each.name === name)?.value;
  }

  /** The same call seen as one of another program, such as `pip` in `python -m pip`. */
  as(program: string, args: readonly ShellWord[]): ProgramCall {
    return new ProgramCall(program, this.command, this.around, this.nested, args);
  }

  /** The folders it can run in; empty where that can't be told. */
  get folders(): readonly string[] {
    return this.command.folders ?? [];
  }

  get words(): string {
    return [this.program, ...this.args.map((word) => word.text)].join(" ").slice(0, 200);
  }

  add(
    rule: RuleId,
    needs: readonly FactQuery[] = [],
    words: string = this.words,
    details?: EffectDetails,
  ): void {
    const by = this.#inProgram ? { by: [(this.#argv ??= this.#commandWords())] } : undefined;
    this.effects.push({ kind: RULES[rule].effect, rule, words, needs, ...details, ...by });
  }

  /** The program moves files, and loses nothing: what a later command does where they arrive counts for them. */
  moves(sources: readonly ShellWord[], targets: readonly ShellWord[]): void {
    const paths = sources.flatMap((source) => this.#paths(source));
    const [folder = "/"] = this.folders;
    const needs = [{ fact: "files", folder, paths, act: "remove", recursive: true }] as const;
    const moved = { to: targets.flatMap((target) => this.#paths(target)), needs };
    this.add("fs.write", [], this.words, { paths: [...paths, ...moved.to], moved });
  }

  /** What it does depends on what lies in a file. */
  looks(query: CodeQuery): void {
    this.effects.push({
      kind: "run.project",
      rule: "run.project",
      words: this.words,
      needs: [],
      looks: [query],
    });
  }

  /** An effect that is judged by the state of each folder it can run in. */
  addByState(rule: RuleId, query: (folder: string) => FactQuery, details?: EffectDetails): void {
    if (this.command.folders === null) this.add("unclear.folder");
    this.add(rule, this.folders.map(query), this.words, details);
  }

  /** What is added in `act` is not the program's own doing, but that of the shell around it: redirections. */
  outside(act: () => void): void {
    this.#inProgram = false;
    act();
    this.#inProgram = true;
  }

  #commandWords(): CommandWords {
    const more = this.command.openEnded ? [null] : [];
    return [...this.program.split(" "), ...wordsOf(this.args), ...more];
  }

  /** The program writes to a file that its arguments name. */
  writes(target: ShellWord, mode: WriteMode, recursive = false): void {
    if (!target.known) {
      // Of a name that is made at run time, such as `log-$(date)`, the beginning is certain.
      const { prefix = "" } = target;
      if (target.found === true || /^(-|$)/.test(prefix)) this.add("unclear.options");
      else {
        const begins = prefix.replace(/[*?[\]\\]/g, "\\$&");
        const text = begins.endsWith("/") ? `${begins}.` : `${begins}*`;
        this.writes({ ...target, text, known: true, glob: true }, mode, true);
      }
      return;
    }
    if (this.command.folders === null && !target.text.startsWith("/")) {
      this.add("unclear.folder");
      return;
    }
    for (const path of this.#paths(target)) this.writesPath(path, mode, recursive);
  }

  writesPath(path: string, mode: WriteMode, recursive = false): void {
    const edits = this.command.beside?.some(({ name }) => name === "GIT_SEQUENCE_EDITOR") === true;
    const place = edits && REBASE_LIST.test(path) ? "temporary" : placeOf(path, this.around);
    const writes = (rule: RuleId): void => this.add(rule, [], path, { paths: [path] });
    switch (place) {
      case "device":
        this.add("read");
        return;
      case "temporary":
        this.add("fs.write.temporary", [], this.words, { at: { path, act: "write" } });
        return;
      case "project":
        this.add("fs.write", [], this.words, { paths: [path] });
        if (mode === "overwrite") {
          const query: FactQuery = { fact: "files", ...this.#at(path), act: "write", recursive };
          this.add("fs.overwrite", [query], this.words, { paths: [path], at: { path, act: "write" } });
        }
        if (isSecret(path)) writes("secret.write");
        return;
      default:
        writes(RULE_OF_WRITING[place]);
    }
  }

  #at(path: string): { readonly folder: string; readonly paths: readonly string[] } {
    return { folder: this.folders[0] ?? "/", paths: [path] };
  }

  /** The program removes what its arguments name. */
  deletes(targets: readonly ShellWord[], recursive: boolean): void {
    for (const target of targets) {
      if (!target.known || (this.command.folders === null && !target.text.startsWith("/"))) {
        this.add("unclear.options");
        continue;
      }
      for (const path of this.#paths(target)) this.#deletesPath(path, recursive);
    }
  }

  /** Absolute paths that a word can mean. Pattern characters that stand for themselves are escaped. */
  #paths(target: ShellWord): readonly string[] {
    const text = target.glob ? target.text : target.text.replace(/[*?[\]\\]/g, "\\$&");
    const folders = this.folders.length > 0 ? this.folders : ["/"];
    return resolveAll(folders, text).flatMap((path) => this.#inTemporary(path, folders));
  }

  /** What lies among the throw-away files lies where a variable says: who knows where, if that can't be told. */
  #inTemporary(path: string, folders: readonly string[]): readonly string[] {
    const place = isInside(SHARED_TEMPORARY, path) ? this.variable("TMPDIR") : undefined;
    if (place === undefined || (place.known && place.text === "")) return [path];
    const rest = path.slice(SHARED_TEMPORARY.length);
    return resolveAll(folders, (place.known ? place.text : "/") + rest);
  }

  #deletesPath(path: string, recursive: boolean): void {
    const place = placeOf(path, this.around);
    const { roots } = this.around;
    const isRoot = roots.includes(path);
    const removes = (rule: RuleId): void => this.add(rule, [], path, { paths: [path] });
    const at = { path, act: "remove" } as const;
    if (place === "own" || place === "policy") removes("interlock.tamper");
    else if (place === "repository" || isRoot) removes("fs.delete.repository");
    else if (roots.some((root) => isInside(path, root))) removes("fs.delete.around");
    else if (this.around.own?.some((folder) => isInside(path, folder))) removes("interlock.tamper");
    else if (place === "protected" || place === "instructions") removes(RULE_OF_WRITING[place]);
    else if (place === "temporary" && path !== SHARED_TEMPORARY && !this.around.temporary.includes(path))
      this.add("fs.write.temporary", [], this.words, { at });
    else if (place === "project") {
      const query: FactQuery = { fact: "files", ...this.#at(path), act: "remove", recursive };
      this.add("fs.delete", [query], this.words, { paths: [path], at });
    } else removes("fs.delete.outside");
  }

  /** A folder for throw-away files is no place for keys: what lies there was put there for a try. */
  isTemporary(target: ShellWord): boolean {
    const paths = target.known ? this.#paths(target) : [];
    return paths.length > 0 && paths.every((path) => placeOf(path, this.around) === "temporary");
  }

  /** The program reads files that its arguments name; `shows`: what they hold, too. */
  reads(targets: readonly ShellWord[], shows = true): void {
    const paths = targets.flatMap((target) =>
      target.known || target.text.startsWith("/") ? this.#paths(target) : [],
    );
    this.add("read", [], this.words, { paths });
    const secret = shows
      ? targets.find((target) => isSecret(target.text) && !this.isTemporary(target))
      : undefined;
    if (secret !== undefined) this.add("secret.read", [], secret.text);
  }
}

/** Words as policies see them. */
export function wordsOf(words: readonly ShellWord[]): CommandWords {
  return words.map((word) => (word.known ? word.text : null));
}

/** Finds the effects of one program. */
export type Analyser = (call: ProgramCall) => void;
