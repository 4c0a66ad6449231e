import { quote } from "../../shell/quote.ts";

/** What a program of sh needs to ask by a channel. */
export interface ChannelFacts {
  /** Where the channel's pipes lie. */
  readonly channel: string;
  /** What proves that a caller belongs to this session. */
  readonly token: string;
  /** The system's `dd`: one of the shims may stand before it on the PATH. */
  readonly dd: string;
}

/**
 * Words of sh that ask, and set `interlock_answer`; it stays empty where nobody answers. `count`: how many fields `say` writes to
 * descriptor 9, each with a NUL at its end. A pipe is opened for both ways first, which never waits, and is held by this end alone
 * once that is closed: where the host is gone, reading finds an end, and writing an error, but for the signal that would kill.
 */
export function askScript(
  { token, dd }: ChannelFacts,
  kind: string,
  { count, say }: { readonly count: string; readonly say: readonly string[] },
): string {
  return `interlock_answer=
{ interlock_ticket=$(${quote(dd)} bs=8 count=1 <&8); } 2>/dev/null 7<>"$interlock_dir/tickets" 8<"$interlock_dir/tickets" 7>&-
trap '' PIPE
case $interlock_ticket in
  [0-9]*)
    {
      printf '%s\\0' $((${count} + 3)) 1 ${quote(token)} ${kind} >&9
${say.map((line) => `      ${line}`).join("\n")}
      while IFS= read -r interlock_line; do
        interlock_answer="$interlock_answer$interlock_line
"
      done <&8
    } 2>/dev/null 7<>"$interlock_dir/r$interlock_ticket" 8<"$interlock_dir/r$interlock_ticket" \\
      7<>"$interlock_dir/q$interlock_ticket" 9>"$interlock_dir/q$interlock_ticket" 7>&-
    ;;
esac
trap - PIPE
`;
}
