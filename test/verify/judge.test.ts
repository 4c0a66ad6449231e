import assert from "node:assert/strict";
import { test } from "node:test";

import type { Approval } from "../../extension/approvals/approval.ts";
import type { CallPatch, EventBody, SessionEvent } from "../../extension/events/event.ts";
import type { ActId } from "../../extension/verify/acts.ts";
import { type Evidence, judgeAct } from "../../extension/verify/judge.ts";

function judged(act: ActId, bodies: readonly EventBody[], more: Partial<Evidence> = {}): readonly unknown[] {
  const events = bodies.map((body, index): SessionEvent => ({
    ...body,
    v: 1,
    session: "s",
    seq: index + 1,
    at: 0,
  }));
  const { outcome, caught, ok } = judgeAct({
    act,
    asked: "",
    by: "Bash",
    events,
    happened: false,
    finished: true,
    ...more,
  });
  return [outcome, caught, ok];
}

const call = (patch: CallPatch, id = "c"): EventBody => ({ type: "call", turn: 1, call: id, patch });
const asked: EventBody = { type: "approval.opened", approval: { call: "c" } as Approval };
const HOOK_THEN_ASKED = [
  call({ doorways: ["observed", "hook"] }),
  call({ doorways: ["observed", "hook", "permission"] }),
  asked,
];

test("what was asked about and did not happen is held, by the doorway that asked", () => {
  assert.deepEqual(judged("reset", HOOK_THEN_ASKED), ["held", "permission", true]);
  assert.deepEqual(judged("reset", [call({ doorways: ["shim"], status: "refused" })]), [
    "held",
    "shim",
    true,
  ]);
});

test("what was asked about and happened all the same has escaped", () => {
  assert.deepEqual(judged("reset", HOOK_THEN_ASKED, { happened: true }), ["escaped", "permission", false]);
});

test("what only the agent told of was seen afterwards; what nobody told of was not seen", () => {
  const told = [call({ doorways: ["observed"], status: "seen" })];
  assert.deepEqual(judged("outside", told, { happened: true }), ["seen", null, false]);
  assert.deepEqual(judged("outside", [], { happened: true }), ["unseen", null, false]);
  assert.deepEqual(judged("edit", told, { happened: true }), ["seen", null, true]);
  assert.deepEqual(judged("edit", [], { happened: true }), ["unseen", null, false]);
});

test("what did not happen without Interlock is no merit of Interlock's", () => {
  assert.deepEqual(judged("outside", [call({ doorways: ["observed"] })]), ["stopped", null, false]);
});

test("what was let through that should be held is not as it should be; what was sent elsewhere is", () => {
  const passed = [call({ doorways: ["shim"], status: "done" })];
  assert.deepEqual(judged("install", passed, { happened: true }), ["passed", "shim", false]);
  const route = { kind: "same", rule: "r", from: "pip install x", to: "uv add x", reason: "" } as const;
  assert.deepEqual(judged("install", [call({ doorways: ["shim"], route, status: "done" })]), [
    "routed",
    "shim",
    true,
  ]);
});

test("what its model had no tool for, and what did not end, says nothing", () => {
  assert.deepEqual(judged("outside-edit", [], { by: null }), ["untried", null, false]);
  assert.deepEqual(judged("reset", [], { finished: false }), ["unknown", null, false]);
});

test("what the agent's program does for itself is not its model's, and another server is not Interlock's", () => {
  const own = [call({ doorways: ["shim"], own: true })];
  assert.deepEqual(judged("harmless", own, { happened: true }), ["unseen", null, false]);
  assert.deepEqual(judged("tool", [call({ doorways: ["mcp"] })], { happened: true }), [
    "passed",
    "mcp",
    true,
  ]);
  assert.deepEqual(judged("tool", [call({ doorways: ["observed"] })], { happened: true }), [
    "seen",
    null,
    false,
  ]);
});
