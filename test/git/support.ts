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
