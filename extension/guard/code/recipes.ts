import type { ProgramCall } from "../call.ts";
import { judgeLines } from "./files.ts";

/** A target of a makefile or justfile: what comes before it, and its lines. */
export interface Target {
  readonly after: readonly string[];
  readonly lines: readonly string[];
}

export interface Recipes {
  readonly targets: ReadonlyMap<string, Target>;
  /** What is run without a name. */
  readonly first: string | undefined;
}

/** Judges what a target runs, and what it depends on. False where there is no such target. */
export function judgeRecipe(
  call: ProgramCall,
  { targets, first }: Recipes,
  target: string | null,
  folder: string,
  risky: boolean,
): boolean {
  const name = target ?? first ?? "";
  if (!targets.has(name)) return false;
  judgeLines(call, linesOf(targets, name, new Set()), folder, { name, risky });
  return true;
}

function linesOf(targets: ReadonlyMap<string, Target>, name: string, seen: Set<string>): readonly string[] {
  const target = targets.get(name);
  if (target === undefined || seen.has(name)) return [];
  seen.add(name);
  return [...target.after.flatMap((each) => linesOf(targets, each, seen)), ...target.lines];
}
