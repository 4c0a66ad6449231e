import { KNOWN_AGENTS, type KnownAgent } from "./known.ts";

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

/** The agent that a command starts, by its program or by the package that brings it; undefined for any other command. */
export function knownAgent([name = "", ...words]: readonly string[]): KnownAgent | undefined {
  const known = KNOWN_AGENTS.find((agent) => agent.program === name);
  if (known !== undefined) return known;
  const before = Object.hasOwn(RUNNERS, name) ? RUNNERS[name] : undefined;
  if (before === undefined) return undefined;
  const plain = words.filter((word) => !word.startsWith("-"));
  const [first = "", second = ""] = plain;
  const named = before.includes(first) ? second : before.length === 0 ? first : "";
  const bare = named.replace(/(?<=.)@[^/]*$/, "");
  return KNOWN_AGENTS.find(({ program: own, packages }) => own === bare || packages.includes(bare));
}
