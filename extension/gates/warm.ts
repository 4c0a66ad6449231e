import { existsSync, statSync } from "node:fs";
import { isWithin } from "../toolchain/folders.ts";
import type { CheckedGroup, Checker, CheckOutcome } from "./checker.ts";
import type { CheckerDeps } from "./command.ts";
import type { ConnectServer } from "./serverLink.ts";
import { CHANGED, DELETED, type FileChange, LanguageServer } from "./languageServer.ts";
import { byKey, joinOutcomes } from "./outcomes.ts";
import { SourceFiles } from "./sourceFiles.ts";
import { WARM_TSC, WARM_TY, type WarmKind, type WarmProject } from "./warmKinds.ts";

/** A server that takes longer than this for an answer is not better than starting the tool. */
const SLOW_MS = 5_000;
/** A server that was not asked for this long gives its memory back: tsc takes 0.8 GB for 310 files. */
const IDLE_MS = 10 * 60_000;
/** After so many failures a project's server is not started again. */
const MAX_FAILURES = 3;
/** Servers of one tool that run at once: of a monorepo the projects that were edited last. */
const MAX_SERVERS = 3;
/** Other files that are looked at with an edit: what a command changed meanwhile, and where the edit may mend a finding. */
const MAX_OTHERS = 64;

interface Running {
  readonly server: LanguageServer;
  readonly sources: SourceFiles;
  /** What the project stood on when the server started. */
  readonly stamp: string;
  idle: NodeJS.Timeout | undefined;
}

/** A checker whose answers about files come from servers that are kept warm; all else, and all failures, from `cold`. */
class WarmChecker implements Checker {
  readonly gate: Checker["gate"];
  readonly tool: string;
  // A deleted file is told to the server, and may break those that stand.
  readonly whole = true;
  readonly #cold: Checker;
  readonly #kind: WarmKind;
  readonly #deps: CheckerDeps;
  readonly #connect: ConnectServer;
  readonly #running = new Map<string, Running>();
  /** Answers in a row that didn't come, by project. */
  readonly #failures = new Map<string, number>();
  /** Files in which findings stand. */
  readonly #standing = new Set<string>();

  constructor(cold: Checker, kind: WarmKind, deps: CheckerDeps, connect: ConnectServer) {
    this.gate = cold.gate;
    this.tool = cold.tool;
    this.#cold = cold;
    this.#kind = kind;
    this.#deps = deps;
    this.#connect = connect;
  }

  handles(file: string): boolean {
    return this.#cold.handles(file);
  }

  async check(files: readonly string[], signal: AbortSignal): Promise<CheckOutcome> {
    const projects = new Map<string, WarmProject | null>();
    for (const file of files) projects.set(file, await this.#kind.projectOf(file, this.#deps));
    const groups = byKey(files, (file) => projects.get(file)?.spec.root ?? "");
    const outcomes = groups.map((group) => this.#ask(projects.get(group[0] ?? "") ?? null, group, signal));
    return this.#note(joinOutcomes(await Promise.all(outcomes)));
  }

  async checkAll(signal: AbortSignal): Promise<CheckOutcome> {
    const outcome = await this.#cold.checkAll(signal);
    if (outcome.state === "checked") this.#standing.clear();
    return this.#note(outcome);
  }

  async dispose(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((root) => this.#stop(root)));
    await this.#cold.dispose();
  }

  async #ask(
    project: WarmProject | null,
    files: readonly string[],
    signal: AbortSignal,
  ): Promise<CheckOutcome> {
    const root = project?.spec.root ?? "";
    const failed = this.#failures.get(root) ?? 0;
    if (project === null || failed >= MAX_FAILURES) return this.#cold.check(files, signal);
    const slow = AbortSignal.timeout(SLOW_MS);
    try {
      const outcome = await this.#askServer(project, files, AbortSignal.any([signal, slow]));
      this.#failures.delete(root);
      return outcome;
    } catch {
      if (signal.aborted) return { state: "cancelled" };
      this.#failures.set(root, failed + 1);
      // One that is only slow, as while it reads a large project for the first time, may be in time for the next.
      if (!slow.aborted || failed + 1 >= MAX_FAILURES) await this.#stop(root);
      return this.#cold.check(files, signal);
    }
  }

  async #askServer(
    project: WarmProject,
    files: readonly string[],
    signal: AbortSignal,
  ): Promise<CheckOutcome> {
    const started = performance.now();
    const { server, sources } = await this.#server(project);
    const { root } = project.spec;
    const changes = changesOf(files, sources.changes());
    const changed = changes.filter(({ type }) => type !== DELETED).map(({ file }) => file);
    const others = [...changed, ...this.#standing].filter(
      (file) => isWithin(root, file) && this.handles(file),
    );
    const asked = [...new Set([...files, ...others.slice(0, MAX_OTHERS)])];
    const findings = await server.diagnose(asked, changes, signal);
    const group: CheckedGroup = { whole: null, files: asked, findings: [...findings.values()].flat() };
    const ms = Math.round(performance.now() - started);
    return { state: "checked", groups: [group], tools: [project.tool], ms };
  }

  /** The project's server: started anew where what it stands on has changed. */
  async #server(project: WarmProject): Promise<Running> {
    const { root } = project.spec;
    const stamp = project.foundations.map(stampOf).join();
    const known = this.#running.get(root);
    if (known !== undefined && known.stamp !== stamp) await this.#stop(root);
    const running = this.#running.get(root) ?? {
      server: new LanguageServer(project.spec, this.#connect(project.spec)),
      sources: new SourceFiles(root, project.isSource),
      stamp,
      idle: undefined,
    };
    this.#running.delete(root);
    this.#running.set(root, running);
    clearTimeout(running.idle);
    running.idle = setTimeout(() => void this.#stop(root), IDLE_MS).unref();
    const [oldest] = this.#running.keys();
    if (this.#running.size > MAX_SERVERS && oldest !== undefined) await this.#stop(oldest);
    return running;
  }

  async #stop(root: string): Promise<void> {
    const known = this.#running.get(root);
    this.#running.delete(root);
    clearTimeout(known?.idle);
    await known?.server.dispose();
  }

  #note(outcome: CheckOutcome): CheckOutcome {
    for (const group of outcome.state === "checked" ? outcome.groups : []) {
      for (const file of group.files) this.#standing.delete(file);
      for (const finding of group.findings) this.#standing.add(finding.file);
    }
    return outcome;
  }
}

/** The checkers with those kept warm that can be: ty, and TypeScript from version 7 on. */
export function warmCheckers(
  checkers: readonly Checker[],
  deps: CheckerDeps,
  connect: ConnectServer,
): readonly Checker[] {
  const kinds: Readonly<Record<string, WarmKind>> = { ty: WARM_TY, tsc: WARM_TSC };
  return checkers.map((checker) => {
    const kind = kinds[checker.tool];
    return kind === undefined ? checker : new WarmChecker(checker, kind, deps, connect);
  });
}

/** Files that were edited are told even where the clock didn't move between two writes. */
function changesOf(files: readonly string[], seen: readonly FileChange[]): readonly FileChange[] {
  const told = new Set(seen.map(({ file }) => file));
  const others = files.filter((file) => !told.has(file));
  return [...seen, ...others.map((file) => ({ file, type: existsSync(file) ? CHANGED : DELETED }) as const)];
}

function stampOf(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined ? "" : `${stats.mtimeMs} ${stats.ino}`;
}
