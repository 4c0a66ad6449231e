import type { TestContext } from "node:test";

import { Calls } from "../../extension/door/calls.ts";
import { ObservedDoorway } from "../../extension/doorways/observed/observed.ts";
import type { EventBody } from "../../extension/events/event.ts";
import type { Step } from "../agents/script.ts";
import { type Options, openSession, type TestSession } from "../sessions/support/session.ts";

export interface Answer {
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: { code?: string } };
}

export interface Conversation {
  readonly opened: TestSession;
  /** What the agent was answered, in the order of its requests. */
  readonly answers: readonly Answer[];
}

export function request(method: string, params: object = {}): Step {
  return { request: { method, params: { ...params } } };
}

/** One turn in which the agent makes these requests, one after the other. */
export async function requests(
  t: TestContext,
  steps: Step[],
  options: Options & { prepare?: (opened: TestSession) => Promise<void> } = {},
): Promise<Conversation> {
  const opened = await openSession(t, { turns: [steps] }, options);
  await options.prepare?.(opened);
  await opened.session.prompt("go");
  return { opened, answers: opened.answers() as Answer[] };
}

export interface Observed {
  readonly observed: ObservedDoorway;
  readonly calls: Calls;
  readonly events: readonly EventBody[];
  /** Calls whose agent does not wait for the answer any more. */
  readonly gaveUp: readonly string[];
}

/** The observed doorway of a session at `/p`, and what comes of what the agent reports. */
export function observedDoorway(): Observed {
  const events: EventBody[] = [];
  const gaveUp: string[] = [];
  const calls = new Calls(
    (event) => events.push(event),
    () => 1,
    () => {},
  );
  const observed = new ObservedDoorway({
    calls,
    cwd: "/p",
    onEdited: () => {},
    onOutput: () => {},
    onGaveUp: (call) => gaveUp.push(call),
  });
  return { observed, calls, events, gaveUp };
}
