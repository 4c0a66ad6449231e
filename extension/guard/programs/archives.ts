import type { ShellWord } from "../../shell/command.ts";
import { resolvePath } from "../../shell/path.ts";
import type { Analyser, ProgramCall } from "../call.ts";
import { placeOf } from "../places.ts";

function word(text: string): ShellWord {
  return { text, known: true, glob: false, start: 0, end: 0 };
}

/** Unpacking can overwrite anything below the target folder: only an empty or clean one is harmless. */
function unpacksInto(call: ProgramCall, folder: ShellWord): void {
  call.add("fs.write");
  call.writes(folder, "create");
  const isOurs = (cwd: string): boolean => placeOf(resolvePath(cwd, folder.text), call.around) === "project";
  if (!folder.known || !call.folders.some(isOurs)) return;
  call.addByState("fs.overwrite", (cwd) => ({
    fact: "changes",
    folder: cwd,
    against: "both",
    paths: [folder.text],
  }));
  call.addByState("fs.overwrite", (cwd) => ({
    fact: "untracked",
    folder: cwd,
    paths: [folder.text],
    ignored: "keep",
    folders: true,
    repositories: false,
  }));
}

function valueAfter(call: ProgramCall, ...names: readonly string[]): ShellWord | undefined {
  const at = call.args.findIndex((each) => names.includes(each.text));
  if (at >= 0) return call.args[at + 1];
  const inline = call.args.find((each) => names.some((name) => each.text.startsWith(`${name}=`)));
  return inline && { ...inline, text: inline.text.slice(inline.text.indexOf("=") + 1) };
}

/** Options of tar that run programs or delete. */
const TAR_ACTS =
  /^--(to-command|use-compress-program|checkpoint-action|rsh-command|info-script|new-volume-script|remove-files|delete|recursive-unlink|unlink-first|overwrite|rmt|absolute-names)|^-[a-zA-Z]*[IP]/;

const tar: Analyser = (call) => {
  const [first] = call.args;
  const texts = call.args.map((each) => each.text);
  const cluster = first === undefined ? "" : first.text.startsWith("--") ? "" : first.text.replace(/^-/, "");
  const does = (letter: string, long: string): boolean =>
    cluster.includes(letter) ||
    texts.some((text) => text === long || (/^-[a-zA-Z]+$/.test(text) && text.includes(letter)));
  // A folder named by a letter in a cluster stands anywhere behind it.
  const clustersFolder = /^[a-zA-Z]+C|^C[a-zA-Z]+/.test(cluster);
  if (call.args.some((each) => !each.known) || clustersFolder || texts.some((text) => TAR_ACTS.test(text))) {
    call.add("unclear.options");
    return;
  }
  if (does("t", "--list")) call.add("read");
  else if (does("x", "--extract") || texts.includes("--get")) {
    if (does("O", "--to-stdout")) call.add("read");
    else unpacksInto(call, valueAfter(call, "-C", "--directory", "--cd") ?? word("."));
  } else if (does("c", "--create") || does("r", "--append") || does("u", "--update")) {
    call.reads(call.args);
    const index = call.args.findIndex((each) => /^-?[a-zA-Z]*f$/.test(each.text) || each.text === "--file");
    const output = index >= 0 ? call.args[index + 1] : valueAfter(call, "--file");
    if (output !== undefined && output.text !== "-")
      call.writes(output, does("c", "--create") ? "overwrite" : "append");
  } else call.add("unclear.options");
};

const unzip: Analyser = (call) => {
  const texts = call.args.map((each) => each.text);
  if (texts.some((text) => /^-[a-z]*[lptvzZ]/.test(text))) call.add("read");
  else unpacksInto(call, valueAfter(call, "-d") ?? word("."));
};

const PACKED = /\.(gz|bz2|xz|zst)$/;

/** `gzip FILE` replaces the file with a packed one, `gunzip` the other way round: the content stays. */
const packer: Analyser = (call) => {
  const operands = call.args.filter((each) => !each.known || !each.text.startsWith("-"));
  if (call.args.some((each) => /^(-[a-z]*[clt]|--(stdout|list|test))/.test(each.text))) call.add("read");
  else for (const operand of operands) call.writes(operand, "create");
  const keeps = call.args.some((each) => /^(-[a-z]*[cklt]|--(stdout|list|test|keep))/.test(each.text));
  const forced = call.args.some((each) => /^(-[a-z]*f|--force)/.test(each.text));
  for (const operand of operands) {
    const { known, glob, start, end } = operand;
    const targets = packedNames(operand.text).map((text) => ({ text, known, glob, start, end }));
    if (forced) for (const target of targets) call.writes(target, "overwrite");
    if (!keeps) call.moves([operand], targets);
  }
};

/** What a file is called when it was packed, or unpacked. */
function packedNames(name: string): readonly string[] {
  const plain = name.replace(PACKED, "");
  return plain === name ? ["gz", "bz2", "xz", "zst"].map((suffix) => `${name}.${suffix}`) : [plain];
}

const zip: Analyser = (call) => {
  if (call.args.some((each) => /^(-[a-z]*m|--move|-T|-TT|--unzip-command)/.test(each.text)))
    call.add("unclear.options");
  const output = call.args.find((each) => !each.text.startsWith("-"));
  call.reads(call.args);
  if (output !== undefined)
    call.writes(output.text.includes(".") ? output : { ...output, text: `${output.text}.zip` }, "overwrite");
};

const rsync: Analyser = (call) => {
  const texts = call.args.map((each) => each.text);
  if (texts.some((text) => /^(-[a-zA-Z]*n|--dry-run)$/.test(text))) {
    call.add("read");
    return;
  }
  const operands = call.args.filter((each) => !each.text.startsWith("-"));
  const target = operands.at(-1);
  if (
    texts.some((text) => /^(-[a-zA-Z]*e|--rsh|--remove-source|--del|--rsync-path|--files-from)/.test(text))
  ) {
    call.add("unclear.options");
  }
  if (operands.some((each) => /^[^/]+:/.test(each.text))) call.add("network.send");
  else if (target !== undefined) unpacksInto(call, target);
};

export const archives: Readonly<Record<string, Analyser>> = {
  tar,
  bsdtar: tar,
  gtar: tar,
  unzip,
  gzip: packer,
  gunzip: packer,
  bzip2: packer,
  bunzip2: packer,
  xz: packer,
  unxz: packer,
  zstd: packer,
  zip,
  rsync,
};
