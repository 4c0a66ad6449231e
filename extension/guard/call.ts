import type { RuleId } from "../policy/rules.ts";
import { RULES } from "../policy/rules.ts";
import type { ShellWord, SimpleCommand } from "../shell/command.ts";
import { isInside } from "../shell/path.ts";
import type { Effect } from "./effect.ts";
import type { FactQuery } from "./facts.ts";
import { isSecret, placeOf, resolveAll, type Surroundings } from "./places.ts";

/** What overwriting a file means: `append` and `create` lose nothing. */
export type WriteMode = "overwrite" | "append" | "create";

/** One program with its arguments, and the effects found so far. Analysers add to it. */
export class ProgramCall {
  readonly program: string;
  readonly args: readonly ShellWord[];
  readonly command: SimpleCommand;
  readonly around: Surroundings;
  readonly effects: Effect[] = [];
  /** Analyses a line of shell that the program would run itself. */
  readonly nested: (text: string, folders: readonly string[] | null) => readonly Effect[];

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

  add(rule: RuleId, needs: readonly FactQuery[] = [], words: string = this.words, at?: Effect["at"]): void {
    const effect = { kind: RULES[rule].effect, rule, words, needs };
    this.effects.push(at === undefined ? effect : { ...effect, at });
  }

  /** The program moves files, and loses nothing: what a later command does where they arrive counts for them. */
  moves(sources: readonly ShellWord[], targets: readonly ShellWord[]): void {
    const rule = "fs.write";
    const paths = sources.flatMap((source) => this.#paths(source));
    const [folder = "/"] = this.folders;
    const needs = [{ fact: "files", folder, paths, act: "remove", recursive: true }] as const;
    const moved = { to: targets.flatMap((target) => this.#paths(target)), needs };
    this.effects.push({ kind: RULES[rule].effect, rule, words: this.words, needs: [], moved });
  }

  /** An effect that is judged by the state of each folder it can run in. */
  addByState(rule: RuleId, query: (folder: string) => FactQuery): void {
    if (this.command.folders === null) this.add("unclear.folder");
    this.add(rule, this.folders.map(query));
  }

  /** The program writes to a file that its arguments name. */
  writes(target: ShellWord, mode: WriteMode, recursive = false): void {
    if (!target.known) {
      this.add("unclear.options");
      return;
    }
    if (this.command.folders === null && !target.text.startsWith("/")) {
      this.add("unclear.folder");
      return;
    }
    for (const path of this.#paths(target)) this.writesPath(path, mode, recursive);
  }

  writesPath(path: string, mode: WriteMode, recursive = false): void {
    switch (placeOf(path, this.around)) {
      case "device":
        this.add("read");
        break;
      case "temporary":
        this.add("fs.write.temporary", [], this.words, { path, act: "write" });
        break;
      case "outside":
        this.add("fs.write.outside", [], path);
        break;
      case "protected":
      case "repository":
        this.add("fs.write.protected", [], path);
        break;
      case "audit":
        this.add("interlock.tamper", [], path);
        break;
      case "project":
        this.add("fs.write");
        if (mode === "overwrite") {
          const query = {
            fact: "files",
            folder: this.folders[0] ?? "/",
            paths: [path],
            act: "write",
          } as const;
          this.add("fs.overwrite", [{ ...query, recursive }], this.words, { path, act: "write" });
        }
        break;
    }
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
    return resolveAll(this.folders.length > 0 ? this.folders : ["/"], text);
  }

  #deletesPath(path: string, recursive: boolean): void {
    const place = placeOf(path, this.around);
    const holdsRoot = this.around.roots.some((root) => isInside(path, root));
    if (place === "audit") this.add("interlock.tamper", [], path);
    else if (place === "repository" || holdsRoot) this.add("fs.delete.repository", [], path);
    else if (place === "protected") this.add("fs.write.protected", [], path);
    else if (place === "temporary" && !this.around.temporary.includes(path))
      this.add("fs.write.temporary", [], this.words, { path, act: "remove" });
    else if (place === "project") {
      const query = { fact: "files", folder: this.folders[0] ?? "/", paths: [path], act: "remove" } as const;
      this.add("fs.delete", [{ ...query, recursive }], this.words, { path, act: "remove" });
    } else this.add("fs.delete.outside", [], path);
  }

  /** The program reads files that its arguments name. */
  reads(targets: readonly ShellWord[]): void {
    this.add("read");
    const secret = targets.find((target) => isSecret(target.text));
    if (secret !== undefined) this.add("secret.read", [], secret.text);
  }
}

/** Finds the effects of one program. */
export type Analyser = (call: ProgramCall) => void;
