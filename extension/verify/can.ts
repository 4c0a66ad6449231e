import * as l10n from "@vscode/l10n";
import type { AgentDefinition } from "../acp/agents.ts";
import { fail, ok, type Problem, type Result } from "../errors.ts";
import { type VerifiedId, verifiedIdOf } from "./homes.ts";

/** Which of the agents it is whose model can be ours; else why it can't be verified. */
export function canVerify(agent: AgentDefinition): Result<VerifiedId> {
  const id = verifiedIdOf(agent);
  if (id !== undefined) return ok(id);
  return fail(agent.free === true ? noModel(agent) : unknownModel(agent));
}

function noModel({ name }: AgentDefinition): Problem {
  return {
    code: "verify.free",
    message: l10n.t("{0} can't be verified: it has no model that could be put to the test.", name),
    next: l10n.t("Verify an agent that has one."),
  };
}

function unknownModel({ name }: AgentDefinition): Problem {
  return {
    code: "verify.unknown",
    message: l10n.t("{0} can't be verified: how it is given another model is not known.", name),
    next: l10n.t("Where it is one of the known agents, name it by “profile” in its entry."),
  };
}
