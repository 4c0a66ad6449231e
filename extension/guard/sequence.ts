import { RULES } from "../policy/rules.ts";
import { isInside } from "../shell/path.ts";
import type { Effect } from "./effect.ts";
import type { FactQuery } from "./facts.ts";
import { isProtectedBranch } from "./git/remotes.ts";

type Moved = NonNullable<Effect["moved"]>;
type CheckedOut = NonNullable<Effect["checksOut"]>;

/** What takes a person's content out of the working tree's reach, or out of the index's: `git stash && git stash drop`. */
const TAKES_CONTENT = /^git (add|stage|stash|commit|am|rm|reset|restore|update-ref)\b/;
/** What only leaves a commit's content staged: the files still have it. */
const ONLY_STAGES = /^git reset (\S+ )*--soft\b/;
/** The same of what git ignores. */
const TAKES_IGNORED = /^git ((add|stage) .*(-[a-zA-Z]*f|--f)|stash .*(-[a-z]*a\b|--al))/;
/** What saves changes with what was staged of them, which `git stash pop` doesn't bring back. */
const STASHES = /^git stash( (push|save|-)|$)/;
/** What brings stashed content into the working tree, where it can be discarded. */
const BRINGS_BACK = /^git stash (pop|apply|branch)\b/;
const NEW_BRANCH = /^git (?:checkout|switch) (?:-q |--quiet )?(?:-b|-c|--create) (\S+)/;
/** A branch without the commits that came before. */
const UNBORN = /^git (?:checkout|switch) .*--orphan[ =](\S+)/;
const LOSES_IN_GIT: ReadonlySet<string> = new Set(["git.discard", "git.clean", "git.ref", "git.stash.drop"]);

/**
 * Facts are read before the first command of a line runs. Where an earlier one changes what they said, a later
 * effect needs to know more, or something else.
 */
export function inSequence(commands: readonly (readonly Effect[])[]): readonly Effect[] {
  let taken = false;
  let takenIgnored = false;
  let staged = false;
  let stashed: Stashed | null = null;
  let broughtBack = false;
  let branch: string | undefined;
  let head: string | undefined;
  let onto: CheckedOut | undefined;
  const unborn = new Set<string>();
  const moved: Moved[] = [];
  const judgedOf = (effects: readonly Effect[]): readonly Effect[] => {
    const judged: Effect[] = [];
    for (const each of effects) {
      const effect = fromHead(onBranch(each, branch), head, unborn);
      if (stashed !== null) judged.push(...lossOfStaged(effect, stashed));
      const isTaken =
        (taken && !ONLY_STAGES.test(effect.words)) || (staged && effect.rule !== "git.index.discard");
      judged.push(isTaken && losesInGit(effect) ? withOpenWork(effect, broughtBack, takenIgnored) : effect);
      if (onto !== undefined) judged.push(...onBranchOf(effect, onto));
      judged.push(...lossOfMoved(effect, moved));
    }
    for (const { rule, words, moved: now, checksOut } of effects) {
      taken ||= now !== undefined || rule === "git.index.discard";
      staged ||= rule === "git.write" && ONLY_STAGES.test(words);
      taken ||= rule === "git.write" && TAKES_CONTENT.test(words) && !ONLY_STAGES.test(words);
      takenIgnored ||= rule === "git.write" && TAKES_IGNORED.test(words);
      if (rule === "git.write" && STASHES.test(words)) stashed = { paths: pathsOf(words) };
      if (now !== undefined) moved.push(movedOn(now, moved));
      broughtBack ||= BRINGS_BACK.test(words);
      const created = NEW_BRANCH.exec(words)?.[1];
      const fresh = UNBORN.exec(words)?.[1];
      if (fresh !== undefined) unborn.add(fresh);
      if (created !== undefined) branch = isProtectedBranch(created) ? undefined : created;
      if (created !== undefined) onto = undefined;
      if (checksOut === undefined) continue;
      head = checksOut.ref;
      onto = checksOut.detached ? undefined : checksOut;
      branch = undefined;
    }
    return judged;
  };
  return withRefsBefore(commands.flatMap(judgedOf));
}

type CommitsQuery = Extract<FactQuery, { fact: "commits" }>;

/** `git branch -D a b`: a commit that both of them keep, and nothing else, is lost with the second. */
function withRefsBefore(effects: readonly Effect[]): readonly Effect[] {
  const all = effects.flatMap(({ needs }) => needs.filter(isMove));
  if (all.length < 2) return effects;
  const gone: CommitsQuery[] = [];
  const afterThem = (need: FactQuery): FactQuery => {
    if (!isMove(need)) return need;
    const before = gone
      .filter(({ folder, ref }) => folder === need.folder && ref !== need.ref)
      .map((each) => ({ ref: each.ref, to: staysAt(each, all) }));
    gone.push(need);
    return before.length === 0 ? need : { ...need, before };
  };
  return effects.map((effect) => ({ ...effect, needs: effect.needs.map(afterThem) }));
}

function isMove(need: FactQuery): need is CommitsQuery {
  return need.fact === "commits" && need.onlyIfDetached !== true;
}

/** Where a ref is at the end of the line; null where it goes, moves on, or moves to what the line moves itself. */
function staysAt({ ref, to }: CommitsQuery, all: readonly CommitsQuery[]): string | null {
  const moves = all.filter((each) => each.ref === ref).length;
  const base = to?.replace(/[~^@].*$/s, "") ?? "";
  // HEAD may be any branch.
  const names = (each: string): boolean => each === base || each.endsWith(`/${base}`) || each === "HEAD";
  const follows = all.some((each) => each.ref !== ref && names(each.ref));
  return moves > 1 || follows ? null : to;
}

/** What was saved; null paths mean everything. */
interface Stashed {
  readonly paths: readonly string[] | null;
}

/** Files that `git stash push` is limited to. A message has words of its own. */
function pathsOf(words: string): readonly string[] | null {
  const [, rest] = /^git stash push (.+)$/.exec(words) ?? [];
  if (rest === undefined || /(^| )(-[a-zA-Z]*m|--m|--pathspec)/.test(rest)) return null;
  const named = rest.split(" ").filter((word) => !word.startsWith("-"));
  return named.length === 0 ? null : named;
}

/** `git stash && git stash pop`: when the facts are read, what the entry will hold is still in the index. */
function lossOfStaged(effect: Effect, { paths }: Stashed): readonly Effect[] {
  const popped = effect.needs.filter(({ fact }) => fact === "popped");
  const needs = popped.map(({ folder }) => ({ fact: "changes", folder, against: "index", paths }) as const);
  return needs.length === 0 ? [] : [{ ...effect, needs }];
}

/**
 * `git checkout main && git reset --hard origin/main`: the facts are read while another branch is checked out, and
 * know nothing of a branch that the line makes from nothing.
 */
function fromHead(effect: Effect, head: string | undefined, unborn: ReadonlySet<string>): Effect {
  if (head === undefined && unborn.size === 0) return effect;
  const more = effect.needs.flatMap((need): readonly FactQuery[] => {
    if (need.fact !== "commits" || need.onlyIfDetached === true) return [];
    if (need.to !== null && unborn.has(need.to)) return [{ ...need, to: null }];
    if (head === undefined) return [];
    const ref = need.ref === "HEAD" ? head : need.ref;
    const to = need.to?.replace(/^(HEAD|@)(?=$|[~^])/, head) ?? null;
    return ref === need.ref && to === need.to ? [] : [{ ...need, ref, to }];
  });
  return more.length === 0 ? effect : { ...effect, needs: [...effect.needs, ...more] };
}

/** A commit onto the branch that the line itself has made: the facts know another one. */
function onBranch(effect: Effect, branch: string | undefined): Effect {
  if (branch === undefined || effect.branches !== undefined) return effect;
  if (effect.rule === "git.push") return { ...effect, branches: [branch] };
  const commits = effect.rule === "git.commit.protected" || effect.rule === "git.ref.protected";
  return commits ? { ...effect, rule: "git.write", branches: [branch], needs: [] } : effect;
}

/**
 * `git checkout main && git merge x`: what the line checked out is written then, or, where that failed, what the facts
 * know.
 */
function onBranchOf(effect: Effect, { ref, folders }: CheckedOut): readonly Effect[] {
  const { needs, also = [], branches } = effect;
  // A folder below or above may be one of the same repository.
  const here = ({ fact, folder }: FactQuery): boolean =>
    fact === "branch" && folders.some((other) => isInside(folder, other) || isInside(other, folder));
  if (branches !== undefined || ![...needs, ...also].some(here)) return [];
  const before = (query: FactQuery): FactQuery =>
    here(query) && query.fact === "branch" ? { ...query, before: true } : query;
  return ref === "@{-1}"
    ? [{ ...effect, needs: needs.map(before), also: also.map(before) }]
    : [{ ...effect, branches: [ref.replace(/^refs\/heads\//, "")] }];
}

/** `mv notes.txt x && rm x`: when the facts are read, what is removed still lies where it was moved from. */
function lossOfMoved({ at, words }: Effect, moved: readonly Moved[]): readonly Effect[] {
  if (at === undefined) return [];
  const { path, act } = at;
  const meets = act === "write" ? (each: string) => each === path && !isPattern(path) : overlapping(path);
  const lost = moved.filter(({ to }) => to.some(meets));
  return lost.map(({ needs }) => ({ kind: "delete", rule: "fs.delete", words, needs }));
}

/** What was moved twice still lies where it was first. */
function movedOn(now: Moved, before: readonly Moved[]): Moved {
  const sources = now.needs.flatMap((need) => (need.fact === "files" ? need.paths : []));
  const again = before.filter(({ to }) => sources.some((path) => to.some(overlapping(path))));
  return { to: now.to, needs: [...now.needs, ...again.flatMap(({ needs }) => needs)] };
}

/** True for what a shell would expand to names of files. */
export const isPattern = (path: string): boolean => /[*?[\\]/.test(path);

/** Whether a path holds another one or lies in it; of patterns the folder counts. */
function overlapping(path: string): (other: string) => boolean {
  const place = placeOfPattern(path);
  return (other) => isInside(place, placeOfPattern(other)) || isInside(placeOfPattern(other), place);
}

/** The folder that a pattern begins in; a plain path as it is. */
export function placeOfPattern(path: string): string {
  return isPattern(path) ? path.replace(/\/[^/]*[*?[\\].*$/s, "") : path;
}

function losesInGit({ rule, kind, needs }: Effect): boolean {
  // What is staged or saved a moment before doesn't change which files are marked or what submodules hold, and is
  // what git would bring back by itself.
  const byContent = needs.some(
    (need) =>
      need.fact !== "submodules" &&
      need.fact !== "popped" &&
      (need.fact !== "changes" || (need.against !== "believed" && need.onlyIfAutostash === undefined)),
  );
  return RULES[rule].ask === "loss" && LOSES_IN_GIT.has(kind) && byContent;
}

/** What was staged, stashed or committed a moment ago is still a change, or untracked, when the facts are read. */
function withOpenWork(effect: Effect, stashes: boolean, ignored: boolean): Effect {
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
        ignored: ignored ? "too" : "keep",
        folders: true,
        repositories: false,
      });
    }
    if (stashes) needs.push({ fact: "stashes", folder, entry: null });
  }
  return { ...effect, needs };
}
