import { OutcomeReader } from "./outcome.ts";
import type { TestEvent } from "./outcome.ts";

/** A node:test reporter that prints one JSON line for each test. */
export default async function* reporter(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const reader = new OutcomeReader();
  for await (const event of events) {
    const outcome = reader.read(event);
    if (outcome) yield `${JSON.stringify(outcome)}\n`;
  }
}
