import * as l10n from "@vscode/l10n";
import { relative } from "node:path";
import type { App } from "../app.ts";
import { historyLimit } from "../sessions/limits.ts";
import { type WayReport, WAYS, waysOf } from "../sessions/ways.ts";
import { visible } from "../text/visible.ts";
import { offerLine } from "../toolchain/provision/consent.ts";
import type { DoctorReport, ToolReport } from "../toolchain/doctor.ts";
import type { DoctorArguments } from "./arguments.ts";
import type { Standing } from "../verify/reports.ts";
import { standingText } from "../verify/text.ts";
import { canVerify } from "../verify/can.ts";
import { EXIT } from "./exit.ts";

/** Prints what a folder and the machine have and lack. Exit 1 where something that is needed is missing. */
export async function printDoctor(
  app: App,
  root: string,
  cwd: string,
  args: DoctorArguments,
): Promise<number> {
  const report = await lookAt(app, root, cwd);
  process.stdout.write(args.json ? `${JSON.stringify(report, null, 2)}\n` : `${textOf(report)}\n`);
  return report.ok ? EXIT.allow : EXIT.failed;
}

/** The same for a person who reads it in the editor. */
export async function doctorText(app: App, root: string): Promise<string> {
  const lines = textOf(await lookAt(app, root, root)).split("\n");
  const { mcp, hooks, shims } = app.guards(root);
  const off = Object.entries({ mcp, hooks, shims }).flatMap(([name, on]) =>
    on ? [] : [`  ${l10n.t("switched off by {0}", `interlock.guard.${name}`)}`],
  );
  return [...lines, ...off].join("\n");
}

/** How the last verification of an agent stands. */
interface Verified {
  readonly id: string;
  readonly name: string;
  readonly state: Standing["state"];
  /** Null where there is none. */
  readonly ok: boolean | null;
  readonly at: number | null;
  readonly version: string | null;
  readonly text: string;
}

type Report = DoctorReport & { readonly ways: readonly WayReport[]; readonly verified: readonly Verified[] };

async function lookAt(app: App, root: string, cwd: string): Promise<Report> {
  const report = await app.doctor(cwd);
  // What holds less here; the folder is in order all the same.
  const history = await historyLimit(cwd, app.toolchain);
  const problems = [...report.problems, ...(history === null ? [] : [history])];
  const ways = await waysOf(app.stateDirectory, [cwd, root]);
  return { ...report, problems, ways, verified: await verifiedOf(app) };
}

/** Of the agents whose model can be ours. */
async function verifiedOf(app: App): Promise<readonly Verified[]> {
  const agents = app.agents().agents.filter((agent) => canVerify(agent).ok);
  return Promise.all(
    agents.map(async (agent): Promise<Verified> => {
      const standing = await app.standing(agent);
      const report = standing.state === "none" ? null : standing.report;
      return {
        id: agent.id,
        name: agent.name,
        state: standing.state,
        ok: report?.ok ?? null,
        at: report?.at ?? null,
        version: report?.program?.version ?? null,
        text: standingText(standing, Date.now()),
      };
    }),
  );
}

function textOf(report: Report): string {
  const lines = [report.folder];
  for (const { language, folder, owner, lock, environment, hint } of report.projects) {
    const manager = owner.state === "owned" ? owner.manager : owner.state;
    lines.push(
      `  ${relative(report.folder, folder) || "."} · ${language}: ${manager} · ${l10n.t("lock {0}", lock)}${environment === null ? "" : ` · ${environment}`}`,
    );
    if (hint !== null) lines.push(`    → ${hint.message}`);
  }
  if (report.projects.length === 0) lines.push(`  ${l10n.t("no Python or JavaScript project here")}`);
  for (const problem of report.problems) lines.push(`  ! ${problem.message} ${problem.next}`);
  lines.push("");
  const idle = report.tools.filter(({ state, used }) => state === "missing" && !used);
  lines.push(...report.tools.filter((tool) => !idle.includes(tool)).map((tool) => toolLine(tool)));
  if (idle.length > 0) {
    lines.push(
      `  ${l10n.t("not on this machine, nor of use here: {0}", idle.map(({ tool }) => tool).join(", "))}`,
    );
  }
  lines.push(...offerLines(report.tools));
  lines.push("", l10n.t("What makes agents ask here:"), ...wayLines(report.ways));
  lines.push(...verifiedLines(report.verified));
  return lines.join("\n");
}

/** How agents' commands come by here: what they were given for that, and whether they use it. */
function wayLines(ways: readonly WayReport[]): readonly string[] {
  return WAYS.flatMap((way) => {
    const own = ways.filter((each) => each.way === way);
    const label = `  ${way.padEnd(6)}`;
    if (process.platform === "win32" && way !== "mcp")
      return [`${label}${l10n.t("not on Windows: what agents ask by themselves and by MCP is decided")}`];
    if (own.length === 0) return [`${label}${l10n.t("no agent was given it here yet")}`];
    return own.map((report) => `${label}${visible(report.agent)}: ${wayText(report)}`);
  });
}

function wayText({ way, given, used, client }: WayReport): string {
  const at = given === null ? null : timeOf(given);
  const gave = {
    mcp: at === null ? null : l10n.t("handed over {0}", at),
    hook: at === null ? null : l10n.t("armed {0}", at),
    shim: at === null ? null : l10n.t("on its PATH {0}", at),
  }[way];
  const last = used === null ? null : timeOf(used);
  const uses = {
    mcp: last === null ? l10n.t("never reached") : l10n.t("reached {0}", last),
    hook: last === null ? l10n.t("never called") : l10n.t("last called {0}", last),
    shim: last === null ? l10n.t("never asked") : l10n.t("last asked {0}", last),
  }[way];
  const who = client === undefined ? "" : ` (${visible(client)})`;
  return `${gave === null ? "" : `${gave}, `}${uses}${who}`;
}

/** What was tried with each agent, and when that is to be done anew. */
function verifiedLines(verified: readonly Verified[]): readonly string[] {
  if (verified.length === 0) return [];
  const due = verified.filter(({ state }) => state !== "fresh").map(({ id }) => id);
  return [
    "",
    l10n.t("What was verified of agents:"),
    ...verified.map(({ name, text }) => `  ${visible(name)}: ${text}`),
    ...(due[0] === undefined
      ? []
      : [`  → interlock agents verify ${due[0]}  (${l10n.t("in the editor: Interlock: Verify Agent…")})`]),
  ];
}

/** As people on this machine write it. */
function timeOf(ms: number): string {
  return new Date(ms).toLocaleString(undefined, { dateStyle: "short", timeStyle: "medium" });
}

/** What Interlock would fetch of what is missing, and how a person has it do so. */
function offerLines(tools: readonly ToolReport[]): readonly string[] {
  const offers = tools.flatMap(({ offer }) => offer ?? []);
  if (offers.length === 0) return [];
  const names = offers.map(({ tool }) => tool).join(" ");
  return [
    "",
    l10n.t("Interlock can get what is missing, once you say so:"),
    ...offers.map((offer) => `  ${offerLine(offer)}`),
    `  → interlock tools get ${names}  (${l10n.t("in the editor: Interlock: Get Missing Tools…")})`,
  ];
}

function toolLine(tool: ToolReport): string {
  const state = { ok: "ok     ", old: "old    ", missing: tool.needed ? "MISSING" : "missing" }[tool.state];
  const found = tool.path === null ? tool.purpose : `${tool.version ?? ""} ${tool.path}`.trim();
  return `  ${state}  ${tool.tool.padEnd(8)}${found}${tool.next === "" ? "" : `\n           → ${tool.next}`}`;
}
