import { relative } from "node:path";

import { ROOT } from "../lib/paths.ts";
import { seconds } from "../lib/step.ts";
import type { Outcome } from "./outcome.ts";

/** How much of a failing file's own output is shown. */
const SHOWN_CHARACTERS = 8_000;

/** Collects what tests came to, and prints it: failures at once and whole, and again at the end, where a cut log still has them. */
export class Report {
  readonly #outcomes: Outcome[] = [];
  readonly #print: (line: string) => void;

  constructor(print: (line: string) => void = console.log) {
    this.#print = print;
  }

  /** Takes in the outcomes of one file, with what the file printed. */
  add(file: string, outcomes: readonly Outcome[], ms: number, output: string): void {
    this.#outcomes.push(...outcomes);
    const failed = outcomes.filter((outcome) => outcome.result === "failed");
    const mark = failed.length === 0 ? "✓" : "✗";
    this.#print(
      `${mark} ${short(file).padEnd(56)} ${String(outcomes.length).padStart(4)} tests ${seconds(ms)}`,
    );
    for (const outcome of failed) this.#print(failure(outcome.name, outcome));
    if (failed.length > 0 && output.trim()) {
      this.#print(`  It printed:\n${indent(output.trim().slice(-SHOWN_CHARACTERS))}\n`);
    }
  }

  /** Prints what was skipped, what failed and the closing line, and returns the exit status of the whole run. */
  close(): number {
    const passed = this.#outcomes.filter((each) => each.result === "passed").length;
    const skipped = this.#outcomes.filter((each) => each.result === "skipped");
    if (skipped.length > 0) this.#print("\nSkipped:");
    for (const { file, name, reason } of skipped) this.#print(`  ${short(file)}: ${name}: ${reason}`);
    const failed = this.#outcomes.filter((each) => each.result === "failed");
    if (failed.length > 0) this.#print("\nFailed:");
    for (const outcome of failed) this.#print(failure(`${short(outcome.file)}: ${outcome.name}`, outcome));
    if (this.#outcomes.length === 0) this.#print("\nNo test ran.");
    this.#print(`\n${passed} passed, ${failed.length} failed, ${skipped.length} skipped`);
    return failed.length > 0 || this.#outcomes.length === 0 ? 1 : 0;
  }
}

const failure = (title: string, { reason }: Outcome): string => `\n  ✗ ${title}\n${indent(reason ?? "")}\n`;
const short = (file: string): string => (file.startsWith(ROOT) ? relative(ROOT, file) : file);
const indent = (text: string): string => text.replace(/^/gm, "    ");
