import { type FSWatcher, watch } from "node:fs";
import { join } from "node:path";
import { Merging } from "../../git/merging.ts";
import { currentBranch, findRepository } from "../../git/repository.ts";
import type { Git } from "../../git/run.ts";

/** Git writes several files for one move, and the agent whose command it was tells of that only then. */
const QUIET_MS = 1_000;

/** As git itself abbreviates. */
const HASH_CHARACTERS = 7;

/** What is checked out in a working tree. */
export interface Head {
  readonly branch: string | null;
  readonly commit: string | null;
}

function isSameHead(one: Head, other: Head): boolean {
  return one.branch === other.branch && one.commit === other.commit;
}

export function headText({ branch, commit }: Head): string {
  const hash = commit?.slice(0, HASH_CHARACTERS) ?? "";
  return branch === null ? hash : `${branch} ${hash}`.trim();
}

/** Watches what is checked out in a working tree. Where it can't be watched, nothing is told. */
export class HeadWatch {
  readonly #git: Git;
  readonly #root: string;
  readonly #onMove: (from: Head, to: Head) => void;
  readonly #watchers: FSWatcher[] = [];
  #head: Head | undefined;
  #first: Head | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(git: Git, root: string, onMove: (from: Head, to: Head) => void) {
    this.#git = git;
    this.#root = root;
    this.#onMove = onMove;
  }

  /** What was checked out when the watching began. */
  get first(): Head | undefined {
    return this.#first;
  }

  async begin(): Promise<void> {
    const gitDir = (await findRepository(this.#root))?.gitDir;
    if (gitDir === undefined) return;
    this.#head = this.#first = await this.#read();
    if (this.#stopped) return;
    // A checkout writes HEAD, a commit the branch; both write the log of HEAD.
    for (const folder of [gitDir, join(gitDir, "logs")]) {
      try {
        const watcher = watch(folder, { persistent: false }, (_, name) => {
          if (name === "HEAD" || name === null) this.#soon();
        });
        watcher.on("error", () => watcher.close());
        this.#watchers.push(watcher);
      } catch {
        // No logs are kept, or the system has no room for another watch.
      }
    }
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    for (const watcher of this.#watchers) watcher.close();
  }

  #soon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#look().catch(() => {}), QUIET_MS);
    this.#timer.unref();
  }

  async #look(): Promise<void> {
    const [before, now] = [this.#head, await this.#read()];
    if (this.#stopped || before === undefined || now === undefined || isSameHead(before, now)) return;
    this.#head = now;
    this.#onMove(before, now);
  }

  async #read(): Promise<Head | undefined> {
    const repository = await findRepository(this.#root);
    if (repository === null) return undefined;
    const commit = await new Merging(this.#git, this.#root).commitOf("HEAD");
    return { branch: await currentBranch(repository), commit };
  }
}
