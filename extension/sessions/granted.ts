import * as l10n from "@vscode/l10n";
import type { Given, Grants } from "../approvals/grants.ts";
import type { Problem, Result } from "../errors.ts";
import { ok } from "../errors.ts";
import { type GestureParts, recordGesture } from "./gesture.ts";

/** What a person allowed to one session, for them to look at and to take back. */
export class Granted {
  readonly #parts: GestureParts;
  readonly #grants: Pick<Grants, "given" | "revoke">;

  constructor(parts: GestureParts, grants: Pick<Grants, "given" | "revoke">) {
    this.#parts = parts;
    this.#grants = grants;
  }

  list(): readonly Given[] {
    return this.#grants.given(Date.now());
  }

  /** It counts at once, also where that can't be recorded: it only tightens. */
  async revoke(id: string): Promise<Result<void>> {
    const given = this.list().find((each) => each.id === id);
    if (given === undefined) return ok(undefined);
    this.#grants.revoke(id);
    this.#parts.notice("info", revokedProblem(given));
    return recordGesture(this.#parts, `revoke ${given.covers}`, "grant.revoked");
  }
}

function revokedProblem({ covers }: Given): Problem {
  return {
    code: "grant.revoked",
    message: l10n.t("No longer allowed for this session: {0}", covers),
    next: l10n.t("It is asked again from now on."),
  };
}
