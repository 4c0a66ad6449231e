import { quoteAll } from "../../shell/quote.ts";
import type { Analyser } from "../call.ts";
import type { FactQuery } from "../facts.ts";
import { writesBranch } from "./branch.ts";
import { losesStaged } from "./changes.ts";
import { gitOptions } from "./worktree.ts";

/** Branches of a remote that agents never overwrite or delete. The remote's default branch joins by the facts. */
const PROTECTED_BRANCH = /^(refs\/heads\/)?(main|master|trunk|release([/-].*)?|production)$/;
/** A pattern means every branch. */
const PATTERN = "*";

export function isProtectedBranch(name: string): boolean {
  return PROTECTED_BRANCH.test(name) || name.includes(PATTERN);
}

const push: Analyser = (call) => {
  const options = gitOptions(call, {
    flags: "nfuvq46d",
    values: "o",
    long: {
      all: "flag",
      branches: "flag",
      mirror: "flag",
      delete: "flag",
      tags: "flag",
      "follow-tags": "flag",
      "dry-run": "flag",
      porcelain: "flag",
      force: "flag",
      "force-with-lease": "attached",
      "no-force-with-lease": "flag",
      "force-if-includes": "flag",
      "no-force-if-includes": "flag",
      "set-upstream": "flag",
      "push-option": "value",
      prune: "flag",
      verify: "flag",
      "no-verify": "flag",
      verbose: "flag",
      quiet: "flag",
      progress: "flag",
      "no-progress": "flag",
      atomic: "flag",
      "no-atomic": "flag",
      thin: "flag",
      "no-thin": "flag",
      signed: "attached",
      "no-signed": "flag",
      "recurse-submodules": "value",
      "no-recurse-submodules": "flag",
      ipv4: "flag",
      ipv6: "flag",
    },
  });
  const { has, operands } = options;
  if (has.has("-n") || has.has("--dry-run")) {
    call.add("read");
    return;
  }
  const [remote, ...specs] = operands;
  const refspecs = specs.map((word) => word.text);
  const forced = ["-f", "--force", "--force-with-lease", "--mirror", "--prune"].some((each) => has.has(each));
  const deletes = has.has("-d") || has.has("--delete");
  const rewritten = refspecs.filter(
    (spec) => forced || deletes || spec.startsWith("+") || spec.startsWith(":"),
  );
  const whole = WHOLE_REMOTE.some((each) => has.has(each));
  const also = call.folders.map((folder): FactQuery => ({ fact: "branch", folder }));
  const usual = !whole && options.unknown.length === 0 && !has.has("--recurse-submodules");
  const standing = usual ? { standing: `push ${remote?.text ?? "origin"}` } : {};
  call.add("git.push", [], call.words, { also, ...branchesOf(refspecs, whole), ...standing });
  if (!forced && !deletes && rewritten.length === 0) return;
  const named = branchesOf(rewritten, false);
  call.add("git.push.force", [], call.words, { also, ...named });
  if (has.has("--mirror") || named.branches?.some((each) => isProtectedBranch(each)))
    call.add("git.push.protected");
  // Which one is checked out, and which is the remote's own, is known by the facts.
  else call.addByState("git.push.protected", (folder) => ({ fact: "branch", folder }), named);
};

/** Flags under which more than the named branches are sent. */
const WHOLE_REMOTE = ["--all", "--branches", "--mirror", "--tags", "--follow-tags", "--prune"];

/** The branches of the remote that refspecs name. None where one stands for what is checked out. */
function branchesOf(refspecs: readonly string[], whole: boolean): { branches?: readonly string[] } {
  const targets = refspecs.map((spec) => spec.replace(/^\+/, "").split(":").at(-1) ?? "");
  if (whole) return { branches: [PATTERN] };
  if (targets.length === 0 || targets.some((target) => /^(HEAD|@|)$/.test(target))) return {};
  return { branches: targets.map((target) => target.replace(/^refs\/heads\//, "")) };
}

const fetch: Analyser = (call) => {
  const pulling = call.program === "git pull";
  const texts = call.args.map((word) => word.text);
  if (
    texts.some((text) => /^--(up|st)/.test(text)) ||
    call.args.some((word) => !word.known && word.prefix === undefined)
  ) {
    call.add("unclear.options");
  }
  call.add("network.read");
  call.add("git.write");
  if (pulling) {
    const standing = { standing: "commit" };
    call.addByState("git.commit.protected", (folder) => ({ fact: "branch", folder }), standing);
    losesStaged(call, ["rebase", "merge"]);
  }
  // `+SRC:DST` and a forced fetch overwrite a local branch.
  const targets = texts
    .filter((text) => !text.startsWith("-") && !/^\w+:\/\/|^[\w.-]+@/.test(text))
    .flatMap((text) => /^\+?[^:]*:(?!refs\/remotes\/)(.+)$/.exec(text)?.[1] ?? []);
  const intoBranch = targets.length > 0;
  // From itself to itself nothing moves.
  const moved = texts.includes(".")
    ? targets.filter((target) => !texts.includes(`${target}:${target}`))
    : targets;
  for (const target of moved) writesBranch(call, target);
  const forced = texts.some((text) => /^(-[a-z]*f[a-z]*|--fo\w*)$/.test(text) || text.startsWith("+"));
  if (intoBranch && forced) call.add("git.ref.move");
  // What the remote lacks is deleted here too: of its branches that is what it is for, of tags and branches of our own not.
  const prunes = texts.some((text) => /^(-[a-zA-Z]*p|--prune$)/.test(text));
  const prunesTags = texts.some((text) => /^(-[a-zA-Z]*P|--prune-)/.test(text));
  if (prunesTags || (prunes && intoBranch)) call.add("git.ref.delete");
};

const remote: Analyser = (call) => {
  const action = call.args.find((word) => !word.text.startsWith("-"));
  if (action === undefined || ["show", "get-url"].includes(action.text)) call.add("read");
  else if (action.text === "update" || action.text === "prune") {
    call.add("network.read");
    call.add("git.write");
  } else call.add("git.config");
};

const clone: Analyser = (call) => {
  const texts = call.args.map((word) => word.text);
  const risky = /^(-c|-u|--config|--upload-pack|--template|--reference|--shared|-s|-l|--separate-git-dir)/;
  if (texts.some((text) => risky.test(text)) || call.args.some((word) => !word.known))
    call.add("unclear.options");
  call.add("network.read");
  const operands = call.args.filter((word) => !word.text.startsWith("-"));
  const [source, target] = operands;
  const name =
    source?.text
      .replace(/\/+$|\.git$/g, "")
      .split(/[/:]/)
      .at(-1) ?? "";
  const into = target ?? (source && { ...source, text: name });
  if (into !== undefined) call.writes(into, "create");
};

const submodule: Analyser = (call) => {
  const at = call.args.findIndex((word) => !word.text.startsWith("-"));
  const action = call.args[at]?.text ?? "status";
  const rest = call.args.slice(at + 1);
  const forced = call.args.some((word) => /^(-[a-z]*f|--f)/.test(word.text));
  if (action === "foreach") {
    const words = rest.filter((word) => !/^(-q|--quiet|--recursive)$/.test(word.text));
    const [only, ...more] = words;
    // One word is a line of shell, several are a program with its arguments.
    const line = more.length === 0 ? (only?.text ?? "") : quoteAll(words.map((word) => word.text));
    if (words.some((word) => !word.known)) call.add("unclear.code");
    // In which folders it runs isn't known: only what reads alone is harmless in each of them.
    const effects = call.nested(line, call.command.folders);
    if (effects.some((effect) => effect.kind !== "read")) call.add("unclear.folder");
    call.effects.push(...effects);
  } else if (["status", "summary"].includes(action)) call.add("read");
  else if (
    ["update", "init", "sync", "add", "set-branch", "set-url", "absorbgitdirs", "deinit"].includes(action)
  ) {
    call.add("git.write");
    if (forced || action === "deinit") call.add("git.submodule.discard");
    else if (action === "update")
      call.addByState("git.submodule.discard", (folder) => ({ fact: "submodules", folder }));
    if (action === "set-url") call.add("git.config");
    if (["update", "add"].includes(action)) call.add("network.read");
  } else call.add("unclear.options");
};

export const remotes: Readonly<Record<string, Analyser>> = {
  push,
  fetch,
  pull: fetch,
  "ls-remote": (call) => {
    call.add(
      call.args.some((word) => !word.known || /^--(up|ex)/.test(word.text))
        ? "unclear.options"
        : "network.read",
    );
  },
  remote,
  clone,
  submodule,
};
