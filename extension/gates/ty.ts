import * as l10n from "@vscode/l10n";
import { dirname, resolve } from "node:path";
import * as z from "zod";
import type { Evidence } from "../toolchain/evidence.ts";
import type { Checker, CheckOutcome } from "./checker.ts";
import { Columns } from "./columns.ts";
import { type CheckerDeps, notFound, notUnderstood, runTool } from "./command.ts";
import type { Finding } from "./gate.ts";
import { byKey, joinOutcomes } from "./outcomes.ts";
import { isAside, PYTHON_FILE, pythonParts } from "./pythonParts.ts";

/** 0.3 s for a file, a few seconds for a large repository. */
const TIMEOUT_MS = 60_000;
/** Of ty's machine-readable formats the only one with both ends of a finding and its severity, one array in all. */
const ARGUMENTS = ["check", "--output-format=gitlab", "--no-progress", "--color=never", "--force-exclude"];

const Position = z.object({ line: z.number(), column: z.number() });
const Issues = z.array(
  z.object({
    check_name: z.string(),
    description: z.string(),
    severity: z.string(),
    location: z.object({ path: z.string(), positions: z.object({ begin: Position, end: Position }) }),
  }),
);
/** GitLab's words for the severities of ty. */
const SEVERITIES: Readonly<Record<string, Finding["severity"]>> = { info: "info", minor: "warning" };

interface TyRun {
  /** The folder that ty takes for the project. */
  readonly project: string;
  readonly environment: string | null;
  readonly paths: readonly string[];
  readonly files: readonly string[];
  readonly without: readonly string[];
}

/** ty, with the environment that the project's imports are installed in. */
export function tyChecker(deps: CheckerDeps): Checker {
  const run = async (part: TyRun, signal: AbortSignal): Promise<CheckOutcome> => {
    const found = deps.tools.find("ty", part.project);
    const missing = found === null ? notFound("ty") : null;
    const reason = missing ?? notInstalled(deps.evidence(part.project));
    if (found === null || reason !== null) return { state: "unavailable", reason: reason ?? "", ms: 0 };
    const started = performance.now();
    const args = [
      ...ARGUMENTS,
      `--project=${part.project}`,
      ...(part.environment === null ? [] : [`--python=${part.environment}`]),
      ...part.without.map((folder) => `--exclude=${folder}/`),
      "--",
      ...part.paths,
    ];
    const request = { tool: "ty", found, args, cwd: part.project, timeoutMs: TIMEOUT_MS, answers: [0, 1] };
    const answer = await runTool(deps, request, signal);
    if (!answer.ok) return answer.outcome;
    const ms = Math.round(performance.now() - started);
    const findings = parseTy(answer.stdout, part.project);
    if (findings === null) return notUnderstood("ty", ms, answer.stdout);
    return {
      state: "checked",
      groups: [{ whole: null, files: part.files, findings }],
      tools: [answer.tool],
      ms,
    };
  };
  return {
    gate: "types",
    tool: "ty",
    whole: false,
    handles: (file) => PYTHON_FILE.test(file),
    async check(files, signal) {
      const projectOf = (file: string) => pythonProject(deps.evidence(dirname(file)), deps.folder);
      const runs = byKey(files, projectOf).map((group) => {
        const project = projectOf(group[0] ?? "");
        const environment = deps.evidence(project).python.environment?.folder ?? null;
        return run({ project, environment, paths: group, files: group, without: [] }, signal);
      });
      return joinOutcomes(await Promise.all(runs));
    },
    async checkAll(signal) {
      const outcomes: CheckOutcome[] = [];
      // One after another: each takes all cores.
      for (const { folder, environment, without } of await pythonParts(deps.folder, deps.evidence)) {
        if (deps.tools.find("ty", folder) === null && isAside(deps.evidence(deps.folder))) continue;
        outcomes.push(
          await run({ project: folder, environment, paths: [folder], files: [], without }, signal),
        );
      }
      return joinOutcomes(outcomes);
    },
    dispose: async () => {},
  };
}

/** The folder of the nearest manifest: ty reads its configuration there. */
export function pythonProject({ python }: Evidence, top: string): string {
  return python.manifest?.folder ?? (python.owner.state === "absent" ? top : python.owner.root);
}

/** Why types can't be checked yet: without the project's packages every import of one would be an error. */
export function notInstalled({ python }: Evidence): string | null {
  const { owner, environment, manifest } = python;
  const needs = (manifest?.dependencies.length ?? 0) > 0;
  if (owner.state !== "owned" || owner.manager !== "uv" || environment !== null || !needs) return null;
  return l10n.t("The project's packages are not installed: run `uv sync`.");
}

/** Findings of `--output-format=gitlab`; null when the output is something else. */
export function parseTy(output: string, cwd: string): readonly Finding[] | null {
  let data: unknown;
  try {
    data = JSON.parse(output);
  } catch {
    return null;
  }
  const read = Issues.safeParse(data);
  if (!read.success) return null;
  const columns = new Columns();
  return read.data.map(({ check_name: code, description, severity, location }) => {
    const file = resolve(cwd, location.path);
    const { begin, end } = location.positions;
    return {
      file,
      line: begin.line,
      column: columns.inUtf16(file, begin.line, begin.column, "characters"),
      endLine: end.line,
      endColumn: columns.inUtf16(file, end.line, end.column, "characters"),
      severity: SEVERITIES[severity] ?? "error",
      code,
      message: description.startsWith(`${code}: `) ? description.slice(code.length + 2) : description,
      source: "ty",
    };
  });
}
