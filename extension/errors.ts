/**
 * The one shape of an error that a person may read: a code to match on, a sentence,
 * what to do next, and the cause. Expected failures travel as `Result`, not as exceptions.
 */
export interface Problem {
  /** Stable and dotted, such as `agent.start.timeout`. Code matches on it, never on the message. */
  readonly code: string;
  /** One localised sentence about what happened. */
  readonly message: string;
  /** One localised sentence about what to do next. */
  readonly next: string;
}

export class InterlockError extends Error implements Problem {
  readonly code: string;
  readonly next: string;

  constructor(problem: Problem, options?: { cause?: unknown }) {
    super(problem.message, options);
    this.name = "InterlockError";
    this.code = problem.code;
    this.next = problem.next;
  }
}

export type Result<Value, Failure = Problem> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: Failure };

export function ok<Value>(value: Value): { readonly ok: true; readonly value: Value } {
  return { ok: true, value };
}

export function fail<Failure>(error: Failure): { readonly ok: false; readonly error: Failure } {
  return { ok: false, error };
}

/** The system's own code of an error, such as `ENOENT`, where it has one. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/** What an unknown thrown value says of itself, for logs and causes. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
