import type { Host } from "./host.ts";

/** What a prompt is answered with. */
export interface Turn {
  readonly host: Host;
  /** The session's folder, absolute. */
  readonly cwd: string;
  /** Aborts when the person stops the turn. */
  readonly signal: AbortSignal;
  /** Where programs are looked for. */
  readonly environment: NodeJS.ProcessEnv;
}

const ABORTED = Symbol("aborted");

/** The value, or `ABORTED` as soon as the signal aborts. The work itself goes on. */
export async function orAborted<Value>(
  work: Promise<Value>,
  signal: AbortSignal,
): Promise<Value | typeof ABORTED> {
  if (signal.aborted) {
    return ABORTED;
  }
  let abort = (): void => {};
  const aborted = new Promise<typeof ABORTED>((resolve) => {
    abort = () => resolve(ABORTED);
    signal.addEventListener("abort", abort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

export function isAborted(value: unknown): value is typeof ABORTED {
  return value === ABORTED;
}
