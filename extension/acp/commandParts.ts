/** The names that the command of an agent holds: of its program, and all of its words' parts, such as folders and packages. */
export interface CommandParts {
  readonly program: string;
  readonly all: ReadonlySet<string>;
}

/** Without versions and endings: `codex-acp.cmd` and `codex-acp@2.6.0` are `codex-acp`. A package's scope is a part of its own. */
export function commandParts({
  command,
  args,
}: {
  readonly command: string;
  readonly args: readonly string[];
}): CommandParts {
  const [first = [], ...others] = [command, ...args].map((word) =>
    word.split(/[/\\]/).map((part) => part.replace(/(\.\w+|@[\w.^~-]+)$/, "")),
  );
  return { program: first.at(-1) ?? "", all: new Set([...first, ...others.flat()]) };
}
