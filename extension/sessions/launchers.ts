import * as l10n from "@vscode/l10n";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type AgentHook, type Launched, launchedWith } from "../acp/profiles.ts";
import { RUN } from "../doorways/shim/script.ts";
import { quote, quoteAll } from "../shell/quote.ts";
import { RUNTIME_PREFIX } from "../state/runtimeFolder.ts";

const PROGRAM = 0o700;

/**
 * Writes, beside the programs that ask, those that start agents with the hook: a person types `claude` as ever. `channel`: the folder
 * that `bin` lies in.
 */
export async function writeLaunchers(bin: string, channel: string, hook: AgentHook): Promise<void> {
  const write = (launched: Launched): Promise<void> =>
    writeFile(join(bin, launched.program), launcherScript(channel, launched), { mode: PROGRAM });
  await Promise.all(launchedWith(hook).map(write));
}

/**
 * The program that stands for an agent's own. Where the person's words would be lost by the hook's nothing is added, and neither where a
 * launcher of another host comes next on the PATH: its hook would be the one that is lost.
 */
function launcherScript(channel: string, { program, words, yieldsTo, option }: Launched): string {
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
  case $interlock_here in */${RUNTIME_PREFIX}[0-9]*/bin) run "$@" ;; esac
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
