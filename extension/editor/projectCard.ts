import * as l10n from "@vscode/l10n";
import { basename, relative } from "node:path";
import * as vscode from "vscode";
import type { DoctorReport, ProjectReport, ToolReport } from "../toolchain/doctor.ts";
import { fileUri, workspaceRoots } from "./folders.ts";
import { plainLabel } from "./labels.ts";
import type { LazyApp } from "./lazyApp.ts";
import { type RunItem, runPick } from "./runPick.ts";

/** What is known of each open folder: languages, who owns the packages, how the lock stands, and the tools that would be used. */
export async function showProject(app: LazyApp): Promise<void> {
  const loaded = await app.load();
  const roots = workspaceRoots();
  const reports = await vscode.window.withProgress({ location: { viewId: "interlock.session" } }, () =>
    Promise.all(roots.map((root) => loaded.doctor(root))),
  );
  await runPick({
    title: l10n.t("Project"),
    placeholder: l10n.t("Choose a project to open what says so"),
    items: reports.flatMap((report) => reportItems(report, roots.length > 1)),
  });
}

function reportItems({ folder, projects, tools, problems }: DoctorReport, named: boolean): RunItem[] {
  const used = tools.filter(({ used }) => used);
  const separator = (label: string): RunItem => ({ label, kind: vscode.QuickPickItemKind.Separator });
  return [
    ...(named ? [separator(basename(folder))] : []),
    ...(projects.length === 0 ? [{ label: l10n.t("No Python or JavaScript project here") }] : []),
    ...projects.map((project) => projectItem(project, folder)),
    ...problems.map(({ message, next }) => ({ label: `$(error) ${plainLabel(message)}`, detail: next })),
    ...(used.length === 0 ? [] : [separator(l10n.t("Tools"))]),
    ...used.map((tool) => toolItem(tool)),
  ];
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
