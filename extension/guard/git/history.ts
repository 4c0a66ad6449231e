import type { ShellWord } from "../../shell/command.ts";
import type { Analyser, ProgramCall } from "../call.ts";
import { readOptions, type OptionSpec } from "../options.ts";
import { losesStaged } from "./changes.ts";
import { gitOptions } from "./worktree.ts";

/** An editor of a rebase's list that leaves every commit on it, though perhaps as a part of the one before. */
export const KEEPS_COMMITS =
  /^(:|true|cat|\/bin\/true|\/usr\/bin\/true|sed -i (-e )?(['"]?)(\d+(,(\d+|\$))? ?)?s\/\^?pick\/(fixup|squash|reword|edit|f|s|r|e)\/g?\3)$/;

/** A commit onto the branch that is checked out, or the one that is named: a protected one is a person's to decide. */
function commitsHere(call: ProgramCall, onto?: ShellWord): void {
  call.add("git.write");
  if (onto?.known === false) call.add("unclear.options");
  const named = onto === undefined ? {} : { branches: [onto.text.replace(/^refs\/heads\//, "")] };
  const details = { standing: "commit", ...named };
  call.addByState("git.commit.protected", (folder) => ({ fact: "branch", folder }), details);
}

const COMMIT_FLAGS = {
  all: "flag",
  patch: "flag",
  "reuse-message": "value",
  "reedit-message": "value",
  fixup: "value",
  squash: "value",
  "reset-author": "flag",
  short: "flag",
  branch: "flag",
  porcelain: "flag",
  long: "flag",
  null: "flag",
  file: "value",
  author: "value",
  date: "value",
  message: "value",
  template: "value",
  signoff: "flag",
  "no-signoff": "flag",
  trailer: "value",
  verify: "flag",
  "no-verify": "flag",
  "allow-empty": "flag",
  "allow-empty-message": "flag",
  cleanup: "value",
  edit: "flag",
  "no-edit": "flag",
  amend: "flag",
  "no-post-rewrite": "flag",
  include: "flag",
  only: "flag",
  "pathspec-from-file": "value",
  "pathspec-file-nul": "flag",
  "untracked-files": "attached",
  verbose: "flag",
  quiet: "flag",
  "dry-run": "flag",
  status: "flag",
  "no-status": "flag",
  "gpg-sign": "attached",
  "no-gpg-sign": "flag",
} as const;

const commit: Analyser = (call) => {
  const options = gitOptions(call, {
    flags: "apsnviqeozh",
    values: "CcFmt",
    attached: "uS",
    long: COMMIT_FLAGS,
  });
  if (options.has.has("--dry-run")) call.add("read");
  else commitsHere(call);
};

/** `--abort`, `--quit`, `--continue` and the like end or go on with what was started before. */
const GOES_ON = /^--(abort|quit|continue|skip|show-current-patch)/;

/** Whether a word gives up a commit that stopped halfway, shortened as git allows: the working tree is reset. */
const GIVES_UP = /^--(ab(o(rt?)?)?|sk(ip?)?)$/;

/** What was begun goes on or ends. Giving up takes local changes along, as `reset --merge` does. */
function goesOn(call: ProgramCall, texts: readonly string[]): void {
  call.add("git.write");
  if (texts.some((text) => GIVES_UP.test(text)))
    call.addByState("git.reset.discard", (folder) => ({ fact: "halfway", folder }));
}

/** Commands that add commits, and stop by themselves where local changes are in the way. */
const addsCommits: Analyser = (call) => {
  const texts = call.args.map((word) => word.text);
  if (texts.some((text) => GOES_ON.test(text) || GIVES_UP.test(text))) {
    goesOn(call, texts);
    return;
  }
  const runs = texts.some((text) => /^(--(strategy|exec|upload-pack|into-name)|-s|-X)/.test(text));
  const merges = call.program === "git merge" && texts.some((text) => /^-s$|^--strategy/.test(text));
  if (runs && !merges && texts.some((text) => text.startsWith("--exec"))) call.add("unclear.options");
  if (call.args.some((word) => !word.known && word.prefix === undefined)) call.add("unclear.options");
  // `-n` and `--no-commit` change the working tree like an edit, on top of what is there.
  commitsHere(call);
  if (call.program === "git merge") losesStaged(call, ["merge"]);
};

const REBASE: OptionSpec = {
  flags: "ifkmnqv",
  values: "CXsx",
  attached: "rS",
  long: {
    "allow-empty-message": "flag",
    apply: "flag",
    autosquash: "flag",
    "no-autosquash": "flag",
    autostash: "flag",
    "no-autostash": "flag",
    "committer-date-is-author-date": "flag",
    empty: "value",
    exec: "value",
    "force-rebase": "flag",
    "no-force-rebase": "flag",
    "fork-point": "flag",
    "no-fork-point": "flag",
    "gpg-sign": "attached",
    "no-gpg-sign": "flag",
    "ignore-date": "flag",
    "ignore-whitespace": "flag",
    interactive: "flag",
    "keep-base": "flag",
    "no-keep-base": "flag",
    "keep-empty": "flag",
    "no-keep-empty": "flag",
    merge: "flag",
    "no-ff": "flag",
    onto: "value",
    quiet: "flag",
    "reapply-cherry-picks": "flag",
    "no-reapply-cherry-picks": "flag",
    "rebase-merges": "attached",
    "no-rebase-merges": "flag",
    "rerere-autoupdate": "flag",
    "no-rerere-autoupdate": "flag",
    "reschedule-failed-exec": "flag",
    "no-reschedule-failed-exec": "flag",
    "reset-author-date": "flag",
    root: "flag",
    signoff: "flag",
    stat: "flag",
    "no-stat": "flag",
    strategy: "value",
    "strategy-option": "value",
    "update-refs": "flag",
    "no-update-refs": "flag",
    verbose: "flag",
    verify: "flag",
    "no-verify": "flag",
    whitespace: "value",
  },
};

/** Plain rebases replay every commit; these can leave some out. */
const LEAVES_OUT = ["-i", "--interactive", "--onto", "--root", "--fork-point"];
/** Of these what only lists the commits for a person to change. */
const INTERACTIVE: ReadonlySet<string> = new Set(["-i", "--interactive"]);

const rebase: Analyser = (call) => {
  const texts = call.args.map((word) => word.text);
  if (texts.some((text) => GOES_ON.test(text) || GIVES_UP.test(text) || text === "--edit-todo")) {
    goesOn(call, texts);
    return;
  }
  for (const [index, text] of texts.entries()) {
    const inline = /^(?:--ex\w*=|-[a-zA-Z]*x)(.+)$/s.exec(text)?.[1];
    const code = inline ?? (/^(--ex\w*|-[a-zA-Z]*x)$/.test(text) ? texts[index + 1] : undefined);
    if (code === undefined) continue;
    if (call.args[index]?.known === false || call.args[index + 1]?.known === false) call.add("unclear.code");
    call.effects.push(...call.nested(code, call.command.folders));
  }
  const { has, unknown, operands } = readOptions(call.args, REBASE);
  // `git rebase BASE BRANCH` checks that branch out first.
  commitsHere(call, operands[has.has("--root") ? 0 : 1]);
  // A base that is known only at run time is still a base.
  if (call.args.some((word) => word.known && unknown.includes(word.text))) call.add("unclear.options");
  // Without an editor the list of commits stays as git makes it.
  const { assignments, beside = [] } = call.command;
  const listed = [...assignments, ...beside].some(
    ({ name, value }) => name === "GIT_SEQUENCE_EDITOR" && value.known && KEEPS_COMMITS.test(value.text),
  );
  const edits = LEAVES_OUT.filter((each) => has.has(each));
  if (listed ? edits.some((each) => !INTERACTIVE.has(each)) : edits.length > 0)
    rewrites(call, edits, operands);
  losesStaged(call, ["rebase"]);
};

/** Commits behind a base that is named are looked at: a session may do with its own as it likes. */
function rewrites(call: ProgramCall, edits: readonly string[], [base, ...more]: readonly ShellWord[]): void {
  const isPlain = edits.every((each) => INTERACTIVE.has(each)) && more.length === 0;
  if (!isPlain || base?.known !== true) call.add("git.rebase.rewrite");
  else
    call.addByState("git.rebase.rewrite", (folder) => ({
      fact: "commits",
      folder,
      ref: "HEAD",
      to: base.text,
    }));
}

const reflog: Analyser = (call) => {
  const action = call.args.find((word) => !word.text.startsWith("-"))?.text;
  if (action === "expire" || action === "delete" || action === "drop" || action === "write") {
    call.add(call.args.some((word) => /^(-n|--dry)/.test(word.text)) ? "read" : "git.history");
  } else call.add("read");
};

const collect: Analyser = (call) => {
  const texts = call.args.map((word) => word.text);
  const prunes = texts.some(
    (text) => /^--(p(r(u(ne?)?)?)?(=|$)|cruft-expiration)/.test(text) && !text.endsWith("=never"),
  );
  call.add(prunes || call.args.some((word) => !word.known) ? "git.history" : "git.write");
};

const repack: Analyser = (call) => {
  const texts = call.args.map((word) => word.text).join(" ");
  call.add(
    /(^|\s)-[A-Za-z]*a[A-Za-z]*d|-[A-Za-z]*d[A-Za-z]*a|-a .*-d|-d .*-a|--expire|--unpack/.test(texts)
      ? "git.history"
      : "git.write",
  );
};

const prune: Analyser = (call) => {
  call.add(call.args.some((word) => /^(-n|--dry)/.test(word.text)) ? "read" : "git.history");
};

export const history: Readonly<Record<string, Analyser>> = {
  commit,
  merge: addsCommits,
  "cherry-pick": addsCommits,
  revert: addsCommits,
  am: addsCommits,
  rebase,
  reflog,
  gc: collect,
  prune,
  repack,
  "prune-packed": (call) => call.add("git.write"),
  "pack-refs": (call) => call.add("git.write"),
  "commit-graph": (call) => call.add("git.write"),
  "multi-pack-index": (call) => call.add("git.write"),
  "filter-branch": (call) => call.add("git.history"),
  "filter-repo": (call) => call.add("git.history"),
};
