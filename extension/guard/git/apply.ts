import type { Analyser } from "../call.ts";
import { readOptions, type OptionSpec } from "../options.ts";
import { judgeTargets, patchFrom, targetsOf } from "../patches.ts";
import { changes } from "./changes.ts";

const APPLY: OptionSpec = {
  flags: "3NRqvz",
  values: "pC",
  long: {
    apply: "flag",
    index: "flag",
    cached: "flag",
    "intent-to-add": "flag",
    "3way": "flag",
    ours: "flag",
    theirs: "flag",
    union: "flag",
    reverse: "flag",
    reject: "flag",
    "unidiff-zero": "flag",
    "inaccurate-eof": "flag",
    recount: "flag",
    "ignore-space-change": "flag",
    "ignore-whitespace": "flag",
    whitespace: "value",
    exclude: "value",
    include: "value",
    "no-add": "flag",
    "allow-binary-replacement": "flag",
    binary: "flag",
    "allow-empty": "flag",
    stat: "flag",
    numstat: "flag",
    summary: "flag",
    quiet: "flag",
    verbose: "flag",
  },
};

export const apply: Analyser = (call) => {
  const texts = new Set(call.args.map((word) => word.text));
  const reads = ["--check", "--stat", "--numstat", "--summary"].some((flag) => texts.has(flag));
  if (reads && !texts.has("--apply")) {
    call.add("read");
    return;
  }
  const { unknown, operands, has, value } = readOptions(call.args, APPLY);
  if (unknown.length > 0 || call.command.openEnded) call.add("unclear.options");
  if (has.has("--cached")) {
    call.add("git.write");
    call.addByState("git.apply", (folder) => changes(folder, "index", null));
    return;
  }
  const strip = Number((value.get("-p") ?? { text: "1" }).text);
  for (const file of operands.length === 0 ? [undefined] : operands) {
    const patch = patchFrom(call, file);
    judgeTargets(call, patch, Number.isNaN(strip) ? null : targetsOf(patch, strip));
  }
};
