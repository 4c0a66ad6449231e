import { quote } from "../../shell/quote.ts";
import { askScript, type ChannelFacts } from "../channel/script.ts";
import { SHIM } from "./request.ts";

/** The folder that stands first on the PATH, below the channel's. */
export const BIN = "bin";

/** The program that those there are links to, as far as they have no table of their own. */
export const SHIM_PROGRAM = "shim";

/** Who may run a script: its token is in it. */
export const PRIVATE_PROGRAM = 0o700;

/** The exit status of what was not run: what shells say of a command that was found and could not be executed. */
export const NOT_RUN = 126;

/** Words of sh for a program that stands on the PATH in place of others, with its folder in `interlock_dir`. */
export const RUN = `# The program itself: the first of its name on the PATH that is none of these.
run() {
  interlock_path=$PATH:
  while [ -n "$interlock_path" ]; do
    interlock_here=\${interlock_path%%:*}
    interlock_path=\${interlock_path#*:}
    case $interlock_here in "$interlock_dir"/*) continue ;; '') interlock_here=. ;; esac
    [ -f "$interlock_here/$interlock_name" ] && [ -x "$interlock_here/$interlock_name" ] || continue
    exec "$interlock_here/$interlock_name" "$@"
  done
  printf '%s: command not found\\n' "$interlock_name" >&2
  exit 127
}
`;

/**
 * The program that stands for others on an agent's PATH: POSIX sh, and of other programs `dd` alone, which takes a ticket in one
 * piece. It asks the host, and does what the answer says: a few words of sh by the functions here. Its own names begin
 * with `interlock_`, and its pipes are closed before anything runs, so that what runs sees what it would have seen. `fast`:
 * words that let through what needs no question (fastScript.ts).
 */
export function shimScript(facts: ChannelFacts, fast = ""): string {
  const ask = askScript(facts, SHIM, {
    count: "$# + 5",
    say: [
      // In the order of request.ts.
      `printf '%s\\0' $$ $PPID "$interlock_name" >&9`,
      "pwd -P >&9",
      `printf '\\0' >&9`,
      "export -p >&9",
      `printf '\\0' >&9`,
      `[ $# -eq 0 ] || printf '%s\\0' "$@" >&9`,
    ],
  });
  return `#!/bin/sh
# Interlock asks the person's rules before this runs.
interlock_dir=${quote(facts.channel)}
interlock_name=\${0##*/}

${RUN}
${fast}
run_other() {
  interlock_name=$1
  shift
  case $interlock_name in */*) exec "$interlock_name" "$@" ;; esac
  run "$@"
}

refuse() {
  printf 'interlock: %s\\n' "$@" >&2
  exit ${NOT_RUN}
}

${ask}[ -n "$interlock_answer" ] || refuse "Interlock is not there any more, so $interlock_name was not run."
eval "$interlock_answer"
refuse 'the answer could not be carried out.'
`;
}
