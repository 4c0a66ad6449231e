import { quote } from "../../shell/quote.ts";
import type { ChannelFacts } from "../channel/script.ts";
import { SPOOL } from "../channel/channel.ts";
import { MAX_SPOOLED_BYTES } from "../channel/spool.ts";
import { PASSED } from "./request.ts";
import { BIN } from "./script.ts";
import { PLAIN, type Table } from "./table.ts";

/** What a shim must find as it was when its table was made. */
export interface Unchanged {
  /** Counts the tables of a session. */
  readonly version: number;
  /** Files that are there, and have not changed since the script was written. */
  readonly files: readonly string[];
  /** Files that are not there. */
  readonly absent: readonly string[];
  /** Variables that steer nothing. */
  readonly ignored: readonly string[];
  /** What `export -p` prints without those, one way or the other. */
  readonly environments: readonly string[];
}

/** Bytes of a note beside its words: token, process ids, the program's name. */
const OVERHEAD_BYTES = 120;

/**
 * Words of sh, all of them built in, that end in `run` where the door would let the program through: its arguments are in the table,
 * and nothing around them is other than it was when the table was made. That is noted for the host, and nobody is asked. What is
 * not certain goes on behind these words.
 */
export function fastScript(
  { token }: ChannelFacts,
  program: string,
  { lines, like }: Table,
  { version, files, absent, ignored, environments }: Unchanged,
): string {
  const tests = [
    ...files.flatMap((file) => [
      `[ -e ${quote(file)} ]`,
      `[ ! ${quote(file)} -nt "$interlock_dir"/${BIN}/${quote(program)} ]`,
    ]),
    ...absent.map((file) => `[ ! -e ${quote(file)} ]`),
  ];
  const room = MAX_SPOOLED_BYTES - OVERHEAD_BYTES;
  return `# Table ${version}: what the person's rules let through without a look at anything.
interlock_passes() {
  # Only what a shell has started: the agent's program is told from that by the host.
  case \${_+shell}$PWD in shell/*) ;; *) return 1 ;; esac
  interlock_spaced=
  for interlock_word in "$PWD" "$@"; do
    case $interlock_word in '' | *[!'${PLAIN}']*) return 1 ;; esac
  done
  for interlock_word do
    case $interlock_word in *' '*) interlock_spaced=yes ;; esac
  done
  interlock_line="$*"
  [ $# -gt 0 ] && [ $((\${#PWD} + \${#interlock_line})) -lt ${room} ] && [ . -ef "$PWD" ] || return 1
  case $interlock_spaced$interlock_line in
    ${lines.length === 0 ? "''" : lines.map((line) => quote(line)).join(" | ")}) ;;
    *) ${like === null ? "return 1" : 'interlock_like "$@" || return 1'} ;;
  esac
${tests.map((each) => `  ${each} || return 1`).join("\n")}
  case $(unset ${ignored.join(" ")}; export -p) in
    ${environments.map((each) => `'${each.replaceAll("'", `'\\''`)}'`).join(" | ")}) ;;
    *) return 1 ;;
  esac
  {
    printf '%s\\0' $(($# + 8)) 1 ${quote(token)} ${PASSED} $$ $PPID ${version} ${quote(program)} "$PWD" "$@" >&3
  } 2>/dev/null 3<>"$interlock_dir/${SPOOL}"
}
${like === null ? "" : likeScript(like)}
if interlock_passes "$@"; then run "$@"; fi
`;
}

function likeScript({ first, options, valued }: NonNullable<Table["like"]>): string {
  const values = valued.map((option) => `${option}=*`);
  const begins =
    first.length === 0 ? "" : `  case $1 in ${first.join(" | ")}) shift ;; *) return 1 ;; esac\n`;
  return `
interlock_like() {
${begins}  for interlock_word do
    case $interlock_word in
      -[0123456789]*) case $interlock_word in -*[!0123456789]*) return 1 ;; esac ;;
      ${[...options, ...values].join(" | ")}) ;;
      -*) return 1 ;;
    esac
  done
}
`;
}
