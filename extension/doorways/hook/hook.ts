import * as l10n from "@vscode/l10n";
import type { Act } from "../../door/act.ts";
import type { Calls } from "../../door/calls.ts";
import type { Door } from "../../door/door.ts";
import type { Problem } from "../../errors.ts";
import { realTarget } from "../fs/disk.ts";
import { type HookRequest, readHookRequest } from "./request.ts";

export interface HookParts {
  readonly door: Pick<Door, "decide">;
  readonly calls: Pick<Calls, "named" | "report">;
  /** What proves that a caller belongs to this session. */
  readonly token: string;
  /** The session's folder, where the agent names none. */
  readonly cwd: string;
  /** Nothing else tells what becomes of the agent's calls. */
  readonly alone: boolean;
  /** Milliseconds that the agent waits for its hook; then it goes on as if nobody had said anything. */
  readonly timeoutMs: number;
}

/** No decision: the agent asks for permission as it would have done. A yes here would skip that. */
const GO_ON = "{}\n";

/**
 * The `hook` doorway: a program that the agent runs before each of its commands. It says no, or nothing; a person's yes is left as a
 * grant for the doorways behind it. Agents run what a hook is late about, so that a no comes at half of the time.
 */
export class HookDoorway {
  readonly #parts: HookParts;

  constructor(parts: HookParts) {
    this.#parts = parts;
  }

  /** What the hook prints. */
  async answer(fields: readonly Buffer[], caller: AbortSignal): Promise<string> {
    const { door, calls, alone, token, timeoutMs } = this.#parts;
    const asked = readHookRequest(fields, token);
    if (asked === "stranger") return deny(stranger());
    if (asked === "unreadable") return deny(unreadable());
    if (asked.ended !== null) return this.#ended(asked.toolCallId, asked.ended);
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), timeoutMs / 2);
    try {
      const { toolCallId } = asked;
      const admitted = await door.decide({
        doorway: "hook",
        act: await this.#act(asked),
        signal: AbortSignal.any([caller, late.signal]),
        carriesReason: true,
        ...(toolCallId === undefined ? {} : { toolCallId }),
      });
      if (admitted.ok) {
        if (alone) calls.report(admitted.value.call, "in_progress");
        return GO_ON;
      }
      return deny(late.signal.aborted ? pending() : admitted.error);
    } finally {
      clearTimeout(timer);
    }
  }

  #ended(toolCallId: string | undefined, how: "completed" | "failed"): string {
    const { calls } = this.#parts;
    const call = toolCallId === undefined ? undefined : calls.named(toolCallId);
    if (call !== undefined) calls.report(call, how);
    return GO_ON;
  }

  async #act({ tool, command, cwd }: HookRequest): Promise<Act> {
    if (command === null) return { kind: "tool", title: tool };
    const folder = await realTarget(cwd ?? this.#parts.cwd);
    return { kind: "command", line: command, argv: null, cwd: folder, env: {} };
  }
}

/** As Claude Code and Codex read it; both give the reason to the model. */
function deny({ message, next }: Problem): string {
  const hookSpecificOutput = {
    hookEventName: "PreToolUse",
    permissionDecision: "deny",
    permissionDecisionReason: `interlock: ${message} ${next}`,
  };
  return `${JSON.stringify({ hookSpecificOutput })}\n`;
}

function pending(): Problem {
  return {
    code: "hook.pending",
    message: l10n.t("The person was asked, and has not answered yet. It did not run."),
    next: l10n.t("Try the same command again, or go on with something else until they answer."),
  };
}

function stranger(): Problem {
  return {
    code: "hook.stranger",
    message: l10n.t("This hook belongs to another session of Interlock, so nothing was run."),
    next: l10n.t("Start the agent anew."),
  };
}

function unreadable(): Problem {
  return {
    code: "hook.unreadable",
    message: l10n.t("What the agent told its hook can't be read, so nothing was run."),
    next: l10n.t("Switch “interlock.guard.hooks” off for this agent; its programs still ask."),
  };
}
