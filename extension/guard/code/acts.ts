/** What a program's text surely does, one act each; null instead of a list where that can't be told. */
export type CodeAct =
  | { readonly does: "reads"; readonly path: string }
  | { readonly does: "writes"; readonly path: string; readonly mode: "overwrite" | "append" | "create" }
  | { readonly does: "deletes"; readonly path: string; readonly recursive: boolean }
  | { readonly does: "moves" | "copies"; readonly path: string; readonly to: string }
  /** A line for a shell. */
  | { readonly does: "runs"; readonly line: string }
  /** A program with its arguments. */
  | { readonly does: "executes"; readonly argv: readonly string[] };

export type CodeReader = (code: string) => readonly CodeAct[] | null;
