/**
 * What a shell line would execute, flattened: each simple command with its words resolved as far as they are
 * literal, the folders it can run in, and where its input comes from. Pure data; nothing here was executed.
 */

/** One word after quote removal and expansion. */
export interface ShellWord {
  /** The literal text. Where `known` is false, the best guess: unknown parts are left out. */
  readonly text: string;
  /** False when a part of it is decided only at run time. */
  readonly known: boolean;
  /** What a word that is not known surely begins with; absent where it may become any number of words. */
  readonly prefix?: string;
  /** Variables of the environment whose values it holds, as far as it is not known. */
  readonly variables?: readonly string[];
  /** True where it stands for what `find` or `xargs` puts in at run time. */
  readonly found?: boolean;
  /** True when it holds an unquoted pattern that the shell expands to file names. */
  readonly glob: boolean;
  readonly start: number;
  readonly end: number;
}

export type RedirectMode = "read" | "write" | "append" | "readwrite";

export interface ShellRedirect {
  readonly mode: RedirectMode;
  readonly target: ShellWord;
}

export interface ShellAssignment {
  readonly name: string;
  readonly value: ShellWord;
}

/** Where a command's standard input comes from. */
export type ShellInput =
  | { readonly from: "inherited" }
  /** From another command, where it is a single one. */
  | { readonly from: "pipe"; readonly by?: SimpleCommand }
  | { readonly from: "file"; readonly target: ShellWord }
  /** A heredoc or here-string; null text is not literal. */
  | { readonly from: "text"; readonly text: string | null };

export interface SimpleCommand {
  /** The program and its arguments, after wrappers such as `env`, `time` or `timeout` were taken off. */
  readonly words: readonly ShellWord[];
  /** The wrappers taken off, outermost first, by program name. */
  readonly wrappers: readonly string[];
  /** `NAME=value` before the command, and those of `env`. */
  readonly assignments: readonly ShellAssignment[];
  readonly redirects: readonly ShellRedirect[];
  readonly input: ShellInput;
  /** Absolute folders it can run in (several after a `cd` that may fail); null where that can't be told. */
  readonly folders: readonly string[] | null;
  /**
   * Where program and arguments stand in the text that was parsed, wrappers and redirections left out; null inside
   * nested text such as `bash -c "..."`. Loops and functions make several commands with the same span.
   */
  readonly span: { readonly start: number; readonly end: number } | null;
  /** Variables that were set beside the line, and reach it, too. */
  readonly beside?: readonly ShellAssignment[];
  /** Its assignments were set beside the line: programs that it runs get them. */
  readonly exports?: true;
  /** True when more arguments are added at run time, as by `xargs` and `find -exec`. */
  readonly openEnded: boolean;
  /** The command whose output names the arguments that come at run time, where it is known. */
  readonly finder?: SimpleCommand;
}

export interface ShellScript {
  readonly text: string;
  readonly commands: readonly SimpleCommand[];
  /** Commands such as `uv run PROGRAM`, whose programs are among the commands; left out where there is none. */
  readonly runners?: readonly SimpleCommand[];
  /** What could not be understood, one plain phrase each. Empty means that everything was. */
  readonly unclear: readonly ShellUnclear[];
}

export interface ShellUnclear {
  readonly why: UnclearReason;
  /** The words in question, as they stand in the text. */
  readonly text: string;
}

export type UnclearReason =
  | "syntax"
  | "too-long"
  | "too-deep"
  | "unknown-program"
  | "unknown-code"
  | "unknown-folder"
  | "shell-setting"
  | "unsupported";

/** The command that a whole script is: one, as it was written, with what it runs. Null where there are several, or none. */
export function soleCommand({ commands, runners = [] }: ShellScript): SimpleCommand | null {
  const [only = null, ...others] = runners.length > 0 ? runners : commands;
  const inner = runners.length > 0 ? commands.slice(1) : [];
  return others.length + inner.length > 0 ? null : only;
}
