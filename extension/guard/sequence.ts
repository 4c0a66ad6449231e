import { RULES } from "../policy/rules.ts";
import type { Effect } from "./effect.ts";
import type { FactQuery } from "./facts.ts";
import { isProtectedBranch } from "./git/remotes.ts";

/** What takes a person's content out of the working tree's reach: `git stash && git stash drop`. */
const TAKES_CONTENT = /^git (add|stage|stash|commit|am)\b/;
/** What brings stashed content into the working tree, where it can be discarded. */
const BRINGS_BACK = /^git stash (pop|apply|branch)\b/;
const NEW_BRANCH = /^git (?:checkout|switch) (?:-q |--quiet )?(?:-b|-c|--create) (\S+)/;
const LOSES_IN_GIT: ReadonlySet<string> = new Set(["git.discard", "git.clean", "git.ref", "git.stash.drop"]);

/**
 * Facts are read before the first command of a line runs. Where an earlier one changes what they said, a later
 * effect needs to know more, or something else.
 */
export function inSequence(commands: readonly (readonly Effect[])[]): readonly Effect[] {
  let taken = false;
  let broughtBack = false;
  let branch: string | undefined;
  return commands.flatMap((effects) => {
    const judged = effects
      .map((effect) => onBranch(effect, branch))
      .map((effect) => (taken && losesInGit(effect) ? withOpenWork(effect, broughtBack) : effect));
    for (const { rule, words } of effects) {
      taken ||= rule === "git.write" && TAKES_CONTENT.test(words);
      broughtBack ||= BRINGS_BACK.test(words);
      const created = NEW_BRANCH.exec(words)?.[1];
      if (created !== undefined) branch = isProtectedBranch(created) ? undefined : created;
    }
    return judged;
  });
}

/** A commit onto the branch that the line itself has made: the facts know another one. */
function onBranch(effect: Effect, branch: string | undefined): Effect {
  if (branch === undefined || effect.branches !== undefined) return effect;
  if (effect.rule === "git.push") return { ...effect, branches: [branch] };
  const commits = effect.rule === "git.commit.protected" || effect.rule === "git.ref.protected";
  return commits ? { ...effect, rule: "git.write", branches: [branch], needs: [] } : effect;
}

function losesInGit(effect: Effect): boolean {
  return RULES[effect.rule].ask === "loss" && LOSES_IN_GIT.has(effect.kind) && effect.needs.length > 0;
}

/** What was staged, stashed or committed a moment ago is still a change, or untracked, when the facts are read. */
function withOpenWork(effect: Effect, stashes: boolean): Effect {
  const needs: FactQuery[] = [...effect.needs];
  const unlessRef = effect.needs.find((need) => need.fact === "changes")?.unlessRef;
  for (const folder of new Set(effect.needs.map((need) => need.folder))) {
    const whole = { folder, paths: null };
    if (unlessRef !== undefined) needs.push({ fact: "changes", against: "both", ...whole, unlessRef });
    else {
      needs.push({ fact: "changes", against: "both", ...whole });
      needs.push({
        fact: "untracked",
        folder,
        paths: [":/"],
        ignored: "keep",
        folders: true,
        repositories: false,
      });
    }
    if (stashes) needs.push({ fact: "stashes", folder, entry: null });
  }
  return { ...effect, needs };
}
