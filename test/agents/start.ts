import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import type { LogLine } from "./log.ts";
import type { Script } from "./script.ts";

/** How to start a scripted agent, and what it heard. */
export interface ScriptedAgent {
  readonly command: string;
  readonly args: readonly string[];
  /** Everything so far. */
  log(): readonly LogLine[];
}

/** Puts the script and the log into a folder of the test. The program needs a Node that runs TypeScript: this one. */
export function scriptedAgent(folder: string, script: Script, name = "agent"): ScriptedAgent {
  const program = fileURLToPath(new URL("scripted.ts", import.meta.url));
  const file = join(folder, `${name}.json`);
  const log = join(folder, `${name}.log.jsonl`);
  writeFileSync(file, JSON.stringify(script));
  return {
    command: process.execPath,
    args: [program, file, log],
    log: () => (existsSync(log) ? readLog(readFileSync(log, "utf8")) : []),
  };
}

/** A line that is still being written is not one yet. */
function readLog(text: string): readonly LogLine[] {
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as LogLine);
}
