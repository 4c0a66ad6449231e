import assert from "node:assert/strict";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import type { PermissionOption, Step } from "../agents/script.ts";
import { type Options, makeSession, type TestSession } from "../sessions/support/session.ts";

const USUAL: PermissionOption[] = [
  { optionId: "always", name: "Always allow", kind: "allow_always" },
  { optionId: "once", name: "Allow", kind: "allow_once" },
  { optionId: "never", name: "Never", kind: "reject_always" },
  { optionId: "no", name: "No", kind: "reject_once" },
];

interface Asked {
  readonly opened: TestSession;
  /** The option that was chosen, or `cancelled`. */
  readonly answer: string;
}

/** Has the agent ask for a permission, and returns what it was answered. */
async function ask(
  t: Parameters<typeof makeSession>[0],
  toolCall: object,
  options: PermissionOption[] = USUAL,
  more: Options & { prepare?: (opened: TestSession) => Promise<void> } = {},
): Promise<Asked> {
  const request = { toolCall: { toolCallId: "a", ...toolCall }, options };
  const opened = await makeSession(t, { turns: [[{ requestPermission: request }]] }, more);
  await more.prepare?.(opened);
  await opened.session.start();
  await opened.session.prompt("go");
  const [answered = {}] = opened.answers();
  const { outcome } = answered.result as { outcome: { outcome: string; optionId?: string } };
  return { opened, answer: outcome.optionId ?? outcome.outcome };
}

const HARMLESS = { kind: "execute", title: "ls", rawInput: { command: "ls" } };
const UNKNOWN = { kind: "execute", title: "frobnicate", rawInput: { command: "frobnicate" } };

test("what is allowed is allowed once, and what is rejected is rejected once", async (t) => {
  assert.equal((await ask(t, HARMLESS)).answer, "once");
  assert.equal((await ask(t, UNKNOWN, USUAL, { answer: "allow-once" })).answer, "once");
  assert.equal((await ask(t, UNKNOWN, USUAL, { answer: "reject" })).answer, "no");
});

const lasting: readonly (readonly [string, PermissionOption[]])[] = [
  ["always", [{ optionId: "a", name: "Allow", kind: "allow_always" }]],
  ["by its name", [{ optionId: "a", name: "Yes, and don't ask again", kind: "allow_once" }]],
  ["for the session", [{ optionId: "allow_session", name: "Yes", kind: "allow_once" }]],
];
for (const [what, options] of lasting) {
  test(`an option that lasts (${what}) is never chosen, and the row says why it came to nothing`, async (t) => {
    const { opened, answer } = await ask(t, UNKNOWN, options, { answer: "allow-once" });
    assert.equal(answer, "cancelled");
    const { status, problem } = opened.row();
    assert.deepEqual([status, problem?.code], ["refused", "permission.no-option"]);
  });
}

test("without an option to reject once the request is cancelled", async (t) => {
  const options = USUAL.filter(({ kind }) => kind !== "reject_once");
  assert.equal((await ask(t, UNKNOWN, options, { answer: "reject" })).answer, "cancelled");
});

test("without any option, or with ones that nobody knows, nothing is allowed", async (t) => {
  assert.equal((await ask(t, HARMLESS, [])).answer, "cancelled");
  const odd = [{ optionId: "x", name: "Go", kind: "proceed" }];
  assert.equal((await ask(t, HARMLESS, odd)).answer, "cancelled");
});

test("of two options of a kind the narrower one is chosen", async (t) => {
  const two: PermissionOption[] = [
    { optionId: "anywhere", name: "Allow everywhere", kind: "allow_once" },
    { optionId: "here", name: "Allow in this folder", kind: "allow_once" },
  ];
  assert.equal((await ask(t, HARMLESS, two)).answer, "here");
});

test("reading a file of the project is allowed without asking, one outside and one with secrets are asked", async (t) => {
  const read = (path: string) => ({ kind: "read", title: "Read", locations: [{ path }] });
  const inside = await ask(t, read("a.txt"), USUAL, { answer: "reject" });
  assert.deepEqual([inside.answer, inside.opened.row().rule], ["once", "read"]);
  const outside = await ask(t, read("/etc/passwd"), USUAL, { answer: "reject" });
  assert.deepEqual([outside.answer, outside.opened.row().rule], ["no", "read.outside"]);
  const secret = await ask(t, read(".env"), USUAL, { answer: "reject" });
  assert.deepEqual([secret.answer, secret.opened.row().rule], ["no", "secret.read"]);
});

test("editing a file is judged by where the file really is", async (t) => {
  const edit = (path: string) => ({
    kind: "edit",
    title: "Edit",
    content: [{ type: "diff", path, oldText: "a", newText: "b" }],
  });
  const prepare = async ({ project, base }: TestSession): Promise<void> => {
    await writeFile(join(base, "outside", "b.txt"), "b");
    await symlink(join(base, "outside", "b.txt"), join(project, "link.txt"));
  };
  const inside = await ask(t, edit("a.txt"), USUAL, { answer: "reject" });
  assert.deepEqual([inside.answer, inside.opened.row().rule], ["once", "fs.write"]);
  const through = await ask(t, edit("link.txt"), USUAL, { answer: "reject", prepare });
  assert.deepEqual([through.answer, through.opened.row().rule], ["no", "fs.write.outside"]);
  const audit = await ask(t, edit("agent-audit/2026-11-20.log"), USUAL, { answer: "allow-once" });
  assert.deepEqual([audit.answer, audit.opened.row().status], ["no", "refused"]);
});

test("of several files each is judged, and one refusal refuses all", async (t) => {
  const locations = [{ path: "a.txt" }, { path: "/etc/hosts" }];
  const { opened, answer } = await ask(t, { kind: "edit", title: "Edit 2 files", locations }, USUAL, {
    answer: "reject",
  });
  assert.equal(answer, "no");
  assert.deepEqual([opened.row().rule, opened.row().status], ["fs.write.outside", "rejected"]);
});

test("a yes to each of several files holds for each, once, and for no other", async (t) => {
  const files = ["a.txt", "b.txt"].map((name) => `\${cwd}/../outside/${name}`);
  const toolCall = { toolCallId: "a", kind: "edit", title: "Edit 2 files" };
  const write = (path: string): Step => ({ writeFile: { path, content: "x" } });
  const opened = await makeSession(
    t,
    {
      turns: [
        [
          { requestPermission: { toolCall: { ...toolCall, locations: files.map((path) => ({ path })) } } },
          ...files.map(write),
        ],
        files.map(write),
      ],
    },
    { answer: "allow-once" },
  );
  await opened.session.start();
  const asked = () => opened.events.filter(({ type }) => type === "approval.opened").length;
  await opened.session.prompt("go");
  assert.deepEqual(
    opened.answers().map(({ error }) => error),
    [undefined, undefined, undefined],
  );
  assert.equal(asked(), 2);
  await opened.session.prompt("again");
  assert.equal(asked(), 4);
});

test("what deletes or moves files, and any other tool, asks as what is not known", async (t) => {
  for (const kind of ["delete", "move", "fetch", "other", "switch_mode", "brand_new_kind"]) {
    const toolCall = { kind, title: `${kind} a.txt`, locations: [{ path: "a.txt" }] };
    const { opened, answer } = await ask(t, toolCall, USUAL, { answer: "reject" });
    assert.deepEqual([kind, answer, opened.row().rule], [kind, "no", "unclear.tool"]);
  }
});

test("a folder that is a link is followed before the command is judged", async (t) => {
  const prepare = async ({ project, base }: TestSession): Promise<void> => {
    await mkdir(join(base, "outside", "deep"));
    await symlink(join(base, "outside", "deep"), join(project, "linked"));
  };
  const toolCall = { kind: "execute", rawInput: { command: "touch x", cwd: "${cwd}/linked" } };
  const { opened, answer } = await ask(t, toolCall, USUAL, { answer: "reject", prepare });
  assert.equal(answer, "no");
  assert.equal(opened.row().rule, "fs.write.outside");
});

test("a request without an id is answered with an error, and asks nobody", async (t) => {
  const params = { toolCall: { title: "ls" }, options: USUAL };
  const opened = await makeSession(t, {
    turns: [[{ request: { method: "session/request_permission", params } }]],
  });
  await opened.session.start();
  await opened.session.prompt("go");
  assert.ok(opened.answers()[0]?.error);
  assert.deepEqual(opened.rows(), []);
});

test("the agent's last sentence is shown beside the question", async (t) => {
  const opened = await makeSession(
    t,
    {
      turns: [
        [
          { say: "I looked around. Now I clean up what I made:" },
          { requestPermission: { toolCall: { toolCallId: "a", ...UNKNOWN } } },
        ],
      ],
    },
    { answer: "reject" },
  );
  await opened.session.start();
  await opened.session.prompt("go");
  assert.equal((await opened.until("approval.opened")).approval.why, "Now I clean up what I made:");
});
