import * as l10n from "@vscode/l10n";
import { parse as parseJsonc } from "jsonc-parser";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import * as z from "zod";
import type { CheckedGroup, Checker, CheckOutcome } from "./checker.ts";
import { type CheckerDeps, runTool } from "./command.ts";
import { foldersWith, isOwnFile, nearestFile } from "../toolchain/folders.ts";
import type { Finding } from "./gate.ts";
import { byKey, joinOutcomes } from "./outcomes.ts";

export const TYPESCRIPT_FILE = /\.([cm]?ts|tsx)$/;
const CONFIG = "tsconfig.json";
/** A whole project: 9 s of CPU for 310 files, more in a monorepo on a small machine. */
const TIMEOUT_MS = 180_000;
/** Projects that one tsconfig.json refers to, at most. */
const MAX_REFERENCES = 16;
/** Nothing is written: a composite or incremental project would leave its build information. */
const ARGUMENTS = ["--noEmit", "--pretty", "false", "--incremental", "false", "--composite", "false"];

/** tsc of the project itself, always over a whole tsconfig.json: types of one file depend on all others. */
export function tscChecker(deps: CheckerDeps): Checker {
  const run = async (
    config: string,
    files: readonly string[],
    signal: AbortSignal,
  ): Promise<CheckOutcome> => {
    const folder = dirname(config);
    const found = deps.tools.inNodeModules("tsc", folder);
    if (found === null) {
      const reason = l10n.t("TypeScript is not installed here: install the project's packages.");
      return { state: "unavailable", reason, ms: 0 };
    }
    const started = performance.now();
    const findings: Finding[] = [];
    const tools = new Set<string>();
    for (const project of projectsOf(config)) {
      const args = [...ARGUMENTS, "-p", project];
      // 1 and 2: errors, with and without output that could be made all the same.
      const request = { tool: "tsc", found, args, cwd: folder, timeoutMs: TIMEOUT_MS, answers: [0, 1, 2] };
      const answer = await runTool(deps, request, signal);
      if (!answer.ok) return answer.outcome;
      tools.add(answer.tool);
      findings.push(...parseTsc(answer.stdout, folder, project));
    }
    const ms = Math.round(performance.now() - started);
    // A program takes in files of its dependencies, and of folders beside this one.
    const own = findings.filter(({ file }) => isOwnFile(deps.folder, file));
    const group: CheckedGroup = { whole: config, files, findings: own };
    return { state: "checked", groups: [group], tools: [...tools], ms };
  };
  const configOf = (file: string): string | null => nearestFile(deps.folder, file, CONFIG);
  return {
    gate: "types",
    tool: "tsc",
    whole: true,
    handles: (file) => TYPESCRIPT_FILE.test(file) && configOf(file) !== null,
    async check(files, signal) {
      const outcomes: CheckOutcome[] = [];
      for (const group of byKey(files, (file) => configOf(file) ?? "")) {
        const config = configOf(group[0] ?? "");
        if (config !== null) outcomes.push(await run(config, group, signal));
      }
      return joinOutcomes(outcomes);
    },
    async checkAll(signal) {
      const outcomes: CheckOutcome[] = [];
      for (const folder of await foldersWith(deps.folder, (name) => name === CONFIG)) {
        outcomes.push(await run(join(folder, CONFIG), [], signal));
      }
      return joinOutcomes(outcomes);
    },
    dispose: async () => {},
  };
}

const Solution = z.object({
  files: z.array(z.unknown()),
  references: z.array(z.object({ path: z.string() })),
});

/** The configurations to check: of a "solution" (no files, only references) those that it refers to. */
function projectsOf(config: string): readonly string[] {
  const read = Solution.safeParse(parseJsonc(textOf(config)));
  if (!read.success || read.data.files.length > 0) return [config];
  const referred = read.data.references.slice(0, MAX_REFERENCES).map(({ path }) => {
    const target = resolve(dirname(config), path);
    return path.endsWith(".json") ? target : join(target, CONFIG);
  });
  return referred.filter((path) => existsSync(path));
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

const IN_FILE = /^(.+?)\((\d+),(\d+)\): (error|warning|message) (TS\d+): (.*)$/;
const GLOBAL = /^(error|warning) (TS\d+): (.*)$/;

/** Lines of `--pretty false`. Those of no file are of the configuration; indented ones go on with the message. */
export function parseTsc(output: string, cwd: string, config: string): readonly Finding[] {
  const findings: Finding[] = [];
  for (const line of output.split(/\r?\n/)) {
    const located = IN_FILE.exec(line);
    const global = located === null ? GLOBAL.exec(line) : null;
    const last = findings.at(-1);
    if (located) {
      const [, path = "", row = "1", column = "1", severity, code = "", message = ""] = located;
      findings.push(finding(resolve(cwd, path), Number(row), Number(column), severity, code, message));
    } else if (global) {
      const [, severity, code = "", message = ""] = global;
      findings.push(finding(config, 1, 1, severity, code, message));
    } else if (last && line.startsWith("  ")) {
      findings[findings.length - 1] = { ...last, message: `${last.message}\n${line}` };
    }
  }
  return findings;
}

function finding(
  file: string,
  line: number,
  column: number,
  severity: string | undefined,
  code: string,
  message: string,
): Finding {
  // tsc says where a finding begins, and no more.
  return {
    file,
    line,
    column,
    endLine: line,
    endColumn: column,
    severity: severity === "error" ? "error" : severity === "warning" ? "warning" : "info",
    code,
    message,
    source: "tsc",
  };
}
