/** The checks that a person sees in the strip. Later gates join here; ids are shown and configured, so they stay. */
export const GATES = ["lint", "types", "tests"] as const;
export type GateId = (typeof GATES)[number];

/** `unknown`: never ran, or could not: no tick is shown before a gate ran. */
export type GateState = "unknown" | "running" | "passed" | "failed" | "unavailable";

export interface Finding {
  /** Absolute path. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly severity: "error" | "warning" | "info";
  /** The tool's own rule code, such as `F401`; empty where it gives none. */
  readonly code: string;
  readonly message: string;
  /** The program that found it, such as `ruff`. */
  readonly source: string;
}

export interface GateReport {
  readonly gate: GateId;
  readonly state: GateState;
  /** Errors and warnings that stand now, over all files known to the gate. */
  readonly findings: number;
  /** Tests passed, for the tests gate. */
  readonly passed?: number;
  /** Programs that answered, such as `ruff 0.17.5`. */
  readonly tools: readonly string[];
  /** Milliseconds since the epoch; 0 when it never ran. */
  readonly at: number;
  /** Duration of the last run in milliseconds. */
  readonly ms: number;
  /** Why it is unavailable or unknown: one localised sentence with what to do. */
  readonly detail?: string;
}

/** What the gates said of one edit, shown in the row that caused it. */
export interface GateResult {
  readonly gate: GateId;
  readonly tool: string;
  readonly state: Exclude<GateState, "running">;
  /** Findings in the files of this edit. */
  readonly findings: number;
  readonly ms: number;
}
