import * as l10n from "@vscode/l10n";
import type { Problem } from "../errors.ts";
import type { ForeignManager } from "../toolchain/foreign.ts";
import type { LockPlan } from "../toolchain/lockPlan.ts";
import { LOCK_FILES, type LockTrouble } from "../toolchain/locks.ts";

/** Packages that are named one by one; of more the number says enough, and the diff the rest. */
const MAX_NAMED = 4;

/** What is wrong with a lock, as one sentence. */
export function lockSentence({ manager, state }: LockTrouble, plan: LockPlan | null = null): string {
  const { lock, manifest } = LOCK_FILES[manager];
  const count = plan?.packages.length ?? 0;
  if (state === "missing") {
    return plan === null
      ? l10n.t("There is no {0} beside {1}.", lock, manifest)
      : l10n.t("There is no {0} beside {1}: {2} packages would be locked.", lock, manifest, count);
  }
  if (plan === null) return l10n.t("{0} is behind {1}.", lock, manifest);
  const named = count <= MAX_NAMED ? plan.packages.join(", ") : "";
  switch (count) {
    case 0:
      return l10n.t("{0} is behind {1}: no package would change.", lock, manifest);
    case 1:
      return l10n.t("{0} is behind {1}: 1 package would change ({2}).", lock, manifest, named);
    default:
      return named === ""
        ? l10n.t("{0} is behind {1}: {2} packages would change.", lock, manifest, count)
        : l10n.t("{0} is behind {1}: {2} packages would change ({3}).", lock, manifest, count, named);
  }
}

/** The command that updates a lock, as a person types it. */
export function updateLine({ manager }: Pick<LockTrouble, "manager">): string {
  return [manager, ...LOCK_FILES[manager].update].join(" ");
}

/** What the agent reads while the person has not answered. */
export function personsTurn(trouble: LockTrouble): Problem {
  return {
    code: `lock.${trouble.state}`,
    message: `${lockSentence(trouble)} ${l10n.t("So this was not run.")}`,
    next: l10n.t(
      "It is the person's turn: they are asked what becomes of it. Go on with something else, or end your turn; don't lock or install in another way.",
    ),
  };
}

/** The person wants the lock left as it is, or nobody is there to be asked: it is the agent's turn. */
export function agentsTurn(trouble: LockTrouble, why: "rejected" | "nobody-there"): Problem {
  const { manifest } = LOCK_FILES[trouble.manager];
  const next =
    why === "rejected"
      ? l10n.t(
          "The person doesn't want it updated now. It is your turn: go on without this, or take back the change of {0}.",
          manifest,
        )
      : l10n.t(
          "Nobody can be asked here. A person has to run `{0}`; go on without this.",
          updateLine(trouble),
        );
  return {
    code: `lock.${trouble.state}`,
    message: `${lockSentence(trouble)} ${l10n.t("So this was not run.")}`,
    next,
  };
}

/** What the agent reads of an install where the environment is used as it is. */
export function staysAsItIs(trouble: LockTrouble): Problem {
  return {
    code: "lock.as-it-is",
    message: `${lockSentence(trouble)} ${l10n.t("The person wants the environment used as it is in this session, so nothing is installed.")}`,
    next: l10n.t("It is your turn: go on with what is installed."),
  };
}

/** What is said to the agent once the person has answered. */
export function answeredText(trouble: LockTrouble, asked: string, how: "updated" | "as-it-is"): string {
  const { lock } = LOCK_FILES[trouble.manager];
  if (how === "updated") return l10n.t("I had {0} updated. Try `{1}` again.", lock, asked);
  return trouble.use === "install"
    ? l10n.t(
        "Use the environment as it is in this session: {0} stays, and nothing is installed. Go on without `{1}`.",
        lock,
        asked,
      )
    : l10n.t(
        "Use the environment as it is in this session: {0} stays. Try `{1}` again, it runs without installing.",
        lock,
        asked,
      );
}

/** The same where the update failed. The owner's words may be those of the repository: they don't come in the person's voice. */
export function failedText(trouble: LockTrouble): string {
  const { lock, manifest } = LOCK_FILES[trouble.manager];
  return l10n.t(
    "I wanted {0} updated, and `{1}` failed: {0} is as it was. Look at what you changed in {2}.",
    lock,
    updateLine(trouble),
    manifest,
  );
}

/** What is said where the owner could not update its lock. */
export function notUpdated(trouble: LockTrouble, output: string): Problem {
  return {
    code: "lock.not-updated",
    message: l10n.t(
      "{0} could not be updated by `{1}`: {2}",
      LOCK_FILES[trouble.manager].lock,
      updateLine(trouble),
      output,
    ),
    next: l10n.t("Correct {0}, then try again.", LOCK_FILES[trouble.manager].manifest),
  };
}

/** The project's packages are another manager's: two locks, or an environment that no lock knows of, would come of it. */
export function anothersProject({ program, owner, instead }: ForeignManager): Problem {
  return {
    code: "manager.foreign",
    message: l10n.t("{0} manages the packages of this project, so {1} was not run.", owner, program),
    next: l10n.t("Use `{0}` instead.", instead),
  };
}
