import type { Finding, GateId } from "./gate.ts";

/** Findings that replace what was known. */
export interface CheckedGroup {
  /** Names what was checked as a whole, such as a tsconfig.json; null when only `files` were looked at. */
  readonly whole: string | null;
  /** The files that were asked about: what was known of them is void. */
  readonly files: readonly string[];
  readonly findings: readonly Finding[];
}

export type CheckOutcome =
  | {
      readonly state: "checked";
      readonly groups: readonly CheckedGroup[];
      /** Programs that answered, such as `ruff 0.17.5`. */
      readonly tools: readonly string[];
      /** Milliseconds. */
      readonly ms: number;
    }
  /** It couldn't be told. `reason` is localised and says what to do. */
  | { readonly state: "unavailable"; readonly reason: string; readonly ms: number }
  | { readonly state: "cancelled" };

/** One tool behind one interface, whether it is started for each question or kept warm. */
export interface Checker {
  readonly gate: Exclude<GateId, "tests">;
  /** The program, such as `ruff`. */
  readonly tool: string;
  /** True when a question about one file is answered by a look at its whole project. */
  readonly whole: boolean;
  /** True for a file that this tool is to answer for, by its name and its project. */
  handles(file: string): boolean;
  /** Looks at some files, absolute paths inside the session's folder. Never throws for what the tool does. */
  check(files: readonly string[], signal: AbortSignal): Promise<CheckOutcome>;
  /** Looks at the whole folder. `checked` without groups where there is nothing of its kind. */
  checkAll(signal: AbortSignal): Promise<CheckOutcome>;
  dispose(): Promise<void>;
}
