import { dirname, resolve } from "node:path";
import * as z from "zod";
import type { FoundTool } from "../toolchain/tools.ts";
import type { Checker, CheckOutcome } from "./checker.ts";
import { Columns } from "./columns.ts";
import { type CheckerDeps, notFound, notUnderstood, runTool } from "./command.ts";
import type { Finding } from "./gate.ts";
import { byKey, joinOutcomes } from "./outcomes.ts";
import { isAside, PYTHON_FILE, pythonFolders } from "./pythonParts.ts";

/** 20 ms for a file, under a second for a large repository. */
const TIMEOUT_MS = 20_000;
/** One finding a line: a cut output loses findings, not all of them. Without a cache nothing is written. */
const ARGUMENTS = ["check", "--output-format=json-lines", "--no-fix", "--no-cache", "--force-exclude"];

const Position = z.object({ row: z.number(), column: z.number() });
const Violation = z.object({
  code: z.string().nullable(),
  filename: z.string(),
  message: z.string(),
  location: Position,
  end_location: Position,
});

/** ruff with the project's own configuration: the project's ruff where it has one. */
export function ruffChecker(deps: CheckerDeps): Checker {
  const run = async (
    found: FoundTool | null,
    paths: readonly string[],
    files: readonly string[],
    signal: AbortSignal,
  ): Promise<CheckOutcome> => {
    if (found === null) {
      const reason = notFound("ruff");
      return { state: "unavailable", reason, ms: 0 };
    }
    const started = performance.now();
    const args = [...ARGUMENTS, "--", ...paths];
    const request = { tool: "ruff", found, args, cwd: deps.folder, timeoutMs: TIMEOUT_MS, answers: [0, 1] };
    const answer = await runTool(deps, request, signal);
    if (!answer.ok) return answer.outcome;
    const ms = Math.round(performance.now() - started);
    const findings = parseRuff(answer.stdout, deps.folder, answer.truncated);
    if (findings === null) return notUnderstood("ruff", ms, answer.stdout);
    return { state: "checked", groups: [{ whole: null, files, findings }], tools: [answer.tool], ms };
  };
  const find = (folder: string) => deps.tools.find("ruff", folder);
  return {
    gate: "lint",
    tool: "ruff",
    whole: false,
    handles: (file) => PYTHON_FILE.test(file),
    async check(files, signal) {
      const groups = byKey(files, (file) => find(dirname(file))?.path ?? "");
      const runs = groups.map((group) => run(find(dirname(group[0] ?? "")), group, group, signal));
      return joinOutcomes(await Promise.all(runs));
    },
    async checkAll(signal) {
      const parts = await pythonFolders(deps.folder);
      if (parts.length === 0) return joinOutcomes([]);
      const found = [deps.folder, ...parts].map(find).find((each) => each !== null) ?? null;
      if (found === null && isAside(deps.evidence(deps.folder))) return joinOutcomes([]);
      return run(found, [deps.folder], [], signal);
    },
    dispose: async () => {},
  };
}

/** Findings of `--output-format=json-lines`; null when a line is something else. */
export function parseRuff(output: string, cwd: string, truncated: boolean): readonly Finding[] | null {
  const lines = output.split("\n").filter((line) => line !== "");
  // What was kept of a cut output begins inside a line.
  if (truncated) lines.shift();
  const columns = new Columns();
  const findings: Finding[] = [];
  for (const line of lines) {
    let data: unknown;
    try {
      data = JSON.parse(line);
    } catch {
      return null;
    }
    const read = Violation.safeParse(data);
    if (!read.success) return null;
    const { code, filename, message, location, end_location: end } = read.data;
    const file = resolve(cwd, filename);
    findings.push({
      file,
      line: location.row,
      column: columns.inUtf16(file, location.row, location.column, "characters"),
      endLine: end.row,
      endColumn: columns.inUtf16(file, end.row, end.column, "characters"),
      severity: "error",
      code: code ?? "",
      message,
      source: "ruff",
    });
  }
  return findings;
}
