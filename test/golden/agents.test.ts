import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable, Writable } from "node:stream";
import { test, type TestContext } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";

import type { ManagedProcess } from "../../extension/process/processes.ts";
import type { SessionHost } from "../../extension/sessions/host.ts";
import { replay, transcript, type Replay } from "../harness/replay.ts";
import { tempDir } from "../harness/temp.ts";
import { skipWithout } from "../harness/tools.ts";
import { makeSession, processes } from "../sessions/support/session.ts";
import { assertGolden } from "./golden.ts";
import { tell } from "./tell.ts";

const RECORDED = readdirSync(new URL("transcripts/", import.meta.url))
  .filter((name) => name.endsWith(".jsonl"))
  .map((name) => name.replace(".jsonl", ""));

const AGENTS: Readonly<Record<string, string>> = { claude: "Claude Code", codex: "Codex", opencode: "OpenCode" };

/** The process of a recorded agent: its streams are the player's, and it ends when it is told to. */
function playedProcess(played: Replay): ManagedProcess {
  let end = (): void => {};
  const exited = new Promise<{ code: number; signal: null }>((resolve) => {
    end = () => resolve({ code: 0, signal: null });
  });
  return {
    pid: process.pid,
    stdin: Writable.fromWeb(played.stdin),
    stdout: Readable.fromWeb(played.stdout),
    stderr: Readable.from([]),
    exited,
    end: async () => end(),
  };
}

/** A repository as the recordings had it, with a commit, so that there is something to lose. */
async function workspace(t: TestContext): Promise<string> {
  const folder = join(await tempDir(t), "workspace");
  await mkdir(folder);
  const env = { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" };
  const git = (...args: string[]): void => void execFileSync("git", args, { cwd: folder, env });
  git("init", "--quiet", "--initial-branch=work");
  await writeFile(join(folder, "app.py"), "x = 0\n");
  git("add", "--all");
  git("-c", "user.name=T", "-c", "user.email=t@example.invalid", "commit", "--quiet", "--message", "one");
  await writeFile(join(folder, "app.py"), "x = 1\n");
  return folder;
}

for (const name of RECORDED) {
  test(`${name}: a real agent's conversation becomes these events`, async (t) => {
    if ((await skipWithout(t, "git")) === undefined) return;
    const project = await workspace(t);
    const played = replay(transcript(name), { workspace: project });
    const spawn: SessionHost["processes"]["spawn"] = (request) =>
      request.command === "recorded" ? playedProcess(played) : processes.spawn(request);
    const [agent = ""] = name.split(".");
    const opened = await makeSession(
      t,
      {},
      {
        agent: { id: agent, name: AGENTS[agent] ?? agent, command: "recorded", args: [] },
        processes: { spawn, run: (request) => processes.run(request), claim: () => processes.claim() },
        project,
        answer: "allow-once",
      },
    );
    await opened.session.start();
    assert.equal(await opened.session.prompt("Do the scripted work."), "end_turn");
    await played.done;
    // Some agents have more to say after the turn.
    for (let turn = 0; turn < 20; turn += 1) await nextTurn();
    await opened.session.close();
    const asked = played.replies.filter(({ method }) => method === "session/request_permission");
    assert.deepEqual(
      asked.map(({ actual }) => actual),
      asked.map(({ recorded }) => recorded),
      "the same option was chosen as in the recording",
    );
    await assertGolden(t, new URL(`${name}.events.txt`, import.meta.url), tell(opened.events, project));
  });
}
