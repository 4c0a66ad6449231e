import { randomUUID } from "node:crypto";

import { agent, methods, PROTOCOL_VERSION, RequestError } from "@agentclientprotocol/sdk";
import type { AgentApp, ClientCapabilities, ContentBlock } from "@agentclientprotocol/sdk";
import * as l10n from "@vscode/l10n";

import { messageOf } from "../errors.ts";
import { answer } from "./answer.ts";
import { Host } from "./host.ts";
import { available } from "./slash.ts";

/** What one session holds between prompts. */
interface Session {
  readonly host: Host;
  readonly cwd: string;
  /** Stops the turn that is going on. */
  stop: AbortController | null;
}

/** The built-in agent, for one connection: deterministic, without a network, a key or a model. */
export function builtinAgent(version: string, environment: NodeJS.ProcessEnv = process.env): AgentApp {
  const sessions = new Map<string, Session>();
  let capabilities: ClientCapabilities = {};

  return agent({ name: "interlock-builtin" })
    .onRequest(methods.agent.initialize, ({ params }) => {
      capabilities = params.clientCapabilities ?? {};
      return {
        protocolVersion: PROTOCOL_VERSION,
        agentInfo: { name: "interlock-builtin", title: l10n.t("Built-in"), version },
        agentCapabilities: {},
        authMethods: [],
      };
    })
    .onRequest(methods.agent.session.new, ({ params, client }) => {
      const sessionId = randomUUID();
      const host = new Host(client, sessionId, capabilities);
      sessions.set(sessionId, { host, cwd: params.cwd, stop: null });
      announce(host);
      return { sessionId };
    })
    .onRequest(methods.agent.session.prompt, async ({ params, signal }) => {
      const session = sessions.get(params.sessionId);
      if (!session) {
        throw RequestError.resourceNotFound(params.sessionId);
      }
      if (session.stop) {
        throw RequestError.invalidRequest(undefined, "a turn of this session is still going on");
      }
      const stop = new AbortController();
      session.stop = stop;
      try {
        const turn = { ...session, environment, signal: AbortSignal.any([stop.signal, signal]) };
        await attempt(turn.host, () => answer(turn, textOf(params.prompt)));
        return { stopReason: turn.signal.aborted ? "cancelled" : "end_turn" };
      } finally {
        session.stop = null;
      }
    })
    .onNotification(methods.agent.session.cancel, ({ params }) => {
      sessions.get(params.sessionId)?.stop?.abort();
    });
}

/** After the answer to `session/new`: a host can't place the commands of a session it hasn't heard of. */
function announce(host: Host): void {
  setImmediate(() => {
    void host.update({ sessionUpdate: "available_commands_update", availableCommands: available() });
  });
}

/** A mistake in here ends the turn, never the process. */
async function attempt(host: Host, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    console.error(error);
    await host.say(l10n.t("That went wrong on my side: {0}", messageOf(error)));
  }
}

function textOf(prompt: readonly ContentBlock[]): string {
  return prompt.map((block) => (block.type === "text" ? block.text : "")).join("");
}
