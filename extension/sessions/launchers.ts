import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { AgentHook } from "../acp/profiles/profile.ts";
import { launchedWith } from "../acp/profiles/profiles.ts";
import { launcherScript } from "../doorways/shim/launcher.ts";
import { RUNTIME_PREFIX } from "../state/runtimeFolder.ts";

const PROGRAM = 0o700;

/** Writes, beside the programs that ask, those that start agents with the hook. `channel`: the folder that `bin` lies in. */
export async function writeLaunchers(bin: string, channel: string, hook: AgentHook): Promise<void> {
  const scripts = launchedWith(hook).map((launched) => {
    const script = launcherScript(channel, `${RUNTIME_PREFIX}[0-9]*`, launched);
    return writeFile(join(bin, launched.program), script, { mode: PROGRAM });
  });
  await Promise.all(scripts);
}
