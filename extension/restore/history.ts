import { join } from "node:path";
import type { FactQuery } from "../guard/facts.ts";
import { currentBranch, findBareRepository, findRepository } from "../git/repository.ts";
import { type Git, succeeded } from "../git/run.ts";
import {
  addLoss,
  LOSS_FILES_SHOWN,
  type Loss,
  type LostRevision,
  noLoss,
  revisionsOf,
  SUBJECT_CHARACTERS,
} from "../guard/loss.ts";
import { MAX_DEPTH, MAX_SUBMODULES } from "./below.ts";
import { readListing } from "./listing.ts";
import type { OwnCommits } from "./ownCommits.ts";

type Query<Kind extends FactQuery["fact"]> = Extract<FactQuery, { fact: Kind }>;

/** Of so many commits at once none is looked at by itself. */
const MAX_OWN = 1_000;

/** Commits that no branch, tag or remote would reach once a ref is deleted or moved. */
export async function lossOfCommits(
  git: Git,
  query: Query<"commits">,
  signal: AbortSignal,
  own?: Pick<OwnCommits, "has">,
): Promise<Loss | null> {
  const repository = (await findBareRepository(query.folder)) ?? (await findRepository(query.folder));
  if (repository === null) return noLoss(query.folder);
  const { root } = repository;
  const ask: Ask = async (...args) => {
    const result = await git.run({ folder: root, args, signal });
    if (succeeded(result)) return result.stdout.trim();
    // Exit 1 is an answer, "there is none"; anything else is none, and what isn't known asks.
    if (result.code === 1 && !result.timedOut) return null;
    throw new Error(`git ${args[0]} failed`);
  };
  const full = await fullName(query.ref, ask);
  // A ref that isn't there can't lose anything.
  if (full === null) return noLoss(root);
  if (query.onlyIfDetached === true && full !== "HEAD") return noLoss(root);
  // A tag of its own kind has a text, which no commit has.
  if (full.startsWith("refs/tags/") && (await ask("cat-file", "-t", full)) === "tag")
    return { ...noLoss(root), complete: false };
  const to = await commitOf(query.to, ask);
  // Where it would move to no commit, git refuses, or the word names a path.
  if (query.to !== null && to === null) return noLoss(root);
  const before = await Promise.all((query.before ?? []).map((each) => movedBefore(each, ask)));
  const gone = new Set([full, ...before.map((each) => each.full)]);
  const kept = [to, ...before.map((each) => each.to)].filter((id) => id !== null);
  const others = [
    "--not",
    ...kept,
    ...[...gone].map((each) => `--exclude=${each}`),
    "--exclude=refs/stash",
    "--glob=refs/*",
  ];
  const left = [full, ...others, ...(full === "HEAD" || to !== null ? [] : await headUnless(gone, ask))];
  const listed = await ask("rev-list", `--max-count=${MAX_OWN + 1}`, ...SUBJECTS, ...left);
  if (listed === null) return null;
  const all = commitsOf(listed, root);
  if (all.length <= MAX_OWN) {
    const lost = all.filter(({ id }) => own?.has(id) !== true);
    return { ...noLoss(root), commits: lost.length, ...revisionsOf(lost) };
  }
  const count = Number((await ask("rev-list", "--count", ...left)) ?? Number.NaN);
  return Number.isNaN(count) ? null : { ...noLoss(root), commits: count, ...revisionsOf(all) };
}

const SUBJECTS: readonly string[] = ["--format=%H %s", "--encoding=UTF-8"];

/** Of each commit git prints two lines, `commit ID` and what the format says. */
function commitsOf(printed: string, root: string): readonly LostRevision[] {
  return printed
    .split("\n")
    .filter((_, at) => at % 2 === 1)
    .map((line) => {
      const [id = "", ...subject] = line.split(" ");
      return revision("commit", root, id, subject.join(" "));
    });
}

function revision(kind: LostRevision["kind"], root: string, id: string, subject: string): LostRevision {
  // A character of two halves may be cut in its middle.
  const head = subject.slice(0, SUBJECT_CHARACTERS).replace(/[\uD800-\uDBFF]$/, "");
  return { kind, root, id, subject: head };
}

/** Commits of submodules that only a detached HEAD keeps: `git submodule update` checks out others there. */
export async function lossOfDetached(
  git: Git,
  { folder }: Pick<Query<"submodules">, "folder">,
  signal: AbortSignal,
  depth = 0,
): Promise<Loss | null> {
  const repository = await findRepository(folder);
  if (repository === null) return noLoss(folder);
  const { root } = repository;
  const listing = await readListing(git, { root, folder: root, paths: null, literal: false, signal });
  if (listing === null) return null;
  const { submodules } = listing;
  if (submodules.length > MAX_SUBMODULES || (depth >= MAX_DEPTH && submodules.length > 0))
    return { ...noLoss(root), complete: false };
  const losses = await Promise.all(
    submodules.map(async (path) => {
      const inside = await findRepository(join(root, path));
      if (inside?.root !== join(root, path)) return [];
      const own = { fact: "commits", folder: inside.root, ref: "HEAD", to: null } as const;
      const onBranch = (await currentBranch(inside)) !== null;
      return Promise.all([
        ...(onBranch ? [] : [lossOfCommits(git, own, signal)]),
        lossOfDetached(git, { folder: inside.root }, signal, depth + 1),
      ]);
    }),
  );
  let sum: Loss = noLoss(root);
  for (const loss of losses.flat()) {
    if (loss === null) return null;
    sum = addLoss(sum, loss);
  }
  return sum;
}

type Ask = (...args: readonly string[]) => Promise<string | null>;

async function fullName(ref: string, ask: Ask): Promise<string | null> {
  if (ref === "HEAD") return (await ask("symbolic-ref", "--quiet", "HEAD")) ?? "HEAD";
  if (ref.startsWith("@{-")) return ask("rev-parse", "--verify", "--quiet", "--symbolic-full-name", ref);
  for (const name of [ref, `refs/heads/${ref}`, `refs/tags/${ref}`, `refs/remotes/${ref}`]) {
    if (name.startsWith("refs/") && (await ask("rev-parse", "--verify", "--quiet", name)) !== null)
      return name;
  }
  return null;
}

async function commitOf(name: string | null, ask: Ask): Promise<string | null> {
  return name === null ? null : ask("rev-parse", "--verify", "--quiet", `${name}^{commit}`);
}

/** A ref that another one goes before, by its full name, and the commit that it keeps from then on. */
async function movedBefore({ ref, to }: { readonly ref: string; readonly to: string | null }, ask: Ask) {
  const [full, commit] = await Promise.all([fullName(ref, ask), commitOf(to, ask)]);
  return { full: full ?? ref, to: commit };
}

/** HEAD keeps commits of its own only where it isn't one of the refs in question. */
async function headUnless(gone: ReadonlySet<string>, ask: Ask): Promise<readonly string[]> {
  const head = await ask("symbolic-ref", "--quiet", "HEAD");
  return gone.has(head ?? "HEAD") ? [] : ["HEAD"];
}

/** Stash entries that would be gone. */
export async function lossOfStashes(
  git: Git,
  query: Query<"stashes">,
  signal: AbortSignal,
): Promise<Loss | null> {
  const repository = await findRepository(query.folder);
  if (repository === null) return noLoss(query.folder);
  const result = await git.run({
    folder: repository.root,
    args: ["stash", "list", "-z", "--format=%gd %H %gs", "--encoding=UTF-8"],
    signal,
  });
  if (!succeeded(result)) return null;
  const { root } = repository;
  const entries = result.stdout.split("\0").filter((entry) => entry !== "");
  const named = query.entry === null ? entries : entriesNamed(entries, query.entry);
  // Any other way to name an entry, such as a date, means one of those that there are.
  if (named === null) return { ...noLoss(root), stashes: Math.min(1, entries.length) };
  const lost = named.map((entry) => {
    const [, id = "", ...subject] = entry.split(" ");
    return revision("stash", root, id, subject.join(" "));
  });
  return { ...noLoss(root), stashes: lost.length, ...revisionsOf(lost) };
}

/**
 * Files whose content was staged, and is neither in the commit nor in the file that the entry brings back: `git stash
 * pop` without `--index` drops it.
 */
export async function lossOfPopped(
  git: Git,
  query: Query<"popped">,
  signal: AbortSignal,
): Promise<Loss | null> {
  const repository = await findRepository(query.folder);
  if (repository === null) return noLoss(query.folder);
  const { root } = repository;
  const entry = /^\d+$/.test(query.entry) ? `stash@{${query.entry}}` : query.entry;
  const differing = async (one: string, other: string): Promise<readonly string[] | null> => {
    const names = [`${entry}${one}`, `${entry}${other}`];
    const args = ["diff-tree", "-r", "--no-renames", "--diff-filter=d", "--name-only", "-z", ...names];
    const result = await git.run({ folder: root, args, signal });
    return succeeded(result) ? result.stdout.split("\0").filter((path) => path !== "") : null;
  };
  const there = await git.run({
    folder: root,
    args: ["rev-parse", "--verify", "--quiet", `${entry}^2`],
    signal,
  });
  // What isn't there isn't popped.
  if (!succeeded(there)) return there.code === 1 && !there.timedOut ? noLoss(root) : null;
  const [staged, otherwise] = await Promise.all([differing("^1", "^2"), differing("", "^2")]);
  if (staged === null || otherwise === null) return null;
  const lost = staged.filter((path) => otherwise.includes(path));
  const files = lost.map((path) => ({ path, state: "staged", added: null, removed: null }) as const);
  return { ...noLoss(root), files: files.slice(0, LOSS_FILES_SHOWN), fileCount: files.length };
}

/** Null where the name doesn't say which. */
function entriesNamed(entries: readonly string[], name: string): readonly string[] | null {
  const number = /^(?:(?:refs\/)?stash@\{)?(\d+)\}?$/.exec(name)?.[1];
  return number === undefined ? null : entries.filter((entry) => entry.startsWith(`stash@{${number}} `));
}
