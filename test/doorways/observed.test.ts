import assert from "node:assert/strict";
import { test } from "node:test";
import { observedDoorway } from "./support.ts";

/** A call that a person is asked about, and the doorway that hears what the agent says of it. */
function held() {
  const { observed, calls, gaveUp } = observedDoorway();
  const { call } = observed.report({ toolCallId: "a", kind: "execute", title: "make" }, true);
  call.inDoor = true;
  calls.update(call, { status: "held" });
  return { observed, call, gaveUp };
}

test("an agent that reports the end of a call that is still asked about does not wait any more", () => {
  for (const status of ["failed", "completed"] as const) {
    const { observed, call, gaveUp } = held();
    observed.report({ toolCallId: "a", status }, false);
    assert.deepEqual(gaveUp, [call.id], status);
  }
});

test("one that says it goes on with a call waits", () => {
  const { observed, gaveUp } = held();
  observed.report({ toolCallId: "a", status: "in_progress" }, false);
  observed.report({ toolCallId: "a", status: "pending" }, false);
  observed.report({ toolCallId: "b", kind: "execute", title: "ls", status: "completed" }, true);
  assert.deepEqual(gaveUp, []);
});
