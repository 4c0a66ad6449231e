import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { realpath } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";

import type { Problem } from "../../../extension/errors.ts";
import { EVENT_VERSION, type EventBody, type SessionEvent } from "../../../extension/events/event.ts";
import { Radar } from "../../../extension/sessions/radar/radar.ts";
import { LiveSessions } from "../../../extension/state/liveSessions.ts";
import { personGit, testGit } from "../../git/support.ts";
import { tempDir } from "../../harness/temp.ts";
import { commitSome, put } from "../../restore/points/support.ts";

const git = testGit(process.env);
const WAIT_MS = 10_000;

interface Told {
  readonly level: "info" | "warning";
  readonly problem: Problem;
}

/** As a session looks to the radar. */
class Agent {
  readonly id: string;
  readonly agent: { readonly name: string };
  readonly place: { readonly tree: string };
  readonly told: Told[] = [];
  readonly #listeners = new Set<(event: SessionEvent) => void>();
  #calls = 0;

  constructor(name: string, tree: string) {
    this.id = name.toLowerCase();
    this.agent = { name };
    this.place = { tree };
  }

  listen(listener: (event: SessionEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  note(level: Told["level"], problem: Problem): void {
    this.told.push({ level, problem });
  }

  emit(body: EventBody): void {
    const event = { v: EVENT_VERSION, session: this.id, seq: 1, at: Date.now(), ...body } as const;
    for (const listener of this.#listeners) listener(event);
  }

  open(): void {
    this.emit({
      type: "session.opened",
      agent: { id: this.id, name: this.agent.name },
      cwd: this.place.tree,
    });
    this.emit({ type: "session.state", state: { name: "working" } });
  }

  /** As a call that has written files. */
  edits(files: Readonly<Record<string, string>>, root = this.place.tree): void {
    put(root, files);
    const diffs = Object.keys(files).map((path) => ({ path: join(root, path), added: 1, removed: 1 }));
    const patch = { kind: "edit", status: "done", diffs } as const;
    this.emit({ type: "call", turn: 1, call: String(++this.#calls), patch });
  }

  command(status: "running" | "done"): void {
    const patch = { kind: "command", status } as const;
    this.emit({ type: "call", turn: 1, call: "command", patch });
  }

  codes(): readonly string[] {
    return this.told.map(({ problem }) => problem.code);
  }

  async until(code: string): Promise<Problem> {
    const end = Date.now() + WAIT_MS;
    for (;;) {
      const found = this.told.find(({ problem }) => problem.code === code);
      if (found !== undefined) return found.problem;
      assert.ok(Date.now() < end, `${this.agent.name} was told only: ${this.codes().join(", ")}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

interface Field {
  readonly repo: string;
  readonly unsaved: string[];
  /** The radar of a host. */
  readonly host: () => Radar;
  readonly worktree: (branch: string) => string;
}

async function field(t: TestContext): Promise<Field> {
  const base = await realpath(await tempDir(t));
  const repo = join(base, "shop");
  mkdirSync(repo);
  commitSome(repo);
  const unsaved: string[] = [];
  return {
    repo,
    unsaved,
    host: () => {
      const radar = new Radar(git, new LiveSessions(join(base, "state")), () => unsaved);
      t.after(() => radar.dispose());
      return radar;
    },
    worktree: (branch) => {
      personGit(repo, "worktree", "add", "-q", "-b", branch, join(base, branch));
      return join(base, branch);
    },
  };
}

function opened(radar: Radar, name: string, tree: string): Agent {
  const agent = new Agent(name, tree);
  radar.attend(agent);
  agent.open();
  return agent;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

test("two sessions that change the same file in one folder are told, both, once", async (t) => {
  const { repo, host } = await field(t);
  const radar = host();
  const [codex, claude] = [opened(radar, "Codex", repo), opened(radar, "Claude", repo)];
  codex.edits({ "b.txt": "codex\n" });
  claude.edits({ "sub/c.txt": "claude\n" });
  await pause(1_000);
  assert.deepEqual([codex.told, claude.told], [[], []]);
  claude.edits({ "b.txt": "claude\n" });
  const [one, other] = await Promise.all([
    codex.until("radar.same-folder"),
    claude.until("radar.same-folder"),
  ]);
  assert.equal(one.message, "“Claude” changes b.txt as well, in the same folder.");
  assert.equal(other.message, "“Codex” changes b.txt as well, in the same folder.");
  claude.edits({ "b.txt": "again\n" });
  await pause(1_000);
  assert.deepEqual([codex.codes(), claude.codes()], [["radar.same-folder"], ["radar.same-folder"]]);
});

test("in two worktrees, of two windows: what still merges is said, and a conflict before any merge, uncommitted as it is", async (t) => {
  const { repo, host, worktree } = await field(t);
  const codex = opened(host(), "Codex", worktree("codex"));
  const claude = opened(host(), "Claude", worktree("claude"));
  const lines = (first: string, last: string): string => `${first}\ntwo\nthree\nfour\nfive\nsix\n${last}\n`;
  codex.edits({ "a.txt": lines("CODEX", "seven") });
  claude.edits({ "a.txt": lines("one", "CLAUDE") });
  const [merges] = await Promise.all([codex.until("radar.same-file"), claude.until("radar.same-file")]);
  assert.equal(merges.message, "“Claude” changes a.txt as well, in another worktree. So far both merge.");
  claude.edits({ "a.txt": lines("CLAUDE", "CLAUDE") });
  const conflict = await codex.until("radar.conflict");
  assert.equal(conflict.message, "Merging with “Claude” would conflict in a.txt.");
  await claude.until("radar.conflict");
  // Nothing of the three trees was touched by looking.
  assert.equal(personGit(repo, "status", "--porcelain"), "");
  assert.equal(personGit(codex.place.tree, "status", "--porcelain"), " M a.txt\n");
  assert.deepEqual(
    codex.told.map(({ level }) => level),
    ["info", "warning"],
  );
});

test("in a worktree of its own also what commands have changed and committed counts, at the end of a turn", async (t) => {
  const { repo, host, worktree } = await field(t);
  const radar = host();
  const codex = opened(radar, "Codex", repo);
  const folder = worktree("codex");
  codex.emit({ type: "session.worktree", branch: "codex", folder });
  const claude = opened(radar, "Claude", worktree("claude"));
  claude.edits({ "b.txt": "claude\n" });
  await pause(500);
  put(folder, { "b.txt": "by a command\n" });
  personGit(folder, "commit", "-q", "-a", "-m", "By a command");
  codex.emit({ type: "turn.ended", turn: 1, stop: "end_turn", ms: 1 });
  await claude.until("radar.conflict");
  await codex.until("radar.conflict");
});

test("a HEAD that moves under a session is told, with who did it where that is known; its own moves are not", async (t) => {
  const { repo, host } = await field(t);
  const radar = host();
  const [codex, claude] = [opened(radar, "Codex", repo), opened(radar, "Claude", repo)];
  await pause(500);
  personGit(repo, "checkout", "-q", "-b", "other");
  const moved = await codex.until("radar.head-moved");
  assert.match(
    moved.message,
    /^The folder went from main [0-9a-f]{7} to other [0-9a-f]{7}, and not by this session\.$/,
  );
  await claude.until("radar.head-moved");
  claude.told.length = 0;
  codex.told.length = 0;
  claude.command("running");
  personGit(repo, "commit", "-q", "--allow-empty", "-m", "By Claude");
  const named = await codex.until("radar.head-moved");
  assert.match(named.message, /^“Claude” has taken the folder from other/);
  claude.command("done");
  await pause(1_500);
  assert.deepEqual(claude.told, []);
});

test("the person and an agent at the same file: told to the session, and never where the agent wrote it", async (t) => {
  const { repo, host, unsaved } = await field(t);
  const radar = host();
  const codex = opened(radar, "Codex", repo);
  const claude = opened(radar, "Claude", repo);
  codex.edits({ "b.txt": "codex\n" });
  // The editor has saved it for the agent.
  radar.saved([join(repo, "b.txt")]);
  assert.deepEqual(codex.told, []);
  await pause(3_100);
  radar.saved([join(repo, "b.txt")]);
  radar.saved([join(repo, "b.txt")]);
  assert.deepEqual(codex.codes(), ["radar.person-edits"]);
  assert.deepEqual(claude.told, []);
  unsaved.push(join(repo, "sub", "c.txt"));
  claude.edits({ "sub/c.txt": "claude\n" });
  assert.deepEqual(claude.codes(), ["radar.unsaved"]);
});

test("a session that has ended, and one that was refused, are in nobody's way", async (t) => {
  const { repo, host } = await field(t);
  const radar = host();
  const [codex, claude] = [opened(radar, "Codex", repo), opened(radar, "Claude", repo)];
  codex.edits({ "b.txt": "codex\n" });
  codex.emit({ type: "session.state", state: { name: "ended", reason: "" } });
  await pause(500);
  claude.edits({ "b.txt": "claude\n" });
  const third = opened(radar, "Third", repo);
  const diffs = [{ path: join(repo, "b.txt"), added: 1, removed: 1 }];
  third.emit({ type: "call", turn: 1, call: "1", patch: { kind: "edit", status: "held", diffs } });
  third.emit({ type: "call", turn: 1, call: "1", patch: { status: "rejected" } });
  await pause(1_000);
  assert.deepEqual([codex.told, claude.told, third.told], [[], [], []]);
});
