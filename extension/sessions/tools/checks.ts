import { stat } from "node:fs/promises";
import { basename, relative } from "node:path";
import { type Arguments, list, maybe, text } from "../../doorways/mcp/fields.ts";
import type { Ran, ToolAnswer, ToolUse } from "../../doorways/mcp/tool.ts";
import { tool } from "../../doorways/mcp/tool.ts";
import type { Finding, GateId } from "../../gates/gate.ts";
import { look, type Looked } from "../../gates/checkers.ts";
import { OutputTail } from "../../process/output.ts";
import type { RunRequest, RunResult } from "../../process/processes.ts";
import { byKey } from "../../gates/outcomes.ts";
import type { Trees } from "../trees.ts";
import { listed, Seen } from "./findings.ts";
import { ownFolder, ownPaths, rootOf, type ToolParts } from "./parts.ts";

const MAX_PATHS = 200;

/** What a person, or an agent, types to see all that a tool finds. */
const MORE: Readonly<Record<string, string>> = {
  ruff: "ruff check --output-format concise",
  ty: "ty check --output-format concise",
  oxlint: "npx oxlint",
  eslint: "npx eslint .",
  biome: "npx biome lint",
  tsc: "npx tsc --noEmit",
};

type Gate = Exclude<GateId, "tests">;

const INPUT = {
  paths: maybe(list(text("Files or folders of the project; all of it if left out."), MAX_PATHS)),
  cwd: maybe(text("Folder that the paths are relative to.")),
};

/** The tools that look at the project as its gates do, with each program asked about at the door. */
export function checkTools(parts: ToolParts, baseline: Baseline) {
  return [
    tool({
      name: "lint",
      description:
        "Lints with the project's own linters (ruff, oxlint, eslint, biome): new findings, one line each, and counts.",
      readOnly: true,
      runs: true,
      input: INPUT,
      call: (args, use) => check(parts, baseline, "lint", args, use),
    }),
    tool({
      name: "typecheck",
      description: "Checks types (ty, tsc): new findings, one line each, and counts.",
      readOnly: true,
      runs: true,
      input: INPUT,
      call: (args, use) => check(parts, baseline, "types", args, use),
    }),
  ] as const;
}

/** What each gate found before the agent changed anything: what it finds beyond that is new. */
export class Baseline {
  readonly #trees: Pick<Trees, "roots">;
  readonly #seen = new Map<Gate, Seen>();

  constructor(trees: Pick<Trees, "roots">) {
    this.#trees = trees;
  }

  of(gate: Gate): Seen | undefined {
    return this.#seen.get(gate);
  }

  /** Only the first counts. */
  begin(gate: Gate, findings: readonly Finding[]): void {
    // The same file of the project, in whichever tree the session works.
    const nameOf = (file: string): string => relative(rootOf(this.#trees, file), file);
    if (!this.#seen.has(gate)) this.#seen.set(gate, new Seen(findings, nameOf));
  }
}

async function check(
  parts: ToolParts,
  baseline: Baseline,
  gate: Gate,
  { paths, cwd }: Arguments<typeof INPUT>,
  use: ToolUse,
): Promise<ToolAnswer> {
  const at = ownFolder(parts, cwd);
  const ran = new Map<string, Ran>();
  const looked: Looked[] = [];
  for (const { folder, files } of await targets(parts, at, paths)) {
    const processes = { run: throughDoor(use, ran) };
    const evidence = (each: string) => parts.toolchain.evidence(each);
    const deps = { folder, processes, tools: parts.toolchain.tools, evidence };
    looked.push(...(await look(deps, gate, files, use.signal)));
  }
  tell(parts, gate, looked, ran);
  return answer(parts, baseline, gate, looked, paths === undefined && cwd === undefined);
}

interface Target {
  readonly folder: string;
  readonly files: readonly string[] | "all";
}

/** Files are looked at together, each folder as a whole. */
async function targets(
  parts: ToolParts,
  at: string,
  paths: readonly string[] | undefined,
): Promise<readonly Target[]> {
  if (paths === undefined) return [{ folder: at, files: "all" }];
  const found = await Promise.all(
    ownPaths(parts, at, paths).map(async (path) => {
      const info = await stat(path).catch(() => null);
      return { path, isFolder: info?.isDirectory() === true };
    }),
  );
  const files = found.filter(({ isFolder }) => !isFolder).map(({ path }) => path);
  const folders = found.filter(({ isFolder }) => isFolder);
  return [
    ...byKey(files, (file) => rootOf(parts.trees, file)).map((own): Target => {
      return { folder: rootOf(parts.trees, own[0] ?? at), files: own };
    }),
    ...folders.map(({ path }): Target => ({ folder: path, files: "all" })),
  ];
}

/** Runs a checker's program as what the agent asked for: asked about, recorded, and a row of its own. */
function throughDoor(use: ToolUse, ran: Map<string, Ran>) {
  return async ({ command, args, cwd, env, timeoutMs, maxBytes }: RunRequest): Promise<RunResult> => {
    const [stdout, stderr] = [new OutputTail(maxBytes), new OutputTail(maxBytes)];
    const done = await use.run(
      { command, args, cwd },
      {
        asAsked: true,
        timeoutMs,
        limit: 0,
        environment: env ?? {},
        onChunk: (stream, chunk) => (stream === "stdout" ? stdout : stderr).push(chunk),
      },
    );
    ran.set(basename(command), done);
    return {
      code: done.exit,
      signal: done.signal,
      stdout: stdout.text(),
      stderr: stderr.text(),
      truncated: stdout.truncated,
      timedOut: done.timedOut,
      ms: done.ms,
    };
  };
}

/** The row of each program shows what it found. */
function tell(parts: ToolParts, gate: Gate, looked: readonly Looked[], ran: ReadonlyMap<string, Ran>): void {
  for (const { tool, outcome } of looked) {
    const [, row] = [...ran].find(([name]) => name === tool || name.startsWith(`${tool}.`)) ?? [];
    if (row === undefined || outcome.state !== "checked") continue;
    const findings = counted(findingsOf(outcome));
    const failed = findings.some(({ severity }) => severity === "error");
    const state = failed ? "failed" : "passed";
    parts.onResults(row.call, row.turn, [{ gate, tool, state, findings: findings.length, ms: outcome.ms }]);
  }
}

function answer(
  { place }: ToolParts,
  baseline: Baseline,
  gate: Gate,
  looked: readonly Looked[],
  whole: boolean,
): ToolAnswer {
  const checked = looked.filter(({ outcome }) => outcome.state === "checked");
  const problems = looked.flatMap(({ outcome }) => (outcome.state === "unavailable" ? [outcome.reason] : []));
  const findings = counted(looked.flatMap(({ outcome }) => findingsOf(outcome)));
  const before = baseline.of(gate);
  if (before === undefined && whole && problems.length === 0) baseline.begin(gate, findings);
  const fresh = before?.newAmong(findings) ?? null;
  const lines = listed(fresh ?? findings, place.cwd);
  const left = (fresh ?? findings).length - lines.length;
  const tools = looked.flatMap(({ outcome }) => (outcome.state === "checked" ? outcome.tools : []));
  const more = left > 0 || (fresh !== null && findings.length > fresh.length);
  const commands = more ? checked.flatMap(({ tool }) => MORE[tool] ?? []) : [];
  const count =
    fresh === null
      ? `${findings.length} findings`
      : `${fresh.length} new findings, ${findings.length} in all`;
  const says = [
    ...(checked.length === 0 ? [] : [`${count} · ${[...new Set(tools)].join(", ")}`]),
    ...lines,
    ...(left > 0 ? [`… ${left} more`] : []),
    ...(commands.length > 0 ? [`All of them: ${commands.join(" ; ")}`] : []),
    ...problems.map((reason) => `interlock: ${reason}`),
    ...(looked.length === 0 ? ["There is nothing of this kind to look at."] : []),
  ].join("\n");
  return {
    text: says,
    data: {
      findings: lines,
      count: findings.length,
      new: fresh?.length ?? null,
      tools,
      ...(commands.length > 0 ? { more: commands } : {}),
      ...(problems.length > 0 ? { problems } : {}),
    },
    failed: checked.length === 0 && problems.length > 0,
  };
}

function findingsOf(outcome: Looked["outcome"]): readonly Finding[] {
  return outcome.state === "checked" ? outcome.groups.flatMap(({ findings }) => findings) : [];
}

function counted(findings: readonly Finding[]): readonly Finding[] {
  return findings.filter(({ severity }) => severity !== "info");
}
