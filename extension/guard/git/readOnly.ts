import type { ShellWord } from "../../shell/command.ts";
import { COMMITS, CONTENT_OF } from "../../shell/words.ts";
import type { Analyser } from "../call.ts";

/**
 * Subcommands that only read, whatever their options, except those that write a file or run a program. The
 * pattern names the exceptions, also in git's abbreviated forms.
 */
const READERS: Readonly<Record<string, RegExp | null>> = {
  status: null,
  log: outputs("--ext"),
  show: outputs("--ext"),
  diff: outputs("--ext"),
  "diff-tree": outputs("--ext"),
  "diff-files": outputs("--ext"),
  "diff-index": outputs("--ext"),
  "diff-pairs": outputs("--ext"),
  "range-diff": outputs("--ext"),
  whatchanged: outputs("--ext"),
  blame: null,
  annotate: null,
  "last-modified": null,
  shortlog: outputs(),
  describe: null,
  "rev-parse": null,
  "rev-list": null,
  "ls-files": null,
  "ls-tree": null,
  "cat-file": null,
  "name-rev": null,
  "merge-base": null,
  "merge-tree": null,
  grep: /^(-[a-zA-Z]*O|--op)/,
  "count-objects": null,
  "check-ignore": null,
  "check-attr": null,
  "check-mailmap": null,
  "check-ref-format": null,
  "for-each-ref": null,
  "show-ref": null,
  "show-branch": null,
  "show-index": null,
  var: null,
  version: null,
  help: /^(-w|--web|-i|--info|-m|--man)/,
  cherry: null,
  "verify-commit": null,
  "verify-tag": null,
  "verify-pack": null,
  "get-tar-commit-id": null,
  column: null,
  stripspace: null,
  "patch-id": null,
  "diff-blob": null,
  "fmt-merge-msg": null,
  "interpret-trailers": /^--in/,
  "request-pull": null,
  "fast-export": /^--(export-marks|import-marks)/,
  fsck: /^--lost/,
  // Objects without a name lose and move nothing.
  "hash-object": null,
  "write-tree": null,
  "commit-tree": null,
  mktree: null,
  mktag: null,
  "unpack-file": null,
};

function outputs(...more: readonly string[]): RegExp {
  return new RegExp(`^(--outp?u?t?(=|$)${more.map((each) => `|${each}`).join("")})`);
}

/** `$(git describe)..HEAD`, `"$base"`, `$commit`: however it begins, it names commits. */
export function namesCommits({ prefix, text, variables = [] }: ShellWord): boolean {
  const isStored = variables.length > 0 || text.startsWith(CONTENT_OF) || text.startsWith(COMMITS);
  return prefix !== undefined || isStored || text.includes("..");
}

export const readOnly: Readonly<Record<string, Analyser>> = Object.fromEntries(
  Object.entries(READERS).map(([name, dangerous]): [string, Analyser] => [
    name,
    (call) => {
      const dashes = call.args.findIndex((word) => word.text === "--");
      const options = dashes < 0 ? call.args : call.args.slice(0, dashes);
      const unclear =
        dangerous !== null &&
        options.some((word) => (!word.known && !namesCommits(word)) || dangerous.test(word.text));
      if (unclear) call.add("unclear.options");
      else call.reads(dashes < 0 ? [] : call.args.slice(dashes + 1));
    },
  ]),
);
