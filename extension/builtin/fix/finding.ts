import type { Step } from "../chores.ts";
import type { Correction } from "./edits.ts";

/** Something a tool complains about. */
export interface Finding {
  /** Absolute. */
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  /** A safe correction, worked out on the file's text; null where it doesn't fit that text. */
  readonly correct?: (text: string) => Correction | null;
}

/** A tool whose complaints can be read. */
export interface Checker extends Step {
  /** What people call it. */
  readonly tool: string;
  read(output: string): readonly Finding[];
}
