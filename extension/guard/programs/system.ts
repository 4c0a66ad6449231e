import type { ShellWord } from "../../shell/command.ts";
import { resolvePath } from "../../shell/path.ts";
import { CONTENT_OF, LAST_JOB } from "../../shell/words.ts";
import type { Analyser, ProgramCall } from "../call.ts";
import { operandReadings, type OptionNames } from "./subcommands.ts";

/** Programs whose sub-commands are told apart by a pattern of those that only look. */
function looks(
  reads: RegExp,
  otherwise: "privilege" | "publish" | "fs.write.outside",
  names: OptionNames = { values: /^$/, flags: /^--(no-\w+|quiet|verbose)$|^-[qv]$/ },
): Analyser {
  return (call) => {
    const readings = operandReadings(call, names).map((words) =>
      words
        .slice(0, 2)
        .map(({ text }) => text)
        .join(" "),
    );
    const tells = call.args.some((word) => /^(--version|--help|-h)$/.test(word.text));
    const isLook =
      readings.length > 0 && readings.every((words) => reads.test(words) || /^version\b/.test(words));
    call.add(tells || isLook ? "network.read" : otherwise);
  };
}

const SYSTEMCTL: OptionNames = {
  values:
    /^(-[HMtpnos]|--(host|machine|type|property|lines|output|signal|state|root|image|job-mode|what|kill-whom|kill-who|timestamp|boot-loader-entry|preset-mode|check-inhibitors))$/,
  flags:
    /^(-[lafqTr]+|--(user|system|global|no-pager|no-legend|no-ask-password|no-block|no-wall|no-warn|no-reload|full|all|quiet|failed|plain|recursive|now|force|wait|reverse|after|before|value|runtime|show-types|with-dependencies))$/,
};

function isOwnJob({ text, known }: ShellWord): boolean {
  return known ? /^%(\d+|[%+-])$/.test(text) : text === LAST_JOB;
}

const privileged: Analyser = (call) => call.add("privilege");
const kills: Analyser = (call) => {
  const lists = call.args.some((word) => word.text === "-l" || word.text === "-0" || word.text === "--list");
  const named = call.args.filter((word) => !word.text.startsWith("-"));
  // `kill %1` and `kill $!` end what the same shell started.
  const own =
    call.program === "kill" &&
    named.length > 0 &&
    named.every((word) => isOwnJob(word) || isKeptJob(call, word));
  if (lists || own) call.add(lists ? "read" : "run.project");
  else if (call.program === "kill") endsProcesses(call, named);
  else call.add("process.kill");
};

/** `server & echo $! > server.pid; kill $(cat server.pid)`. */
function isKeptJob(call: ProgramCall, { text, known }: ShellWord): boolean {
  if (known || !text.startsWith(CONTENT_OF) || call.folders.length === 0) return false;
  return call.folders.some((folder) => {
    const paths = [resolvePath(folder, text.slice(CONTENT_OF.length))];
    const kept = call.around.look?.({ paths, settled: true });
    return typeof kept === "object" && kept.text.trim() === LAST_JOB;
  });
}

/** `kill 4711`, `kill $(cat server.pid)`: a process that an agent has started, it may end. */
function endsProcesses(call: ProgramCall, named: readonly ShellWord[]): void {
  const ids = named.flatMap(({ text, known }) => (known && /^\d+$/.test(text) ? [text] : []));
  const files = named.flatMap(({ text, known }) =>
    !known && text.startsWith(CONTENT_OF) ? [text.slice(CONTENT_OF.length)] : [],
  );
  const all = ids.length + files.length === named.length && named.length > 0 && !call.command.openEnded;
  if (!all) call.add("process.kill");
  else
    call.addByState("process.kill", (folder) => ({
      fact: "processes",
      folder,
      ids,
      files: files.map((file) => resolvePath(folder, file)),
    }));
}
const unclear: Analyser = (call) => {
  const [only, ...more] = call.args;
  call.add(more.length === 0 && /^--(version|help)$/.test(only?.text ?? "") ? "read" : "unclear.program");
};

/** Words of Interlock's own command line that only look. */
const LOOKS =
  /^((check|route|doctor|help|version|--help|-h|--version|-V)( |$)|(restore (list|show)|policy show|tools list)$)/;

/** Whatever could change Interlock's policy, programs or log doesn't pass. */
const interlock: Analyser = (call) => {
  const words = call.args.slice(0, 2).map(({ text, known }) => (known ? text : "$"));
  call.add(LOOKS.test(words.join(" ")) ? "read" : "interlock.tamper");
};

function all(names: string, analyser: Analyser): Record<string, Analyser> {
  return Object.fromEntries(names.split(" ").map((name) => [name, analyser]));
}

export const system: Readonly<Record<string, Analyser>> = {
  interlock,
  ...all("kill pkill killall xkill skill", kills),
  ...all(
    "su sudo doas pkexec mount umount mkfs fdisk parted mkswap swapon swapoff shutdown reboot halt poweroff iptables nft ufw useradd userdel usermod groupadd passwd visudo setcap chattr losetup modprobe insmod rmmod sysctl",
    privileged,
  ),
  direnv: (call) =>
    call.add(/^(status|version|help)?$/.test(call.args[0]?.text ?? "") ? "read" : "fs.write.protected"),
  rustup: looks(/^(show|which|doc|check|(target|toolchain|component) list)\b|^$/, "fs.write.outside"),
  // Each of its words is a line that it runs again and again.
  hyperfine: (call) => {
    const lines = call.args.filter(
      ({ text }, at) =>
        !text.startsWith("-") &&
        !/^-[wrmMnNij]$|^--(warmup|runs|min-runs|max-runs|export-\w+|command-name)$/.test(
          call.args[at - 1]?.text ?? "",
        ),
    );
    if (
      lines.some((word) => !word.known) ||
      call.args.some(({ text }) => /^(--export|-S|--shell|-P|--para|-L)/.test(text))
    )
      call.add("unclear.options");
    for (const { text } of lines) call.effects.push(...call.nested(text, call.command.folders));
  },
  systemctl: looks(/^(status|list-\S+|show|is-\S+|cat)\b|^$/, "privilege", SYSTEMCTL),
  service: looks(/ status$|^--status-all/, "privilege"),
  launchctl: looks(/^(list|print)\b/, "privilege"),
  crontab: (call) => call.add(call.args[0]?.text === "-l" ? "read" : "fs.write.outside"),
  ...all(
    "at batch screen tmux expect script osascript open xdg-open code cursor codium vim vi nvim nano emacs ed ex",
    unclear,
  ),
  ...all("twine", (call) => call.add(call.args[0]?.text === "check" ? "read" : "publish")),
};
