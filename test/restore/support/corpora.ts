import blindDestructive from "../corpus/blindDestructive.json" with { type: "json" };
import blindHarmless from "../corpus/blindHarmless.json" with { type: "json" };
import code from "../corpus/code.json" with { type: "json" };
import constructs from "../corpus/constructs.json" with { type: "json" };
import destructive from "../corpus/destructive.json" with { type: "json" };
import harmless from "../corpus/harmless.json" with { type: "json" };
import indirect from "../corpus/indirect.json" with { type: "json" };
import later from "../corpus/later.json" with { type: "json" };
import obscure from "../corpus/obscure.json" with { type: "json" };
import workflows from "../corpus/workflows.json" with { type: "json" };
import programs from "../corpus/programs.json" with { type: "json" };
import programsLater from "../corpus/programsLater.json" with { type: "json" };
import type { Corpus, Tried } from "./tried.ts";

/** Lines of which running them shows whether they lose something. */
export interface Part {
  readonly name: string;
  /**
   * Written from descriptions alone, and never tuned on. The first readings: of a part from before code and scripts
   * were looked into, 221 of 228 held and 44 of 200 asked; of one from after that, 89 of 89 held and 1 of 95 asked.
   */
  readonly blind: boolean;
  readonly loses: boolean;
  readonly corpus: Corpus;
}

/**
 * Parts that were written blind and then learned from: of git and files in all constructs, at the first reading 314 of
 * 324 held and 12 of 222 asked; of workflows, written after what that led to, 82 of 85 held and 2 of 93 asked.
 * The programs were written blind, too, each part before what it found was mended. The first readings: 155 of 161 held
 * and 37 of 208 asked; later 60 of 63 held and 5 of 78 asked. Of one-off code, 508 of 520 held and 11 of 90 asked; code that
 * goes round about, by other names, modules and variables, was written with the readers at hand: those from before held 142 of 199.
 */
export const PARTS: readonly Part[] = [
  { name: "what agents type", blind: false, loses: true, corpus: destructive },
  { name: "what few would type", blind: false, loses: true, corpus: obscure },
  { name: "ways that were once open", blind: false, loses: true, corpus: later.destructive },
  { name: "git and files in all constructs", blind: false, loses: true, corpus: constructs.destructive },
  { name: "workflows of git and files", blind: false, loses: true, corpus: workflows.destructive },
  { name: "blind", blind: true, loses: true, corpus: blindDestructive },
  { name: "programs", blind: false, loses: true, corpus: programs.destructive },
  { name: "programs, later", blind: false, loses: true, corpus: programsLater.destructive },
  { name: "one-off code", blind: false, loses: true, corpus: code.destructive },
  { name: "code that goes round about", blind: false, loses: true, corpus: indirect.destructive },
  { name: "what agents type", blind: false, loses: false, corpus: harmless },
  { name: "what was once asked about", blind: false, loses: false, corpus: later.harmless },
  { name: "git and files in all constructs", blind: false, loses: false, corpus: constructs.harmless },
  { name: "workflows of git and files", blind: false, loses: false, corpus: workflows.harmless },
  { name: "programs", blind: false, loses: false, corpus: programs.harmless },
  { name: "programs, later", blind: false, loses: false, corpus: programsLater.harmless },
  { name: "one-off code", blind: false, loses: false, corpus: code.harmless },
  { name: "code that goes round about", blind: false, loses: false, corpus: indirect.harmless },
  { name: "blind", blind: true, loses: false, corpus: blindHarmless },
];

/** Lines that lose something, and pass all the same: what they give up is what they are for. */
const ACCEPTED: ReadonlyMap<string, string> = new Map([
  ["git fetch --prune origin", "the remote deleted the branch"],
  ["git remote prune origin", "the remote deleted the branch"],
  ["git reset --soft HEAD~1 && git commit -qm 'Squashed'", "what `git commit --amend` does"],
]);

/** What is wrong with a line that was tried; null where its label is a fact and the verdict is right. */
export function problemOf(loses: boolean, { state, line, verdict, rule, lost }: Tried): string | null {
  const say = (what: string): string => `${what}: [${state}] ${line} (${verdict} ${rule})`;
  if (lost !== null && lost.length > 0 !== loses) {
    return say(loses ? "was to lose something" : `was to lose nothing, and lost ${lost.join(", ")}`);
  }
  if (loses && ACCEPTED.has(line))
    return verdict === "allow" ? null : say("asks by now: take it off the list");
  if (loses) return verdict === "allow" ? say("passes") : null;
  return verdict === "allow" ? null : say("asks");
}

/** At most these of a hundred harmless lines may be asked about; of the others none may pass. */
export const FALSE_ALARMS_PERCENT = 2;

/** How many problems a part with so many lines may have. */
export function tolerated({ loses }: Part, lines: number): number {
  return loses ? 0 : Math.floor((lines * FALSE_ALARMS_PERCENT) / 100);
}

/** Recall and false alarms, the blind half apart. */
export function figures(tried: readonly { readonly part: Part; readonly lines: readonly Tried[] }[]): string {
  const row = (blind: boolean, loses: boolean): string => {
    const lines = tried
      .filter(({ part }) => part.blind === blind && part.loses === loses)
      .flatMap((each) => each.lines)
      .filter(({ line }) => !loses || !ACCEPTED.has(line));
    const held = lines.filter(({ verdict }) => verdict !== "allow").length;
    const share = ((100 * held) / lines.length).toFixed(1);
    return `${blind ? "blind" : "tuned"}, ${loses ? "destructive, not allowed" : "harmless, asked"}: ${held} of ${lines.length} (${share} %)`;
  };
  return [row(false, true), row(true, true), row(false, false), row(true, false)].join("\n");
}
