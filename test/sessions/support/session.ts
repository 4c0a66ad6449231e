import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { after } from "node:test";
import { fileURLToPath } from "node:url";

import type { AgentDefinition } from "../../../extension/acp/agents.ts";
import type { Choice } from "../../../extension/approvals/approval.ts";
import { Alarms } from "../../../extension/restore/alarm/alarms.ts";
import { RestorePoints } from "../../../extension/restore/points/restorePoints.ts";
import { ApprovalStore } from "../../../extension/approvals/store.ts";
import { AUDIT_FOLDER } from "../../../extension/audit/log.ts";
import type { AuditRecord } from "../../../extension/audit/record.ts";
import type { TextFiles } from "../../../extension/doorways/fs/access.ts";
import { diskFiles } from "../../../extension/doorways/fs/disk.ts";
import type { CallPatch, SessionEvent } from "../../../extension/events/event.ts";
import { SpendLedger } from "../../../extension/audit/spend.ts";
import { Git } from "../../../extension/git/run.ts";
import { Worktrees } from "../../../extension/git/worktrees.ts";
import type { PolicyInForce } from "../../../extension/policy/decide.ts";
import { probe } from "../../../extension/door/probe.ts";
import type { Mode } from "../../../extension/policy/rules.ts";
import { PolicySource } from "../../../extension/policy/source.ts";
import { Processes } from "../../../extension/process/processes.ts";
import type { TerminalTree, HookSettings } from "../../../extension/sessions/inside.ts";
import type { SessionHost, SessionPlace } from "../../../extension/sessions/host.ts";
import { Places } from "../../../extension/sessions/places.ts";
import { Session } from "../../../extension/sessions/session.ts";
import type { Route } from "../../../extension/toolchain/route.ts";
import type { WrittenRoutes } from "../../../extension/toolchain/routeScript.ts";
import { type SwapChoices, SwapConsents, type SwapMode } from "../../../extension/toolchain/swapConsents.ts";
import { Toolchain } from "../../../extension/toolchain/toolchain.ts";
import type { Script } from "../../agents/script.ts";
import { scriptedAgent, type ScriptedAgent } from "../../agents/start.ts";
import { tempDir, type Owner } from "../../harness/temp.ts";
import { TestGates } from "./gates.ts";

/** One for each test file; the supervisor is run from its source. */
export const processes = new Processes(process.env, {
  command: process.execPath,
  args: [fileURLToPath(new URL("../../../extension/process/supervisor.ts", import.meta.url))],
  env: {},
});
after(() => processes.dispose());

/** What agents start for Interlock's own tools, from its source. */
const RELAY = {
  command: process.execPath,
  args: [fileURLToPath(new URL("../../../extension/doorways/mcp/relay.ts", import.meta.url))],
  env: {},
};

/** A failing test says so in seconds; nothing here is waited for that long when all is well. */
const PATIENCE_MS = 20_000;

export interface Options {
  /** Another agent than a scripted one. */
  readonly agent?: Partial<AgentDefinition>;
  readonly mode?: Mode;
  /** How questions are answered; they wait for the test where it isn't said. */
  readonly answer?: Choice;
  /** False where nobody is there to be asked. */
  readonly attended?: boolean;
  readonly startTimeoutMs?: number;
  readonly route?: (line: string) => Route | null;
  readonly tellsRoute?: boolean;
  /** What is only told of a line. */
  readonly suggest?: (line: string) => Route | null;
  readonly files?: TextFiles;
  readonly processes?: SessionHost["processes"];
  /** The folder for everything that isn't said otherwise; one of its own where it isn't either. */
  readonly base?: string;
  /** The project's folder, where the test has made one. */
  readonly project?: string;
  /** Programs that ask before they run, inside the agent's own shells. */
  readonly shims?: readonly string[] | null;
  /** How long the agent waits for its hook, where it has one. */
  readonly hooks?: HookSettings;
  /** Whether the agent is handed Interlock's own tools. */
  readonly mcp?: boolean;
  /** Sends commands through their project's own tools. */
  readonly toolchain?: Toolchain;
  /** Whether other programs answer for those that the project doesn't have; none does where it isn't said. */
  readonly swap?: SwapMode;
  readonly policy?: PolicyInForce;
  readonly spend?: { readonly perRun: number | null; readonly perDay: number | null };
  /** The environment that it is started for. */
  readonly environment?: string;
  /** Its agent runs in a terminal. */
  readonly terminal?: TerminalTree;
  /** Folders that are open in the window. */
  readonly open?: readonly string[];
  /** The place of another session, to share it. */
  readonly place?: SessionPlace;
}

/** A call as its row shows it: all patches laid over each other. */
export type Row = CallPatch & { readonly id: string };

/** A session with an agent, its project in a folder of its own, and everything that it told. */
export class TestSession {
  readonly session: Session;
  readonly agent: ScriptedAgent;
  readonly approvals: ApprovalStore;
  readonly gates: TestGates;
  readonly policy: PolicySource;
  readonly alarms: Alarms;
  readonly swaps: SwapConsents;
  /** The parent of project, state, outside and tmp. */
  readonly base: string;
  readonly project: string;
  readonly state: string;
  readonly events: SessionEvent[] = [];
  readonly #listeners = new Set<() => void>();

  constructor(
    parts: Pick<
      TestSession,
      | "session"
      | "agent"
      | "approvals"
      | "gates"
      | "policy"
      | "alarms"
      | "swaps"
      | "base"
      | "project"
      | "state"
    >,
  ) {
    ({
      session: this.session,
      agent: this.agent,
      approvals: this.approvals,
      gates: this.gates,
      policy: this.policy,
      alarms: this.alarms,
      swaps: this.swaps,
      base: this.base,
      project: this.project,
      state: this.state,
    } = parts);
    this.session.listen((event) => {
      this.events.push(event);
      for (const listener of this.#listeners) listener();
    });
  }

  /** Resolves with the first event that is wanted, whether it came or is to come. */
  async until<Type extends SessionEvent["type"]>(
    type: Type,
    wanted: (event: Extract<SessionEvent, { type: Type }>) => boolean = () => true,
  ): Promise<Extract<SessionEvent, { type: Type }>> {
    const found = (): Extract<SessionEvent, { type: Type }> | undefined =>
      this.of(type).find((event) => wanted(event));
    await this.#wait(() => found() !== undefined, `no such ${type}`);
    return found() as Extract<SessionEvent, { type: Type }>;
  }

  async untilRow(wanted: (row: Row) => boolean): Promise<Row> {
    await this.#wait(() => this.rows().some(wanted), "no such row");
    return this.rows().find(wanted) as Row;
  }

  of<Type extends SessionEvent["type"]>(type: Type): Extract<SessionEvent, { type: Type }>[] {
    return this.events.filter((event): event is Extract<SessionEvent, { type: Type }> => event.type === type);
  }

  rows(): Row[] {
    const rows = new Map<string, Row>();
    for (const { call, patch } of this.of("call")) {
      rows.set(call, { ...(rows.get(call) ?? { id: call }), ...patch });
    }
    return [...rows.values()];
  }

  row(): Row {
    const [row, ...more] = this.rows();
    if (row === undefined || more.length > 0) throw new Error(`not one row:\n${this.told()}`);
    return row;
  }

  output(call?: string): string {
    return this.of("output")
      .filter((event) => call === undefined || event.call === call)
      .map(({ text }) => text)
      .join("");
  }

  said(): string {
    return this.of("message")
      .map(({ text }) => text)
      .join("");
  }

  notices(): string[] {
    return this.of("notice").map(({ problem }) => problem.code);
  }

  /** The states in order, each once. */
  states(): string[] {
    const names = this.of("session.state").map(({ state }) => state.name);
    return names.filter((name, index) => name !== names[index - 1]);
  }

  async records(): Promise<AuditRecord[]> {
    const folder = join(this.project, AUDIT_FOLDER);
    const names = await readdir(folder).catch(() => []);
    const texts = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
    return texts.flatMap((text) =>
      text
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as AuditRecord),
    );
  }

  /** What the agent was answered to its requests, in order. */
  answers(): { result?: unknown; error?: { code: number; message: string; data?: unknown } }[] {
    return this.agent.log().flatMap(({ got }) => {
      if (got === undefined || got.method !== undefined) return [];
      return [got as ReturnType<TestSession["answers"]>[number]];
    });
  }

  told(): string {
    return this.events.map((event) => JSON.stringify(event).slice(0, 300)).join("\n");
  }

  async #wait(holds: () => boolean, what: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`${what} in:\n${this.told()}`)), PATIENCE_MS);
      const look = (): void => {
        if (!holds()) return;
        clearTimeout(late);
        this.#listeners.delete(look);
        resolve();
      };
      this.#listeners.add(look);
      look();
    });
  }
}

/** Builds a session; nothing is started yet. */
export async function makeSession(
  t: Owner,
  script: Script = {},
  options: Options = {},
): Promise<TestSession> {
  const base = options.base ?? (await tempDir(t));
  const project = options.place?.root ?? options.project ?? join(base, "project");
  const state = join(base, "state");
  await Promise.all(
    [project, join(base, "tmp"), join(base, "outside")].map((path) => mkdir(path, { recursive: true })),
  );
  const agent = scriptedAgent(base, script);
  const approvals = new ApprovalStore({ attended: options.attended ?? true });
  const gates = new TestGates();
  const place = options.place ?? (await new Places(() => gates).open(project, project));
  const definition: AgentDefinition = {
    id: "scripted",
    name: "Scripted",
    command: agent.command,
    args: [...agent.args],
    env: {},
    ...options.agent,
  };
  const git = new Git(processes);
  const policy = new PolicySource(
    {
      userFile: join(base, "policy.json"),
      projectFile: join(project, "agent-policy.json"),
      repository: project,
      stateDirectory: state,
    },
    probe,
  );
  const restorePoints = new RestorePoints(git, state);
  const open = { folders: () => options.open ?? [], home: join(base, "home") };
  const alarms = new Alarms(git, restorePoints, open);
  const swaps = new SwapConsents(state);
  const swapsIn = (place: { project: string; trees: readonly string[] }): SwapChoices =>
    swaps.choices(options.swap ?? "off", place);
  const written: WrittenRoutes = (words) => policy.current().routing.of(words);
  const session = new Session(
    definition,
    place,
    {
      version: "0.0.0",
      environment: process.env,
      stateDirectory: state,
      processes: options.processes ?? processes,
      approvals,
      files: options.files ?? diskFiles,
      shell: "/bin/bash",
      baseline: false,
      restorePoints,
      alarms,
      inside: () => ({
        parent: join(base, "run"),
        shims:
          options.shims === undefined || options.shims === null
            ? null
            : { folders: [project, join(base, "tmp")], programs: options.shims },
        hooks: options.hooks ?? null,
      }),
      mcp: () => (options.mcp === true ? { parent: join(base, "run"), relay: RELAY } : null),
      toolchain:
        options.toolchain ??
        new Toolchain({
          processes,
          env: process.env,
          provided: "/nowhere",
          home: join(base, "home"),
          roots: [project],
        }),
      limits: () => Promise.resolve([]),
      swaps,
      locks: () => options.toolchain?.locks ?? null,
      git,
      worktrees: new Worktrees(git, state),
      tree: () => Promise.resolve(gates),
      spend: new SpendLedger(state),
      spendLimits: () => options.spend ?? { perRun: null, perDay: null },
      told: () => {},
      considering: ({ project: of, trees, environment }, signal) => ({
        git,
        mode: options.mode ?? "careful",
        policy: options.policy ?? policy.current().inForce,
        policyFiles: policy.files,
        ...(environment === undefined ? {} : { environment }),
        around: { roots: trees, own: [state], home: join(base, "home"), temporary: [join(base, "tmp")] },
        signal,
        shell: "/bin/bash",
        route: (asked, asItIs) =>
          options.route?.(asked.text) ??
          options.toolchain?.route(asked, {
            swap: swapsIn({ project: of, trees }).accepts,
            asItIs,
            written,
          }).route ??
          null,
        swaps: (asked) => {
          const { accepts, open } = swapsIn({ project: of, trees });
          return open(options.toolchain?.route(asked, { swap: accepts, written }).swaps ?? []);
        },
        foreign: (script) => options.toolchain?.foreign(script, written) ?? null,
        hints: (script) =>
          options.toolchain?.route(script, { swap: swapsIn({ project: of, trees }).accepts, written })
            .hints ?? [],
        tellsRoute: options.tellsRoute ?? true,
        direct: (argv, cwd) => options.toolchain?.direct(argv, cwd) ?? null,
        suggest: (asked) => options.suggest?.(asked.text) ?? null,
      }),
      ...(options.startTimeoutMs === undefined ? {} : { startTimeoutMs: options.startTimeoutMs }),
    },
    { environment: options.environment, terminal: options.terminal },
  );
  const { answer } = options;
  if (answer !== undefined) {
    approvals.onChange((change) => {
      if (change.type === "opened") approvals.settle(change.approval.id, answer, "person");
    });
  }
  t.after(() => session.close());
  t.after(() => alarms.dispose());
  return new TestSession({ session, agent, approvals, gates, policy, alarms, swaps, base, project, state });
}

/** A session whose agent is ready. */
export async function openSession(
  t: Owner,
  script: Script = {},
  options: Options = {},
): Promise<TestSession> {
  const opened = await makeSession(t, script, options);
  await opened.session.start();
  if (opened.session.state.name !== "ready") throw new Error(`not ready:\n${opened.told()}`);
  return opened;
}
