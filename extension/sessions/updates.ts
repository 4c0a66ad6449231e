import { type KnownUpdate, toolReport, type ToolCallReport } from "../acp/schema.ts";
import type { ObservedDoorway } from "../doorways/observed/observed.ts";
import type { EventBody } from "../events/event.ts";
import type { Messages } from "./messages.ts";

/** Characters of a session's title: it stands in a tab. */
const TITLE = 200;

export interface UpdateParts {
  readonly messages: Messages;
  readonly observed: ObservedDoorway;
  readonly emit: (event: EventBody) => void;
  readonly turn: () => number;
}

/** Turns what an agent tells of itself into events. */
export class Updates {
  readonly #parts: UpdateParts;

  constructor(parts: UpdateParts) {
    this.#parts = parts;
  }

  /** `child`: another session of the agent, such as a helper's. Its tool calls count; what it says does not. */
  handle(update: KnownUpdate, child: string | null): void {
    const { messages, observed } = this.#parts;
    if (update.sessionUpdate === "tool_call" || update.sessionUpdate === "tool_call_update") {
      messages.interrupt();
      observed.report(reportOf(update, child), update.sessionUpdate === "tool_call");
    } else if (child === null) this.#tell(update);
  }

  #tell(update: Exclude<KnownUpdate, { sessionUpdate: "tool_call" | "tool_call_update" }>): void {
    const { messages, emit, turn } = this.#parts;
    switch (update.sessionUpdate) {
      case "agent_message_chunk":
        return messages.chunk("agent", update.content, update.messageId ?? null);
      case "agent_thought_chunk":
        return messages.chunk("thought", update.content, update.messageId ?? null);
      case "user_message_chunk":
        // The person's own prompt, echoed: it is shown already.
        return;
      case "plan":
        return emit({
          type: "plan",
          turn: turn(),
          entries: update.entries.map(({ content, status }) => ({ text: content, status })),
        });
      case "available_commands_update":
        return emit({
          type: "session.commands",
          commands: update.availableCommands.map(({ name, description, input }) => ({
            name,
            description,
            ...(input ? { hint: input.hint } : {}),
          })),
        });
      case "session_info_update":
        if (update.title) emit({ type: "session.title", title: update.title.slice(0, TITLE) });
        return;
      case "usage_update": {
        const { used, size, cost } = update;
        return emit({ type: "session.usage", used, size, ...(cost ? { cost } : {}) });
      }
    }
  }
}

/** A call of a child session has a name of its own: agents number the calls of each session from one. */
export function reportOf(call: Parameters<typeof toolReport>[0], child: string | null): ToolCallReport {
  const report = toolReport(call);
  return child === null ? report : { ...report, toolCallId: `${child}/${report.toolCallId}` };
}
