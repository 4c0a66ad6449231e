export const STAGES = ["unit", "host", "browser"] as const;
export type Stage = (typeof STAGES)[number];

export interface Selection {
  readonly stages: readonly Stage[];
  /** Parts of paths. Empty: every file. */
  readonly only: readonly string[];
  /** Passed on to Node: `--test-name-pattern=…`, `--test-update-snapshots`. */
  readonly nodeFlags: readonly string[];
}

/** `npm test -- unit door --test-name-pattern=reset`: stages, parts of paths, and flags for Node, in any order. */
export function readArguments(args: readonly string[]): Selection {
  const isStage = (word: string): word is Stage => (STAGES as readonly string[]).includes(word);
  const words = args.filter((word) => !word.startsWith("--"));
  const stages = words.filter(isStage);
  return {
    stages: stages.length > 0 ? stages : STAGES,
    only: words.filter((word) => !isStage(word)),
    nodeFlags: args.filter((word) => word.startsWith("--")),
  };
}

/** Whether a file belongs to a selection of parts of paths. */
export function selected(file: string, only: readonly string[]): boolean {
  return only.length === 0 || only.some((part) => file.includes(part));
}
