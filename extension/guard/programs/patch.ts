import type { Analyser } from "../call.ts";
import { readOptions, type OptionSpec } from "../options.ts";
import { judgeTargets, patchFrom, targetsOf } from "../patches.ts";

const PATCH: OptionSpec = {
  flags: "bcEflNnRstTuZv",
  values: "BdDFgioprVYz",
  long: {
    backup: "flag",
    "backup-if-mismatch": "flag",
    "no-backup-if-mismatch": "flag",
    batch: "flag",
    binary: "flag",
    directory: "value",
    "dry-run": "flag",
    force: "flag",
    forward: "flag",
    fuzz: "value",
    "ignore-whitespace": "flag",
    input: "value",
    output: "value",
    posix: "flag",
    quiet: "flag",
    silent: "flag",
    "reject-file": "value",
    "remove-empty-files": "flag",
    reverse: "flag",
    strip: "value",
    unified: "flag",
    verbose: "flag",
    version: "flag",
    help: "flag",
  },
};

export const patch: Analyser = (call) => {
  const { has, value, operands, unknown } = readOptions(call.args, PATCH);
  if (unknown.length > 0 || call.command.openEnded) call.add("unclear.options");
  if (["--dry-run", "--version", "--help", "-v"].some((each) => has.has(each))) {
    call.add("read");
    return;
  }
  const named = (short: string, long: string) => value.get(short) ?? value.get(long);
  // It starts there, and may keep the files that it changes elsewhere.
  if (named("-d", "--directory") !== undefined || has.has("-B") || has.has("-Y")) call.add("unclear.options");
  const rejects = named("-r", "--reject-file");
  if (rejects !== undefined && rejects.text !== "-") call.writes(rejects, "overwrite");
  const [target, second] = operands;
  const output = named("-o", "--output");
  const given = patchFrom(call, named("-i", "--input") ?? second);
  if (output !== undefined) {
    call.writes(output, "overwrite");
    return;
  }
  if (target !== undefined) {
    call.writes(target, "overwrite");
    return;
  }
  const strip = named("-p", "--strip")?.text;
  const targets = strip === undefined ? lastParts(targetsOf(given, 0)) : targetsOf(given, Number(strip));
  judgeTargets(call, given, strip !== undefined && !/^\d+$/.test(strip) ? null : targets);
};

function lastParts(names: readonly string[] | null): readonly string[] | null {
  // Where a file of the whole name is there, that one is meant.
  return names?.flatMap((name) => [name, name.split("/").at(-1) ?? name]) ?? null;
}
