import type { Analyser, ProgramCall } from "../call.ts";
import { baseName } from "../../shell/path.ts";
import { isSecretName } from "../places.ts";

/**
 * Programs that only read and print, with the options by which they do more. An entry is a pattern of words that
 * are then no longer understood. From the manual pages of coreutils, findutils, procps, util-linux and each tool.
 */
const READERS: Readonly<Record<string, RegExp | null>> = {
  // Shell builtins without an effect of their own.
  ...none(
    ": true false test [ [[ cd chdir pushd popd pwd echo printf type hash jobs fg bg wait read mapfile readarray",
    "export declare typeset local readonly unset set shopt shift return exit break continue getopts let times umask",
    "ulimit dirs help complete compgen caller logout suspend disown trap alias unalias exec",
  ),
  // Files and text.
  ...none(
    "ls dir vdir cat tac head tail wc nl od hexdump strings cut tr rev fold fmt expand unexpand paste join comm cmp",
    "diff diff3 colordiff column basename dirname realpath readlink stat file du df tree-sitter grep egrep fgrep",
    "zgrep zcat bzcat xzcat zipinfo md5sum sha1sum sha224sum sha256sum sha384sum sha512sum b2sum cksum sum",
    "base32 seq yes factor expr bc jq tsort look lsattr getfattr tokei delta hexyl exa eza lsd",
  ),
  history: /^-[a-z]*[acdw]/,
  sdiff: /^(-[a-zA-Z]*o|--o)/,
  ack: /^--(pager|output)/,
  ag: /^--pager/,
  pt: null,
  base64: /^(-o|--output)/,
  cloc: /^--(out|report|sum|exec|hide)/,
  scc: /^(-o|--output)/,
  sort: /^(-o|--o|--compress|-[a-zA-Z]*o)/,
  tree: /^-[a-zA-Z]*o/,
  xmllint: /^--(o|shell)/,
  date: /^(-s|--s)/,
  rg: /^--(pre|hostname-bin)/,
  less: /^(-[a-zA-Z]*[oO]|--(log|LOG))/,
  more: null,
  bat: /^--pager/,
  man: /^-[PH]/,
  yq: /^(-i|--in|-[a-zA-Z]*i|--split)/,
  shuf: /^(-[a-z]*o|--o)/,
  iconv: /^(-[a-z]*o|--o)/,
  pr: null,
  // The system.
  ...none(
    "ps pgrep top htop free uptime uname uuidgen arch nproc lscpu lsblk lsmem lsof pstree vmstat iostat w who whoami id",
    "groups users last locale tty getconf getent cal which whereis command printenv sleep tput clear reset stty",
    "netstat ping traceroute dig nslookup host whois sw_vers pidof lspci lsusb findmnt jps tldr",
  ),
  fuser: /^(-[a-zA-Z]*k|--kill)/,
  ss: /^(-[a-zA-Z]*K|--kill)/,
  dmesg: /^(-[a-zA-Z]*[cCDEn]|--(clear|read-clear|console))/,
  journalctl: /^--(vacuum|rotate|flush|relinquish|setup|update|sync|smart)/,
  hostname: /^[^-]/,
  env: null,
};

function none(...lists: readonly string[]): Record<string, null> {
  return Object.fromEntries(
    lists
      .join(" ")
      .split(" ")
      .map((name) => [name, null]),
  );
}

/** Words that never are files, so that a reader's pattern argument isn't taken for a key file. */
const TAKES_NO_FILES = new Set([
  "echo",
  "printf",
  "test",
  "[",
  "[[",
  "cd",
  "pushd",
  "export",
  "sleep",
  "which",
  "type",
]);

/** Programs that tell of files, and nothing of what they hold. */
const NAMES_ONLY =
  /^(ls|dir|vdir|stat|file|du|df|realpath|readlink|basename|dirname|exa|eza|lsd|tree|wc|lsattr|getfattr)$/;

export const readers: Readonly<Record<string, Analyser>> = Object.fromEntries(
  Object.entries(READERS).map(([name, dangerous]): [string, Analyser] => [
    name,
    (call) => {
      if (dangerous !== null && call.args.some((word) => !word.known || dangerous.test(word.text))) {
        call.add("unclear.options");
      } else call.reads(TAKES_NO_FILES.has(name) ? [] : call.args, !NAMES_ONLY.test(name));
      if (showsSecret(call)) call.add("secret.read");
    },
  ]),
);

/** Keys and passwords that programs get as variables: shown by their names, or picked from all of them. */
function showsSecret({ program, args, command: { input, redirects } }: ProgramCall): boolean {
  if (/^(echo|printf|print)$/.test(program)) {
    const isKept = redirects.some(({ mode }) => mode !== "read") || input.from === "pipe";
    return !isKept && args.some(({ variables }) => variables?.some(isSecretName) === true);
  }
  if (program === "printenv") return args.some(({ text }) => isSecretName(text));
  if (!/^([ef]?grep|rg|ag|ack)$/.test(program) || input.from !== "pipe") return false;
  const by = baseName(input.by?.words[0]?.text ?? "");
  const all =
    /^(env|printenv|set|declare|export)$/.test(by) &&
    input.by?.words.slice(1).every(({ text }) => text.startsWith("-")) === true;
  return all && args.some(({ text }) => isSecretName(text.replace(/[\\^$*.|()]/g, " ")));
}
