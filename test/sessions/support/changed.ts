import { execFileSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { hideFromGit } from "../../../extension/sessions/places.ts";
import type { Step } from "../../agents/script.ts";
import { tempDir } from "../../harness/temp.ts";
import { type Options, openSession, type TestSession } from "./session.ts";

const GIT = ["-c", "user.name=p", "-c", "user.email=p@example.invalid"];

/** A session whose agent's programs ask, in a repository with an uncommitted change: `a.txt` says "mine". */
export async function startChanged(
  t: Parameters<typeof openSession>[0],
  turns: Step[][],
  { committed = {}, ...options }: Options & { readonly committed?: Readonly<Record<string, string>> } = {},
): Promise<TestSession> {
  const project = join(await tempDir(t), "project");
  const git = (...args: string[]): void => void execFileSync("git", [...GIT, ...args], { cwd: project });
  await mkdir(project);
  git("init", "-q", "-b", "feature/agent/work");
  const files = Object.entries({ ...committed, "a.txt": "one\n" });
  await Promise.all(files.map(([path, text]) => writeFile(join(project, path), text)));
  git("add", ".");
  git("commit", "-q", "-m", "first");
  await writeFile(join(project, "a.txt"), "mine\n");
  const shims = ["git", "rm", "pytest"];
  const opened = await openSession(t, { turns }, { shims, project, ...options });
  await hideFromGit(opened.session.place);
  return opened;
}

/** The same, with one turn that is over. */
export async function openChanged(
  t: Parameters<typeof openSession>[0],
  steps: Step[],
  options: Options = {},
): Promise<TestSession> {
  const opened = await startChanged(t, [steps], options);
  await opened.session.prompt("go");
  return opened;
}
