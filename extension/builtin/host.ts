import { RequestError } from "@agentclientprotocol/sdk";
import type {
  AgentContext,
  ClientCapabilities,
  PlanEntry,
  SessionUpdate,
  TerminalHandle,
} from "@agentclientprotocol/sdk";
import * as l10n from "@vscode/l10n";

import { fail, messageOf, ok, type Result } from "../errors.ts";
import type { Command } from "./command.ts";

/** Why the host did not do what it was asked: its own words, as one sentence. */
export type Reason = string;

export interface TerminalOptions {
  readonly signal: AbortSignal;
  readonly outputByteLimit: number;
}

/**
 * The host as one session sees it. Nothing here throws: a host may refuse anything at any time, and the
 * connection may be gone, but the turn has to come to its end all the same.
 */
export class Host {
  readonly #client: AgentContext;
  readonly #session: string;
  readonly #capabilities: ClientCapabilities;
  #calls = 0;
  #messages = 0;

  constructor(client: AgentContext, session: string, capabilities: ClientCapabilities) {
    this.#client = client;
    this.#session = session;
    this.#capabilities = capabilities;
  }

  get canRun(): boolean {
    return this.#capabilities.terminal === true;
  }

  get canEdit(): boolean {
    return this.#capabilities.fs?.readTextFile === true && this.#capabilities.fs.writeTextFile === true;
  }

  /** An id for a tool call, unique in the session. */
  nextCall(): string {
    this.#calls += 1;
    return `call-${this.#calls}`;
  }

  /** One whole message, in Markdown. */
  async say(text: string): Promise<void> {
    this.#messages += 1;
    await this.update({
      sessionUpdate: "agent_message_chunk",
      messageId: `message-${this.#messages}`,
      content: { type: "text", text },
    });
  }

  async plan(entries: readonly Pick<PlanEntry, "content" | "status">[]): Promise<void> {
    await this.update({
      sessionUpdate: "plan",
      entries: entries.map((entry) => ({ ...entry, priority: "medium" })),
    });
  }

  async update(update: SessionUpdate): Promise<void> {
    try {
      await this.#client.notify("session/update", { sessionId: this.#session, update });
    } catch {
      // The connection is gone, and with it everyone who could read this.
    }
  }

  async openTerminal(command: Command, options: TerminalOptions): Promise<Result<TerminalHandle, Reason>> {
    const [program, ...args] = command.words ?? [command.line];
    return settle(
      this.#client.createTerminal(
        {
          sessionId: this.#session,
          command: program,
          ...(command.words && { args }),
          cwd: command.cwd,
          outputByteLimit: options.outputByteLimit,
        },
        { cancellationSignal: options.signal },
      ),
    );
  }

  async read(path: string): Promise<Result<string, Reason>> {
    const answer = await settle(
      this.#client.request("fs/read_text_file", { sessionId: this.#session, path }),
    );
    return answer.ok ? ok(answer.value.content) : answer;
  }

  async write(path: string, content: string, signal: AbortSignal): Promise<Result<unknown, Reason>> {
    return settle(
      this.#client.request(
        "fs/write_text_file",
        { sessionId: this.#session, path, content },
        { cancellationSignal: signal },
      ),
    );
  }
}

/** What the host answered, or why not, in its own words. */
export async function settle<Value>(answer: Promise<Value>): Promise<Result<Value, Reason>> {
  try {
    return ok(await answer);
  } catch (error) {
    return fail(sentence(reasonOf(error)));
  }
}

/** JSON-RPC's "Internal error" says nothing; hosts put the reason into `data.details` then. */
function reasonOf(error: unknown): string {
  if (error instanceof RequestError && typeof error.data === "object" && error.data !== null) {
    const details = "details" in error.data ? error.data.details : undefined;
    if (typeof details === "string" && details !== "") {
      return details;
    }
  }
  return messageOf(error);
}

function sentence(text: string): string {
  const trimmed = text.trim();
  if (trimmed === "") {
    return l10n.t("The host gave no reason.");
  }
  return /[.!?…。]$/u.test(trimmed) ? trimmed : `${trimmed}.`;
}
