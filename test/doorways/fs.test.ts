import assert from "node:assert/strict";
import {
  chmod,
  link,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  stat,
  symlink,
  truncate,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import type { Step } from "../agents/script.ts";
import type { Admission } from "../../extension/door/door.ts";
import { diskFiles } from "../../extension/doorways/fs/disk.ts";
import { FsDoorway, type FsParts } from "../../extension/doorways/fs/fs.ts";
import { tempDir } from "../harness/temp.ts";
import { openSession, type TestSession } from "../sessions/support/session.ts";
import { request, requests } from "./support.ts";

const read = (path: string, more: object = {}): Step => request("fs/read_text_file", { path, ...more });
const write = (path: string, content: string): Step => request("fs/write_text_file", { path, content });
const inProject = (name: string): string => `\${cwd}/${name}`;

test("a file is read whole, or from a line on, or so many lines", async (t) => {
  const { answers } = await requests(
    t,
    [
      read(inProject("a.txt")),
      read(inProject("a.txt"), { line: 2 }),
      read(inProject("a.txt"), { line: 2, limit: 1 }),
      read(inProject("a.txt"), { limit: 1 }),
      read(inProject("a.txt"), { line: 9 }),
      read(inProject("a.txt"), { limit: 0 }),
    ],
    { prepare: ({ project }) => writeFile(join(project, "a.txt"), "one\r\ntwo\nthree") },
  );
  assert.deepEqual(
    answers.map(({ result }) => result?.["content"]),
    ["one\r\ntwo\nthree", "two\nthree", "two\n", "one\r\n", "", ""],
  );
});

test("what can't be read is told by its reason: relative, missing, folder, no text, too large", async (t) => {
  const { opened, answers } = await requests(
    t,
    [
      read("a.txt"),
      read(inProject("missing.txt")),
      read(inProject("")),
      read(inProject("picture.png")),
      read(inProject("huge.log")),
      read("/dev/zero"),
    ],
    {
      mode: "trusting",
      prepare: async ({ project }) => {
        await writeFile(join(project, "picture.png"), Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff, 0xfe]));
        await writeFile(join(project, "huge.log"), "");
        await truncate(join(project, "huge.log"), 17 * 1024 * 1024);
      },
    },
  );
  assert.deepEqual(
    answers.map(({ error }) => error?.data?.code),
    ["fs.relative", "fs.missing", "fs.folder", "fs.not-text", "fs.too-large", "fs.not-text"],
  );
  assert.deepEqual(
    opened.rows().map(({ status, problem }) => [status, problem?.code]),
    ["fs.missing", "fs.folder", "fs.not-text", "fs.too-large", "fs.not-text"].map((code) => ["failed", code]),
  );
});

test("a byte order mark and line ends are kept as they are", async (t) => {
  const text = "\uFEFFa\r\nb\n";
  const { opened, answers } = await requests(t, [write(inProject("a.txt"), text), read(inProject("a.txt"))]);
  assert.equal(answers[1]?.result?.["content"], text);
  assert.equal(await readFile(join(opened.project, "a.txt"), "utf8"), text);
});

test("a new file in a new folder is made, and its row shows what it holds", async (t) => {
  const { opened, answers } = await requests(t, [write(inProject("new/deep/a.txt"), "a\nb\n")]);
  assert.deepEqual(answers[0]?.result, {});
  const path = join(opened.project, "new/deep/a.txt");
  assert.equal(await readFile(path, "utf8"), "a\nb\n");
  const row = opened.row();
  assert.deepEqual([row.kind, row.title, row.status, row.doorways], ["edit", path, "done", ["fs"]]);
  assert.deepEqual(row.diffs, [{ path, added: 2, removed: 0, oldText: null, newText: "a\nb\n" }]);
  assert.deepEqual(opened.gates.edits, [[path]]);
});

test("a file is replaced in one step, and keeps its mode", async (t) => {
  const { opened } = await requests(t, [write(inProject("run.sh"), "#!/bin/sh\necho new\n")], {
    prepare: async ({ project }) => {
      await writeFile(join(project, "run.sh"), "#!/bin/sh\n");
      await chmod(join(project, "run.sh"), 0o750);
      await link(join(project, "run.sh"), join(project, "before.sh"));
    },
  });
  const path = join(opened.project, "run.sh");
  assert.equal((await stat(path)).mode & 0o7777, 0o750);
  assert.equal(
    await readFile(join(opened.project, "before.sh"), "utf8"),
    "#!/bin/sh\n",
    "the old one was not touched",
  );
  assert.deepEqual(
    (await readdir(opened.project)).filter((name) => name.endsWith(".tmp")),
    [],
  );
});

test("writing through a link changes what it points at, and leaves the link", async (t) => {
  const { opened } = await requests(
    t,
    [write(inProject("link.txt"), "new\n"), write(inProject("dangling.txt"), "made\n")],
    {
      prepare: async ({ project }) => {
        await writeFile(join(project, "real.txt"), "old\n");
        await symlink("real.txt", join(project, "link.txt"));
        await symlink("later.txt", join(project, "dangling.txt"));
      },
    },
  );
  const { project } = opened;
  assert.equal(await readlink(join(project, "link.txt")), "real.txt");
  assert.equal(await readFile(join(project, "real.txt"), "utf8"), "new\n");
  assert.equal(await readlink(join(project, "dangling.txt")), "later.txt");
  assert.equal(await readFile(join(project, "later.txt"), "utf8"), "made\n");
});

const ways: readonly (readonly [string, (opened: TestSession) => Promise<unknown>, string])[] = [
  ["a link to a file", ({ base, project }) => symlink(join(base, "outside/x"), join(project, "x")), "x"],
  ["a link to nothing yet", ({ base, project }) => symlink(join(base, "outside/y"), join(project, "y")), "y"],
  [
    "a link to a folder",
    ({ base, project }) => symlink(join(base, "outside"), join(project, "dir")),
    "dir/z",
  ],
  [
    "a chain of links",
    async ({ base, project }) => {
      await symlink(join(base, "outside"), join(project, "first"));
      await symlink("first/w", join(project, "second"));
    },
    "second",
  ],
  ["dots", async () => {}, "../outside/v"],
];
for (const [what, prepare, path] of ways) {
  test(`${what} out of the project is a write outside, and asks`, async (t) => {
    const { opened, answers } = await requests(t, [write(inProject(path), "x")], {
      answer: "reject",
      prepare: async (opened) => {
        await writeFile(join(opened.base, "outside", "x"), "mine");
        await prepare(opened);
      },
    });
    assert.equal(answers[0]?.error?.data?.code, "rejected");
    assert.equal(opened.row().rule, "fs.write.outside");
    assert.deepEqual(await readdir(join(opened.base, "outside")), ["x"]);
    assert.equal(await readFile(join(opened.base, "outside", "x"), "utf8"), "mine");
  });
}

test("a loop of links is an error, not an endless search", async (t) => {
  const { answers } = await requests(t, [read(inProject("a")), write(inProject("a"), "x")], {
    prepare: async ({ project }) => {
      await symlink("b", join(project, "a"));
      await symlink("a", join(project, "b"));
    },
  });
  assert.deepEqual(
    answers.map(({ error }) => error?.data?.code),
    ["fs.unreadable", "fs.unreadable"],
  );
});

test("files that steer tools ask, the record is denied, a file with secrets asks even to be read", async (t) => {
  const { opened, answers } = await requests(
    t,
    [
      write(inProject(".git/hooks/pre-commit"), "x"),
      write(inProject(".vscode/settings.json"), "{}"),
      write(inProject("agent-audit/2026-11-20.log"), ""),
      read(inProject(".env")),
      read("/etc/hostname"),
    ],
    { answer: "reject", prepare: ({ project }) => writeFile(join(project, ".env"), "KEY=1") },
  );
  assert.deepEqual(
    opened.rows().map(({ rule, status }) => [rule, status]),
    [
      ["fs.write.protected", "rejected"],
      ["fs.write.protected", "rejected"],
      ["interlock.tamper", "refused"],
      ["secret.read", "rejected"],
      ["read.outside", "rejected"],
    ],
  );
  assert.ok(answers.every(({ error }) => error !== undefined));
  assert.match(answers[2]?.error?.message ?? "", /^interlock: Refused by rule interlock\.tamper:/);
});

test("in read-only mode nothing is written", async (t) => {
  const { opened, answers } = await requests(t, [write(inProject("a.txt"), "x")], { mode: "read-only" });
  assert.equal(answers[0]?.error?.data?.code, "refused.fs.write");
  assert.deepEqual(await readdir(opened.project), ["agent-audit"]);
});

test("two writes to one file happen one after the other, whatever way they name it", async (t) => {
  let busy = 0;
  let most = 0;
  const files = {
    ...diskFiles,
    async write(path: string, content: string): Promise<void> {
      most = Math.max(most, ++busy);
      await new Promise((resolve) => setTimeout(resolve, 20));
      await diskFiles.write(path, content);
      busy -= 1;
    },
  };
  const folder = await tempDir(t);
  await symlink("a.txt", join(folder, "same.txt"));
  const doorway = new FsDoorway({ door: OPEN_DOOR, calls: { update() {} }, files, onWritten() {} });
  const agent = (name: string, content: string): Promise<void> =>
    doorway.write({ sessionId: "s", path: join(folder, name), content }, new AbortController().signal);
  await Promise.all([agent("a.txt", "one"), agent("same.txt", "two"), agent("a.txt", "three")]);
  assert.equal(most, 1);
  assert.equal(await readFile(join(folder, "a.txt"), "utf8"), "three");
  most = 0;
  await Promise.all([agent("a.txt", "four"), agent("b.txt", "five")]);
  assert.equal(most, 2, "other files don't wait");
});

test("a write that fails leaves the old content, tells why, and lets the next one through", async (t) => {
  const { opened, answers } = await requests(
    t,
    [write(inProject("folder"), "x"), write(inProject("data.bin"), "x"), write(inProject("ok.txt"), "fine")],
    {
      prepare: async ({ project }) => {
        await mkdir(join(project, "folder"));
        await writeFile(join(project, "data.bin"), Buffer.from([0xff, 0x00]));
      },
    },
  );
  assert.deepEqual(
    answers.map(({ error }) => error?.data?.code),
    ["fs.folder", "fs.not-text", undefined],
  );
  assert.deepEqual(
    opened.rows().map(({ status }) => status),
    ["failed", "failed", "done"],
  );
  assert.equal((await lstat(join(opened.project, "data.bin"))).size, 2);
});

test("an edit that the agent announced, was asked about and writes through Interlock is one row", async (t) => {
  const path = inProject("a.txt");
  const { opened } = await requests(t, [
    {
      toolCall: {
        toolCallId: "e",
        kind: "edit",
        title: "edit",
        locations: [{ path }],
        status: "in_progress",
      },
    },
    {
      requestPermission: {
        toolCall: { toolCallId: "e", kind: "edit", locations: [{ path }] },
        ifAllowed: [write(path, "new\n")],
      },
    },
    {
      toolUpdate: {
        toolCallId: "e",
        status: "completed",
        content: [{ type: "diff", path, oldText: "a claim", newText: "another claim" }],
      },
    },
  ]);
  const row = opened.row();
  assert.deepEqual([row.status, row.doorways], ["done", ["observed", "permission", "fs"]]);
  assert.deepEqual(
    row.diffs?.map(({ newText }) => newText),
    ["new\n"],
    "what was written, not what was claimed",
  );
  assert.equal(opened.gates.edits.length, 1);
});

test("an announced edit of a link is the write to what it points at", async (t) => {
  const path = inProject("link.txt");
  const { opened } = await requests(
    t,
    [
      { toolCall: { toolCallId: "e", kind: "edit", title: "edit", locations: [{ path }] } },
      write(path, "new\n"),
    ],
    {
      prepare: async ({ project }) => {
        await writeFile(join(project, "real.txt"), "old\n");
        await symlink("real.txt", join(project, "link.txt"));
      },
    },
  );
  assert.deepEqual([opened.row().status, opened.row().title], ["done", join(opened.project, "real.txt")]);
});

test("a file that becomes a link while a person thinks is not written", async (t) => {
  const opened = await openSession(t, { turns: [[write(inProject(".envrc"), "x")]] });
  const prompt = opened.session.prompt("go");
  const { approval } = await opened.until("approval.opened");
  await symlink(join(opened.base, "outside", "x"), join(opened.project, ".envrc"));
  opened.approvals.settle(approval.id, "allow-once", "person");
  await prompt;
  assert.deepEqual([opened.row().status, opened.row().problem?.code], ["failed", "fs.moved"]);
  assert.deepEqual(await readdir(join(opened.base, "outside")), []);
});

test("very different texts are compared by their sizes, and large ones are not kept", async (t) => {
  const many = (prefix: string): string =>
    Array.from({ length: 20_000 }, (_, line) => `${prefix}${line}\n`).join("");
  const { opened } = await requests(t, [write(inProject("a.txt"), many("new"))], {
    prepare: ({ project }) => writeFile(join(project, "a.txt"), many("old")),
  });
  const [diff] = opened.row().diffs ?? [];
  assert.deepEqual([diff?.added, diff?.removed, diff?.newText], [20_000, 20_000, undefined]);
});

/** A door that lets everything through. */
const OPEN_DOOR: FsParts["door"] = {
  async decide({ act }) {
    const call = { id: act.kind } as Admission["call"];
    return { ok: true, value: { call, run: "", considered: {} as Admission["considered"] } };
  },
  run: (_request, _admission, execute) => execute(),
};
