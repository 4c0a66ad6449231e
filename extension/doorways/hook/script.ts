import { quote } from "../../shell/quote.ts";
import { askScript, type ChannelFacts } from "../channel/script.ts";
import { HOOK } from "./request.ts";

/** The exit status by which Claude Code and Codex take a hook's no; of any other failure they think nothing, and go on. */
const BLOCKED = 2;

/** What an agent's settings name: it is run by a shell. */
export function hookLine(program: string): string {
  return quote(program);
}

/**
 * The program that an agent runs before each of its commands: hands on what it is told, and prints what it is answered. Of other
 * programs it needs `dd` alone. Where nobody answers it says no.
 */
export function hookScript(facts: ChannelFacts): string {
  const copy = `${quote(facts.dd)} bs=65536 >&9`;
  return `#!/bin/sh
# Interlock asks the person's rules before an agent's command runs.
interlock_dir=${quote(facts.channel)}
${askScript(facts, HOOK, { count: "1", say: [copy, `printf '\\0' >&9`] })}
if [ -z "$interlock_answer" ]; then
  echo 'interlock: Interlock is not there any more, so this was not run.' >&2
  exit ${BLOCKED}
fi
printf '%s' "$interlock_answer"
`;
}
