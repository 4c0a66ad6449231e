import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import type { Approval, Choice, RuleOffer } from "../../extension/approvals/approval.ts";
import { draftText } from "../../extension/policy/draft.ts";
import type { RuleEntry } from "../../extension/policy/schema.ts";
import type { Step } from "../agents/script.ts";
import { makeSession, openSession, type TestSession } from "./support/session.ts";

const terminal = (command: string): Step => ({ terminal: { command } });
const permission = (command: string, toolCallId = "a"): Step => ({
  requestPermission: { toolCall: { toolCallId, kind: "execute", rawInput: { command } } },
});

const textOf = (list: "allow" | "deny", offer: RuleOffer | undefined): string =>
  draftText(list, JSON.parse(offer?.rule ?? "null") as RuleEntry);

/** Answers the questions in their order, and keeps them. */
function answering(opened: TestSession, answers: readonly Choice[]): readonly Approval[] {
  const asked: Approval[] = [];
  opened.approvals.onChange(({ type, approval }) => {
    if (type !== "opened") return;
    const answer = answers[asked.push(approval) - 1];
    if (answer !== undefined) opened.approvals.settle(approval.id, answer, "person");
  });
  return asked;
}

test("a rule that is written while a question waits settles it, as allowed by that rule", async (t) => {
  const opened = await openSession(t, { turns: [[terminal("frobnicate tidy a.txt")]] });
  const done = opened.session.prompt("go");
  const { approval } = await opened.until("approval.opened");
  const added = await opened.policy.addRules(textOf("allow", approval.rules?.allow));
  assert.ok(added.ok);
  await opened.approvals.recheck();
  await done;
  assert.deepEqual(opened.of("approval.settled")[0]?.settlement, { choice: "allow-once", by: "rule" });
  const { rule, verdict, answeredBy, status } = opened.row();
  assert.deepEqual(
    [rule, verdict, answeredBy, status],
    ["mine.frobnicate-tidy-a-txt", "allow", null, "failed"],
  );
  const decisions = (await opened.records()).filter(({ phase }) => phase === "decision");
  assert.deepEqual(
    decisions.map(({ rule, verdict, answeredBy, allowed }) => [rule, verdict, answeredBy, allowed]),
    [["mine.frobnicate-tidy-a-txt", "allow", null, true]],
  );
});

test("a rule that refuses settles what waits, and the agent reads what to do instead", async (t) => {
  const opened = await openSession(t, { turns: [[terminal("frobnicate wipe")]] });
  const done = opened.session.prompt("go");
  const { approval } = await opened.until("approval.opened");
  assert.ok((await opened.policy.addRules(textOf("deny", approval.rules?.deny))).ok);
  await opened.approvals.recheck();
  await done;
  assert.equal(opened.row().status, "refused");
  assert.match(JSON.stringify(opened.answers()), /Refused by rule mine\.no-frobnicate-wipe/);
});

test("what a new rule does not cover waits on", async (t) => {
  const opened = await openSession(t, { turns: [[terminal("frobnicate wipe")]] });
  const done = opened.session.prompt("go");
  const { approval } = await opened.until("approval.opened");
  const other = { id: "mine.x", command: "frobnicate tidy", reason: "x" };
  assert.ok((await opened.policy.addRules(draftText("allow", other))).ok);
  await opened.approvals.recheck();
  assert.deepEqual(opened.of("approval.settled"), []);
  opened.approvals.settle(approval.id, "reject", "person");
  await done;
});

test("a yes by a rule is not to what would be lost", async (t) => {
  const opened = await openSession(t, { turns: [[terminal("rm -rf notes && frobnicate")]] });
  await writeFile(join(opened.project, "notes"), "kept nowhere else");
  const done = opened.session.prompt("go");
  const { approval } = await opened.until("approval.opened");
  assert.equal(approval.kind, "loss");
  assert.equal(approval.rules?.allow, undefined, "no rule that allows it is offered");
  const rules = ["rm **", "frobnicate"].map((command, n) => ({ id: `mine.r${n}`, command, reason: "x" }));
  for (const rule of rules) assert.ok((await opened.policy.addRules(draftText("allow", rule))).ok);
  await opened.approvals.recheck();
  assert.deepEqual(opened.of("approval.settled"), []);
  opened.approvals.settle(approval.id, "reject", "person");
  await done;
  assert.equal(existsSync(join(opened.project, "notes")), true);
});

test("what can't be taken back, and a script whose content may change, are offered no rule that allows them", async (t) => {
  const opened = await openSession(t, { turns: [[terminal("npm publish"), terminal("bash tool.sh")]] });
  await writeFile(join(opened.project, "tool.sh"), "frobnicate wipe\n");
  const asked = answering(opened, ["reject", "reject"]);
  await opened.session.prompt("go");
  assert.deepEqual(
    asked.map(({ asked, rules }) => [asked, rules?.allow, rules?.deny?.covers]),
    [
      ["npm publish", undefined, "npm publish"],
      ["bash tool.sh", undefined, "frobnicate wipe"],
    ],
  );
});

test("after the third same answer a rule is proposed, in the row and at the next question", async (t) => {
  const names = ["a", "b", "c", "d"];
  const opened = await openSession(t, { turns: [names.map((name) => terminal(`frobnicate tidy ${name}`))] });
  const asked = answering(opened, ["allow-once", "allow-once", "allow-once", "reject"]);
  await opened.session.prompt("go");
  assert.deepEqual(
    opened.rows().map(({ proposes }) => proposes),
    [undefined, undefined, "allow", undefined],
  );
  assert.deepEqual(
    asked.map(({ rules }) => [rules?.repeated, rules?.allow?.covers]),
    [
      [undefined, "frobnicate tidy a"],
      [undefined, "frobnicate tidy b"],
      [undefined, "frobnicate tidy *"],
      ["allow", "frobnicate tidy *"],
    ],
  );
});

test("three times no proposes a refusal; a yes between begins anew", async (t) => {
  const steps = Array.from({ length: 5 }, () => terminal("frobnicate wipe"));
  const opened = await openSession(t, { turns: [steps] });
  answering(opened, ["reject", "allow-once", "reject", "reject-stop"]);
  await opened.session.prompt("go");
  assert.equal(
    opened.rows().some(({ proposes }) => proposes !== undefined),
    false,
  );
  const again = await openSession(t, { turns: [steps.slice(0, 3)] });
  answering(again, ["reject", "reject", "reject"]);
  await again.session.prompt("go");
  assert.equal(again.rows().at(-1)?.proposes, "deny");
});

test("a question of the permission doorway is settled by a rule too, and can't be edited", async (t) => {
  const opened = await openSession(t, { turns: [[permission("frobnicate")]] });
  const done = opened.session.prompt("go");
  const { approval } = await opened.until("approval.opened");
  assert.equal(approval.choices.includes("edit"), false);
  assert.equal(opened.approvals.settle(approval.id, "edit", "person", "ls"), false);
  assert.ok((await opened.policy.addRules(textOf("allow", approval.rules?.allow))).ok);
  await opened.approvals.recheck();
  await done;
  assert.match(JSON.stringify(opened.answers()), /"optionId"/);
  assert.equal(opened.row().rule, "mine.frobnicate");
});

test("the person's file is made from the template where there is none, and keeps link, rights and words", async (t) => {
  const opened = await makeSession(t);
  const [link, file] = [join(opened.base, "policy.json"), join(opened.base, "dotfiles.json")];
  const text = (n: number) => draftText("allow", { id: `mine.r${n}`, command: "x", reason: "y" });
  assert.ok((await opened.policy.addRules(text(1))).ok);
  assert.match(await readFile(link, "utf8"), /\/\/ Always allowed\./);
  assert.equal((await stat(link)).mode & 0o777, 0o600);
  const linked = await makeSession(t);
  await writeFile(file, '{ "version": 1 } // mine\n', { mode: 0o640 });
  await symlink(file, linked.policy.places.userFile);
  assert.ok((await linked.policy.addRules(text(2))).ok);
  assert.match(await readFile(file, "utf8"), /mine\.r2[^]*\/\/ mine/);
  assert.equal((await stat(file)).mode & 0o777, 0o640);
});

test("nothing is written where the rule, the file, or both together could not be read", async (t) => {
  const opened = await makeSession(t);
  const { userFile } = opened.policy.places;
  const rule = { id: "mine.r", command: "x", reason: "y" };
  const codes = async (text: string) => {
    const added = await opened.policy.addRules(text);
    return added.ok ? "added" : added.error.code;
  };
  assert.equal(await codes("{"), "policy.unfit");
  assert.equal(await codes('{"version":1}'), "policy.rules-only");
  assert.equal(await codes('{"version":1,"network":{"read":"deny"}}'), "policy.rules-only");
  assert.equal(await codes(draftText("allow", { ...rule, match: ["y"] })), "policy.unfit");
  assert.equal(existsSync(userFile), false);
  const kept = `${draftText("allow", rule)}\n`;
  await writeFile(userFile, kept);
  assert.equal(await codes(draftText("allow", rule)), "policy.unfit", "the id is there twice");
  await writeFile(userFile, "{ broken");
  assert.equal(await codes(draftText("allow", rule)), "policy.broken");
  assert.equal(await readFile(userFile, "utf8"), "{ broken");
});
