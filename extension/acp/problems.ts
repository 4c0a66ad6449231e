import * as l10n from "@vscode/l10n";
import { messageOf, type Problem } from "../errors.ts";
import type { Exit } from "../process/start.ts";
import type { AgentDefinition } from "./agents.ts";

/** The agent's process could not be started. */
export function notStarted(agent: AgentDefinition, failure: string): Problem {
  return {
    code: "agent.start.missing",
    message:
      failure === "ENOENT"
        ? l10n.t("{0} could not be started: “{1}” was not found.", agent.name, agent.command)
        : l10n.t("{0} could not be started: {1}.", agent.name, failure),
    next: l10n.t("Install it, or correct its command in the setting “interlock.agents”."),
  };
}

/** The folder that the agent would work in is gone. */
export function noFolder(cwd: string): Problem {
  return {
    code: "agent.start.folder",
    message: l10n.t("There is no folder “{0}” any more.", cwd),
    next: l10n.t("Open a folder that exists, and start a new session."),
  };
}

/** `spoke`: whether its last words are there to be shown with it. */
export function stopped(agent: AgentDefinition, exit: Exit, spoke: boolean): Problem {
  const how =
    exit.signal === null ? l10n.t("exit code {0}", exit.code ?? 0) : l10n.t("signal {0}", exit.signal);
  return {
    code: "agent.ended",
    message: l10n.t("{0} stopped ({1}).", agent.name, how),
    next: spoke
      ? l10n.t("Restart it. What it said last is shown below.")
      : l10n.t("Restart it. It said nothing of why."),
  };
}

/** Its process lives, but it can't be talked to any more. */
export function disconnected(agent: AgentDefinition): Problem {
  return {
    code: "agent.disconnected",
    message: l10n.t("{0} closed its connection, so it was ended.", agent.name),
    next: l10n.t("Restart it."),
  };
}

export function didNotStop(agent: AgentDefinition, graceMs: number): Problem {
  return {
    code: "agent.cancel.timeout",
    message: l10n.t(
      "{0} did not stop within {1} seconds, so it was ended with everything that it had started.",
      agent.name,
      Math.round(graceMs / 1_000),
    ),
    next: l10n.t("Restart it."),
  };
}

/** `junk`: a line that it printed instead of a message. */
export function tooSlow(agent: AgentDefinition, timeoutMs: number, junk: string | undefined): Problem {
  return {
    code: "agent.start.timeout",
    message: l10n.t("{0} did not answer within {1} seconds.", agent.name, Math.round(timeoutMs / 1_000)),
    next:
      junk === undefined
        ? l10n.t("Check that its command starts an agent that speaks ACP, and restart it.")
        : l10n.t(
            "It printed something else than ACP messages: “{0}”. Check its command.",
            junk.slice(0, 200),
          ),
  };
}

export function otherVersion(agent: AgentDefinition, theirs: unknown, ours: number): Problem {
  return {
    code: "agent.protocol",
    message: l10n.t("{0} speaks version {1} of the protocol.", agent.name, String(theirs)),
    next: l10n.t("Install a version of it that speaks ACP version {0}.", ours),
  };
}

/** Nothing runs without the message being read, so one that can't be read ends the agent, unless it only tells. */
export function tooLarge(agent: AgentDefinition, bytes: number, ended: boolean): Problem {
  return {
    code: "agent.message.too-large",
    message: ended
      ? l10n.t("{0} sent a message of over {1} bytes, so it was ended.", agent.name, bytes)
      : l10n.t("{0} sent an update of over {1} bytes, which was left out.", agent.name, bytes),
    next: ended ? l10n.t("Restart it.") : l10n.t("The session goes on."),
  };
}

/** The code with which an agent says that a person must sign in first. */
const AUTH_REQUIRED = -32_000;

/** The agent answered that it can't. */
export function refusedSession(agent: AgentDefinition, error: unknown): Problem {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  if (code === AUTH_REQUIRED) {
    return {
      code: "agent.auth",
      message: l10n.t("{0} wants you to sign in first.", agent.name),
      next: l10n.t("Sign in with the agent's own program in a terminal, then restart it."),
    };
  }
  return {
    code: "agent.start.failed",
    message: l10n.t("{0} could not open a session: {1}", agent.name, messageOf(error)),
    next: l10n.t("Restart it, or choose another agent."),
  };
}
