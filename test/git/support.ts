import { execFileSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after } from "node:test";
import { Git } from "../../extension/git/run.ts";
import { Processes } from "../../extension/process/processes.ts";

/** Processes as the extension has them, with the supervisor in its source form. They end with the file's tests. */
export function testProcesses(env: NodeJS.ProcessEnv): Processes {
  const supervisor = new URL("../../extension/process/supervisor.ts", import.meta.url).pathname;
  const processes = new Processes(env, { command: process.execPath, args: [supervisor], env: {} });
  after(() => processes.dispose());
  return processes;
}

/** Git as the extension starts it, in an environment of the test's own. */
export function testGit(env: NodeJS.ProcessEnv): Git {
  return new Git(testProcesses(env));
}

/** Git as a person has it, without the machine's configuration. */
export function personGit(folder: string, ...args: readonly string[]): string {
  const who = ["-c", "user.name=Person", "-c", "user.email=person@example.com"];
  const env = { ...process.env, GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: "/dev/null" };
  return execFileSync("git", [...who, ...args], { cwd: folder, env, encoding: "utf8" });
}

/** A repository with a commit, a change and an untracked file, on a branch that is an agent's. */
export function makeRepository(folder: string): void {
  personGit(folder, "init", "-q", "-b", "feature/agent/x");
  write(folder, { "a.txt": "one\n", "b.txt": "one\n" });
  personGit(folder, "add", ".");
  personGit(folder, "commit", "-q", "-m", "First");
  write(folder, { "a.txt": "two\n", "new.txt": "new\n" });
}

export function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder, name), text);
    if (text.startsWith("#!")) chmodSync(join(folder, name), 0o755);
  }
}
