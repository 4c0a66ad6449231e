import * as l10n from "@vscode/l10n";
import { basename, join } from "node:path";
import * as vscode from "vscode";
import { lockSentence, notUpdated, updateLine } from "../sessions/lockTexts.ts";
import type { EvidenceItem } from "../toolchain/evidence.ts";
import type { LockPlan } from "../toolchain/lockPlan.ts";
import { LOCK_FILES } from "../toolchain/locks.ts";
import { READ_MS } from "./confirm.ts";
import { fileUri } from "./folders.ts";
import { plainLabel, plainMessage } from "./labels.ts";
import type { LazyApp } from "./lazyApp.ts";
import type { LockManager, ShownProject } from "./projectView.ts";
import { runPick } from "./runPick.ts";
import type { Texts } from "./texts.ts";

interface OfferParts {
  readonly app: LazyApp;
  readonly texts: Texts;
  /** What was offered is done: the project is different. */
  readonly changed: () => void;
}

/** A first lock of a large project asks the index for hundreds of packages. */
const LOCK_MS = 300_000;
/** Of what the manager says of a failure, its last words. */
const SAID_BYTES = 600;
/** Packages that the question lists one by one; the diff has all. */
const LISTED = 12;

/** Does what the card of a project offers; each is shown before it is done, and done only after a yes. */
export async function takeOffer(parts: OfferParts, project: ShownProject): Promise<void> {
  if (project.card.offer === "choose") await chooseManager(project);
  else if (project.by !== null) await writeLock(parts, project, project.by);
  parts.changed();
}

async function writeLock(
  { app, texts }: OfferParts,
  { report, card }: ShownProject,
  manager: LockManager,
): Promise<void> {
  const loaded = await app.load();
  const program = loaded.toolchain.runners()[manager];
  if (program === null) return;
  const root = report.folder;
  const state = card.offer === "update" ? "stale" : "missing";
  const trouble = { manager, root, state, use: "install", stamp: "" } as const;
  const { lock, update } = LOCK_FILES[manager];
  const { planLock } = await import("../toolchain/lockPlan.ts");
  const plan = await vscode.window.withProgress({ location: { viewId: "interlock.session" } }, () =>
    planLock(trouble, program, loaded.processes),
  );
  const yes = state === "stale" ? l10n.t("Update lock") : l10n.t("Write lock");
  const title = state === "stale" ? l10n.t("Update {0}?", lock) : l10n.t("Lock with {0}?", manager);
  const sentence = lockSentence(trouble, plan);
  const detail = [
    sentence,
    ...packagesOf(plan, sentence),
    l10n.t("Runs `{0}` in {1}. Nothing is installed.", updateLine(trouble), root),
  ];
  const showDiff = l10n.t("Show diff");
  const shownAt = Date.now();
  const answer = await vscode.window.showInformationMessage(
    plainMessage(title),
    { modal: true, detail: detail.map((line) => plainMessage(line)).join("\n") },
    yes,
    ...(plan === null ? [] : [showDiff]),
  );
  if (answer === showDiff && plan !== null) return showPlan(texts, join(root, lock), plan);
  if (answer !== yes || Date.now() - shownAt < READ_MS) return;
  const request = { command: program, args: update, cwd: root, timeoutMs: LOCK_MS, maxBytes: SAID_BYTES };
  const { code, stderr } = await vscode.window.withProgress(
    { location: { viewId: "interlock.session" } },
    () => loaded.processes.run(request),
  );
  if (code === 0) return;
  const { message, next } = notUpdated(trouble, stderr.trim());
  void vscode.window.showErrorMessage(plainMessage(`${message} ${next}`));
}

/** Those that the sentence before doesn't name. */
function packagesOf(plan: LockPlan | null, sentence: string): readonly string[] {
  const packages = (plan?.packages ?? []).filter((each) => !sentence.includes(each));
  const more = packages.length - LISTED;
  return [...packages.slice(0, LISTED), ...(more > 0 ? [l10n.t("and {0} more", more)] : [])];
}

async function showPlan(texts: Texts, path: string, { oldText, newText }: LockPlan): Promise<void> {
  const name = basename(path);
  await vscode.commands.executeCommand(
    "vscode.diff",
    texts.add(name, oldText ?? ""),
    texts.add(name, newText),
    l10n.t("{0}: now, and as it would be", name),
  );
}

/** Of several managers the one that stays; the locks of the others go, what else names them is shown. */
async function chooseManager({ report }: ShownProject): Promise<void> {
  if (report.owner.state !== "ambiguous") return;
  const { proofs } = report.owner;
  const managers = [...new Set(proofs.flatMap(({ proves }) => proves ?? []))];
  await runPick({
    title: l10n.t("Which manager does this project use?"),
    placeholder: l10n.t("What proves another one is taken out"),
    items: managers.map((manager) => {
      const others = proofs.filter(({ proves }) => proves !== manager);
      return {
        label: manager,
        description: l10n.t("keeps {0}", named(proofs.filter(({ proves }) => proves === manager))),
        detail: others.map((proof) => whatBecomesOf(proof)).join(", "),
        run: () => removeProofs(others),
      };
    }),
  });
}

function named(proofs: readonly EvidenceItem[]): string {
  return plainLabel(proofs.map(({ what }) => what).join(", "));
}

/** A lock is a file of its own; a table or a key stands in a manifest, which is the person's to edit. */
function isFile({ path, what }: EvidenceItem): boolean {
  return basename(path) === what;
}

function whatBecomesOf(proof: EvidenceItem): string {
  const { what, path } = proof;
  return isFile(proof)
    ? l10n.t("deletes {0}", plainLabel(what))
    : l10n.t("opens {0}, where {1} is to be taken out", basename(path), plainLabel(what));
}

async function removeProofs(proofs: readonly EvidenceItem[]): Promise<void> {
  const files = proofs.filter(isFile);
  if (files.length > 0 && !(await removeFiles(files))) return;
  for (const { path } of proofs.filter((proof) => !isFile(proof)))
    await vscode.window.showTextDocument(fileUri(path), { preview: true });
}

/** By an edit of the workspace, which can be undone in the explorer. */
async function removeFiles(files: readonly EvidenceItem[]): Promise<boolean> {
  const yes = l10n.t("Delete");
  const shownAt = Date.now();
  const answer = await vscode.window.showWarningMessage(
    plainMessage(l10n.t("Delete {0}?", files.map(({ what }) => what).join(", "))),
    { modal: true, detail: plainMessage(files.map(({ path }) => path).join("\n")) },
    yes,
  );
  if (answer !== yes || Date.now() - shownAt < READ_MS) return false;
  const edit = new vscode.WorkspaceEdit();
  for (const { path } of files) edit.deleteFile(fileUri(path), { ignoreIfNotExists: true });
  return vscode.workspace.applyEdit(edit);
}
