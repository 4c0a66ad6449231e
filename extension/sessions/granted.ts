import * as l10n from "@vscode/l10n";
import type { Given, Grants } from "../approvals/grants.ts";
import type { Problem, Result } from "../errors.ts";
import { ok } from "../errors.ts";
import type { Gestures } from "./gestures.ts";

/** What a person allowed to one session, for them to look at and to take back. */
export class Granted {
  readonly #gestures: Gestures;
  readonly #grants: Pick<Grants, "given" | "revoke">;
  readonly #onRevoked: (problem: Problem) => void;

  constructor(
    gestures: Gestures,
    grants: Pick<Grants, "given" | "revoke">,
    onRevoked: (problem: Problem) => void,
  ) {
    this.#gestures = gestures;
    this.#grants = grants;
    this.#onRevoked = onRevoked;
  }

  list(): readonly Given[] {
    return this.#grants.given(Date.now());
  }

  /** It counts at once, also where that can't be recorded: it only tightens. */
  async revoke(id: string): Promise<Result<void>> {
    const given = this.list().find((each) => each.id === id);
    if (given === undefined) return ok(undefined);
    this.#grants.revoke(id);
    this.#onRevoked(revokedProblem(given));
    return this.#gestures.record(`revoke ${given.covers}`, "person", "grant.revoked");
  }
}

function revokedProblem({ covers, what }: Given): Problem {
  if (what === "as-asked") {
    return {
      code: "grant.revoked",
      message: l10n.t("No longer run as asked: {0}", covers),
      next: l10n.t("It is routed from now on."),
    };
  }
  return {
    code: "grant.revoked",
    message: l10n.t("No longer allowed for this session: {0}", covers),
    next: l10n.t("It is asked again from now on."),
  };
}
