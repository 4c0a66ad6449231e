import type { EffectKind } from "../guard/effect.ts";
import type { Decision } from "../policy/decide.ts";

/** Effects that change nothing: they go on when the record can't be written. */
const READ_ONLY: ReadonlySet<EffectKind> = new Set(["read", "network"]);

/** Effects that destroy nothing on this machine. */
const LOSES_NOTHING: ReadonlySet<EffectKind> = new Set([...READ_ONLY, "network.send", "secret"]);

/** True for what was asked about, or can't be told: what it destroys must come back. */
export function mayLose({ verdict, effects }: Decision): boolean {
  const asked = verdict !== "allow" || effects.includes("unclear");
  return asked && effects.some((effect) => !LOSES_NOTHING.has(effect));
}

/** True for what goes on without a record: it changes nothing, and nobody need be asked. */
export function isHarmless({ verdict, effects }: Decision): boolean {
  return verdict === "allow" && effects.every((effect) => READ_ONLY.has(effect));
}
