/** Code that a command runs from a file: the first of these absolute paths at which there is one. */
export interface CodeQuery {
  readonly paths: readonly string[];
  /** True for what counts as it lies there: programs that ran in the same line may have changed it, and only as they do. */
  readonly settled?: boolean;
  /** True where only what this line writes itself counts: what lay there before came from elsewhere. */
  readonly written?: boolean;
}

export interface CodeText {
  readonly path: string;
  readonly text: string;
  /** SHA-256 of what was read: what runs must be what was looked into. */
  readonly hash: string;
}

/** `unreadable`: there is one, and it is too big, no text, or about to be changed; `fetched`: it comes over the network. */
export type CodeAnswer = CodeText | "missing" | "unreadable" | "fetched";

/** What lies in files that commands run; undefined where nobody has looked yet. */
export type Look = (query: CodeQuery) => CodeAnswer | undefined;

export function codeKey(query: CodeQuery): string {
  return query.paths.join("\0");
}
