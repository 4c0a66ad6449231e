import { execFileSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";

import { hideFromGit } from "../../../extension/sessions/places.ts";
import type { Script, Step } from "../../agents/script.ts";
import { type HandedServer, McpClient } from "../../harness/mcp.ts";
import { tempDir } from "../../harness/temp.ts";
import { type Options, openSession, type TestSession } from "../../sessions/support/session.ts";

const GIT = ["-c", "user.name=p", "-c", "user.email=p@example.invalid"];

export interface Reached {
  readonly opened: TestSession;
  readonly client: McpClient;
  readonly project: string;
}

/** What a session's agent was handed. */
export function handed(opened: TestSession): readonly HandedServer[] {
  const started = opened.agent.log().find(({ got }) => got?.["method"] === "session/new");
  const { mcpServers = [] } = (started?.got?.["params"] ?? {}) as { mcpServers?: HandedServer[] };
  return mcpServers;
}

/** Files, committed, in a repository of the test's own. */
export async function repository(t: TestContext, files: Record<string, string>): Promise<string> {
  const project = join(await tempDir(t), "project");
  await mkdir(project);
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(project, name)), { recursive: true });
    await writeFile(join(project, name), text);
  }
  const git = (...args: string[]): void => void execFileSync("git", [...GIT, ...args], { cwd: project });
  git("init", "-q", "-b", "feature/agent/work");
  git("add", ".");
  git("commit", "-q", "-m", "first");
  return project;
}

/**
 * A session in which an agent's turn goes on, and the server that it was handed, started and greeted. `steps`: what the agent does
 * before it calls.
 */
export async function reach(
  t: TestContext,
  { holds = { "a.txt": "one\n" }, steps = [], ...options }: Options & Stage = {},
): Promise<Reached> {
  const project = options.project ?? (await repository(t, holds));
  const script: Script = { turns: [[...steps, { hang: true }]] };
  const opened = await openSession(t, script, { project, mcp: true, ...options });
  await hideFromGit(opened.session.place);
  void opened.session.prompt("go").catch(() => {});
  await opened.until("turn.started");
  const [server] = handed(opened);
  if (server === undefined) throw new Error("no server was handed");
  const client = new McpClient(t, server);
  await client.initialize();
  return { opened, client, project };
}

interface Stage {
  readonly holds?: Record<string, string>;
  readonly steps?: Step[];
}
