import { lstat } from "node:fs/promises";
import { join } from "node:path";
import type { Loss } from "../guard/loss.ts";

/** Files that are remembered for one session; what it makes beyond is asked about like a person's own. */
const MAX_MADE = 5_000;

/** What an act writes by name; `only`: it does nothing else, and what it writes is new. */
export interface Making {
  readonly paths: readonly string[];
  readonly only: boolean;
}

/** Files that one session has made, as it left them: what somebody has changed since is no longer its own. */
export class MadeFiles {
  readonly #stamps = new Map<string, string>();
  /** What calls that go on are making. Whoever waits for the end of a command hears of it before this does. */
  readonly #making = new Map<string, readonly string[]>();

  /** Before a call runs: of the files that it names those that are free, or the session's own, will be its own. */
  async before(call: string, { paths, only }: Making): Promise<void> {
    if (paths.length === 0) return;
    const own = await Promise.all(
      paths.map(async (path) => only && ((await isFree(path)) || (await this.isMade(path)))),
    );
    for (const [other, making] of this.#making)
      this.#making.set(
        other,
        making.filter((path) => !paths.includes(path)),
      );
    this.#making.set(
      call,
      paths.filter((_, index) => own[index]),
    );
  }

  /** The call is over. */
  async after(call: string): Promise<void> {
    const paths = this.#making.get(call);
    if (paths === undefined) return;
    await this.#remember(paths);
    this.#making.delete(call);
  }

  async #remember(paths: readonly string[]): Promise<void> {
    for (const path of paths) {
      const info = await lstat(path).catch(() => null);
      if (info?.isFile() === true && this.#stamps.size < MAX_MADE) this.#stamps.set(path, stampOf(info));
    }
  }

  async isMade(path: string): Promise<boolean> {
    if ([...this.#making.values()].some((paths) => paths.includes(path))) return true;
    const stamp = this.#stamps.get(path);
    if (stamp === undefined) return false;
    const info = await lstat(path).catch(() => null);
    return info !== null && stampOf(info) === stamp;
  }

  /** What of a loss isn't the session's own. A list that was cut short stays as it is. */
  async without(loss: Loss): Promise<Loss> {
    if (loss.files.length === 0 || loss.files.length < loss.fileCount) return loss;
    const own = await Promise.all(
      loss.files.map(async ({ path, state }) => state === "untracked" && this.isMade(join(loss.root, path))),
    );
    const files = loss.files.filter((_, index) => !own[index]);
    return { ...loss, files, fileCount: files.length };
  }
}

async function isFree(path: string): Promise<boolean> {
  return lstat(path).then(
    () => false,
    (error: NodeJS.ErrnoException) => error.code === "ENOENT",
  );
}

interface Stat {
  readonly ino: number;
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
}

function stampOf({ ino, size, mtimeMs, ctimeMs }: Stat): string {
  return `${ino} ${size} ${mtimeMs} ${ctimeMs}`;
}
