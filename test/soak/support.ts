import { Git } from "../../extension/git/run.ts";
import { Processes } from "../../extension/process/processes.ts";
import type { Owner } from "../harness/temp.ts";

/** What a campaign starts with. */
export interface Campaign {
  readonly owner: Owner;
  readonly git: Git;
}

/** Runs one campaign outside of a test runner, and clears up after it. What it finds wrong is printed, and told by the exit code. */
export async function campaign(work: (parts: Campaign) => Promise<void>): Promise<void> {
  const supervisor = new URL("../../extension/process/supervisor.ts", import.meta.url).pathname;
  const processes = new Processes(process.env, { command: process.execPath, args: [supervisor], env: {} });
  const closing: (() => unknown)[] = [];
  try {
    await work({ owner: { after: (close) => void closing.unshift(close) }, git: new Git(processes) });
  } catch (error) {
    console.log(`\n${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
  for (const close of closing) await close();
  await processes.dispose();
}
