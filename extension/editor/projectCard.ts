import * as l10n from "@vscode/l10n";
import { basename, relative } from "node:path";
import * as vscode from "vscode";
import { messageOf } from "../errors.ts";
import type { SwapConsents } from "../toolchain/swapConsents.ts";
import type { DoctorReport, ProjectReport, ToolReport } from "../toolchain/doctor.ts";
import { fileUri, workspaceRoots } from "./folders.ts";
import { plainLabel, plainMessage } from "./labels.ts";
import type { LazyApp } from "./lazyApp.ts";
import { runButton, type RunItem, runPick } from "./runPick.ts";

/** What is known of each open folder: languages, who owns the packages, how the lock stands, and the tools that would be used. */
export async function showProject(lazy: LazyApp): Promise<void> {
  const app = await lazy.load();
  const roots = workspaceRoots();
  const reports = await vscode.window.withProgress({ location: { viewId: "interlock.session" } }, () =>
    Promise.all(roots.map((root) => app.doctor(root))),
  );
  await runPick({
    title: l10n.t("Project"),
    placeholder: l10n.t("Choose a project to open what says so"),
    items: reports.flatMap((report) => {
      const swaps = rootsOf(report).flatMap((root) => swapItems(app.swaps, root, () => showProject(lazy)));
      return reportItems(report, swaps, roots.length > 1);
    }),
  });
}

/** The folders of the projects that a manager owns: what a person says of other programs is said of such a one. */
function rootsOf({ projects }: DoctorReport): readonly string[] {
  return [...new Set(projects.flatMap(({ owner }) => (owner.state === "owned" ? [owner.root] : [])))];
}

function reportItems(
  { folder, projects, tools, problems }: DoctorReport,
  swaps: readonly RunItem[],
  named: boolean,
): RunItem[] {
  const used = tools.filter(({ used }) => used);
  const separator = (label: string): RunItem => ({ label, kind: vscode.QuickPickItemKind.Separator });
  return [
    ...(named ? [separator(basename(folder))] : []),
    ...(projects.length === 0 ? [{ label: l10n.t("No Python or JavaScript project here") }] : []),
    ...projects.map((project) => projectItem(project, folder)),
    ...problems.map(({ message, next }) => ({ label: `$(error) ${plainLabel(message)}`, detail: next })),
    ...(swaps.length === 0 ? [] : [separator(l10n.t("Other programs")), ...swaps]),
    ...(used.length === 0 ? [] : [separator(l10n.t("Tools"))]),
    ...used.map((tool) => toolItem(tool)),
  ];
}

/** What a person said of other programs in a project, each of it to be taken back. */
function swapItems(swaps: SwapConsents, root: string, again: () => unknown): readonly RunItem[] {
  const { accepted, never } = swaps.of(root);
  const revoke = async (rule: string | null): Promise<void> => {
    try {
      await swaps.revoke(root, rule);
    } catch (error) {
      void vscode.window.showErrorMessage(plainMessage(messageOf(error)));
    }
    await again();
  };
  const item = (icon: string, label: string, rule: string | null): RunItem => {
    const run = (): Promise<void> => revoke(rule);
    return {
      label: `$(${icon}) ${label}`,
      description: plainLabel(basename(root)),
      detail: l10n.t("Choose it to be asked again"),
      run,
      buttons: [runButton("trash", l10n.t("Ask again from now on"), run)],
    };
  };
  if (never) return [item("circle-slash", l10n.t("No other program answers here"), null)];
  return accepted.map(({ rule, tool, by }) =>
    item("arrow-swap", plainLabel(l10n.t("{0} answers for {1}", by, tool)), rule),
  );
}

const LANGUAGES = { python: "Python", javascript: "JavaScript, TypeScript" } as const;

function projectItem({ language, folder, owner, lock, hint }: ProjectReport, root: string): RunItem {
  const proof = owner.state === "owned" ? owner.proof : undefined;
  const where = plainLabel(relative(root, folder) || basename(root));
  const say = hint === null ? undefined : `$(lightbulb) ${hint.message}`;
  return {
    label: `$(${lock === "stale" || owner.state === "ambiguous" ? "warning" : "package"}) ${LANGUAGES[language]} · ${ownerText(owner)}`,
    description: [where, lockText(lock)].filter((part) => part !== "").join(" · "),
    ...(say === undefined ? {} : { detail: plainLabel(say) }),
    ...(proof === undefined
      ? {}
      : { run: () => vscode.window.showTextDocument(fileUri(proof.path), { preview: true }) }),
  };
}

function ownerText(owner: ProjectReport["owner"]): string {
  switch (owner.state) {
    case "owned":
      return owner.manager;
    case "ambiguous":
      return l10n.t("two managers: {0}", owner.proofs.map(({ what }) => what).join(", "));
    case "unowned":
    case "absent":
      return l10n.t("nothing proves a package manager");
  }
}

function lockText(lock: ProjectReport["lock"]): string {
  switch (lock) {
    case "fresh":
      return l10n.t("lock up to date");
    case "stale":
      return l10n.t("lock is behind");
    case "missing":
      return l10n.t("no lock yet");
    case "present":
      return l10n.t("locked");
    case "none":
      return "";
  }
}

function toolItem({ tool, state, version, path, purpose, next }: ToolReport): RunItem {
  const icon = { ok: "check", old: "warning", missing: "warning" }[state];
  const found = state === "missing" ? l10n.t("not found") : (version ?? "");
  return {
    label: `$(${icon}) ${tool} ${found}`.trimEnd(),
    description: plainLabel(path ?? purpose),
    ...(next === "" ? {} : { detail: plainLabel(next) }),
  };
}
