import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  type Approval,
  REASON_CHARACTERS,
  type SettledBy,
  type Settlement,
} from "../../extension/approvals/approval.ts";
import { type ApprovalChange, ApprovalStore, MAX_PENDING } from "../../extension/approvals/store.ts";

const WAITING = new AbortController().signal;

const question = (call = "c1", session = "s1"): Omit<Approval, "id"> => ({
  session,
  call,
  kind: "loss",
  act: "command",
  asked: "git reset --hard",
  cwd: "/p",
  rule: "git.reset.discard",
  reason: "Discards uncommitted changes.",
  openedAt: 0,
  choices: ["allow-once", "reject", "reject-stop"],
  reasonGoes: "answer",
});

function watched(): { store: ApprovalStore; told: ApprovalChange[] } {
  const store = new ApprovalStore();
  const told: ApprovalChange[] = [];
  store.onChange((change) => told.push(change));
  return { store, told };
}

function onlyId(store: ApprovalStore): string {
  const [approval, ...more] = store.pending();
  assert.ok(approval !== undefined && more.length === 0);
  return approval.id;
}

const isOpen = (answer: Promise<Settlement>): Promise<boolean> =>
  Promise.race([answer.then(() => false), new Promise<boolean>((resolve) => setImmediate(resolve, true))]);

test("a question waits until it is answered, and is told when it opens and when it is settled", async () => {
  const { store, told } = watched();
  const answer = store.open(question(), WAITING);
  assert.equal(await isOpen(answer), true);
  const id = onlyId(store);
  assert.equal(store.settle(id, "allow-once", "person"), true);
  assert.deepEqual(await answer, { choice: "allow-once", by: "person" });
  assert.deepEqual(store.pending(), []);
  assert.deepEqual(
    told.map(({ type, approval }) => [type, approval.id]),
    [
      ["opened", id],
      ["settled", id],
    ],
  );
});

test("the first answer wins, and the next one is told that it came too late", async () => {
  const { store, told } = watched();
  const answer = store.open(question(), WAITING);
  const id = onlyId(store);
  assert.deepEqual(
    [store.settle(id, "reject", "person"), store.settle(id, "allow-once", "person")],
    [true, false],
  );
  assert.deepEqual(await answer, { choice: "reject", by: "person" });
  assert.equal(told.length, 2);
});

test("an answer from inside of the news that it is settled comes too late as well", async () => {
  const { store } = watched();
  const answers: boolean[] = [];
  store.onChange(({ type, approval }) => {
    if (type === "settled") answers.push(store.settle(approval.id, "allow-once", "person"));
  });
  const answer = store.open(question(), WAITING);
  store.settle(onlyId(store), "reject", "person");
  assert.deepEqual([answers, (await answer).choice], [[false], "reject"]);
});

test("an answer that is given while it is told is taken", async () => {
  const { store } = watched();
  store.onChange(({ type, approval }) => {
    if (type === "opened") store.settle(approval.id, "allow-once", "person");
  });
  assert.equal((await store.open(question(), WAITING)).choice, "allow-once");
});

test("an id that nobody knows settles nothing", () => {
  assert.equal(new ApprovalStore().settle("x", "allow-once", "person"), false);
});

describe("nothing but a person's own yes is one", () => {
  for (const by of [
    "gave-up",
    "cancelled",
    "agent-gone",
    "session-ended",
    "nobody-there",
  ] satisfies SettledBy[]) {
    test(`not when it was settled by: ${by}`, async () => {
      const store = new ApprovalStore();
      const answer = store.open(question(), WAITING);
      store.settle(onlyId(store), "allow-once", by);
      assert.deepEqual(await answer, { choice: "reject", by });
    });
  }

  test("not when whoever asked goes away, before or after", async () => {
    const { store, told } = watched();
    const channel = new AbortController();
    const answer = store.open(question(), channel.signal);
    const id = onlyId(store);
    channel.abort();
    assert.deepEqual(await answer, { choice: "reject", by: "gave-up" });
    assert.equal(store.settle(id, "allow-once", "person"), false);
    assert.equal(told.length, 2);
    assert.deepEqual(await store.open(question(), channel.signal), { choice: "reject", by: "gave-up" });
    assert.equal(told.length, 2, "nobody is asked for one who has gone");
  });

  test("not when the person stops the turn, before or after", async () => {
    const { store } = watched();
    const stop = new AbortController();
    const answer = store.open(question(), WAITING, stop.signal);
    stop.abort();
    assert.deepEqual(await answer, { choice: "reject", by: "cancelled" });
    assert.equal((await store.open(question(), WAITING, stop.signal)).by, "cancelled");
  });

  test("not when the agent says that its call is over: the questions of other calls stay", async () => {
    const { store } = watched();
    const over = store.open(question("c1"), WAITING);
    const other = store.open(question("c2"), WAITING);
    store.giveUp("s2", "c1");
    assert.equal(await isOpen(over), true, "another session's call of that name");
    store.giveUp("s1", "c1");
    assert.deepEqual(await over, { choice: "reject", by: "gave-up" });
    assert.equal(await isOpen(other), true);
  });

  test("not when the session ends: its questions are void, those of others stay", async () => {
    const store = new ApprovalStore();
    const mine = [store.open(question("c1"), WAITING), store.open(question("c2"), WAITING)];
    const other = store.open(question("c1", "s2"), WAITING);
    store.settleSession("s1", "session-ended");
    for (const answer of await Promise.all(mine))
      assert.deepEqual(answer, { choice: "reject", by: "session-ended" });
    assert.equal(await isOpen(other), true);
    assert.deepEqual(
      store.pending().map(({ session }) => session),
      ["s2"],
    );
  });
});

test("an answer that was not offered settles nothing", async () => {
  const { store } = watched();
  const answer = store.open(question(), WAITING);
  const id = onlyId(store);
  assert.equal(store.settle(id, "allow-session", "person"), false);
  assert.equal(await isOpen(answer), true);
  assert.equal(store.settle(id, "reject-stop", "person"), true);
  assert.deepEqual(await answer, { choice: "reject-stop", by: "person" });
});

test("a no has the person's reason, bounded; a yes has none", async () => {
  const { store } = watched();
  const answers = [store.open(question("c1"), WAITING), store.open(question("c2"), WAITING)];
  const [first, second] = store.pending();
  store.settle(first?.id ?? "", "reject", "person", `  ${"no ".repeat(5_000)}`);
  store.settle(second?.id ?? "", "allow-once", "person", "fine");
  const [no, yes] = await Promise.all(answers);
  assert.equal(no?.reason?.length, REASON_CHARACTERS);
  assert.equal(no?.reason?.startsWith("no no"), true);
  assert.deepEqual(yes, { choice: "allow-once", by: "person" });
});

test("a channel that goes away after the answer changes nothing", async () => {
  const { store, told } = watched();
  const channel = new AbortController();
  const answer = store.open(question(), channel.signal);
  store.settle(onlyId(store), "allow-once", "person");
  channel.abort();
  assert.equal((await answer).choice, "allow-once");
  assert.equal(told.length, 2);
});

test("twenty questions of a session wait; one more is refused unasked, and there is room again after an answer", async () => {
  const { store, told } = watched();
  for (let n = 0; n < MAX_PENDING; n++) void store.open(question(`c${n}`), WAITING);
  assert.equal(MAX_PENDING, 20);
  assert.deepEqual(await store.open(question("more"), WAITING), { choice: "reject", by: "too-many" });
  assert.equal(told.length, MAX_PENDING);
  assert.equal(
    await isOpen(store.open(question("c1", "s2"), WAITING)),
    true,
    "each session has its own twenty",
  );
  const [first] = store.pending("s1");
  store.settle(first?.id ?? "", "reject", "person");
  assert.equal(await isOpen(store.open(question("again"), WAITING)), true);
  assert.deepEqual(
    store.pending("s1").map(({ call }) => call),
    [...Array.from({ length: MAX_PENDING - 1 }, (_, n) => `c${n + 1}`), "again"],
    "in the order in which they were opened",
  );
});

test("whoever stops listening is told nothing more", () => {
  const store = new ApprovalStore();
  let told = 0;
  const stop = store.onChange(() => told++);
  void store.open(question(), WAITING);
  stop();
  store.settle(onlyId(store), "reject", "person");
  assert.equal(told, 1);
});

test("what is asked about a project's lock stays when its call or its turn is over, and goes with the session", async () => {
  const { store } = watched();
  const answer = store.open({ ...question(), kind: "lock", choices: ["update-lock", "reject"] }, WAITING);
  store.giveUp("s1", "c1");
  store.settleSession("s1", "gave-up");
  store.settleSession("s1", "cancelled");
  assert.equal(await isOpen(answer), true);
  assert.equal(store.settle(onlyId(store), "as-it-is", "person"), false, "it was not offered");
  store.settleSession("s1", "session-ended");
  assert.deepEqual(await answer, { choice: "reject", by: "session-ended" });
});
