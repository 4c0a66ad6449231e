import type { ShellWord } from "../shell/command.ts";
import { isLiteral } from "./row.ts";

/** `uv VERB …` as far as it matters for the project's lock. */
export interface UvWords {
  readonly verb: string;
  /** Flags between the verb and what it runs, without their values. */
  readonly flags: readonly string[];
  /** What follows: of `uv run` the program with its arguments. */
  readonly operands: readonly ShellWord[];
  /** The folder whose project is meant, where it is named. */
  readonly folder: string | null;
  /** True where the lock has no part in it: another project's, none at all, or the environment as it is. */
  readonly apart: boolean;
}

/** Flags of uv's that take the next word (`uv help run`, `uv help sync`). */
const TAKES_NEXT = new Set(
  (
    "--with --with-editable --with-requirements --extra --no-extra --group --no-group --only-group --python -p " +
    "--env-file --package --no-install-package --index --default-index --index-url -i --extra-index-url --find-links -f " +
    "--config-setting -C --config-file --cache-dir --directory --project --color --link-mode --python-platform " +
    "--upgrade-package -P --refresh-package --reinstall-package --no-build-package --no-binary-package --index-strategy " +
    "--keyring-provider --resolution --prerelease --fork-strategy --exclude-newer --format --output-file -o --depth -d"
  ).split(" "),
);
/** With these uv neither reads the lock for what is installed nor writes it. */
const APART = new Set(["--no-project", "--no-sync", "--script", "-s", "--help", "-h"]);

/** Reads the words after `uv`; null where it isn't clear which of its commands is meant. */
export function uvWords(args: readonly ShellWord[]): UvWords | null {
  const flags: string[] = [];
  const found: { verb?: string; folder?: string } = {};
  let at = 0;
  for (; at < args.length; at++) {
    const word = args[at];
    if (!isLiteral(word)) break;
    const [name, value] = splitFlag(word.text);
    if (name === "--" || !name.startsWith("-")) {
      if (found.verb !== undefined) {
        if (name === "--") at++;
        break;
      }
      found.verb = word.text;
      continue;
    }
    flags.push(name);
    const next = args[at + 1];
    const taken = value ?? (isLiteral(next) ? next.text : undefined);
    if ((name === "--directory" || name === "--project") && taken !== undefined) found.folder = taken;
    // A module is what runs: all that follows is its own.
    if (name === "-m" || name === "--module") break;
    if (value === undefined && TAKES_NEXT.has(name)) at++;
  }
  if (found.verb === undefined) return null;
  return {
    verb: found.verb,
    flags,
    operands: args.slice(at),
    folder: found.folder ?? null,
    apart: flags.some((flag) => APART.has(flag)),
  };
}

function splitFlag(text: string): readonly [string, string?] {
  const equals = text.startsWith("--") ? text.indexOf("=") : -1;
  return equals < 0 ? [text] : [text.slice(0, equals), text.slice(equals + 1)];
}
