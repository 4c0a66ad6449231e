import type { CheckedGroup } from "./checker.ts";
import { isOwnFile } from "../toolchain/folders.ts";
import type { Finding } from "./gate.ts";

/** Findings of one tool that are kept: beyond that a list helps nobody. */
const MAX_FINDINGS = 2_000;

/** What one tool has found and not yet taken back, by file. */
export class Known {
  readonly #folder: string;
  readonly #files = new Map<string, Finding[]>();
  /** What each file was checked as a part of; absent for files that were asked about one by one. */
  readonly #wholes = new Map<string, string>();
  #count = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  get findings(): readonly Finding[] {
    return [...this.#files.values()].flat();
  }

  /** True when there were more than are kept. */
  get full(): boolean {
    return this.#count >= MAX_FINDINGS;
  }

  of(file: string): readonly Finding[] {
    return this.#files.get(file) ?? [];
  }

  /** Takes a run's findings for those that it replaces. `all`: the run looked at everything. */
  replace(groups: readonly CheckedGroup[], all: boolean): void {
    if (all) for (const file of this.#files.keys()) this.forget(file);
    for (const { whole, files, findings } of groups) {
      for (const [file, other] of this.#wholes) if (other === whole) this.forget(file);
      for (const file of files) this.forget(file);
      for (const finding of findings) this.#add(finding, whole);
    }
  }

  /** A file that is gone has nothing to find. */
  forget(file: string): void {
    this.#count -= this.of(file).length;
    this.#files.delete(file);
    this.#wholes.delete(file);
  }

  #add(finding: Finding, whole: string | null): void {
    if (this.full || !isOwnFile(this.#folder, finding.file)) return;
    const list = this.#files.get(finding.file) ?? [];
    list.push(finding);
    this.#files.set(finding.file, list);
    this.#count++;
    if (whole !== null) this.#wholes.set(finding.file, whole);
  }
}
