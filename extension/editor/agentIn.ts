import { knownAgent } from "../acp/inTerminals.ts";
import type { KnownAgent } from "../acp/known.ts";
import { parseShell } from "../shell/parse.ts";
import { partsOf } from "../shell/parts.ts";

/** Words of an agent's that only tell or set something up: nothing works then. */
const BRIEF = /^(?:--version|-v|-V|--help|-h|help|update|upgrade|login|logout|auth|config|doctor|mcp)$/;

/** The agent that a line of a terminal starts, where it is a known one; undefined for other lines. */
export function agentIn(line: string, cwd: string): KnownAgent | undefined {
  return partsOf(parseShell(line, { cwd }))
    .map(({ words }) => started(words.map((word) => word ?? "")))
    .find((agent) => agent !== undefined);
}

function started(words: readonly string[]): KnownAgent | undefined {
  const known = knownAgent(words);
  return known?.program === words[0] && BRIEF.test(words[1] ?? "") ? undefined : known;
}
