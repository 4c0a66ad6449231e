import { randomUUID } from "node:crypto";
import type { AuditLog } from "../audit/log.ts";
import { ENFORCEMENT_OF } from "../audit/record.ts";
import type { Problem, Result } from "../errors.ts";

export interface GestureParts {
  readonly session: string;
  readonly turn: () => number;
  readonly cwd: string;
  readonly audit: Pick<AuditLog, "append">;
  readonly notice: (level: "info" | "error", problem: Problem) => void;
}

/** Records what a person changes about the guarding of a session, beside the acts of its agent. */
export function recordGesture(
  { session, turn, cwd, audit }: GestureParts,
  line: string,
  rule: string,
  by: "person" | "nobody" = "person",
): Promise<Result<void>> {
  return audit.append(
    {
      session,
      turn: turn(),
      call: randomUUID(),
      phase: "decision",
      // A person gave it: the doorway of what agents are permitted.
      doorway: "permission",
      enforcement: ENFORCEMENT_OF.permission,
      asked: line,
      run: line,
      cwd,
      effects: ["interlock"],
      verdict: "ask",
      rule,
      answeredBy: by,
      allowed: true,
      exit: null,
      ms: null,
    },
    { sync: true },
  );
}
