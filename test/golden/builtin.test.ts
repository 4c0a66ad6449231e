import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { delimiter, dirname, join } from "node:path";
import { test, type TestContext } from "node:test";

import { findAgent } from "../../extension/acp/agents.ts";
import { App } from "../../extension/app.ts";
import { ApprovalStore } from "../../extension/approvals/store.ts";
import { cliGates } from "../../extension/cli/gates.ts";
import { diskFiles } from "../../extension/doorways/fs/disk.ts";
import type { SessionEvent } from "../../extension/events/event.ts";
import { DIST } from "../../scripts/lib/paths.ts";
import { sampleFor } from "../harness/sample.ts";
import { tempDir } from "../harness/temp.ts";
import { skipWithout, type Need } from "../harness/tools.ts";
import { assertGolden } from "./golden.ts";
import { tell } from "./tell.ts";

/** A red project, what corrects it, and what would lose the work in it. */
const PROMPTS = ["/test", "/fix", "/test", "/run git reset --hard"];

/** One prompt, one session, as a host has it. */
type Host = (project: string, prompt: string) => Promise<SessionEvent[]>;

function asked(environment: NodeJS.ProcessEnv): Host {
  return async (project, prompt) => {
    const words = [join(DIST, "cli.js"), "run", "--json", "--agent", "builtin", "--cwd", project, prompt];
    const child = spawn(process.execPath, words, { env: environment, stdio: ["ignore", "pipe", "inherit"] });
    let stdout = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    const [code] = (await once(child, "close")) as [number | null];
    // Nobody is there to say yes to what would lose work.
    assert.equal(code, prompt.includes("reset") ? 1 : 0);
    return stdout
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as SessionEvent);
  };
}

function inProcess(environment: NodeJS.ProcessEnv): Host {
  return async (project, prompt) => {
    const approvals = new ApprovalStore();
    const app = new App({
      version: "0.0.0",
      environment,
      files: diskFiles,
      approvals,
      roots: () => [project],
      settings: () => ({ mode: "careful", shims: true, hooks: true, mcp: true, routing: "on", swap: "on",
      tellsRoute: true, agents: [] }),
      gatesFor: cliGates,
      baseline: false,
      programs: DIST,
    });
    const agent = findAgent(app.agents().agents, "builtin");
    assert.ok(agent.ok);
    const session = await app.openSession(agent.value, project);
    const events: SessionEvent[] = [];
    session.listen((event) => events.push(event));
    approvals.onChange((change) => {
      if (change.type === "opened") approvals.settle(change.approval.id, "reject", "nobody-there");
    });
    await session.start();
    assert.equal(await session.prompt(prompt), "end_turn");
    await session.checked();
    await app.dispose();
    return events;
  };
}

/** The environment in which the sample's tools are found, or undefined after skipping the test. */
async function environmentFor(t: TestContext): Promise<NodeJS.ProcessEnv | undefined> {
  const needs: readonly Need[] = ["git", "python", "uv", "bun", "node24", "ruff", "ty"];
  const found: string[] = [];
  for (const need of needs) {
    const path = await skipWithout(t, need);
    if (path === undefined) return undefined;
    found.push(dirname(path));
  }
  const path = [...found.slice(2), process.env["PATH"]].join(delimiter);
  const { VIRTUAL_ENV: _, ...rest } = process.env;
  return { ...rest, PATH: path, UV_PYTHON_DOWNLOADS: "never", INTERLOCK_STATE_DIR: await tempDir(t) };
}

/** What the tools of the sample print differently each time, or on each machine. */
function steady(text: string): string {
  return text
    .replace(/^(\[\w+\] \| platform ).*/gm, "$1#")
    .replace(/(\| =+ FAILURES =+\n)(?:.*\n)*?(.* short test summary)/g, "$1$2")
    .replace(/(\| FAILED \S+).*/g, "$1")
    .replace(/=+ (.*) in [\d.]+s =+/g, "$1")
    .replace(/ \[[\d.]+m?s\]/g, "")
    // On another stream than the rest: it comes before or after the line above it.
    .replace(/.*\| bun test v.*\n/g, "");
}

const PROJECT = "/home/me/trip-ledger";

/** Events as JSON, without what is new each time: identifiers, times and paths. */
function lasting(events: readonly SessionEvent[], project: string): string {
  const named = new Map<string, string>();
  const rename = (id: string): string => {
    if (!named.has(id)) named.set(id, `id-${named.size + 1}`);
    return named.get(id) ?? id;
  };
  return events
    .map((event) => `${JSON.stringify(event)}\n`)
    .join("")
    .replaceAll(project, PROJECT)
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, rename)
    .replace(/("(?:at|ms|startedAt|openedAt)":)\d+/g, "$10");
}

/** The agent says what it can do once its session is open: before the turn or in it. */
function announcedFirst(events: readonly SessionEvent[]): SessionEvent[] {
  const isAnnounced = ({ type }: SessionEvent): boolean => type === "session.commands";
  const rest = events.filter((event) => !isAnnounced(event));
  const turn = rest.findIndex(({ type }) => type === "turn.started");
  const sorted: SessionEvent[] = [];
  for (const event of [...rest.slice(0, turn), ...events.filter(isAnnounced), ...rest.slice(turn)]) {
    sorted.push({ ...event, seq: sorted.length + 1 });
  }
  return sorted;
}

/** What a host tells of all prompts, one after the other, for a person to read, and as JSON of the last one. */
async function told(t: TestContext, host: Host): Promise<{ text: string; json: string }> {
  const project = await sampleFor(t);
  const parts: string[] = [];
  let events: SessionEvent[] = [];
  for (const prompt of PROMPTS) {
    events = announcedFirst(await host(project, prompt));
    parts.push(tell(events, project));
  }
  return { text: steady(parts.join("\n")), json: lasting(events, project) };
}

/** Two samples and eight sessions with real tools: ten seconds, and much longer on a busy machine. */
const PATIENCE = { timeout: 180_000 };

test("the built-in agent's events are the same from the CLI and from another host", PATIENCE, async (t) => {
  const environment = await environmentFor(t);
  if (environment === undefined) return;
  const byCli = await told(t, asked(environment));
  await assertGolden(t, new URL("builtin.events.txt", import.meta.url), byCli.text);
  await assertGolden(t, new URL("builtin.golden.jsonl", import.meta.url), byCli.json);
  assert.deepEqual(await told(t, inProcess(environment)), byCli);
});
