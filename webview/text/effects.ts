import * as l10n from "@vscode/l10n";

/** What a kind of effect (docs/policy.md) is called. A kind that is not known here is shown as it is. */
export function effectWord(effect: string): string {
  return WORDS[effect]?.() ?? effect;
}

const WORDS: Readonly<Record<string, () => string>> = {
  read: () => l10n.t("reads"),
  "run.project": () => l10n.t("runs the project's code"),
  write: () => l10n.t("writes files"),
  "write.outside": () => l10n.t("writes outside the project"),
  overwrite: () => l10n.t("overwrites files"),
  delete: () => l10n.t("removes files"),
  "write.protected": () => l10n.t("changes what steers tools"),
  secret: () => l10n.t("touches secrets"),
  "git.write": () => l10n.t("adds to the repository"),
  "git.discard": () => l10n.t("discards uncommitted changes"),
  "git.clean": () => l10n.t("removes untracked files"),
  "git.ref": () => l10n.t("moves or deletes a branch or tag"),
  "git.stash.drop": () => l10n.t("drops stashes"),
  "git.history": () => l10n.t("rewrites history"),
  "git.config": () => l10n.t("changes git's configuration"),
  "git.push": () => l10n.t("pushes"),
  "git.push.force": () => l10n.t("overwrites remote branches"),
  "deps.install": () => l10n.t("installs dependencies as locked"),
  "deps.change": () => l10n.t("changes dependencies"),
  network: () => l10n.t("uses the network"),
  "network.send": () => l10n.t("sends data elsewhere"),
  publish: () => l10n.t("publishes"),
  "remote.change": () => l10n.t("changes remote systems"),
  privilege: () => l10n.t("gains other rights"),
  "process.kill": () => l10n.t("ends processes"),
  interlock: () => l10n.t("changes Interlock itself"),
  unclear: () => l10n.t("can't be told"),
};
