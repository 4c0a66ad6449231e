import type { CodePath } from "./paths.ts";

/** What a program's text surely does, one act each; null instead of a list where that can't be told. */
export type CodeAct =
  | { readonly does: "reads"; readonly path: CodePath }
  | { readonly does: "writes"; readonly path: CodePath; readonly mode: "overwrite" | "append" | "create" }
  | { readonly does: "deletes"; readonly path: CodePath; readonly recursive: boolean }
  | { readonly does: "moves" | "copies"; readonly path: CodePath; readonly to: CodePath }
  /** A line for a shell. */
  | { readonly does: "runs"; readonly line: string }
  /** Hands on a variable of the environment that by its name holds a key; null: all of them. */
  | { readonly does: "shows"; readonly variable: string | null }
  /** Code of the project's own or of a package, and the names of it that are used. */
  | {
      readonly does: "imports";
      readonly module: string;
      readonly uses: readonly string[];
      /** It may as well be a member of another module. */
      readonly possibly?: true;
      /** Whatever is used of the program itself may be of this module. */
      readonly hands?: boolean;
      /** It is the library's, unless one of the project stands in for that. */
      readonly library?: true;
    }
  /** A program with its arguments. */
  | { readonly does: "executes"; readonly argv: readonly string[] };

export type CodeReader = (code: string) => readonly CodeAct[] | null;

/** What could be seen of a program that isn't understood as a whole. */
export interface Glance {
  /** What it plainly does beside the rest. */
  readonly acts: readonly CodeAct[];
  /** It names what removes or discards, and it can't be told of what. */
  readonly hides: boolean;
}

/** How texts of one programming language are looked into. */
export interface Language {
  /** Without, a text is never understood as a whole. */
  readonly read?: CodeReader;
  /** For the project's own programs, which may do whatever they are for. `uses`: names of it that others use. */
  readonly glance: (code: string, uses?: readonly string[]) => Glance;
}
