/** A command as a person would type it, and the folder to run it in. */
export interface Command {
  /** The whole line: what the person reads, and what the host is asked for. */
  readonly line: string;
  /** Absolute. */
  readonly cwd: string;
  /** The same as separate words. Without them, only a shell can run the line. */
  readonly words?: readonly [string, ...string[]];
}

/** Characters that mean nothing to any shell. A leading `~` or an assignment would. */
const PLAIN_WORD = /^[\w@%+:,./-][\w@%+=:,./-]*$/;
const ASSIGNMENT = /^\w+=/;

/** A command whose words are known, so that none of them is read by a shell. */
export function command(cwd: string, ...words: [string, ...string[]]): Command {
  return { line: words.map(quoted).join(" "), cwd, words };
}

/** A line that a person typed, kept exactly. */
export function typed(cwd: string, line: string): Command {
  const [first, ...rest] = line.split(/ +/);
  const plain = first !== undefined && !ASSIGNMENT.test(first) && [first, ...rest].every(isPlain);
  return plain ? { line, cwd, words: [first, ...rest] } : { line, cwd };
}

function isPlain(word: string): boolean {
  return PLAIN_WORD.test(word);
}

function quoted(word: string): string {
  return isPlain(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
