import type { ShellWord } from "../../shell/command.ts";
import type { Analyser, ProgramCall } from "../call.ts";
import { baseName } from "../../shell/path.ts";
import { arrivals } from "../arrivals.ts";
import { findsInProject, isFound, judgeFound } from "./find.ts";
import { readOptions, type OptionSpec } from "../options.ts";

/** Reads options and says so where one is not understood. Null then: the caller can't go on. */
export function optionsOf(call: ProgramCall, spec: OptionSpec) {
  // A name that is put in at run time begins with a folder, never with a dash.
  const args = call.args.map((word) => (isFound(word) ? { ...word, prefix: "." } : word));
  const options = readOptions(args, spec);
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
  const named = options.operands.filter((word) => !isFound(word));
  if (call.command.openEnded || named.length < options.operands.length) {
    if (!judgeFound(call, "remove", recursive)) call.add("unclear.options");
  }
  call.deletes(named, recursive);
};

interface Transfer {
  readonly sources: readonly ShellWord[];
  readonly target: ShellWord | undefined;
}

/** The target of `cp`, `mv` and `ln`: an option, or the last operand. Its sources, and where each of them arrives. */
function transfer(call: ProgramCall, spec: OptionSpec): Transfer {
  const { has, value, operands } = optionsOf(call, spec);
  const hasOne = (...names: readonly string[]): boolean => names.some((name) => has.has(name));
  if (call.command.openEnded) call.add("unclear.options");
  const named = value.get("-t") ?? value.get("--target-directory");
  const target = named ?? operands.at(-1);
  const sources = named ? operands : operands.slice(0, -1);
  if (target === undefined) return { sources, target };
  // To `ln`, `-n` says something else, and it never overwrites unless it is forced. Of several the last one counts.
  const clobbers = hasOne("-f", "--force", "-i", "--interactive", "-u", "--update", "--remove-destination");
  const spares = call.program !== "ln" && hasOne("-n", "--no-clobber") && !clobbers;
  const control = value.get("--backup")?.text ?? "existing";
  const backs = hasOne("-b", "--backup") && /^(simple|never|existing|nil|numbered|t)$/.test(control);
  const keeps = spares || backs;
  const mode = keeps ? "create" : "overwrite";
  // Of these programs `cp` alone merges one folder into another.
  const merges = call.program === "cp" && hasOne("-r", "-R", "-a", "--recursive", "--archive");
  const folder = target.text.replace(/\/+$/, "");
  call.writes(target, mode, merges && hasOne("-T", "--no-target-directory"));
  for (const source of sources) {
    if (!source.known || source.glob || !target.known) continue;
    // Where the target is a folder, each source arrives in it under its own name; `DIR/.` means what it holds.
    const name = baseName(source.text.replace(/\/+$/, ""));
    if (hasOne("--parents"))
      call.writes({ ...target, text: `${folder}/${source.text.replace(/^\/+/, "")}` }, mode, merges);
    else if (name === "." || name === "..") call.writes(target, mode, merges);
    else if (name !== "") call.writes({ ...target, text: `${folder}/${name}` }, mode, merges);
  }
  if (sources.some((source) => source.glob || !source.known))
    call.writes({ ...target, text: `${folder}/*`, glob: true }, mode, merges);
  return { sources, target };
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
  const { sources, target } = transfer(call, MOVE);
  for (const source of sources) {
    // Moving loses nothing of the source, but what leaves the project, or steers tools, is more than an edit.
    // What is moved by a name that is made at run time can't be followed to where it arrives.
    if (source.known) call.writes(source, "create");
    else call.add("unclear.options");
  }
  // Whatever arrives among throw-away files is as good as removed.
  if (target !== undefined && call.isTemporary(target)) call.deletes(sources, true);
  if (target !== undefined) call.moves(sources, arrivals(sources, target));
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
  const [mode, ...operands] = call.args.filter(
    (word) => !word.known || !/^(-[RvcfhHLP]+|--.*)$/.test(word.text),
  );
  const named = operands.filter((word) => !isFound(word));
  if (named.length < operands.length) call.add(findsInProject(call) ? "fs.write" : "unclear.options");
  for (const operand of named) call.writes(operand, "create");
  // Set-user-id bits hand rights on, and so do files that everybody may write or nobody may read.
  const hands =
    /[+=]\w*s|^[2-7]\d{3}$|^0?(\d?\d[2367]|[0-3]\d\d)$|(^|,)[ugo]*[oa][ugo]*[+=][rx]*w|^[ua]?-\w*r/;
  if (call.program !== "chmod" || hands.test(mode?.text ?? "")) call.add("privilege");
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
    call.reads(transfer(call, COPY).sources);
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
