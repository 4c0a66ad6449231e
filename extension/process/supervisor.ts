import { createInterface } from "node:readline";
import { endGroup } from "./group.ts";

/**
 * The supervisor: a small program that holds a pipe from the host and ends every process tree that the host started
 * when the pipe closes, however the host died. Lines: `+MARKER PID` when a group begins, `+MARKER` when the group is
 * empty but may have left something, `-MARKER` when nothing is left.
 */
const trees = new Map<string, number | null>();

/** A dead host waits for nothing: half a second for a polite end. */
const GRACE_MS = 500;

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  // The host's terminal signals its whole group; the supervisor must outlive it to clean up.
  process.on(signal, () => {});
}

const lines = createInterface({ input: process.stdin });
lines.on("line", (line) => {
  const [, sign, marker = "", pid] = /^([+-])(\S+)(?: (\d+))?$/.exec(line) ?? [];
  if (sign === "+") trees.set(marker, pid === undefined ? null : Number(pid));
  else if (sign === "-") trees.delete(marker);
});
lines.on("close", () => {
  void Promise.allSettled([...trees].map(([marker, pid]) => endGroup(pid, marker, GRACE_MS))).finally(() => {
    // `process.exit` can wait for a thread that waits for it (nodejs/node#54918); there is nothing left to do or to write.
    process.kill(process.pid, "SIGKILL");
  });
});
