import type { AuditEntry, AuditLog } from "../audit/log.ts";
import { type Doorway, ENFORCEMENT_OF } from "../audit/record.ts";
import type { Result } from "../errors.ts";
import type { Call } from "./calls.ts";
import type { Considered } from "./considered.ts";
import { isHarmless } from "./harm.ts";

/** What the record says of one moment of an act. */
type Happened = Pick<AuditEntry, "phase" | "answeredBy" | "allowed" | "exit" | "ms">;

type Said = Pick<Considered, "asked" | "run" | "judgement">;

/** What one session's acts were, in the record. */
export class ActRecord {
  readonly #session: string;
  readonly #audit: AuditLog;

  constructor(session: string, audit: AuditLog) {
    this.#session = session;
    this.#audit = audit;
  }

  /** Of what changes something it is kept before this resolves. */
  act(doorway: Doorway, said: Said, call: Call, what: Happened): Promise<Result<void>> {
    return this.#audit.append(this.#entry(doorway, said, call, what), { sync: !isHarmless(said.judgement) });
  }

  /** What the agent did by itself. */
  async seen(doorway: Doorway, said: Said, call: Call, what: Happened): Promise<void> {
    await this.#audit.append(this.#entry(doorway, said, call, what), { sync: false });
  }

  #entry(doorway: Doorway, { asked, run, judgement }: Said, call: Call, what: Happened): AuditEntry {
    const { effects, verdict, rule } = judgement;
    return {
      session: this.#session,
      turn: call.turn,
      call: call.id,
      doorway,
      enforcement: ENFORCEMENT_OF[doorway],
      asked,
      run,
      cwd: call.cwd ?? "",
      effects: [...effects],
      verdict,
      rule,
      ...what,
    };
  }
}
