import * as l10n from "@vscode/l10n";
import type { App } from "../app.ts";
import { landingAct } from "../door/landingAct.ts";
import type { Problem } from "../errors.ts";
import { canGo, type HeldWorktree } from "../restore/bringing/bringBack.ts";
import { holdingsText, incomingKeptText } from "../restore/bringing/texts.ts";
import { landingMessage } from "../restore/bringing/landing.ts";
import { shownPath } from "../restore/points/bytePath.ts";
import type { Change, Kept } from "../restore/points/change.ts";
import type { IncomingFile } from "../restore/points/incomingPlan.ts";
import { chosenPaths } from "../restore/points/planner.ts";
import { actionOf } from "../restore/points/texts.ts";
import { isGuardedPath } from "../state/runtimeFolder.ts";
import { visible } from "../text/visible.ts";
import type { WorktreesArguments } from "./arguments.ts";
import { askYes } from "./ask.ts";
import { complain } from "./complain.ts";
import { EXIT } from "./exit.ts";

/** `interlock worktrees`: what sessions did in worktrees of their own. `root`: the top of the person's working tree. */
export async function worktrees(
  app: App,
  root: string,
  cwd: string,
  args: WorktreesArguments,
): Promise<number> {
  // What a person is asked here, an agent's shell can't answer.
  if ((args.action === "bring" || args.action === "remove") && isGuardedPath(process.env["PATH"] ?? "")) {
    complain(l10n.t("This is an agent's shell. Run it in a terminal of your own."));
    return EXIT.failed;
  }
  return new WorktreesCommand(app, root, cwd, args)[args.action]();
}

class WorktreesCommand {
  readonly #app: App;
  readonly #root: string;
  readonly #cwd: string;
  readonly #args: WorktreesArguments;

  constructor(app: App, root: string, cwd: string, args: WorktreesArguments) {
    this.#app = app;
    this.#root = root;
    this.#cwd = cwd;
    this.#args = args;
  }

  async list(): Promise<number> {
    const listed = await this.#app.bringBack.list(this.#root);
    if (!listed.ok) return failed(listed.error);
    if (this.#args.json)
      return print({ root: this.#root, worktrees: listed.value.map((each) => told(each)) });
    if (listed.value.length === 0) return print(l10n.t("Interlock has no worktree of {0}.", this.#root));
    return print(listed.value.map((each) => lineOf(each)).join("\n"));
  }

  async show(): Promise<number> {
    const found = await this.#found();
    if (!found.ok) return failed(found.error);
    const planned = await this.#app.bringBack.plan(this.#root, found.value);
    if (!planned.ok) return failed(planned.error);
    const { files, changes, kept } = planned.value;
    if (this.#args.json)
      return print({
        ...told(found.value),
        changed: files.map((file) => toldFile(file)),
        ...outcome(changes, kept),
      });
    const held = (found.value.holdings?.files ?? []).map(({ path, state }) => `  ${state.padEnd(10)}${path}`);
    return print(
      [
        lineOf(found.value),
        ...(held.length === 0 ? [] : [l10n.t("Only there:"), ...held]),
        l10n.t("Changed:"),
        ...files.map((file) => `  ${fileLine(file)}`),
        l10n.t("Bringing it back:"),
        ...outcomeLines(changes, kept),
      ].join("\n"),
    );
  }

  async bring(): Promise<number> {
    const found = await this.#found();
    if (!found.ok) return failed(found.error);
    return this.#args.as === "files" ? this.#bringFiles(found.value) : this.#land(found.value, this.#args.as);
  }

  async remove(): Promise<number> {
    const { names, empty, json } = this.#args;
    const chosen = empty ? await this.#empty() : names;
    if (chosen === null) return EXIT.failed;
    const removed: { readonly name: string; readonly branchLeft: string | null }[] = [];
    for (const name of chosen) {
      const gone = await this.#app.bringBack.remove(this.#root, name);
      if (!gone.ok) {
        if (json) print({ removed });
        return failed(gone.error);
      }
      removed.push({ name, ...gone.value });
    }
    if (json) return print({ removed });
    const lines = removed.map(({ name, branchLeft }) =>
      branchLeft === null
        ? l10n.t("{0} was removed.", name)
        : l10n.t("{0} was removed; its commits are on the branch {1}.", name, branchLeft),
    );
    return print(lines.length === 0 ? l10n.t("There is none that holds nothing.") : lines.join("\n"));
  }

  async #bringFiles(worktree: HeldWorktree): Promise<number> {
    const { paths, conflicts, json } = this.#args;
    const options = {
      onConflict: conflicts === "theirs" ? ("point" as const) : ("keep" as const),
      ...(paths.length === 0 ? {} : { paths: chosenPaths(this.#root, this.#cwd, paths) }),
    };
    const brought = await this.#app.bringBack.bring(this.#root, worktree, options);
    if (!brought.ok) return failed(brought.error);
    const { journal, before, changes, kept } = brought.value;
    if (json) return print({ journal, before, ...outcome(changes, kept) });
    return print(
      [
        ...outcomeLines(changes, kept),
        l10n.t("{0} files changed. Take it back with: interlock restore undo {1}", changes.length, journal),
      ].join("\n"),
    );
  }

  async #land(worktree: HeldWorktree, as: "commit" | "merge"): Promise<number> {
    const branch = worktree.branch ?? worktree.name;
    const message = this.#args.message ?? landingMessage(as, branch);
    const planned = await this.#app.bringBack.planLanding(this.#root, worktree, as, message);
    if (!planned.ok) return failed(planned.error);
    if (!(await this.#mayLand(as, branch))) return EXIT.failed;
    const landed = await this.#app.bringBack.land(this.#root, planned.value);
    if (!landed.ok) return failed(landed.error);
    const { commit, into, files } = planned.value;
    if (this.#args.json) return print({ commit, into, files });
    return print(l10n.t("{0} files changed on {1}, by commit {2}.", files.length, into ?? "HEAD", commit));
  }

  /** Asked and refused as it would be for an agent. */
  async #mayLand(as: "commit" | "merge", branch: string): Promise<boolean> {
    const { judgement } = await this.#app.consider(landingAct(as, branch, this.#root), this.#root);
    if (judgement.verdict === "allow" || (judgement.verdict === "ask" && this.#args.yes)) return true;
    complain(judgement.reason);
    const agreed = judgement.verdict === "deny" ? false : await askYes(l10n.t("Go on? Type yes:"));
    if (agreed === null) complain(l10n.t("Nothing was changed. Add “--yes” where you agree."));
    else if (!agreed) complain(l10n.t("Nothing was changed."));
    return agreed === true;
  }

  async #empty(): Promise<readonly string[] | null> {
    const listed = await this.#app.bringBack.list(this.#root);
    if (!listed.ok) {
      failed(listed.error);
      return null;
    }
    const names = listed.value.filter((each) => canGo(each)).map(({ name }) => name);
    if (names.length === 0 || this.#args.yes) return names;
    for (const name of names) process.stderr.write(`${visible(name)}\n`);
    const agreed = await askYes(l10n.t("Remove them? Type yes:"));
    if (agreed === null) complain(l10n.t("Nothing was removed. Add “--yes” where you agree."));
    return agreed === true ? names : null;
  }

  #found() {
    return this.#app.bringBack.find(this.#root, this.#args.names[0] ?? "");
  }
}

function told({ name, root, branch, head, base, state, holdings, sessions }: HeldWorktree) {
  return { name, root, branch, head, base, state, holdings, sessions };
}

function toldFile({ path, base, theirs, uncommitted }: IncomingFile) {
  return { path: shownPath(path), change: changeOf(base.kind, theirs.kind), uncommitted };
}

function changeOf(base: string, theirs: string): "added" | "removed" | "changed" {
  return base === "gone" ? "added" : theirs === "gone" ? "removed" : "changed";
}

function fileLine(file: IncomingFile): string {
  const { path, change, uncommitted } = toldFile(file);
  return `${change.padEnd(8)} ${path}${uncommitted ? `  ${l10n.t("uncommitted")}` : ""}`;
}

function outcome(changes: readonly Change[], kept: readonly Kept[]) {
  return {
    changes: changes.map((change) => ({ path: shownPath(change.path), action: actionOf(change) })),
    kept: kept.map(({ path, why }) => ({ path: shownPath(path), why })),
  };
}

function outcomeLines(changes: readonly Change[], kept: readonly Kept[]): readonly string[] {
  return [
    ...changes.map((change) => `  ${actionOf(change).padEnd(7)} ${shownPath(change.path)}`),
    ...kept.map(({ path, why }) => `  ${l10n.t("kept {0}: {1}", shownPath(path), incomingKeptText(why))}`),
  ];
}

function lineOf(worktree: HeldWorktree): string {
  const { name, branch, sessions } = worktree;
  const parts = [name, branch ?? l10n.t("no branch"), holdingsText(worktree)];
  for (const session of sessions) parts.push(l10n.t("“{0}” works in it", session.name));
  return parts.join("  ");
}

function print(what: unknown): number {
  process.stdout.write(`${typeof what === "string" ? visible(what) : JSON.stringify(what)}\n`);
  return EXIT.allow;
}

function failed({ message, next }: Problem): number {
  complain(`${message} ${next}`);
  return EXIT.failed;
}
