import { setTimeout as sleep } from "node:timers/promises";
import type { AgentHandlers } from "../acp/connection.ts";
import type { FsDoorway } from "../doorways/fs/fs.ts";
import type { PermissionDoorway } from "../doorways/permission/permission.ts";
import type { TerminalDoorway } from "../doorways/terminal/terminal.ts";
import type { Problem } from "../errors.ts";
import type { Messages } from "./messages.ts";
import { reportOf, type Updates } from "./updates.ts";

/** A request that a slow disk holds up holds the end of a turn up so long, and no longer. */
const ANSWERED_MS = 2_000;

interface HandlerParts {
  readonly updates: Updates;
  readonly messages: Messages;
  readonly permission: PermissionDoorway;
  readonly fs: FsDoorway;
  readonly terminals: TerminalDoorway;
  readonly onClosed: () => void;
  readonly onNotice: (problem: Problem) => void;
}

/** What an agent asks for, brought to the doorways; closing waits until each request is answered. */
export class Requests {
  readonly #open = new Set<Promise<unknown>>();

  handlers(parts: HandlerParts): AgentHandlers {
    const { updates, messages, permission, fs, terminals, onClosed, onNotice } = parts;
    return {
      onUpdate: (update, child) => updates.handle(update, child),
      onClosed,
      onNotice,
      requestPermission: ({ toolCall, options }, child, signal) => {
        messages.interrupt();
        return this.#answer(permission.answer(reportOf(toolCall, child), options, signal));
      },
      readTextFile: (request, signal) => this.#answer(fs.read(request, signal)),
      writeTextFile: (request, signal) => this.#answer(fs.write(request, signal)),
      createTerminal: (request, signal) => this.#answer(terminals.create(request, signal)),
      terminalOutput: (id) => terminals.output(id),
      waitForTerminal: (id) => terminals.waitForExit(id),
      killTerminal: (id) => terminals.kill(id),
      releaseTerminal: (id) => terminals.release(id),
    };
  }

  /** Resolves when all are answered. Nobody is asked any more by then, so each answers soon. */
  async answered(): Promise<void> {
    await Promise.race([Promise.allSettled(this.#open), sleep(ANSWERED_MS, undefined, { ref: false })]);
  }

  #answer<Value>(work: Promise<Value>): Promise<Value> {
    const answered = work.finally(() => this.#open.delete(answered));
    this.#open.add(answered);
    return answered;
  }
}
