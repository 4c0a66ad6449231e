import { inspect } from "node:util";

/** What became of one test. One JSON line each travels from wherever tests run to the task that counts them. */
export interface Outcome {
  readonly file: string;
  /** The names of the suites around it, and its own. */
  readonly name: string;
  readonly result: "passed" | "failed" | "skipped";
  /** Why it was skipped, or how it failed. */
  readonly reason?: string;
  readonly ms: number;
}

/** What a reporter wrote: an outcome a line. */
export function parseOutcomes(lines: string): Outcome[] {
  return lines
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Outcome);
}

/** The part of node:test's reporter events that is read here. */
export interface TestEvent {
  readonly type: string;
  readonly data: {
    readonly name?: string;
    readonly nesting?: number;
    readonly file?: string;
    readonly skip?: string | boolean;
    readonly todo?: string | boolean;
    readonly details?: {
      readonly type?: string;
      readonly duration_ms?: number;
      readonly error?: { readonly failureType?: string; readonly cause?: unknown; readonly message?: string };
    };
  };
}

/** Turns the events of one run into outcomes. A suite counts only when it fails by itself, in a hook for example. */
export class OutcomeReader {
  readonly #names: string[] = [];

  read({ type, data }: TestEvent): Outcome | undefined {
    const nesting = data.nesting ?? 0;
    if (type === "test:start") {
      this.#names.length = nesting;
      this.#names[nesting] = data.name ?? "";
    }
    if (type !== "test:pass" && type !== "test:fail") return undefined;
    const { details } = data;
    const failureType = details?.error?.failureType;
    if (failureType === "subtestsFailed" || (details?.type === "suite" && type === "test:pass"))
      return undefined;
    const name = [...this.#names.slice(0, nesting), data.name ?? ""].join(" › ");
    const shared = { file: data.file ?? "", name, ms: details?.duration_ms ?? 0 };
    const left = data.skip ?? data.todo;
    if (left !== undefined && left !== false) {
      return {
        ...shared,
        result: "skipped",
        reason: typeof left === "string" && left ? left : "no reason given",
      };
    }
    if (type === "test:pass") return { ...shared, result: "passed" };
    return { ...shared, result: "failed", reason: describe(details?.error) };
  }
}

function describe(error: { readonly cause?: unknown; readonly message?: string } | undefined): string {
  const cause = error?.cause ?? error?.message ?? "failed without saying why";
  return typeof cause === "string" ? cause : inspect(cause);
}
