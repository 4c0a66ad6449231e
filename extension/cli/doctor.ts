import * as l10n from "@vscode/l10n";
import { relative } from "node:path";
import type { App } from "../app.ts";
import { historyLimit } from "../sessions/limits.ts";
import type { ToolReport } from "../toolchain/doctor.ts";
import type { DoctorArguments } from "./arguments.ts";
import { EXIT } from "./exit.ts";

/** Prints what a folder and the machine have and lack. Exit 1 where something that is needed is missing. */
export async function printDoctor(app: App, cwd: string, args: DoctorArguments): Promise<number> {
  const report = await app.doctor(cwd);
  // What holds less here; the folder is in order all the same.
  const history = await historyLimit(cwd, app.toolchain);
  const problems = [...report.problems, ...(history === null ? [] : [history])];
  if (args.json) {
    process.stdout.write(`${JSON.stringify({ ...report, problems }, null, 2)}\n`);
    return report.ok ? EXIT.allow : EXIT.failed;
  }
  const lines = [report.folder];
  for (const { language, folder, owner, lock, environment, hint } of report.projects) {
    const manager = owner.state === "owned" ? owner.manager : owner.state;
    lines.push(
      `  ${relative(cwd, folder) || "."} · ${language}: ${manager} · ${l10n.t("lock {0}", lock)}${environment === null ? "" : ` · ${environment}`}`,
    );
    if (hint !== null) lines.push(`    → ${hint.message}`);
  }
  if (report.projects.length === 0) lines.push(`  ${l10n.t("no Python or JavaScript project here")}`);
  for (const problem of problems) lines.push(`  ! ${problem.message} ${problem.next}`);
  lines.push("");
  const idle = report.tools.filter(({ state, used }) => state === "missing" && !used);
  lines.push(...report.tools.filter((tool) => !idle.includes(tool)).map((tool) => toolLine(tool)));
  if (idle.length > 0) {
    lines.push(
      `  ${l10n.t("not on this machine, nor of use here: {0}", idle.map(({ tool }) => tool).join(", "))}`,
    );
  }
  process.stdout.write(`${lines.join("\n")}\n`);
  return report.ok ? EXIT.allow : EXIT.failed;
}

function toolLine(tool: ToolReport): string {
  const state = { ok: "ok     ", old: "old    ", missing: tool.needed ? "MISSING" : "missing" }[tool.state];
  const found = tool.path === null ? tool.purpose : `${tool.version ?? ""} ${tool.path}`.trim();
  return `  ${state}  ${tool.tool.padEnd(8)}${found}${tool.next === "" ? "" : `\n           → ${tool.next}`}`;
}
