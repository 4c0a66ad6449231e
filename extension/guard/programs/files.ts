import type { ShellWord } from "../../shell/command.ts";
import type { Analyser, ProgramCall } from "../call.ts";
import { readOptions, type OptionSpec } from "../options.ts";

/** Reads options and says so where one is not understood. Null then: the caller can't go on. */
export function optionsOf(call: ProgramCall, spec: OptionSpec) {
  const options = readOptions(call.args, spec);
  if (options.unknown.length > 0) call.add("unclear.options");
  if (options.has.has("--help") || options.has.has("--version")) call.add("read");
  return options;
}

const COMMON = { help: "flag", version: "flag", verbose: "flag" } as const;

const rm: Analyser = (call) => {
  const options = optionsOf(call, {
    flags: "firRdvI",
    long: {
      ...COMMON,
      force: "flag",
      interactive: "attached",
      recursive: "flag",
      dir: "flag",
      "one-file-system": "flag",
      "no-preserve-root": "flag",
      "preserve-root": "attached",
    },
  });
  const recursive = ["-r", "-R", "--recursive"].some((each) => options.has.has(each));
  // `xargs rm` and `find -exec rm`: what it removes is decided at run time.
  if (call.command.openEnded) call.add("unclear.options");
  call.deletes(options.operands, recursive);
};

/** The target of `cp`, `mv` and `ln`: an option, or the last operand. Sources, and where each of them arrives. */
function transfer(
  call: ProgramCall,
  spec: OptionSpec,
): { sources: readonly ShellWord[]; noClobber: boolean } {
  const options = optionsOf(call, spec);
  if (call.command.openEnded) call.add("unclear.options");
  const named = options.value.get("-t") ?? options.value.get("--target-directory");
  const target = named ?? options.operands.at(-1);
  const sources = named ? options.operands : options.operands.slice(0, -1);
  const noClobber = options.has.has("-n") || options.has.has("--no-clobber");
  if (target === undefined) return { sources, noClobber };
  const mode = noClobber || options.has.has("-b") || options.has.has("--backup") ? "create" : "overwrite";
  call.writes(target, mode);
  // Where the target is a folder, each source arrives in it under its own name.
  for (const source of sources) {
    if (!source.known || source.glob || !target.known) continue;
    const name = source.text.replace(/\/+$/, "").split("/").at(-1) ?? "";
    if (name === "" || name === "." || name === "..") continue;
    call.writes({ ...target, text: `${target.text.replace(/\/+$/, "")}/${name}` }, mode);
  }
  if (sources.some((source) => source.glob || !source.known) && mode === "overwrite") {
    call.addByState("fs.overwrite", (folder) => ({
      fact: "files",
      folder,
      paths: target.known ? [`${target.text}/*`] : [],
      recursive: false,
    }));
  }
  return { sources, noClobber };
}

const COPY: OptionSpec = {
  flags: "abdfHiLlnPpRrsTuvxZ",
  values: "tS",
  long: {
    ...COMMON,
    archive: "flag",
    backup: "attached",
    force: "flag",
    interactive: "flag",
    link: "flag",
    dereference: "flag",
    "no-dereference": "flag",
    "no-clobber": "flag",
    preserve: "attached",
    "no-preserve": "value",
    parents: "flag",
    recursive: "flag",
    reflink: "attached",
    sparse: "value",
    "symbolic-link": "flag",
    suffix: "value",
    "target-directory": "value",
    "no-target-directory": "flag",
    update: "attached",
    "one-file-system": "flag",
    "strip-trailing-slashes": "flag",
    "remove-destination": "flag",
  },
};

const MOVE: OptionSpec = {
  flags: "bfinTuvZ",
  values: "tS",
  long: {
    ...COMMON,
    backup: "attached",
    force: "flag",
    interactive: "flag",
    "no-clobber": "flag",
    suffix: "value",
    "target-directory": "value",
    "no-target-directory": "flag",
    update: "attached",
    "strip-trailing-slashes": "flag",
    exchange: "flag",
  },
};

const LINK: OptionSpec = {
  flags: "bdFfiLnPrsTvh",
  values: "tS",
  long: {
    ...COMMON,
    backup: "attached",
    force: "flag",
    interactive: "flag",
    logical: "flag",
    "no-dereference": "flag",
    physical: "flag",
    relative: "flag",
    symbolic: "flag",
    suffix: "value",
    "target-directory": "value",
    "no-target-directory": "flag",
  },
};

const mv: Analyser = (call) => {
  const { sources } = transfer(call, MOVE);
  for (const source of sources) {
    // Moving loses nothing of the source, but what leaves the project, or steers tools, is more than an edit.
    call.writes(source, "create");
  }
};

const touch: Analyser = (call) => {
  const options = optionsOf(call, {
    flags: "acfhm",
    values: "drt",
    long: {
      ...COMMON,
      "no-create": "flag",
      date: "value",
      reference: "value",
      time: "value",
      "no-dereference": "flag",
    },
  });
  for (const operand of options.operands) call.writes(operand, "create");
};

const mkdir: Analyser = (call) => {
  const options = optionsOf(call, {
    flags: "pvZ",
    values: "m",
    long: { ...COMMON, parents: "flag", mode: "value", context: "attached" },
  });
  for (const operand of options.operands) call.writes(operand, "create");
};

/** `rmdir` removes empty folders only: nothing is lost. */
const rmdir: Analyser = (call) => {
  const options = optionsOf(call, {
    flags: "pv",
    long: { ...COMMON, parents: "flag", "ignore-fail-on-non-empty": "flag" },
  });
  for (const operand of options.operands) call.writes(operand, "create");
};

const tee: Analyser = (call) => {
  const options = optionsOf(call, {
    flags: "aip",
    long: { ...COMMON, append: "flag", "ignore-interrupts": "flag", "output-error": "attached" },
  });
  const append = options.has.has("-a") || options.has.has("--append");
  call.add("read");
  for (const operand of options.operands) call.writes(operand, append ? "append" : "overwrite");
};

const truncate: Analyser = (call) => {
  const options = optionsOf(call, {
    flags: "co",
    values: "rs",
    long: { ...COMMON, "no-create": "flag", "io-blocks": "flag", reference: "value", size: "value" },
  });
  for (const operand of options.operands) call.writes(operand, "overwrite");
};

const dd: Analyser = (call) => {
  call.add("read");
  for (const word of call.args) {
    if (!word.known) call.add("unclear.options");
    else if (word.text.startsWith("of=")) call.writes({ ...word, text: word.text.slice(3) }, "overwrite");
  }
};

/** Every operand is overwritten or removed for good. */
const destroys: Analyser = (call) => {
  if (call.command.openEnded) call.add("unclear.options");
  call.deletes(
    call.args.filter((word) => !word.known || !word.text.startsWith("-")),
    true,
  );
};

/** Permissions and owners: no content is lost. */
const permissions: Analyser = (call) => {
  const operands = call.args.filter((word) => !word.known || !/^[-+]/.test(word.text)).slice(1);
  for (const operand of operands) call.writes(operand, "create");
  if (call.program !== "chmod") call.add("privilege");
};

const uniq: Analyser = (call) => {
  const options = optionsOf(call, {
    flags: "cdDiuz",
    values: "fsw",
    long: {
      ...COMMON,
      count: "flag",
      repeated: "flag",
      "all-repeated": "attached",
      "skip-fields": "value",
      group: "attached",
      "ignore-case": "flag",
      "skip-chars": "value",
      unique: "flag",
      "zero-terminated": "flag",
      "check-chars": "value",
    },
  });
  call.reads(options.operands.slice(0, 1));
  const output = options.operands[1];
  if (output !== undefined) call.writes(output, "overwrite");
};

export const files: Readonly<Record<string, Analyser>> = {
  rm,
  unlink: destroys,
  shred: destroys,
  srm: destroys,
  trash: (call) => call.add("fs.write"),
  "trash-put": (call) => call.add("fs.write"),
  cp: (call) => {
    const { sources } = transfer(call, COPY);
    call.reads(sources);
  },
  mv,
  ln: (call) => void transfer(call, LINK),
  install: (call) => void transfer(call, { ...COPY, flags: "bCcDdpsTv", values: "gmotS" }),
  touch,
  mkdir,
  mktemp: (call) => call.add("fs.write.temporary"),
  rmdir,
  tee,
  sponge: tee,
  truncate,
  dd,
  chmod: permissions,
  chown: permissions,
  chgrp: permissions,
  uniq,
};
