import type { ShellWord, SimpleCommand } from "../shell/command.ts";
import type { Evidence, Language } from "./evidence.ts";
import type { RouteKind } from "./route.ts";

/** The programs that answer a routed command. */
export type RunnerName = "uv" | "bun" | "ruff" | "ty" | "oxlint";
/** What to type for each: its name where it is on the PATH, else where it lies; null where it is missing. */
export type Runners = Readonly<Record<RunnerName, string | null>>;

/** One simple command as the table sees it. */
export interface Asked {
  readonly command: SimpleCommand;
  /** The program's name without folder. */
  readonly program: string;
  /** The words after it. */
  readonly args: readonly ShellWord[];
  /** The folder in which it runs. */
  readonly folder: string;
  readonly evidence: Evidence;
  readonly runners: Runners;
  /** True for the root of a project whose environment is used as it is, whatever its lock says. */
  readonly asItIs: (root: string) => boolean;
}

/** A word of the line that would run: one as asked, or a new one, quoted where it needs it. */
export type Piece = ShellWord | string;

/** What a person could do so that the command would be routed. */
export interface Hint {
  /** Stable and dotted. */
  readonly code: string;
  /** One localised sentence. */
  readonly message: string;
  /** A command that would do it, where one would. */
  readonly command?: string;
}

/** A hint instead of pieces: the shape was recognised, and can't be routed here. */
export type Built = readonly Piece[] | { readonly hint: Hint } | null;

/** Another program that can answer for one that a project doesn't have. */
export interface Swap {
  /** The id of its row. */
  readonly rule: string;
  /** The folder of the project that doesn't have it. */
  readonly root: string;
  /** The program that is asked, and the package that brings it. */
  readonly tool: string;
  readonly package: string;
  /** The program that answers. */
  readonly by: RunnerName;
  readonly language: Language;
  /** The folder in which the command runs. */
  readonly folder: string;
  /**
   * What to say to both so that they look at the same without writing, and without the project's code; null where that isn't known,
   * and for the one that can't be told so.
   */
  readonly look: { readonly asked: readonly string[] | null; readonly by: readonly string[] | null } | null;
  /** What is said to the program that answers, where it writes files; null where it only looks, or the words aren't known yet. */
  readonly writes: readonly string[] | null;
}

/** A row of the routing table. */
export interface Row {
  /** Stable: people write it in policies. */
  readonly id: string;
  readonly kind: RouteKind;
  readonly language: Language;
  /** The programs that it looks at; null for the console scripts of a project's environment. */
  readonly programs: readonly string[] | null;
  /** The words that would run, or null where the row says nothing. */
  build(asked: Asked): Built;
  /** One localised sentence: which evidence proves it. */
  reason(asked: Asked): string;
  /** Of a row by which another program answers: what a person has to agree to. */
  swap?(asked: Asked): Swap | null;
}

/** True for pieces: the row routes. */
export function isRouted(built: Built): built is readonly Piece[] {
  return Array.isArray(built);
}

/**
 * `name[extra]` without quotes: a pattern to the shell, which hands it on as it is because no file has such a name.
 * If one had, the answering program would be given what the asked one would have been.
 */
const EXTRAS = /^[\w.-]*\[[\w,.-]+\][\w.<>=!~,]*$/;

/** A word that is exactly its text. */
export type LiteralWord = ShellWord & { readonly known: true; readonly glob: false };

export function isLiteral(word: ShellWord | undefined): word is LiteralWord {
  return word !== undefined && word.known && !word.glob;
}

/** True for a literal word, and for one that only looks like a pattern. */
export function isPlain(word: ShellWord | undefined): word is LiteralWord {
  return isLiteral(word) || (word !== undefined && word.known && EXTRAS.test(word.text));
}
