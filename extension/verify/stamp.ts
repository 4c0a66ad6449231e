import { createHash } from "node:crypto";
import { realpath, stat } from "node:fs/promises";
import { isAbsolute } from "node:path";
import type { AgentDefinition } from "../acp/agents.ts";
import { programOnPath } from "../process/path.ts";

/**
 * Stands for an agent's program and for how it is started, without starting it: what is installed anew, or started in another way, has
 * another one.
 */
export async function stampOf(agent: AgentDefinition, host: NodeJS.ProcessEnv): Promise<string> {
  const { command, args, env, profile } = agent;
  const program = isAbsolute(command)
    ? command
    : (programOnPath(command, env["PATH"] ?? host["PATH"] ?? "", () => false) ?? command);
  const files = [program, ...args].filter((word) => isAbsolute(word));
  const known = await Promise.all(files.map(fileStamp));
  const said = JSON.stringify([command, args, Object.entries(env), profile ?? null, known]);
  return createHash("sha256").update(said).digest("hex");
}

/** Null for what is no file. */
async function fileStamp(path: string): Promise<readonly (string | number)[] | null> {
  try {
    const real = await realpath(path);
    const { size, mtimeMs } = await stat(real);
    return [real, size, mtimeMs];
  } catch {
    return null;
  }
}
