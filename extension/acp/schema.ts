import * as z from "zod/mini";

/**
 * What agents send, read leniently: fields that Interlock does not use may be missing, odd or new, and break
 * nothing. Shapes after ACP v1; each leniency was seen in a real agent.
 */
const text = z.object({ type: z.literal("text"), text: z.string() });
const otherContent = z.looseObject({ type: z.string() });
const content = z.union([text, otherContent]);

const toolContent = z.union([
  z.object({ type: z.literal("content"), content }),
  z.object({
    type: z.literal("diff"),
    path: z.string(),
    oldText: z.nullish(z.string()),
    newText: z.string(),
  }),
  z.object({ type: z.literal("terminal"), terminalId: z.string() }),
  otherContent,
]);

/** Where some agents tell what their own terminals print, and how the command in them ended. */
const terminalMeta = z.object({
  terminal_output: z.catch(z.optional(z.object({ data: z.string() })), undefined),
  terminal_output_delta: z.catch(z.optional(z.object({ data: z.string() })), undefined),
  terminal_exit: z.catch(z.optional(z.object({ exit_code: z.nullable(z.number()) })), undefined),
});

const toolCall = z.object({
  toolCallId: z.string(),
  _meta: z.catch(z.nullish(terminalMeta), null),
  title: z.catch(z.nullish(z.string()), null),
  kind: z.catch(z.nullish(z.string()), null),
  status: z.catch(z.nullish(z.enum(["pending", "in_progress", "completed", "failed"])), null),
  content: z.catch(z.nullish(z.array(toolContent)), null),
  locations: z.catch(z.nullish(z.array(z.looseObject({ path: z.string() }))), null),
  rawInput: z.optional(z.unknown()),
  rawOutput: z.optional(z.unknown()),
});
type ToolCall = z.infer<typeof toolCall>;

/** A tool call as an agent tells of it, with what it keeps in `_meta` in its place. */
export interface ToolCallReport extends Omit<ToolCall, "_meta"> {
  readonly outputDelta?: string;
  readonly exit?: number | null;
}

export function toolReport({ _meta, ...call }: ToolCall): ToolCallReport {
  const output = _meta?.terminal_output_delta ?? _meta?.terminal_output;
  const exit = _meta?.terminal_exit;
  return {
    ...call,
    ...(output === undefined ? {} : { outputDelta: output.data }),
    ...(exit === undefined ? {} : { exit: exit.exit_code }),
  };
}

const chunk = z.object({ content, messageId: z.catch(z.nullish(z.string()), null) });

const knownUpdate = z.discriminatedUnion("sessionUpdate", [
  z.extend(chunk, { sessionUpdate: z.literal("user_message_chunk") }),
  z.extend(chunk, { sessionUpdate: z.literal("agent_message_chunk") }),
  z.extend(chunk, { sessionUpdate: z.literal("agent_thought_chunk") }),
  z.extend(toolCall, { sessionUpdate: z.literal("tool_call") }),
  z.extend(toolCall, { sessionUpdate: z.literal("tool_call_update") }),
  z.object({
    sessionUpdate: z.literal("plan"),
    entries: z.array(
      z.object({
        content: z.string(),
        status: z.catch(z.enum(["pending", "in_progress", "completed"]), "pending"),
      }),
    ),
  }),
  z.object({
    sessionUpdate: z.literal("available_commands_update"),
    availableCommands: z.array(
      z.object({
        name: z.string(),
        description: z.catch(z.string(), ""),
        input: z.catch(z.nullish(z.object({ hint: z.string() })), null),
      }),
    ),
  }),
  z.object({ sessionUpdate: z.literal("session_info_update"), title: z.nullish(z.string()) }),
  z.object({
    sessionUpdate: z.literal("usage_update"),
    used: z.number(),
    size: z.number(),
    cost: z.catch(z.nullish(z.object({ amount: z.number(), currency: z.string() })), null),
  }),
]);
export type KnownUpdate = z.infer<typeof knownUpdate>;

const notification = z.object({
  sessionId: z.string(),
  update: z.looseObject({ sessionUpdate: z.string() }),
});

/** The update of a `session/update`; null where this version of Interlock has no use for it. */
export function readUpdate(
  params: unknown,
): { readonly session: string; readonly update: KnownUpdate } | null {
  const outer = notification.safeParse(params);
  if (!outer.success) return null;
  const update = knownUpdate.safeParse(outer.data.update);
  return update.success ? { session: outer.data.sessionId, update: update.data } : null;
}

export const permissionRequest = z.object({
  sessionId: z.string(),
  toolCall,
  options: z.catch(
    z.array(z.object({ optionId: z.string(), name: z.catch(z.string(), ""), kind: z.catch(z.string(), "") })),
    [],
  ),
});
export type PermissionRequest = z.infer<typeof permissionRequest>;
