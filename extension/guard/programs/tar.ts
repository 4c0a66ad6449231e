import type { ShellWord } from "../../shell/command.ts";
import type { Analyser, ProgramCall } from "../call.ts";
import { readOptions, type OptionSpec } from "../options.ts";
import { unpacksInto } from "./unpacking.ts";

/** What it does with archives alone; options that run programs, delete or leave the folder are left out. */
const TAR: OptionSpec = {
  flags: "AacdhiJjklmnOopRrSstuUvWwxZz",
  values: "bCfHKLNTVX",
  long: {
    acls: "flag",
    append: "flag",
    anchored: "flag",
    "auto-compress": "flag",
    bzip2: "flag",
    catenate: "flag",
    checkpoint: "attached",
    compare: "flag",
    compress: "flag",
    concatenate: "flag",
    create: "flag",
    delay: "flag",
    dereference: "flag",
    diff: "flag",
    directory: "value",
    exclude: "value",
    "exclude-caches": "flag",
    "exclude-from": "value",
    "exclude-tag": "value",
    "exclude-vcs": "flag",
    "exclude-vcs-ignores": "flag",
    extract: "flag",
    file: "value",
    "files-from": "value",
    format: "value",
    "full-time": "flag",
    get: "flag",
    group: "value",
    gunzip: "flag",
    gzip: "flag",
    "hard-dereference": "flag",
    help: "flag",
    "ignore-failed-read": "flag",
    "ignore-zeros": "flag",
    "keep-newer-files": "flag",
    "keep-old-files": "flag",
    label: "value",
    list: "flag",
    lzma: "flag",
    mode: "value",
    mtime: "value",
    newer: "value",
    "newer-mtime": "value",
    "no-anchored": "flag",
    "no-recursion": "flag",
    "no-same-owner": "flag",
    "no-same-permissions": "flag",
    "no-wildcards": "flag",
    null: "flag",
    "numeric-owner": "flag",
    "one-file-system": "flag",
    "one-top-level": "attached",
    owner: "value",
    posix: "flag",
    "preserve-permissions": "flag",
    recursion: "flag",
    "same-owner": "flag",
    "same-permissions": "flag",
    "skip-old-files": "flag",
    sort: "value",
    sparse: "flag",
    "strip-components": "value",
    "to-stdout": "flag",
    totals: "attached",
    touch: "flag",
    transform: "value",
    update: "flag",
    verbose: "flag",
    verify: "flag",
    version: "flag",
    warning: "value",
    wildcards: "flag",
    xattrs: "flag",
    xform: "value",
    xz: "flag",
    zstd: "flag",
  },
};

export const tar: Analyser = (call) => {
  const { has, value, operands, unknown } = readOptions(dashed(call.args), TAR);
  const hasOne = (...names: readonly string[]): boolean => names.some((name) => has.has(name));
  if (unknown.length > 0 || call.command.openEnded) {
    call.add("unclear.options");
    return;
  }
  const archive = value.get("-f") ?? value.get("--file");
  if (hasOne("-t", "--list", "-d", "--diff", "--compare", "--help", "--version")) call.add("read");
  else if (hasOne("-x", "--extract", "--get"))
    unpack(call, value.get("-C") ?? value.get("--directory"), hasOne);
  else if (
    hasOne("-c", "--create", "-r", "--append", "-u", "--update", "-A", "--concatenate", "--catenate")
  ) {
    call.reads(operands);
    if (archive !== undefined && archive.text !== "-")
      call.writes(archive, hasOne("-c", "--create") ? "overwrite" : "append");
  } else call.add("unclear.options");
};

function unpack(
  call: ProgramCall,
  folder: ShellWord | undefined,
  hasOne: (...names: readonly string[]) => boolean,
): void {
  const moves = call.args.filter(({ text }) => /^(-[a-zA-Z]*C|--(dir|cd))/.test(text));
  if (hasOne("-O", "--to-stdout")) call.add("read");
  // Each further folder is seen from the one before.
  else if (moves.length > 1) call.add("unclear.options");
  else {
    const into = folder ?? { text: ".", known: true, glob: false, start: 0, end: 0 };
    const keeps = hasOne("-k", "--keep-old-files", "--skip-old-files");
    if (keeps) {
      call.add("fs.write");
      call.writes(into, "create");
    } else unpacksInto(call, into);
  }
}

/** The first word may be options without a dash, whose values follow it in their order. */
function dashed(args: readonly ShellWord[]): readonly ShellWord[] {
  const [first, ...rest] = args;
  if (first === undefined || !first.known || first.text.startsWith("-")) return args;
  const options: ShellWord[] = [];
  for (const letter of first.text) {
    options.push({ ...first, text: `-${letter}` });
    const value = TAR.values?.includes(letter) === true ? rest.shift() : undefined;
    if (value !== undefined) options.push(value);
  }
  return [...options, ...rest];
}
