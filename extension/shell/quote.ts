const PLAIN = /^[\w@%+=:,./-]+$/;

/** One argument as a word of a POSIX shell that means exactly it. */
export function quote(argument: string): string {
  if (PLAIN.test(argument) && !argument.startsWith("=")) return argument;
  return `'${argument.replaceAll("'", `'\\''`)}'`;
}

/** An argument list as a line of a POSIX shell: for showing and parsing, never for running. */
export function quoteAll(argv: readonly string[]): string {
  return argv.map((argument) => quote(argument)).join(" ");
}
