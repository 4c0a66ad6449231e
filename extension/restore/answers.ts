import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Fact, Facts, FactQuery } from "../guard/facts.ts";
import { factKey } from "../guard/facts.ts";
import { branchBefore, currentBranch, defaultBranches, findRepository } from "../git/repository.ts";
import type { Git } from "../git/run.ts";
import { arrivingFiles } from "./arriving.ts";
import { lossOfChanges, lossOfUntracked } from "./changes.ts";
import { lossOfFiles } from "./files.ts";
import { lossOfGivingUp } from "./halfway.ts";
import { lossOfCommits, lossOfDetached, lossOfPopped, lossOfStashes } from "./history.ts";
import { noLoss, type Loss } from "../guard/loss.ts";
import type { MadeFiles } from "./made.ts";
import { lossOfWorktree } from "./worktrees.ts";

/** All facts of one command together must be there in this time; what isn't is unknown, and asks. */
const FACTS_TIMEOUT_MS = 1_000;
const FAILED: Fact = { known: false, why: "failed" };
const LATE: Fact = { known: false, why: "time" };

/** Answers what the guard must know, in bounded time, reading only the paths that are named. What a session made is no loss. */
export async function answerFacts(
  git: Git,
  queries: readonly FactQuery[],
  signal?: AbortSignal,
  made?: MadeFiles,
): Promise<Facts> {
  const distinct = new Map(queries.map((query) => [factKey(query), query]));
  const stop = new AbortController();
  const combined = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
  const late = sleep(FACTS_TIMEOUT_MS, LATE, { ref: false });
  const answers = await Promise.all(
    [...distinct].map(async ([key, query]): Promise<[string, Fact]> => {
      const answer = answerQuery(git, query, combined, made).catch(() => FAILED);
      return [key, await Promise.race([answer, late])];
    }),
  );
  stop.abort();
  return new Map(answers);
}

async function answerQuery(
  git: Git,
  query: FactQuery,
  signal: AbortSignal,
  made: MadeFiles | undefined,
): Promise<Fact> {
  const others = async (loss: Loss | null) =>
    loss === null || made === undefined ? loss : made.without(loss);
  switch (query.fact) {
    case "changes":
      return fromLoss(await others(await lossOfChanges(git, query, signal)));
    case "untracked":
      return fromLoss(await others(await lossOfUntracked(git, query, signal)));
    case "files":
      return fromLoss(await others(await lossOfFiles(git, query, signal)));
    case "commits":
      return fromLoss(await lossOfCommits(git, query, signal, made?.commits));
    case "submodules":
      return fromLoss(await lossOfDetached(git, query, signal));
    case "stashes":
      return fromLoss(await lossOfStashes(git, query, signal));
    case "popped":
      return fromLoss(await lossOfPopped(git, query, signal));
    case "worktree":
      return fromLoss(await others(await lossOfWorktree(git, query, signal)));
    case "halfway":
      return fromLoss(await lossOfGivingUp(git, query, signal));
    case "processes":
      return (await areOurs(query, made)) ? fromLoss(noLoss(query.folder)) : FAILED;
    case "arriving": {
      const arriving = await arrivingFiles(git, query, signal);
      return arriving === null ? FAILED : { known: true, arriving };
    }
    case "branch": {
      const repository = await findRepository(query.folder);
      if (repository === null) return FAILED;
      return {
        known: true,
        branch: query.before === true ? await branchBefore(repository) : await currentBranch(repository),
        defaultBranches: await defaultBranches(repository),
      };
    }
  }
}

/** A file with anything else in it than numbers names no process that is known. */
async function areOurs(
  { ids, files }: Extract<FactQuery, { fact: "processes" }>,
  made: MadeFiles | undefined,
): Promise<boolean> {
  const texts = await Promise.all(files.map((file) => readFile(file, "latin1")));
  const all = [...ids, ...texts.flatMap((text) => text.trim().split(/\s+/))];
  const marked = await Promise.all(all.map(async (id) => /^\d+$/.test(id) && made?.started(Number(id))));
  return all.length > 0 && marked.every((each) => each === true);
}

function fromLoss(loss: Loss | null): Fact {
  return loss === null ? FAILED : { known: true, loss };
}
