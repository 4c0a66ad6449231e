import { createHash } from "node:crypto";
import { sameLines } from "./sameLines.ts";

/** Files whose content is remembered; of what was forgotten nothing is said. */
const MAX_FILES = 1_000;

/** What an agent knows of files: their content as it read or wrote them last. */
export class KnownContents {
  readonly #hashes = new Map<string, string>();

  learn(path: string, content: string): void {
    this.#hashes.delete(path);
    this.#hashes.set(path, hashOf(content));
    const [oldest] = this.#hashes.keys();
    if (this.#hashes.size > MAX_FILES && oldest !== undefined) this.#hashes.delete(oldest);
  }

  /** True where a file holds something else than the agent knows of. Null: there is no file. */
  isStale(path: string, content: string | null): boolean {
    const known = this.#hashes.get(path);
    return known !== undefined && content !== null && known !== hashOf(content);
  }

  /** The agent may have changed any file itself. */
  clear(): void {
    this.#hashes.clear();
  }
}

function hashOf(content: string): string {
  return createHash("sha256").update(sameLines(content)).digest("hex");
}
