import type { EffectKind } from "../guard/effect.ts";

/** Effects that leave the project's files as they are. */
const READS: ReadonlySet<EffectKind> = new Set([
  "read",
  "network",
  "secret",
  "network.send",
  "git.push",
  "git.push.force",
]);
/** Effects of what runs all the time beside the sources: checkers, tests, builds, `git add` and `git commit`. */
const BESIDE: ReadonlySet<EffectKind> = new Set([...READS, "run.project", "git.write", "deps.install"]);
/** Words of git's commands that bring other files, and of tools that correct them. One too many costs a claim, no more. */
const BRINGS_FILES =
  /\bgit\b.*\b(switch|checkout|merge|pull|rebase|cherry-pick|revert|am|apply|stash|reset|restore|read-tree)\b/s;
const CORRECTS = /--(fix|write|unsafe-fixes)\b|\b(format|fmt|codemod)\b/;

/** What a command may have written: nothing of the project, some files of it, or its sources. */
export type Touched = "nothing" | "files" | "sources";

export function touchedBy(line: string, effects: readonly EffectKind[]): Touched {
  if (effects.every((effect) => READS.has(effect))) return "nothing";
  const runs = effects.includes("run.project");
  if (effects.includes("git.write") && BRINGS_FILES.test(line)) return "sources";
  if (runs && CORRECTS.test(line)) return "sources";
  // Whatever runs the project's code counts as writing too: caches and builds, as a rule.
  const beside = (effect: EffectKind): boolean => BESIDE.has(effect) || (runs && effect === "write");
  return effects.every(beside) ? "files" : "sources";
}
