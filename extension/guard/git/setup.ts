import type { Analyser } from "../call.ts";
import { isSecret } from "../places.ts";

/** Options and sub-commands of `git config` that only print. */
const CONFIG_READS =
  /^(--get|--get-all|--get-regexp|--get-urlmatch|--get-color|--get-colorbool|--list|-l|--name-only|--show-origin|--show-scope)$/;
const CONFIG_PLACES =
  /^(--(local|global|system|worktree|null|includes|no-includes|type|bool|int|path|default|expiry-date)(=.*)?|-z|-t)$/;

const config: Analyser = (call) => {
  const texts = call.args.map((word) => word.text);
  const operands = texts.filter((text) => !text.startsWith("-"));
  const [first] = operands;
  const prints = texts.some((text) => CONFIG_READS.test(text)) || first === "list" || first === "get";
  // `git config KEY` prints the value; with a second word it sets it.
  const query =
    operands.length === 1 && texts.every((text) => !text.startsWith("-") || CONFIG_PLACES.test(text));
  const plain = first !== undefined && first.includes(".") && query;
  if ((prints || plain) && call.args.every((word) => word.known)) call.add("read");
  else call.add("git.config");
};

const lfs: Analyser = (call) => {
  const action = call.args[0]?.text ?? "help";
  if (["ls-files", "status", "env", "version", "help", "logs", "locks"].includes(action)) call.add("read");
  else if (["fetch", "pull"].includes(action)) {
    call.add("network.read");
    call.add("git.write");
  } else if (action === "track" && call.args.length === 1) call.add("read");
  else call.add("unclear.options");
};

const sparse: Analyser = (call) => {
  call.add(call.args[0]?.text === "list" ? "read" : "unclear.options");
};

const maintenance: Analyser = (call) => {
  const action = call.args[0]?.text;
  call.add(
    action === "run" && !call.args.some((word) => /prune/.test(word.text)) ? "git.write" : "git.config",
  );
};

const rerere: Analyser = (call) => {
  const action = call.args[0]?.text;
  call.add(action === undefined || ["status", "diff", "remaining"].includes(action) ? "read" : "git.history");
};

const init: Analyser = (call) => {
  const risky = call.args.some((word) => !word.known || /^--(template|separate)/.test(word.text));
  call.add(risky ? "unclear.options" : "git.write");
  const folder = call.args.find((word) => !word.text.startsWith("-"));
  if (folder !== undefined) call.writes(folder, "create");
};

const add: Analyser = (call) => {
  // The editor's text would be applied to the index.
  const edits = call.args.some((word) => /^(-[a-z]*e[a-z]*|--ed?i?t?|--pathspec-from.*)$/.test(word.text));
  call.add(edits ? "unclear.options" : "git.write");
  // What is committed goes wherever the branch goes.
  const secret = call.args.find(({ text }) => !text.startsWith("-") && isSecret(text));
  if (secret !== undefined) call.add("secret.read", [], secret.text);
};

export const setup: Readonly<Record<string, Analyser>> = {
  config,
  add,
  stage: add,
  init,
  lfs,
  "sparse-checkout": sparse,
  maintenance,
  rerere,
  credential: (call) => call.add("secret.read"),
};
