import { execFileSync } from "node:child_process";
import { lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Result } from "../../../extension/errors.ts";
import type { Git } from "../../../extension/git/run.ts";
import type { Limits } from "../../../extension/restore/points/limits.ts";
import type { Point } from "../../../extension/restore/points/point.ts";
import { RestorePoints } from "../../../extension/restore/points/restorePoints.ts";
import { tempDir, type Owner } from "../../harness/temp.ts";
import { personGit } from "../../git/support.ts";

export interface Bench {
  readonly base: string;
  /** The repository. */
  readonly repo: string;
  readonly state: string;
  readonly points: RestorePoints;
}

/** A repository with a commit, and a state directory of its own. */
export async function bench(t: Owner, git: Git, limits: Partial<Limits> = {}): Promise<Bench> {
  const base = await tempDir(t);
  const repo = join(base, "repo");
  const state = join(base, "state");
  mkdirSync(repo);
  commitSome(repo);
  return { base, repo, state, points: new RestorePoints(git, state, limits) };
}

export function commitSome(repo: string): void {
  personGit(repo, "init", "-q", "-b", "main");
  put(repo, {
    "a.txt": "one\ntwo\nthree\nfour\nfive\nsix\nseven\n",
    "b.txt": "b\n",
    "sub/c.txt": "c\n",
    "run.sh": "#!/bin/sh\n",
  });
  put(repo, { ".gitignore": "*.log\n.env\nnode_modules/\n" });
  personGit(repo, "add", ".");
  personGit(repo, "commit", "-q", "-m", "First");
}

/** Writes files with their folders. */
export function put(folder: string, files: Readonly<Record<string, string | Buffer>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

export function sh(folder: string, line: string): string {
  const env = {
    ...process.env,
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_AUTHOR_NAME: "Person",
    GIT_AUTHOR_EMAIL: "person@example.com",
    GIT_COMMITTER_NAME: "Person",
    GIT_COMMITTER_EMAIL: "person@example.com",
    GIT_EDITOR: "true",
  };
  return execFileSync("bash", ["-e", "-c", line], {
    cwd: folder,
    env,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
}

/** Everything of a working tree: content, kind and mode of each file, names as bytes. */
export function treeOf(folder: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const visit = (at: Buffer, name: string): void => {
    for (const entry of readdirSync(at, { encoding: "buffer" })) {
      const text = entry.toString("latin1");
      if (text === ".git" || text.endsWith(".log")) continue;
      const path = Buffer.concat([at, Buffer.from("/"), entry]);
      const info = lstatSync(path);
      const key = `${name}${text}`;
      if (info.isDirectory()) visit(path, `${key}/`);
      else if (info.isSymbolicLink()) found.set(key, `link ${readlinkSync(path, "latin1")}`);
      else found.set(key, `${(info.mode & 0o777).toString(8)} ${readFileSync(path).toString("latin1")}`);
    }
  };
  visit(Buffer.from(folder), "");
  return found;
}

export interface GitView {
  readonly index: string;
  readonly head: string;
  readonly refs: string;
  readonly stash: string;
  readonly reflog: string;
  readonly status: string;
  readonly progress: readonly string[];
  readonly config: string;
}

/** What git has and says. */
export function gitOf(repo: string): GitView {
  const ask = (line: string): string => sh(repo, `{ ${line}; } 2>/dev/null || true`);
  const dir = ask("git rev-parse --absolute-git-dir").trim();
  return {
    index: ask("git ls-files -s -v"),
    head: ask("git symbolic-ref -q HEAD; git rev-parse HEAD"),
    refs: ask("git for-each-ref"),
    stash: ask("git stash list -p"),
    reflog: ask("git reflog show --format='%H %gs' HEAD"),
    status: ask("git status --porcelain=v2"),
    progress: (dir === "" ? [] : readdirSync(dir)).filter((name) =>
      /MERGE_|rebase|CHERRY|REVERT|BISECT|sequencer/.test(name),
    ),
    config: ask("git config --local --list"),
  };
}

export async function taken(points: RestorePoints, root: string): Promise<Point> {
  const { settled } = await points.take({ root, reason: "turn", session: "s", turn: 1 });
  return must(await settled);
}

export function must<Value>(result: Result<Value>): Value {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
}
