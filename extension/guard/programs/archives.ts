import type { ShellWord } from "../../shell/command.ts";
import type { Analyser, ProgramCall } from "../call.ts";
import { tar } from "./tar.ts";
import { unpacksInto } from "./unpacking.ts";

function word(text: string): ShellWord {
  return { text, known: true, glob: false, start: 0, end: 0 };
}

function valueAfter(call: ProgramCall, ...names: readonly string[]): ShellWord | undefined {
  const at = call.args.findIndex((each) => names.includes(each.text));
  if (at >= 0) return call.args[at + 1];
  const inline = call.args.find((each) => names.some((name) => each.text.startsWith(`${name}=`)));
  return inline && { ...inline, text: inline.text.slice(inline.text.indexOf("=") + 1) };
}

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
    texts.some((text) =>
      /^(-[a-zA-Z]*e|--rsh|--remove-source|--del|--rsync-path|--files-from|--log-file|--(only-)?write-batch)/.test(
        text,
      ),
    )
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
