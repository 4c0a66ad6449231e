import type { AgentLink } from "../acp/connection.ts";

/** What a session needs of its agent, wherever that runs and whoever prompts it. */
export type SessionLink = Pick<AgentLink, "prompt" | "cancel" | "close" | "isClosed" | "ended">;
