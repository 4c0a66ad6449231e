import * as l10n from "@vscode/l10n";
import { messageOf } from "../errors.ts";
import type { Checker, CheckOutcome } from "./checker.ts";

/** Edits of one burst are looked at together: an agent writes several files within this many milliseconds. */
const GATHER_MS = 40;
/** More files than this at once are looked at as a whole folder: a tool reads no longer list of names. */
const MAX_FILES = 200;

interface Batch {
  readonly files: Set<string>;
  all: boolean;
  readonly done: Promise<CheckOutcome>;
  readonly settle: (outcome: CheckOutcome) => void;
}

/** Told when a run begins, and with what it ended. */
export type LaneReport = (outcome: CheckOutcome | "running", batch: { readonly all: boolean }) => void;

/**
 * The questions to one checker, one at a time. What is asked while it runs is gathered into one next run, so that a
 * slow tool is never behind by more than one.
 */
export class Lane {
  readonly checker: Checker;
  readonly #report: LaneReport;
  #next: Batch | undefined;
  #running: AbortController | undefined;
  #disposed = false;

  constructor(checker: Checker, report: LaneReport) {
    this.checker = checker;
    this.#report = report;
  }

  get busy(): boolean {
    return this.#running !== undefined || this.#next !== undefined;
  }

  /** Asks about some files, or about all of them. Resolves with the run that looked at them. */
  ask(files: readonly string[] | "all"): Promise<CheckOutcome> {
    if (this.#disposed) return Promise.resolve({ state: "cancelled" });
    const batch = (this.#next ??= this.#open());
    if (files === "all") batch.all = true;
    else for (const file of files) batch.files.add(file);
    if (batch.files.size > MAX_FILES) batch.all = true;
    return batch.done;
  }

  /** Ends what runs and forgets what waits: both answer `cancelled`. */
  cancel(): void {
    this.#running?.abort();
    this.#next?.settle({ state: "cancelled" });
    this.#next = undefined;
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    this.cancel();
    await this.checker.dispose();
  }

  #open(): Batch {
    let settle: (outcome: CheckOutcome) => void = () => {};
    const done = new Promise<CheckOutcome>((resolve) => (settle = resolve));
    if (this.#running === undefined) setTimeout(() => void this.#run(), GATHER_MS);
    return { files: new Set(), all: false, done, settle };
  }

  async #run(): Promise<void> {
    const batch = this.#next;
    if (batch === undefined || this.#running !== undefined) return;
    this.#next = undefined;
    const controller = new AbortController();
    this.#running = controller;
    this.#report("running", batch);
    const { signal } = controller;
    const outcome = await this.#look(batch, signal).catch((error: unknown): CheckOutcome => {
      const reason = l10n.t("{0} could not be asked: {1}", this.checker.tool, messageOf(error));
      return { state: "unavailable", reason, ms: 0 };
    });
    this.#running = undefined;
    const said: CheckOutcome = signal.aborted ? { state: "cancelled" } : outcome;
    this.#report(said, batch);
    batch.settle(said);
    if (this.#next !== undefined) void this.#run();
  }

  #look(batch: Batch, signal: AbortSignal): Promise<CheckOutcome> {
    return batch.all ? this.checker.checkAll(signal) : this.checker.check([...batch.files], signal);
  }
}
