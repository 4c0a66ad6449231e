import * as l10n from "@vscode/l10n";
import { dirname } from "node:path";
import type { Evidence } from "../toolchain/evidence.ts";
import type { Checker, CheckOutcome } from "./checker.ts";
import { type CheckerDeps, notUnderstood, runTool } from "./command.ts";
import { foldersWith, someFolderHolds, topmost } from "../toolchain/folders.ts";
import type { Finding } from "./gate.ts";
import { parseBiome, parseEslint, parseOxlint } from "./scriptOutput.ts";
import { byKey, joinOutcomes } from "./outcomes.ts";

const SCRIPT_FILE = /\.([cm]?[jt]s|[jt]sx)$/;
/** eslint with type-aware rules reads a whole project first. */
const TIMEOUT_MS = 90_000;

interface ScriptLinter {
  readonly tool: "oxlint" | "eslint" | "biome";
  readonly args: readonly string[];
  /** 0: nothing stands in the way, 1: errors were found. */
  readonly answers: readonly number[];
  /** Null when the output is something else. */
  readonly parse: (output: string, cwd: string) => readonly Finding[] | null;
  /** True when a project means this linter. */
  readonly chosen: (evidence: Evidence) => boolean;
}

const installed = ({ javascript }: Evidence, tool: string): boolean => javascript.programs.has(tool);
const configured = ({ javascript }: Evidence, tool: string): boolean => javascript.configured.has(tool);
const declared = ({ javascript }: Evidence, tool: string): boolean =>
  [javascript.manifest, javascript.rootManifest].some((manifest) => manifest?.dependencies.has(tool));

const isEslints = (evidence: Evidence): boolean =>
  configured(evidence, "eslint") && installed(evidence, "eslint");
const isBiomes = (evidence: Evidence): boolean =>
  configured(evidence, "biome") && installed(evidence, "biome");

/**
 * The linters of JavaScript and TypeScript: eslint and biome where a project has configured and installed them;
 * oxlint where it has chosen it, and where it has chosen none.
 */
export const SCRIPT_LINTERS: readonly ScriptLinter[] = [
  {
    tool: "oxlint",
    args: ["--format=json"],
    answers: [0, 1],
    parse: parseOxlint,
    chosen: (evidence) =>
      configured(evidence, "oxlint") ||
      declared(evidence, "oxlint") ||
      (!isEslints(evidence) && !isBiomes(evidence)),
  },
  {
    tool: "eslint",
    args: ["--format=json"],
    answers: [0, 1],
    parse: parseEslint,
    chosen: isEslints,
  },
  {
    tool: "biome",
    // Its JSON is called experimental: what is not understood makes the gate unavailable, never green.
    args: ["lint", "--reporter=json", "--max-diagnostics=none", "--no-errors-on-unmatched"],
    answers: [0, 1],
    parse: parseBiome,
    chosen: isBiomes,
  },
];

/** One linter as a checker. Its program is the project's own where it has one. */
export function scriptLinter(deps: CheckerDeps, linter: ScriptLinter): Checker {
  const run = async (
    folder: string,
    paths: readonly string[],
    files: readonly string[],
    signal: AbortSignal,
  ): Promise<CheckOutcome> => {
    const { tool } = linter;
    const found = deps.tools.find(tool, folder);
    if (found === null) {
      const reason = l10n.t("No linter was found: add {0} to the project's development dependencies.", tool);
      return { state: "unavailable", reason, ms: 0 };
    }
    const started = performance.now();
    const cwd = packageFolder(deps, folder);
    const args = [...linter.args, ...paths];
    const request = { tool, found, args, cwd, timeoutMs: TIMEOUT_MS, answers: linter.answers };
    const answer = await runTool(deps, request, signal);
    if (!answer.ok) return answer.outcome;
    const ms = Math.round(performance.now() - started);
    const findings = answer.truncated ? null : linter.parse(answer.stdout, cwd);
    if (findings === null) return notUnderstood(tool, ms, answer.stdout);
    return { state: "checked", groups: [{ whole: null, files, findings }], tools: [answer.tool], ms };
  };
  return {
    gate: "lint",
    tool: linter.tool,
    whole: false,
    handles: (file) => SCRIPT_FILE.test(file) && linter.chosen(deps.evidence(dirname(file))),
    async check(files, signal) {
      const groups = byKey(files, (file) => packageFolder(deps, dirname(file)));
      const runs = groups.map((group) => run(dirname(group[0] ?? ""), group, group, signal));
      return joinOutcomes(await Promise.all(runs));
    },
    async checkAll(signal) {
      const outcomes: CheckOutcome[] = [];
      // One after another: each takes all cores.
      for (const folder of await packageFolders(deps)) {
        if (linter.chosen(deps.evidence(folder))) outcomes.push(await run(folder, [folder], [], signal));
      }
      return joinOutcomes(outcomes);
    },
    dispose: async () => {},
  };
}

/** The folder that a linter is started in: its configuration is found from there. */
function packageFolder(deps: CheckerDeps, folder: string): string {
  return deps.evidence(folder).javascript.manifest?.folder ?? deps.folder;
}

/** The topmost packages of the folder, else the folder itself where it holds scripts at all. */
async function packageFolders({ folder }: CheckerDeps): Promise<readonly string[]> {
  const top = topmost(await foldersWith(folder, (name) => name === "package.json"));
  if (top.length > 0) return top;
  return (await someFolderHolds(folder, (name) => SCRIPT_FILE.test(name))) ? [folder] : [];
}
