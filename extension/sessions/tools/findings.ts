import { relative } from "node:path";
import { isWithin } from "../../toolchain/folders.ts";
import type { Finding } from "../../gates/gate.ts";

/** Findings that are named, one line each: more is no list that helps to mend them. */
const MAX_LISTED = 30;
const MESSAGE_CHARACTERS = 200;

/** Findings by what they say, wherever in their file: lines move with every edit above them. */
export class Seen {
  readonly #nameOf: (file: string) => string;
  readonly #counts = new Map<string, number>();

  /** `nameOf`: what a file is known by. */
  constructor(findings: readonly Finding[], nameOf: (file: string) => string) {
    this.#nameOf = nameOf;
    for (const finding of findings) {
      const key = this.#keyOf(finding);
      this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    }
  }

  /** Those that were not there. */
  newAmong(findings: readonly Finding[]): readonly Finding[] {
    const left = new Map(this.#counts);
    return findings.filter((finding) => {
      const key = this.#keyOf(finding);
      const before = left.get(key) ?? 0;
      left.set(key, before - 1);
      return before <= 0;
    });
  }

  #keyOf({ file, source, code, message }: Finding): string {
    return [this.#nameOf(file), source, code, message].join("\0");
  }
}

/** Findings as lines, errors first; what is left out is counted by the caller. */
export function listed(findings: readonly Finding[], cwd: string): readonly string[] {
  const errorsFirst = findings.toSorted((one, other) => rank(one) - rank(other));
  return errorsFirst.slice(0, MAX_LISTED).map(({ file, line, column, severity, code, message }) => {
    const [first = ""] = message.split("\n");
    const words = [code, first.slice(0, MESSAGE_CHARACTERS)].filter((each) => each !== "").join(" ");
    const weight = severity === "error" ? "" : `${severity}: `;
    return `${isWithin(cwd, file) ? relative(cwd, file) : file}:${line}:${column} ${weight}${words}`;
  });
}

function rank({ severity }: Finding): number {
  return severity === "error" ? 0 : 1;
}
