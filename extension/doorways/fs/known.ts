import { createHash } from "node:crypto";
import { sameLines } from "./sameLines.ts";

/** Files whose content is remembered; of what was forgotten nothing is said. */
const MAX_FILES = 1_000;

interface Known {
  /** Of the content that the agent read or wrote last. */
  readonly hash: string;
  /** False where the file may hold something else, and the agent knows: it was told, or may have done it itself. */
  readonly counts: boolean;
}

/** What an agent knows of files: their content as it read or wrote them last. */
export class KnownContents {
  readonly #files = new Map<string, Known>();

  learn(path: string, content: string): void {
    this.#files.delete(path);
    this.#files.set(path, { hash: hashOf(content), counts: true });
    const [oldest] = this.#files.keys();
    if (this.#files.size > MAX_FILES && oldest !== undefined) this.#files.delete(oldest);
  }

  /** True where the agent has seen this very content last. */
  hasSeen(path: string, content: string): boolean {
    return this.#files.get(path)?.hash === hashOf(content);
  }

  /** True where a file holds something else than the agent reckons with. Null: there is no file. */
  isStale(path: string, content: string | null): boolean {
    return this.#files.get(path)?.counts === true && content !== null && !this.hasSeen(path, content);
  }

  /** The agent was told that the file holds something else. */
  told(path: string): void {
    const known = this.#files.get(path);
    if (known !== undefined) this.#files.set(path, { ...known, counts: false });
  }

  /** The agent may have changed any file itself. */
  toldAll(): void {
    for (const path of this.#files.keys()) this.told(path);
  }
}

function hashOf(content: string): string {
  return createHash("sha256").update(sameLines(content)).digest("hex");
}
