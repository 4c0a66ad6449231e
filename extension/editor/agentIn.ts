import { KNOWN_IN_TERMINALS, type KnownAgent } from "../acp/inTerminals.ts";
import { parseShell } from "../shell/parse.ts";
import { partsOf } from "../shell/parts.ts";

/** Programs that start what a package brings, and the words of theirs before its name. */
const RUNNERS: Readonly<Record<string, readonly string[]>> = {
  npx: [],
  bunx: [],
  pnpx: [],
  uvx: [],
  npm: ["exec", "x"],
  pnpm: ["dlx", "exec"],
  yarn: ["dlx"],
  bun: ["x"],
  pipx: ["run"],
};

/** Words of an agent's that only tell or set something up: nothing works then. */
const BRIEF = /^(?:--version|-v|-V|--help|-h|help|update|upgrade|login|logout|auth|config|doctor|mcp)$/;

/** The agent that a line of a terminal starts, where it is a known one; undefined for other lines. */
export function agentIn(line: string, cwd: string): KnownAgent | undefined {
  return partsOf(parseShell(line, { cwd }))
    .map(({ words }) => started(words.map((word) => word ?? "")))
    .find((agent) => agent !== undefined);
}

function started([name = "", ...words]: readonly string[]): KnownAgent | undefined {
  const known = KNOWN_IN_TERMINALS.find((agent) => agent.program === name);
  if (known !== undefined) return BRIEF.test(words[0] ?? "") ? undefined : known;
  const before = Object.hasOwn(RUNNERS, name) ? RUNNERS[name] : undefined;
  if (before === undefined) return undefined;
  const plain = words.filter((word) => !word.startsWith("-"));
  const [first = "", second = ""] = plain;
  const named = before.includes(first) ? second : before.length === 0 ? first : "";
  const bare = named.replace(/(?<=.)@[^/]*$/, "");
  return KNOWN_IN_TERMINALS.find(({ program: own, packages }) => own === bare || packages.includes(bare));
}
