import { namesCommits } from "./readOnly.ts";
import type { ShellWord } from "../../shell/command.ts";
import { arrivals } from "../arrivals.ts";
import type { Analyser, ProgramCall } from "../call.ts";
import { readOptions, type OptionSpec, type Options } from "../options.ts";
import { writesBranch } from "./branch.ts";
import { type Against, arrives, changes, from } from "./changes.ts";

export function gitOptions(call: ProgramCall, spec: OptionSpec): Options {
  const options = readOptions(call.args, spec);
  if (options.unknown.length > 0) call.add("unclear.options");
  if (call.command.openEnded) call.add("unclear.options");
  return options;
}

/** Files that git puts, moves or removes by name: what steers tools, and the policy, are no less protected from it. */
function namesFiles(call: ProgramCall, files: readonly ShellWord[]): void {
  for (const file of files) if (file.known) call.writes(file, "create");
}

/** Files come from a commit: those that are named, and with a folder those in it. */
function bringsFiles(
  call: ProgramCall,
  ref: ShellWord | undefined,
  files: readonly ShellWord[],
  removes: boolean,
): void {
  if (ref === undefined) return;
  namesFiles(call, files);
  arrives(call, ref, files, removes);
}

const reset: Analyser = (call) => {
  const options = gitOptions(call, {
    flags: "qpNU",
    long: {
      soft: "flag",
      mixed: "flag",
      hard: "flag",
      merge: "flag",
      keep: "flag",
      quiet: "flag",
      "no-quiet": "flag",
      refresh: "flag",
      "no-refresh": "flag",
      patch: "flag",
      "intent-to-add": "flag",
      "recurse-submodules": "attached",
      "no-recurse-submodules": "flag",
      "pathspec-from-file": "value",
      "pathspec-file-nul": "flag",
    },
  });
  if (options.has.has("-p") || options.has.has("--patch") || options.has.has("--pathspec-from-file")) {
    call.add("unclear.options");
  }
  const [first] = options.operands;
  if (options.has.has("--hard") || options.has.has("--merge")) {
    call.addByState("git.reset.discard", (folder) => changes(folder, "both", null, from(first)));
    moves(call, first);
  } else if (options.has.has("--keep") || options.has.has("--soft")) {
    call.add("git.write");
    // The last commit taken back, with all that it holds still staged, is what `commit --amend` does.
    if (options.has.has("--soft") && first?.known === true && /^(HEAD|@)([~^]1?)$/.test(first.text))
      call.addByState("git.ref.protected", (folder) => ({ fact: "branch", folder }));
    else moves(call, first);
  } else {
    const paths = options.operands.length > 1 || options.afterDashes >= 0;
    call.add("git.write");
    const named = options.afterDashes >= 0 ? options.operands.slice(options.afterDashes) : options.operands;
    if (paths || first === undefined)
      call.addByState("git.index.discard", (folder) => changes(folder, "index", paths ? named : null));
    else {
      // `git reset WORD`: a commit, or else a path.
      const unlessRef = first.text;
      call.addByState("git.index.discard", (folder) => changes(folder, "index", named, { unlessRef }));
      call.addByState("git.index.discard", (folder) =>
        changes(folder, "index", null, { onlyIfRef: unlessRef }),
      );
    }
    if (!paths) moves(call, first);
  }
};

/** The branch that is checked out moves to another commit. */
function moves(call: ProgramCall, to: ShellWord | undefined): void {
  if (to === undefined || to.text === "HEAD" || to.text === "@") return;
  call.addByState("git.ref.move", (folder) => ({ fact: "commits", folder, ref: "HEAD", to: to.text }));
  call.addByState("git.ref.protected", (folder) => ({ fact: "branch", folder }));
}

/** A branch that may be there already is made to begin elsewhere. */
function beginsAnew(call: ProgramCall, branch: ShellWord | undefined, at: ShellWord | undefined): void {
  if (branch === undefined) return;
  const to = at?.text ?? "HEAD";
  call.addByState("git.ref.move", (folder) => ({ fact: "commits", folder, ref: branch.text, to }));
  writesBranch(call, branch.text);
}

/** Facts are read before it, and know another branch than the one that is checked out from then on. */
function switches(call: ProgramCall, to: ShellWord | undefined, detached: boolean): void {
  const ref = to?.text === "-" ? "@{-1}" : to?.text;
  const details =
    to?.known === true ? { checksOut: { ref: ref ?? "", detached, folders: call.folders } } : {};
  call.add("git.write", [], call.words, details);
}

/** Commits that nothing but a detached HEAD keeps are left behind. */
function leaves(call: ProgramCall, to: ShellWord | undefined): void {
  if (to === undefined) return;
  const target = to.text === "-" ? "@{-1}" : to.text;
  const kept = { fact: "commits", ref: "HEAD", to: target, onlyIfDetached: true } as const;
  call.addByState("git.ref.move", (folder) => ({ ...kept, folder }));
}

/** What both ways to change the branch know. */
const SWITCHING: OptionSpec["long"] = {
  quiet: "flag",
  progress: "flag",
  "no-progress": "flag",
  force: "flag",
  merge: "flag",
  conflict: "value",
  detach: "flag",
  orphan: "value",
  track: "attached",
  "no-track": "flag",
  guess: "flag",
  "no-guess": "flag",
  "recurse-submodules": "attached",
  "no-recurse-submodules": "flag",
  "ignore-other-worktrees": "flag",
};

const CHECKOUT: OptionSpec = {
  flags: "qfpmltd",
  values: "bBU",
  long: {
    ...SWITCHING,
    ours: "flag",
    theirs: "flag",
    patch: "flag",
    "overwrite-ignore": "flag",
    "no-overwrite-ignore": "flag",
    overlay: "flag",
    "no-overlay": "flag",
    "pathspec-from-file": "value",
    "pathspec-file-nul": "flag",
  },
};

const checkout: Analyser = (call) => {
  const options = gitOptions(call, CHECKOUT);
  const { has, operands, afterDashes } = options;
  if (
    has.has("-p") ||
    has.has("--patch") ||
    has.has("--pathspec-from-file") ||
    has.has("-m") ||
    has.has("--merge") ||
    has.has("--conflict")
  ) {
    call.add("unclear.options");
  }
  const detached = has.has("--detach") || has.has("-d");
  const creates = ["-b", "-B", "--orphan"].some((each) => has.has(each));
  const named = !creates && operands.length === 1 && afterDashes !== 0;
  switches(call, named ? operands[0] : undefined, detached);
  if (has.has("-f") || has.has("--force")) {
    call.addByState("git.checkout.discard", (folder) => changes(folder, "both", null, from(operands[0])));
  }
  beginsAnew(call, options.value.get("-B"), operands[0]);
  if (detached || creates) {
    leaves(call, operands[0]);
    return;
  }
  if (afterDashes >= 0) {
    const against = afterDashes > 0 ? "both" : "worktree";
    const source = afterDashes > 0 ? from(operands[0]) : {};
    const paths = operands.slice(afterDashes);
    if (afterDashes > 0) bringsFiles(call, operands[0], paths, has.has("--no-overlay"));
    call.addByState("git.checkout.discard", (folder) => changes(folder, against, paths, source));
  } else if (operands.length > 1) {
    // `checkout REF PATH...`, or paths only: the first word may be either.
    bringsFiles(call, operands[0], operands.slice(1), has.has("--no-overlay"));
    call.addByState("git.checkout.discard", (folder) => changes(folder, "both", operands, from(operands[0])));
  } else if (operands[0] !== undefined) {
    const [only] = operands;
    call.addByState("git.checkout.discard", (folder) =>
      changes(folder, "worktree", [only], { unlessRef: only.text }),
    );
    leaves(call, only);
  }
};

const switchTo: Analyser = (call) => {
  const options = gitOptions(call, {
    flags: "qfmtd",
    values: "cC",
    long: {
      ...SWITCHING,
      create: "value",
      "force-create": "value",
      "discard-changes": "flag",
    },
  });
  const { has } = options;
  const reborn = options.value.get("-C") ?? options.value.get("--force-create");
  const creates = reborn !== undefined || ["-c", "--create", "--orphan"].some((each) => has.has(each));
  switches(call, creates ? undefined : options.operands[0], has.has("--detach") || has.has("-d"));
  if (has.has("-m") || has.has("--merge")) call.add("unclear.options");
  if (has.has("-f") || has.has("--force") || has.has("--discard-changes")) {
    call.addByState("git.checkout.discard", (folder) =>
      changes(folder, "both", null, from(options.operands[0])),
    );
  }
  leaves(call, options.operands[0]);
  beginsAnew(call, reborn, options.operands[0]);
};

const restore: Analyser = (call) => {
  const options = gitOptions(call, {
    flags: "qpWSm",
    values: "sU",
    long: {
      source: "value",
      patch: "flag",
      worktree: "flag",
      staged: "flag",
      quiet: "flag",
      progress: "flag",
      "no-progress": "flag",
      ours: "flag",
      theirs: "flag",
      merge: "flag",
      conflict: "value",
      "ignore-unmerged": "flag",
      "ignore-skip-worktree-bits": "flag",
      overlay: "flag",
      "no-overlay": "flag",
      "recurse-submodules": "attached",
      "no-recurse-submodules": "flag",
      "pathspec-from-file": "value",
      "pathspec-file-nul": "flag",
    },
  });
  const { has, operands } = options;
  if (has.has("-p") || has.has("--patch") || has.has("--pathspec-from-file")) call.add("unclear.options");
  const staged = has.has("-S") || has.has("--staged");
  const worktree = has.has("-W") || has.has("--worktree") || !staged;
  const against: Against = !worktree ? "index" : staged ? "both" : "worktree";
  const rule = worktree ? "git.restore.discard" : "git.index.discard";
  call.add("git.write");
  const commit = worktree ? (options.value.get("-s") ?? options.value.get("--source")) : undefined;
  bringsFiles(call, commit, operands, !has.has("--overlay"));
  call.addByState(rule, (folder) => changes(folder, against, operands, from(commit)));
};

const clean: Analyser = (call) => {
  const options = gitOptions(call, {
    flags: "dfinqxX",
    values: "e",
    long: { force: "flag", interactive: "flag", "dry-run": "flag", quiet: "flag", exclude: "value" },
  });
  const { has, operands } = options;
  if (has.has("-n") || has.has("--dry-run")) {
    call.add("read");
    return;
  }
  if (has.has("-i") || has.has("--interactive")) call.add("unclear.options");
  const ignored = has.has("-X") ? "only" : has.has("-x") ? "too" : "keep";
  call.addByState("git.clean", (folder) => ({
    fact: "untracked",
    folder,
    paths: operands.length === 0 ? null : operands.map((word) => word.text),
    ignored,
    folders: has.has("-d") || operands.length > 0,
    repositories: forces(call) > 1,
  }));
};

/** How often `-f` is said: the second one removes repositories too. */
function forces(call: ProgramCall): number {
  const words = call.args.filter((word) => /^(-[a-zA-Z]|--forc?e?$)/.test(word.text));
  return words.reduce((sum, { text }) => sum + (text.startsWith("--") ? 1 : text.split("f").length - 1), 0);
}

/** Git itself refuses to remove or move what has uncommitted changes, unless it is forced. */
const removal: Analyser = (call) => {
  const moving = call.program === "git mv";
  const options = gitOptions(call, {
    flags: moving ? "fknv" : "fnqr",
    long: {
      force: "flag",
      "dry-run": "flag",
      quiet: "flag",
      cached: "flag",
      "ignore-unmatch": "flag",
      sparse: "flag",
      verbose: "flag",
      "pathspec-from-file": "value",
      "pathspec-file-nul": "flag",
    },
  });
  const { has, operands } = options;
  if (has.has("-n") || has.has("--dry-run")) {
    call.add("read");
    return;
  }
  call.add("git.write");
  if (has.has("--pathspec-from-file")) call.add("unclear.options");
  if (!has.has("--cached")) namesFiles(call, operands);
  const target = operands.at(-1);
  if (moving && target !== undefined)
    call.moves(operands.slice(0, -1), arrivals(operands.slice(0, -1), target));
  if (!has.has("-f") && !has.has("--force")) {
    // Of a submodule git looks at what is changed and untracked, and takes along what is ignored.
    if (!moving && !has.has("--cached"))
      call.addByState("git.marked.discard", (folder) =>
        changes(folder, "believed", operands, { removesSubmodules: true }),
      );
    return;
  }
  if (moving && target !== undefined) call.writes(target, "overwrite");
  else if (!moving) {
    const cached = has.has("--cached");
    call.addByState("git.rm.discard", (folder) =>
      changes(folder, cached ? "index" : "both", operands, cached ? {} : { removesSubmodules: true }),
    );
  }
};

/** Plumbing that rewrites working tree or index from the index or a tree. */
const plumbing: Analyser = (call) => {
  const texts = call.args.map((word) => word.text);
  if (
    call.program === "git update-index" &&
    texts.every((text) => /^(-q|--refresh|--really-refresh|--unmerged)$/.test(text))
  ) {
    call.add("read");
    return;
  }
  // Files of their own, or in another place than the working tree.
  if (texts.some((text) => /^--(index-output|prefix)/.test(text))) call.add("unclear.options");
  const tree = call.args.findLast(({ text }) => !text.startsWith("-"));
  // Without these they change the index alone.
  const reads =
    call.program === "git read-tree"
      ? !texts.some((text) => /^(-[a-z]*[um]|--r)/.test(text))
      : call.program === "git update-index" && texts.every((text) => INDEX_ALONE.test(text));
  const source = call.program === "git read-tree" ? from(tree) : {};
  call.addByState("git.checkout.discard", (folder) =>
    reads ? changes(folder, "index", null) : changes(folder, "both", null, source),
  );
  if (!reads) arrives(call, call.program === "git read-tree" ? tree : undefined, null, true);
  call.add("git.write");
  // What exactly is read or written depends on too many flags: with local changes it asks, and says so.
  if (call.args.some((word) => !word.known && !/^[^-]/.test(word.prefix ?? "") && !namesCommits(word)))
    call.add("unclear.options");
};

/** Options of `update-index` that put content into the index, and files. */
const INDEX_ALONE =
  /^(--(add|remove|force-remove|cacheinfo|index-info|stdin|chmod=[+-]x|info-only|replace)|-z|[^-].*)$/;

export const worktree: Readonly<Record<string, Analyser>> = {
  reset,
  checkout,
  switch: switchTo,
  restore,
  clean,
  rm: removal,
  mv: removal,
  "read-tree": plumbing,
  "checkout-index": plumbing,
  "update-index": plumbing,
};
