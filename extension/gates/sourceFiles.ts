import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { CHANGED, CREATED, DELETED, type FileChange } from "./languageServer.ts";

/** Folders that no server is told about file by file. */
const SKIPPED = new Set(["node_modules", "__pycache__", "venv", "site-packages"]);
/** Files that are watched by looking at their stamps: 5,000 take 40 ms. Of a larger project only known edits are told. */
const MAX_FILES = 5_000;

/**
 * The files of a project as they were at the last look. A server that is kept warm has to be told what changed since,
 * also what a command, a checkout or a person changed.
 */
export class SourceFiles {
  readonly #top: string;
  readonly #isSource: (name: string) => boolean;
  #stamps: ReadonlyMap<string, string>;

  constructor(top: string, isSource: (name: string) => boolean) {
    this.#top = top;
    this.#isSource = isSource;
    this.#stamps = this.#look();
  }

  /** What is new, other or gone since the last call. */
  changes(): readonly FileChange[] {
    const before = this.#stamps;
    const now = this.#look();
    this.#stamps = now;
    const changes: FileChange[] = [];
    for (const [file, stamp] of now) {
      const old = before.get(file);
      if (old !== stamp) changes.push({ file, type: old === undefined ? CREATED : CHANGED });
    }
    for (const file of before.keys()) if (!now.has(file)) changes.push({ file, type: DELETED });
    return changes;
  }

  #look(): ReadonlyMap<string, string> {
    const stamps = new Map<string, string>();
    const folders = [this.#top];
    for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
      for (const entry of entriesOf(folder)) {
        const path = join(folder, entry.name);
        if (entry.isDirectory()) {
          if (!entry.name.startsWith(".") && !SKIPPED.has(entry.name)) folders.push(path);
        } else if (this.#isSource(entry.name)) {
          if (stamps.size >= MAX_FILES) return new Map();
          const stats = statSync(path, { throwIfNoEntry: false });
          if (stats !== undefined) stamps.set(path, `${stats.mtimeMs} ${stats.size} ${stats.ino}`);
        }
      }
    }
    return stamps;
  }
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // Gone, or not ours to read.
    return [];
  }
}
