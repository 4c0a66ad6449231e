import { randomUUID } from "node:crypto";
import type { AuditLog } from "../audit/log.ts";
import { ENFORCEMENT_OF } from "../audit/record.ts";
import type { Result } from "../errors.ts";

export interface GestureParts {
  readonly session: string;
  readonly turn: () => number;
  readonly cwd: string;
  readonly audit: Pick<AuditLog, "append">;
}

/** What a person decides about a session, beside their answers to questions: kept in the record like those. */
export class Gestures {
  readonly #parts: GestureParts;

  constructor(parts: GestureParts) {
    this.#parts = parts;
  }

  /** `words`: what was decided, such as `guard off`; its rule is the same with a dot. On the disk when this resolves. */
  record(words: string, by: "person" | "nobody", rule = words.replace(" ", ".")): Promise<Result<void>> {
    const { session, turn, cwd, audit } = this.#parts;
    return audit.append(
      {
        session,
        turn: turn(),
        call: randomUUID(),
        phase: "decision",
        // A person gave it: the doorway of what agents are permitted.
        doorway: "permission",
        enforcement: ENFORCEMENT_OF.permission,
        asked: words,
        run: words,
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
}
