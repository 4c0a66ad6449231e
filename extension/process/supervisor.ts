import { createInterface } from "node:readline";
import { endGroup } from "./group.ts";

/**
 * The supervisor: a small program that holds a pipe from the host and ends every process group that the host
 * started when the pipe closes, however the host died. Lines: `+PID MARKER` when a group begins, `-PID` when it ended.
 */
const groups = new Map<number, string>();

/** A dead host waits for nothing: half a second for a polite end. */
const GRACE_MS = 500;

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  // The host's terminal signals its whole group; the supervisor must outlive it to clean up.
  process.on(signal, () => {});
}

const lines = createInterface({ input: process.stdin });
lines.on("line", (line) => {
  const [, sign, pid, marker] = /^([+-])(\d+)(?: (\S+))?$/.exec(line) ?? [];
  if (sign === "+") groups.set(Number(pid), marker ?? "");
  else if (sign === "-") groups.delete(Number(pid));
});
lines.on("close", () => {
  void Promise.allSettled([...groups].map(([pid, marker]) => endGroup(pid, marker, GRACE_MS))).finally(() =>
    process.exit(0),
  );
});
