import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";

import { request, requests } from "../doorways/support.ts";
import type { Step } from "../agents/script.ts";

const run = (command: string, id: string): readonly Step[] => [
  request("terminal/create", { command }),
  request("terminal/wait_for_exit", { terminalId: id }),
];

const git = (folder: string, ...args: string[]): string =>
  execFileSync("git", ["-c", "user.name=A", "-c", "user.email=a@b.c", ...args], {
    cwd: folder,
    encoding: "utf8",
  });

test("a person says yes to a branch's first push, and is not asked about its later ones", async (t) => {
  const lines = [
    "git push -u origin feature/agent/x",
    "echo two > a && git -c user.name=A -c user.email=a@b.c commit -qam two",
    "git push",
    "git push origin HEAD:other",
    "git push --tags",
  ];
  const { opened } = await requests(
    t,
    lines.flatMap((line, index) => run(line, `t${index + 1}`)),
    {
      answer: "allow-once",
      prepare: async ({ project, base }) => {
        git(base, "init", "-q", "--bare", "remote.git");
        git(project, "init", "-q", "-b", "feature/agent/x");
        git(project, "remote", "add", "origin", join(base, "remote.git"));
        execFileSync("touch", [join(project, "a")]);
        git(project, "add", "a");
        git(project, "commit", "-qm", "one");
      },
    },
  );
  const asked = opened.events.flatMap((event) =>
    event.type === "approval.opened" ? [event.approval.asked] : [],
  );
  assert.deepEqual(asked, [lines[0], lines[3], lines[4]]);
  assert.equal(git(join(opened.base, "remote.git"), "log", "--format=%s", "feature/agent/x"), "two\none\n");
});
