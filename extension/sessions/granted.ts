import * as l10n from "@vscode/l10n";
import type { Given, Grants } from "../approvals/grants.ts";
import type { Problem, Result } from "../errors.ts";
import { ok } from "../errors.ts";
import { type GestureParts, recordGesture } from "./gesture.ts";

export interface GrantedParts extends GestureParts {
  readonly grants: Pick<Grants, "given" | "revoke">;
  readonly onChange: (problem: Problem) => void;
}

/** What a person allowed to one session, for them to look at and to take back. */
export class Granted {
  readonly #parts: GrantedParts;

  constructor(parts: GrantedParts) {
    this.#parts = parts;
  }

  list(): readonly Given[] {
    return this.#parts.grants.given(Date.now());
  }

  /** It counts at once, also where that can't be recorded: it only tightens. */
  async revoke(id: string): Promise<Result<void>> {
    const given = this.list().find((each) => each.id === id);
    if (given === undefined) return ok(undefined);
    const { grants, onChange } = this.#parts;
    grants.revoke(id);
    onChange(revokedProblem(given));
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
