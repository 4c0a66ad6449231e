import { findRepository } from "../git/repository.ts";
import { type Git, succeeded } from "../git/run.ts";

/** Commits that are remembered for one session, and those that one command is thought to make. */
const MAX_COMMITS = 1_000;
/** A repository that couldn't be looked at in this time has made none. */
const LOOK_MS = 1_000;

interface Before {
  readonly git: Git;
  readonly root: string;
  readonly head: string;
}

/**
 * The commits that a session made, by their ids: rewriting or leaving them loses nothing of a person's. What takes the
 * place of others is the session's only where all of those were.
 */
export class OwnCommits {
  readonly #ids = new Set<string>();
  readonly #before = new Map<string, Before>();

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  /** A call that goes on may commit in a folder. */
  async before(call: string, folder: string, git: Git): Promise<void> {
    const repository = await findRepository(folder).catch(() => null);
    if (repository === null) return;
    const { root } = repository;
    const [head] = (await lines(git, root, ["rev-parse", "--verify", "--quiet", "HEAD"])) ?? [];
    if (head !== undefined) this.#before.set(call, { git, root, head });
  }

  /** The call is over. */
  async after(call: string): Promise<void> {
    const before = this.#before.get(call);
    if (before === undefined || !this.#before.delete(call)) return;
    const { git, root, head } = before;
    const list = (...args: readonly string[]): Promise<readonly string[] | null> =>
      lines(git, root, ["rev-list", `--max-count=${MAX_COMMITS}`, ...args]);
    const [branch = "HEAD"] = (await lines(git, root, ["symbolic-ref", "--quiet", "HEAD"])) ?? [];
    const others = ["--not", head, `--exclude=${branch}`, "--glob=refs/*"];
    const [made, replaced] = await Promise.all([list("HEAD", ...others), list(head, "--not", "HEAD")]);
    if (made === null || replaced === null || replaced.some((id) => !this.#ids.has(id))) return;
    for (const id of made) if (this.#ids.size < MAX_COMMITS) this.#ids.add(id);
  }
}

async function lines(git: Git, folder: string, args: readonly string[]): Promise<readonly string[] | null> {
  const result = await git.run({ folder, args, signal: AbortSignal.timeout(LOOK_MS) });
  return succeeded(result) ? result.stdout.split("\n").filter((line) => line !== "") : null;
}
