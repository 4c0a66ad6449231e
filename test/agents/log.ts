import { appendFileSync } from "node:fs";

/** One line of a scripted agent's log. */
export interface LogLine {
  /** Milliseconds since the process started. */
  readonly t: number;
  /** First line: how it was started. */
  readonly started?: { readonly pid: number; readonly cwd: string; readonly env: Record<string, string> };
  /** A message of the host: request, notification or answer, as it came. */
  readonly got?: {
    readonly method?: string;
    readonly params?: unknown;
    readonly result?: unknown;
    readonly error?: unknown;
  };
  /** What a `shell` step ran. */
  readonly shell?: {
    readonly line: string;
    readonly pid: number | undefined;
    readonly code?: number | null;
    readonly output?: string;
  };
  /** What a hook said of a line: why not, where it said no. */
  readonly hook?: {
    readonly line: string;
    readonly denied: string | null;
    readonly exit: number | null;
    readonly output: string;
  };
  /** A file that a step could not change: the piece to be replaced isn't there, or the host said no. */
  readonly unchanged?: string;
  readonly event?: "stdin closed" | "SIGTERM";
}

/** At once and in order: the process may be killed at any moment. */
export function record(line: Omit<LogLine, "t">): void {
  const file = process.argv[3];
  if (file !== undefined) {
    appendFileSync(file, `${JSON.stringify({ t: Math.round(performance.now()), ...line })}\n`);
  }
}
