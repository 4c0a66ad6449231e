import { namesCommits } from "./readOnly.ts";
import type { ShellWord } from "../../shell/command.ts";
import type { Analyser, ProgramCall } from "../call.ts";
import type { OptionSpec } from "../options.ts";
import { gitOptions } from "./worktree.ts";

/** Commands that write files of their own. */
function writesTo(call: ProgramCall, file: ShellWord | undefined): void {
  if (file !== undefined && file.text !== "-") call.writes(file, "overwrite");
}

const ARCHIVE: OptionSpec = {
  flags: "lv0123456789",
  values: "o",
  long: {
    "add-file": "value",
    "add-virtual-file": "value",
    format: "value",
    list: "flag",
    mtime: "value",
    output: "value",
    prefix: "value",
    verbose: "flag",
    "worktree-attributes": "flag",
  },
};

const archive: Analyser = (call) => {
  // Which commit it is makes no difference.
  const commit = { text: "HEAD", known: true, glob: false };
  const plain = call.as(
    call.program,
    call.args.map((word) => (!word.known && namesCommits(word) ? { ...word, ...commit } : word)),
  );
  const { value } = gitOptions(plain, ARCHIVE);
  call.effects.push(...plain.effects);
  call.add("read");
  writesTo(call, value.get("-o") ?? value.get("--output"));
};

const BUNDLE: OptionSpec = {
  flags: "q",
  long: {
    "all-progress": "flag",
    "all-progress-implied": "flag",
    progress: "flag",
    quiet: "flag",
    version: "value",
  },
};

const bundle: Analyser = (call) => {
  const [action, ...rest] = call.args;
  if (action?.text !== "create") {
    const reads = /^(verify|list-heads|unbundle)$/.test(action?.text ?? "");
    call.add(reads ? "read" : "unclear.options");
    return;
  }
  const file = firstOperand(rest, BUNDLE);
  // What follows are revisions, and options that choose some.
  if (rest.some((word) => !word.known && word.prefix === undefined)) call.add("unclear.options");
  call.add("read");
  writesTo(call, file);
};

function firstOperand(args: readonly ShellWord[], { long }: OptionSpec): ShellWord | undefined {
  return args.find(({ text }, index) => {
    const before = args[index - 1]?.text.replace(/^--/, "") ?? "";
    return !/^-./.test(text) && long?.[before] !== "value";
  });
}

/** Its files are called `0001-SUBJECT.patch`, in this folder or the one that is named. */
const formatPatch: Analyser = (call) => {
  const texts = call.args.map((word) => word.text);
  call.add("read");
  const at = texts.findIndex((text) => /^(-[a-zA-Z]*o|--output(-d\w*)?(=|$))/.test(text));
  const option = call.args[at];
  const inline = option === undefined ? "" : option.text.replace(/^(-[a-zA-Z]*?o|--output[a-z-]*=?)/, "");
  const named = option === undefined || inline === "" ? call.args[at + 1] : { ...option, text: inline };
  if (option !== undefined && /^--output(=|$)/.test(option.text)) writesTo(call, named);
  else if (!texts.some((text) => text.startsWith("--std"))) {
    const folder = option === undefined ? { text: ".", known: true, glob: false, start: 0, end: 0 } : named;
    if (folder === undefined || !folder.known) call.add("unclear.options");
    else call.writes({ ...folder, text: `${folder.text}/[0-9]*.patch`, glob: true }, "overwrite");
  }
};

export const output: Readonly<Record<string, Analyser>> = { archive, bundle, "format-patch": formatPatch };
