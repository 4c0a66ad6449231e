import type { SessionUpdate, ToolCallContent } from "@agentclientprotocol/sdk";

/** What an agent told its host, one line for each update, with the session's folder as `~`. */
export function tell(updates: readonly SessionUpdate[], cwd: string): string {
  return updates.map(line).join("\n").replaceAll(cwd, "~");
}

function line(update: SessionUpdate): string {
  if (update.sessionUpdate === "agent_message_chunk") {
    return update.content.type === "text" ? `says: ${update.content.text}` : update.content.type;
  }
  if (update.sessionUpdate === "plan") {
    return `plan: ${update.entries.map(({ content, status }) => `[${status}] ${content}`).join(", ")}`;
  }
  if (update.sessionUpdate === "tool_call" || update.sessionUpdate === "tool_call_update") {
    return [
      update.toolCallId,
      update.kind,
      update.status,
      update.title,
      update.rawInput && JSON.stringify(update.rawInput),
      ...(update.content ?? []).map(content),
      update.rawOutput && JSON.stringify(update.rawOutput),
    ]
      .filter(Boolean)
      .join(" ");
  }
  return update.sessionUpdate;
}

function content(item: ToolCallContent): string {
  if (item.type === "terminal") {
    return `<${item.terminalId}>`;
  }
  if (item.type === "diff") {
    return `<diff ${item.path}>`;
  }
  return item.content.type === "text" ? `"${item.content.text}"` : item.content.type;
}
