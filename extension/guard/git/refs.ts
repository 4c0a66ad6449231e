import type { ShellWord } from "../../shell/command.ts";
import { quoteAll } from "../../shell/quote.ts";
import type { Analyser, ProgramCall } from "../call.ts";
import { readOptions, type OptionSpec } from "../options.ts";
import { writesBranch } from "./branch.ts";
import { gitOptions } from "./worktree.ts";

const LISTING = {
  list: "flag",
  all: "flag",
  remotes: "flag",
  verbose: "flag",
  abbrev: "attached",
  "no-abbrev": "flag",
  column: "attached",
  "no-column": "flag",
  color: "attached",
  "no-color": "flag",
  contains: "value",
  "no-contains": "value",
  merged: "value",
  "no-merged": "value",
  "points-at": "value",
  format: "value",
  sort: "value",
  "ignore-case": "flag",
  "omit-empty": "flag",
} as const;

/** A ref is deleted, or points elsewhere: commits that only it kept would be gone. */
function loses(
  call: ProgramCall,
  rule: "git.ref.move" | "git.ref.delete",
  ref: ShellWord,
  to: string | null,
): void {
  // `-` and `@{-1}` mean the branch before this one: which that is can change in the same line.
  if (!ref.known || /^(-$|@\{)/.test(ref.text)) call.add("unclear.options");
  else {
    call.addByState(rule, (folder) => ({ fact: "commits", folder, ref: ref.text, to }));
    writesBranch(
      call,
      ref.text,
      rule === "git.ref.delete" ? "git.ref.delete.protected" : "git.ref.protected",
    );
  }
}

const branch: Analyser = (call) => {
  const options = gitOptions(call, {
    flags: "arvilqfdDmMcC",
    values: "ut",
    long: {
      ...LISTING,
      delete: "flag",
      move: "flag",
      copy: "flag",
      force: "flag",
      quiet: "flag",
      track: "attached",
      "no-track": "flag",
      "create-reflog": "flag",
      "recurse-submodules": "flag",
      "set-upstream-to": "value",
      "unset-upstream": "flag",
      "show-current": "flag",
      "edit-description": "flag",
    },
  });
  const { has, operands } = options;
  const forced = has.has("-f") || has.has("--force");
  const deletes = has.has("-D") || has.has("-d") || has.has("--delete");
  const moved = has.has("-m") || has.has("-M") || has.has("--move");
  const copied = has.has("-c") || has.has("-C") || has.has("--copy");
  const changesConfig = has.has("-u") || has.has("--set-upstream-to") || has.has("--unset-upstream");
  if (has.has("--edit-description")) call.add("unclear.options");
  if (!deletes && !moved && !copied && !changesConfig && operands.length === 0) {
    call.add("read");
    return;
  }
  call.add("git.write");
  if (deletes) {
    // Without force git itself keeps a branch that isn't merged into its upstream or HEAD.
    // Of a remote's branches it keeps none.
    const tracking = has.has("-r") || has.has("--remotes");
    if (!has.has("-D") && !forced && !tracking) {
      for (const name of operands) if (name.known) writesBranch(call, name.text, "git.ref.delete.protected");
      return;
    }
    const prefix = tracking ? "refs/remotes/" : "";
    for (const name of operands) loses(call, "git.ref.delete", { ...name, text: prefix + name.text }, null);
  } else if (moved || copied) {
    const overwrites = has.has("-M") || has.has("-C") || forced;
    const target = operands.at(-1);
    const [source] = operands;
    if (moved && operands.length > 1 && source !== undefined) writesBranch(call, source.text);
    else if (moved) call.addByState("git.ref.protected", (folder) => ({ fact: "branch", folder }));
    if (overwrites && target !== undefined)
      loses(call, "git.ref.move", target, operands[operands.length - 2]?.text ?? "HEAD");
  } else if (forced && operands[0] !== undefined) {
    loses(call, "git.ref.move", operands[0], operands[1]?.text ?? "HEAD");
  }
};

const tag: Analyser = (call) => {
  const options = gitOptions(call, {
    flags: "asfdvlei",
    values: "mFu",
    attached: "n",
    long: {
      ...LISTING,
      annotate: "flag",
      sign: "flag",
      "no-sign": "flag",
      "local-user": "value",
      force: "flag",
      delete: "flag",
      verify: "flag",
      message: "value",
      file: "value",
      trailer: "value",
      edit: "flag",
      cleanup: "value",
      "create-reflog": "flag",
    },
  });
  const { has, operands } = options;
  if (has.has("-d") || has.has("--delete")) {
    call.add("git.write");
    for (const name of operands) loses(call, "git.ref.delete", tagRef(name), null);
  } else if (has.has("-f") || has.has("--force")) {
    call.add("git.write");
    if (operands[0] !== undefined)
      loses(call, "git.ref.move", tagRef(operands[0]), operands[1]?.text ?? "HEAD");
  } else call.add(operands.length === 0 || has.has("-l") || has.has("--list") ? "read" : "git.write");
};

function tagRef(name: ShellWord): ShellWord {
  return { ...name, text: `refs/tags/${name.text}` };
}

const updateRef: Analyser = (call) => {
  const { has, operands } = gitOptions(call, {
    flags: "dz",
    values: "m",
    long: { "no-deref": "flag", "create-reflog": "flag" },
  });
  const [ref, to] = operands;
  if (ref === undefined) {
    call.add("unclear.options");
    return;
  }
  call.add("git.write");
  if (has.has("-d")) loses(call, "git.ref.delete", ref, null);
  else loses(call, "git.ref.move", ref, to?.text ?? null);
};

const symbolicRef: Analyser = (call) => {
  const operands = call.args.filter((word) => !word.text.startsWith("-"));
  const deletes = call.args.some((word) => word.text === "-d" || word.text === "--delete");
  if (operands.length < 2 && !deletes) call.add("read");
  else call.add("unclear.options");
};

const WORKTREE_ADD: OptionSpec = {
  flags: "fdq",
  values: "bB",
  long: {
    force: "flag",
    detach: "flag",
    checkout: "flag",
    "no-checkout": "flag",
    "guess-remote": "flag",
    "no-guess-remote": "flag",
    track: "flag",
    "no-track": "flag",
    lock: "flag",
    reason: "value",
    orphan: "flag",
    quiet: "flag",
    "relative-paths": "flag",
  },
};

const worktrees: Analyser = (call) => {
  const [action, ...rest] = call.args;
  const forced = rest.some((word) => /^(-[a-z]*f|--f)/.test(word.text));
  if (action === undefined || !action.known) call.add("unclear.options");
  else if (action.text === "list") call.add("read");
  else if (action.text === "remove") {
    call.add("git.write");
    const target = rest.find((word) => !word.text.startsWith("-"));
    // Without force git keeps one with changes or untracked files, and takes along what it ignores.
    if (target?.known === true)
      call.addByState("git.worktree.remove", (folder) => ({
        fact: "worktree",
        folder,
        name: target.text,
        forced,
      }));
    else call.add("unclear.options");
  } else if (action.text === "add") {
    call.add("git.write");
    const { value, unknown, operands } = readOptions(rest, WORKTREE_ADD);
    if (operands[0] !== undefined) call.writes(operands[0], "create");
    const reborn = value.get("-B");
    if (reborn !== undefined) loses(call, "git.ref.move", reborn, "HEAD");
    if (forced || unknown.length > 0) call.add("unclear.options");
  } else if (["prune", "move", "lock", "unlock", "repair"].includes(action.text)) {
    call.add("git.write");
    const target = rest.findLast((word) => !word.text.startsWith("-"));
    if (action.text === "move" && target !== undefined) call.writes(target, "create");
  } else call.add("unclear.options");
};

const notes: Analyser = (call) => {
  const action = call.args.find((word) => !word.text.startsWith("-"))?.text ?? "list";
  const forced = call.args.some((word) => /^(-[a-z]*f|--f)/.test(word.text));
  if (["list", "show", "get-ref"].includes(action)) call.add("read");
  else if (["add", "append", "copy"].includes(action) && !forced) call.add("git.write");
  else call.add("unclear.options");
};

const bisect: Analyser = (call) => {
  const [action, ...rest] = call.args;
  if (action?.text === "run") {
    const line = quoteAll(rest.map((word) => word.text));
    if (rest.some((word) => !word.known)) call.add("unclear.code");
    call.effects.push(...call.nested(line, call.command.folders));
  } else if (["log", "view", "visualize", "terms", "help"].includes(action?.text ?? "help")) call.add("read");
  else call.add("git.write");
};

export const refs: Readonly<Record<string, Analyser>> = {
  branch,
  tag,
  "update-ref": updateRef,
  "symbolic-ref": symbolicRef,
  worktree: worktrees,
  notes,
  bisect,
  replace: (call) =>
    call.add(call.args.length === 0 || call.args[0]?.text === "-l" ? "read" : "unclear.options"),
};
