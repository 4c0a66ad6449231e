import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";

import type { Approval } from "../../extension/approvals/approval.ts";
import { ApprovalStore } from "../../extension/approvals/store.ts";
import { ApprovalNotice, OVERLOOKED_MS } from "../../extension/editor/notify.ts";

const WAITING = new AbortController().signal;

/** A notice with a clock of its own, and a person who presses or dismisses what it tells. */
function watched(t: TestContext, visible: boolean) {
  t.mock.timers.reset();
  t.mock.timers.enable({ apis: ["setTimeout", "Date"] });
  const store = new ApprovalStore();
  const view = { visible, shown: 0 };
  const told: { readonly text: string; readonly answer: (pressed: boolean) => void }[] = [];
  const notice = new ApprovalNotice({
    store,
    isVisible: () => view.visible,
    describe: ({ asked }) => ({ agent: "Codex", asked }),
    tell: (text) => new Promise((answer) => told.push({ text, answer })),
    show: () => (view.shown += 1),
  });
  t.after(() => notice.dispose());
  const open = (asked = "uv add rich"): void => {
    const question: Omit<Approval, "id"> = {
      session: "s1",
      call: "c1",
      kind: "change",
      act: "command",
      asked,
      cwd: "/p",
      rule: "deps.change",
      reason: "Changes the project's dependencies.",
      openedAt: Date.now(),
      choices: ["allow-once", "reject"],
      reasonGoes: "answer",
    };
    void store.open(question, WAITING);
  };
  const settle = (): void => void store.settle(store.pending()[0]?.id ?? "", "reject", "person");
  return { view, told, open, settle, notice, tick: (ms: number) => t.mock.timers.tick(ms) };
}

const said = (told: readonly { readonly text: string }[]): string[] => told.map(({ text }) => text);
/** What the answer to a notification sets off has happened. */
const soon = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("a question that a hidden panel has is told at once, and more of them not once more", (t) => {
  const { told, open } = watched(t, false);
  open();
  open();
  open();
  assert.deepEqual(said(told), ["Codex waits for your answer: uv add rich"]);
});

test("a long question is told by its beginning, in one line", (t) => {
  const { told, open } = watched(t, false);
  open(`python - <<'X'\n${"print()\n".repeat(50)}X`);
  assert.deepEqual(said(told), ["Codex waits for your answer: python - <<'X'…"]);
  const { told: other, open: openOther } = watched(t, false);
  openOther("x".repeat(300));
  assert.deepEqual(said(other), [`Codex waits for your answer: ${"x".repeat(100)}…`]);
});

test("in a visible panel a question is told once it has waited for 30 seconds, together with the others", (t) => {
  const { told, open, tick } = watched(t, true);
  open();
  tick(10_000);
  open();
  tick(OVERLOOKED_MS - 10_001);
  assert.deepEqual(told, []);
  tick(1);
  assert.deepEqual(said(told), ["Codex waits for your answer: uv add rich (and 1 more)"]);
  tick(10 * OVERLOOKED_MS);
  assert.equal(told.length, 1);
});

test("a question that is answered in time is not told, and a later one has its own time", (t) => {
  const { told, open, settle, tick } = watched(t, true);
  open();
  tick(20_000);
  open();
  settle();
  tick(29_999);
  assert.deepEqual(told, []);
  tick(1);
  assert.equal(told.length, 1);
});

test("a panel that is hidden while something waits tells it, and says nothing where nothing waits", (t) => {
  const { view, told, open, notice } = watched(t, true);
  notice.hidden();
  open();
  assert.deepEqual(told, []);
  view.visible = false;
  notice.hidden();
  assert.equal(told.length, 1);
});

test("its button shows the panel; dismissing it answers nothing, and the next question may be told", async (t) => {
  const { view, told, open } = watched(t, false);
  open();
  told[0]?.answer(false);
  await soon();
  assert.equal(view.shown, 0);
  open();
  assert.equal(told.length, 2);
  told[1]?.answer(true);
  await soon();
  assert.equal(view.shown, 1);
});

test("a notification that the editor has folded away keeps no later question quiet, once all were answered", (t) => {
  const { told, open, settle } = watched(t, false);
  open();
  settle();
  open();
  assert.equal(told.length, 2);
});
