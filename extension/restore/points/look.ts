import { findRepository, type Repository } from "../../git/repository.ts";
import { type Git, succeeded } from "../../git/run.ts";
import type { BytePath } from "./bytePath.ts";

/** A status of a large tree goes on behind the prompt; one that takes longer than this is given up. */
const STATUS_MS = 60_000;
const MAX_STATUS_BYTES = 64 * 1024 * 1024;

/** A path that may hold what no commit holds. */
export interface Listed {
  readonly path: BytePath;
  readonly state: "changed" | "untracked" | "ignored" | "hidden" | "line-ends";
}

/** What was seen of a folder, before anything was read. */
export interface Look {
  readonly root: string;
  readonly repository: Repository | null;
  /** Null where git couldn't say: then the folder is walked instead. */
  readonly status: Status | null;
}

export interface Status {
  readonly head: string | null;
  readonly branch: string | null;
  readonly listed: readonly Listed[];
  /** Repositories inside that git lists as one untracked entry; without a slash at the end. */
  readonly embedded: readonly BytePath[];
  /** Folders that git ignores as a whole, with a slash at the end. */
  readonly ignored: readonly BytePath[];
}

/** Whether an ignored file is kept all the same. */
export type IsNamed = (path: BytePath) => boolean;

/** Looks at a folder with one `git status`. `root` is a repository's top folder, or lies in none. */
export async function look(git: Git, root: string, isNamed: IsNamed): Promise<Look> {
  const unneeded = new AbortController();
  // A prompt waits for it: git doesn't wait until it is known that there is something to say.
  const status = readStatus(git, root, isNamed, unneeded.signal);
  const found = await findRepository(root);
  if (found?.root === root) return { root, repository: found, status: await status };
  unneeded.abort();
  return { root, repository: null, status: null };
}

async function readStatus(
  git: Git,
  root: string,
  isNamed: IsNamed,
  signal: AbortSignal,
): Promise<Status | null> {
  const result = await git.run({
    folder: root,
    args: [
      "status",
      "--porcelain=v2",
      "-z",
      "--branch",
      "--no-ahead-behind",
      "--no-renames",
      "--untracked-files=all",
      "--ignored=matching",
      // A submodule is looked at as a repository of its own.
      "--ignore-submodules=dirty",
    ],
    timeoutMs: STATUS_MS,
    maxBytes: MAX_STATUS_BYTES,
    encoding: "latin1",
    inHostGroup: true,
    signal,
  });
  return succeeded(result) ? parseStatus(result.stdout, isNamed) : null;
}

/** Reads `git status --porcelain=v2 -z --branch`. */
export function parseStatus(output: string, isNamed: IsNamed): Status {
  const listed = new Map<BytePath, Listed>();
  const embedded: BytePath[] = [];
  const ignored: BytePath[] = [];
  let head: string | null = null;
  let branch: string | null = null;
  for (const line of output.split("\0")) {
    const rest = line.slice(2);
    switch (line[0]) {
      case "#": {
        const [, name, value = ""] = /^(\S+) (.*)$/s.exec(rest) ?? [];
        if (name === "branch.oid" && value !== "(initial)") head = value;
        if (name === "branch.head" && value !== "(detached)") branch = value;
        break;
      }
      case "1":
      case "u": {
        // `1 XY sub mH mI mW hH hI path`, and for unmerged entries `u XY sub m1 m2 m3 mW h1 h2 h3 path`.
        const fields = rest.split(" ");
        const path = fields.slice(line[0] === "1" ? 7 : 9).join(" ");
        if (fields[1]?.startsWith("S") !== true) listed.set(path, { path, state: "changed" });
        break;
      }
      case "?":
        if (rest.endsWith("/")) embedded.push(rest.slice(0, -1));
        else listed.set(rest, { path: rest, state: listed.get(rest)?.state ?? "untracked" });
        break;
      case "!":
        if (rest.endsWith("/")) ignored.push(rest);
        else if (isNamed(rest)) listed.set(rest, { path: rest, state: "ignored" });
        break;
      default:
        break;
    }
  }
  return { head, branch, listed: [...listed.values()], embedded, ignored };
}
