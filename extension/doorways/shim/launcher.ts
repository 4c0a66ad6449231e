import * as l10n from "@vscode/l10n";
import { quote, quoteAll } from "../../shell/quote.ts";
import { RUN } from "./script.ts";

/** An agent's own program, and what it is to be started with. */
export interface Launched {
  readonly program: string;
  readonly words: readonly string[];
  /** Patterns of sh for words of the person's own beside which nothing is added. */
  readonly yieldsTo: readonly string[];
  /** What is added, as a person is told of it. */
  readonly option: string;
}

/**
 * The program that stands for an agent's own, so that a person types its name as ever. Where the person's words would be lost by what is
 * added nothing is, and neither where the launcher of another host comes next on the PATH: its hook would be the one that is lost.
 * `hosts`: a pattern of sh for the folders of hosts.
 */
export function launcherScript(channel: string, hosts: string, launched: Launched): string {
  const { program, words, yieldsTo, option } = launched;
  const added = l10n.t("{0} is started with a hook that asks before its commands ({1}).", program, option);
  const own = l10n.t(
    "{0} is started without a hook, for {1} is among your own words; its programs still ask.",
    program,
    option,
  );
  return `#!/bin/sh
# Interlock starts this agent with a hook that asks before its commands.
interlock_dir=${quote(channel)}
interlock_name=\${0##*/}

${RUN}
interlock_path=$PATH:
while [ -n "$interlock_path" ]; do
  interlock_here=\${interlock_path%%:*}
  interlock_path=\${interlock_path#*:}
  case $interlock_here in "$interlock_dir"/*) continue ;; esac
  [ -x "$interlock_here/$interlock_name" ] || continue
  case $interlock_here in */${hosts}/bin) run "$@" ;; esac
  break
done
for interlock_word in "$@"; do
  case $interlock_word in
    ${yieldsTo.join(" | ")})
      printf 'interlock: %s\\n' ${quote(own)} >&2
      run "$@"
      ;;
  esac
done
printf 'interlock: %s\\n' ${quote(added)} >&2
run ${quoteAll(words)} "$@"
`;
}
