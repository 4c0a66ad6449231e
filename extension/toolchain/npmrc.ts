/** A line of a file of npm's settings. */
export interface NpmLine {
  /** As it is written: `registry`, `//host/:_authToken`. */
  readonly key: string;
  /** Undefined where only the name stands there, which switches it on. */
  readonly value: string | undefined;
}

/** What a `.npmrc` says, line by line: without quotes, and with `${NAME}` replaced where the variable is known. */
export function npmLines(
  text: string,
  variables: Readonly<Record<string, string | undefined>>,
): readonly NpmLine[] {
  return text.split(/\r?\n/).flatMap((line): readonly NpmLine[] => {
    const [, key, written] = /^\s*([^;#=\s][^=]*?)\s*(?:=\s*(.*?))?\s*$/.exec(line) ?? [];
    if (key === undefined) return [];
    const value = written
      ?.replace(/^(["'])(.*)\1$/, "$2")
      .replaceAll(/\$\{(\w+)\}/g, (whole, name: string) => variables[name] ?? whole);
    return [{ key, value }];
  });
}
