import { isAbsolute } from "node:path";
import * as z from "zod/mini";
import { saidBy } from "../channel/caller.ts";

/** The kind of caller that a hook says it is. */
export const HOOK = "hook";

/** What Claude Code 2 and Codex 0.166 hand to a hook around a tool, as far as it is needed. */
const ToolUse = z.looseObject({
  hook_event_name: z.optional(z.string()),
  tool_name: z.string(),
  tool_input: z.looseObject({ command: z.optional(z.string()) }),
  tool_use_id: z.optional(z.string()),
  cwd: z.optional(z.string()),
});

/** Codex tells of what failed by the first one, too. */
const ENDS: Readonly<Record<string, HookRequest["ended"]>> = {
  PostToolUse: "completed",
  PostToolUseFailure: "failed",
};

/** A tool that the agent is about to use, or has used, as its hook tells it. */
export interface HookRequest {
  /** What became of it, where it was used. */
  readonly ended: "completed" | "failed" | null;
  readonly tool: string;
  /** Null for a tool that says none. */
  readonly command: string | null;
  /** The agent's own id of the call. */
  readonly toolCallId: string | undefined;
  /** Absolute; null where the agent says none. */
  readonly cwd: string | null;
}

/** What a hook said: `stranger` where it belongs to another session, `unreadable` where the agent handed it something else. */
export function readHookRequest(
  fields: readonly Buffer[],
  token: string,
): HookRequest | "stranger" | "unreadable" {
  const said = saidBy(fields, { kind: HOOK, token });
  if (said === null) return "stranger";
  let told: unknown;
  try {
    told = JSON.parse(String(said[0]));
  } catch {
    return "unreadable";
  }
  const read = ToolUse.safeParse(told);
  if (!read.success) return "unreadable";
  const { hook_event_name = "", tool_name, tool_input, tool_use_id, cwd } = read.data;
  return {
    ended: ENDS[hook_event_name] ?? null,
    tool: tool_name,
    command: tool_input.command ?? null,
    toolCallId: tool_use_id,
    cwd: cwd !== undefined && isAbsolute(cwd) ? cwd : null,
  };
}
