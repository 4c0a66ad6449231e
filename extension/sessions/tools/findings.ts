import { relative } from "node:path";
import type { Finding } from "../../gates/gate.ts";

/** Findings that are named, one line each: more is no list that helps to mend them. */
const MAX_LISTED = 30;
const MESSAGE_CHARACTERS = 200;

/** Findings by what they say, wherever in their file: lines move with every edit above them. */
export class Seen {
  readonly #counts = new Map<string, number>();

  constructor(findings: readonly Finding[]) {
    for (const finding of findings) {
      const key = keyOf(finding);
      this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    }
  }

  /** Those that were not there. */
  newAmong(findings: readonly Finding[]): readonly Finding[] {
    const left = new Map(this.#counts);
    return findings.filter((finding) => {
      const key = keyOf(finding);
      const before = left.get(key) ?? 0;
      left.set(key, before - 1);
      return before <= 0;
    });
  }
}

function keyOf({ file, source, code, message }: Finding): string {
  return [file, source, code, message].join("\0");
}

/** Findings as lines, errors first; what is left out is counted by the caller. */
export function listed(findings: readonly Finding[], cwd: string): readonly string[] {
  const errorsFirst = findings.toSorted((one, other) => rank(one) - rank(other));
  return errorsFirst.slice(0, MAX_LISTED).map(({ file, line, column, severity, code, message }) => {
    const [first = ""] = message.split("\n");
    const words = [code, first.slice(0, MESSAGE_CHARACTERS)].filter((each) => each !== "").join(" ");
    const weight = severity === "error" ? "" : `${severity}: `;
    return `${relative(cwd, file)}:${line}:${column} ${weight}${words}`;
  });
}

function rank({ severity }: Finding): number {
  return severity === "error" ? 0 : 1;
}
