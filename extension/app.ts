import { join } from "node:path";
import { type AgentDefinition, type AgentList, readAgents } from "./acp/agents.ts";
import type { AgentProgram } from "./acp/connection.ts";
import type { ApprovalStore } from "./approvals/store.ts";
import type { Act } from "./door/act.ts";
import { consider, type Considered, type Considering, type Router } from "./door/considered.ts";
import { explain, type Explanation } from "./door/explain.ts";
import { locksOf } from "./door/lockGate.ts";
import { probe } from "./door/probe.ts";
import { type WhereTo, whereTo } from "./door/whereTo.ts";
import type { TextFiles } from "./doorways/fs/access.ts";
import { findRepository } from "./git/repository.ts";
import { Git } from "./git/run.ts";
import { Worktrees } from "./git/worktrees.ts";
import { BringBack } from "./restore/bringing/bringBack.ts";
import { Radar } from "./sessions/radar/radar.ts";
import { LiveSessions } from "./state/liveSessions.ts";
import type { Surroundings } from "./guard/places.ts";
import { riskyPrograms } from "./guard/programs.ts";
import type { Mode } from "./policy/rules.ts";
import { PolicySource } from "./policy/source.ts";
import { findShell, temporaryFolders } from "./process/machine.ts";
import { Processes } from "./process/processes.ts";
import { helperRuntime } from "./process/runtime.ts";
import { Alarms } from "./restore/alarm/alarms.ts";
import { RestorePoints } from "./restore/points/restorePoints.ts";
import type { Standing } from "./verify/reports.ts";
import { SpendLedger } from "./audit/spend.ts";
import { inForceAmong, spendLimitsOf } from "./policy/merged.ts";
import { HOOK_SECONDS } from "./acp/profiles/profile.ts";
import type { GateKeeper, Ground, SessionHost } from "./sessions/host.ts";
import type { TerminalTree } from "./sessions/inside.ts";
import { limitsOf } from "./sessions/limits.ts";
import { hideFromGit, Places } from "./sessions/places.ts";
import type { Session } from "./sessions/session.ts";
import { configDirectory, runtimeDirectory, stateDirectory } from "./state/directory.ts";
import type { ShellScript } from "./shell/command.ts";
import type { DoctorReport } from "./toolchain/doctor.ts";
import type { LockTrouble } from "./toolchain/locks.ts";
import type { Routing, WrittenRoutes } from "./toolchain/routeScript.ts";
import { SwapConsents, type SwapMode } from "./toolchain/swapConsents.ts";
import { ProvidedAgents } from "./toolchain/provision/providedAgents.ts";
import { Toolchain } from "./toolchain/toolchain.ts";

/** What a person can set, read anew each time it matters. */
export interface Settings {
  readonly mode: Mode;
  /** Whether programs ask before they run in an agent's own shells. */
  readonly shims: boolean;
  /** Whether agents whose settings are known ask before each command by a hook. */
  readonly hooks: boolean;
  /** Whether agents are handed Interlock's own tools. */
  readonly mcp: boolean;
  readonly routing: "on" | "show" | "off";
  /** Whether another program may answer for one that the project doesn't have. `ask`: once a person has accepted it there. */
  readonly swap: SwapMode;
  /** Whether the agent reads a line of each route. */
  readonly tellsRoute: boolean;
  /** The raw value of `interlock.agents`. */
  readonly agents: unknown;
}

export interface AppOptions {
  readonly version: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly files: TextFiles;
  readonly approvals: ApprovalStore;
  /** The folders that are open. */
  readonly roots: () => readonly string[];
  /** `root`: the project's folder, for settings that differ by folder. */
  readonly settings: (root?: string) => Settings;
  readonly gatesFor: (app: App, root: string) => GateKeeper;
  /** Whether a session begins with a look at how the project stands. */
  readonly baseline: boolean;
  /** Files that the person has changed in an editor, and not saved. */
  readonly unsaved?: () => readonly string[];
  /** The folder of the built helper programs, where the app's own file doesn't lie in it. */
  readonly programs?: string;
}

/** What an app that stands apart has of its own. */
type Apart = Pick<AppOptions, "environment" | "files" | "approvals" | "roots" | "gatesFor">;

/** How a session is started beyond its agent and its folder. */
export interface OpenOptions {
  /** Below the project's folder. */
  readonly cwd?: string;
  /** The environment whose hosts a person opens to it. */
  readonly environment?: string;
  /** Its agent runs in a terminal, where somebody else starts it. */
  readonly terminal?: TerminalTree;
  /** A worktree of its own, also where the policy doesn't want one; `words` name its branch. */
  readonly worktree?: boolean;
  readonly words?: string;
  /** Whether the uncommitted changes come along into its worktree. */
  readonly carry?: boolean;
}

/** The host-wide rooms of one window or one CLI run, built once. */
export class App {
  readonly processes: Processes;
  readonly git: Git;
  readonly toolchain: Toolchain;
  readonly providedAgents: ProvidedAgents;
  readonly approvals: ApprovalStore;
  readonly places: Places;
  readonly restorePoints: RestorePoints;
  readonly alarms: Alarms;
  readonly worktrees: Worktrees;
  readonly bringBack: BringBack;
  readonly radar: Radar;
  readonly swaps: SwapConsents;
  readonly #spend: SpendLedger;
  readonly version: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly stateDirectory: string;
  /** Where the user's own policy and agents lie. */
  readonly configDirectory: string;
  /** By the project's root. */
  readonly #policies = new Map<string, PolicySource>();
  readonly #options: AppOptions;
  /** Those that were not closed yet. */
  readonly #shell = findShell();
  readonly #sessions = new Set<Session>();
  readonly #told = new Map<string, AgentProgram>();
  readonly #home: string | undefined;
  readonly #temporary: readonly string[];

  constructor(options: AppOptions) {
    const { environment } = options;
    this.#options = options;
    this.version = options.version;
    this.environment = environment;
    this.approvals = options.approvals;
    this.#home = environment["HOME"] ?? environment["USERPROFILE"];
    this.#temporary = temporaryFolders(environment);
    this.stateDirectory = stateDirectory(environment);
    this.configDirectory = configDirectory(environment);
    this.processes = new Processes(environment, helperRuntime("supervisor", options.programs));
    this.git = new Git(this.processes);
    this.restorePoints = new RestorePoints(this.git, this.stateDirectory, {}, () => {
      const kept = [...this.#policies.values()].map((policy) => policy.kept());
      return (path) => kept.some((keeps) => keeps(path));
    });
    this.alarms = new Alarms(this.git, this.restorePoints, { folders: options.roots, home: this.#home });
    this.worktrees = new Worktrees(this.git, this.stateDirectory);
    const live = new LiveSessions(this.stateDirectory);
    this.radar = new Radar(this.git, live, options.unsaved ?? (() => []));
    this.bringBack = new BringBack(this.git, this.worktrees, this.restorePoints, live);
    this.swaps = new SwapConsents(this.stateDirectory);
    this.#spend = new SpendLedger(this.stateDirectory);
    this.toolchain = new Toolchain({
      processes: this.processes,
      env: environment,
      provided: join(this.stateDirectory, "tools"),
      home: this.#home ?? "/",
      // Folders come and go in a window: asked anew each time.
      get roots() {
        return options.roots();
      },
    });
    this.providedAgents = new ProvidedAgents({
      folder: join(this.stateDirectory, "agents"),
      env: environment,
      home: this.#home ?? "/",
      processes: this.processes,
      tools: this.toolchain.tools,
    });
    this.places = new Places((root) => options.gatesFor(this, root));
  }

  agents(): AgentList {
    return readAgents(this.#options.settings().agents, this.#options.programs);
  }

  /**
   * Opens a session; its agent starts when `start` is called. Throws an `InterlockError` where it can't have the worktree or the
   * environment that it is to have.
   */
  async openSession(agent: AgentDefinition, root: string, options: OpenOptions = {}): Promise<Session> {
    // Doorways and protocol are needed from the first session on, not before.
    const [{ Session }, { openPlace }] = await Promise.all([
      import("./sessions/session.ts"),
      import("./sessions/opening.ts"),
    ]);
    const project = await this.places.open(root, options.cwd ?? root);
    const [policy] = await Promise.all([this.policy(project.root), hideFromGit(project)]);
    // The editor's own agent works in the folder that is open, whatever is wanted for others.
    const place =
      agent.ofEditor === true ? project : await openPlace(this, project, agent.id, policy.current(), options);
    await this.policy(place.tree);
    const session = new Session(agent, place, this.#host(), options);
    this.#sessions.add(session);
    this.radar.attend(session);
    session.listen((event) => {
      if (event.type === "session.state" && event.state.name === "ended") this.#sessions.delete(session);
    });
    return session;
  }

  /** What would become of an act, without asking anybody and without doing anything. */
  async consider(act: Act, root: string): Promise<Considered> {
    await this.policy(root);
    return consider(act, this.#considering(groundOf(root), new AbortController().signal));
  }

  /** The same with every step on the way, for a person who wants to know why. */
  async explain(act: Act, root: string): Promise<Explanation> {
    await this.policy(root);
    return explain(act, this.#considering(groundOf(root), new AbortController().signal));
  }

  /** The lock that keeps what was considered from running; null where none does. */
  async lockTrouble(considered: Considered): Promise<LockTrouble | null> {
    return (await locksOf(considered, this.toolchain.locks))?.trouble ?? null;
  }

  /** Where a line would be sent from a folder of a project, and what says so; its setting is not asked. */
  async whereTo(script: ShellScript, cwd: string, root: string, swap: SwapMode): Promise<WhereTo> {
    const rules = (await this.policy(root)).current().routing;
    const { around } = this.#considering(groundOf(root), new AbortController().signal);
    const choices = this.swaps.choices(swap, groundOf(root));
    return whereTo(script, cwd, {
      toolchain: this.toolchain,
      written: (words) => rules.of(words),
      choices,
      around,
    });
  }

  /** What a folder, the projects in it and the machine have and lack. */
  async doctor(folder: string): Promise<DoctorReport> {
    const { doctor } = await import("./toolchain/doctor.ts");
    return doctor(this.toolchain, folder, async () => {
      const { stdout } = await this.git.run({ folder, args: ["--version"] });
      return /\d+(\.\d+)+/.exec(stdout)?.[0] ?? null;
    });
  }

  /** An app of its own, in another environment: it shares nothing with this one but what a person set. */
  apart(others: Apart): App {
    const { settings } = this.#options;
    const careful = { mode: "careful", routing: "on", swap: "off", agents: [] } as const;
    const options = { ...this.#options, ...others, baseline: false };
    return new App({ ...options, settings: () => ({ ...settings(), ...careful }) });
  }

  /** How the last verification of an agent stands. */
  async standing(agent: AgentDefinition): Promise<Standing> {
    const { standingOf } = await import("./verify/reports.ts");
    return standingOf(this, agent, Date.now());
  }

  /** What an agent's program calls itself; null where it was not started yet, or doesn't say. */
  toldBy({ id }: Pick<AgentDefinition, "id">): AgentProgram | null {
    return this.#told.get(id) ?? null;
  }

  /** How much is asked in a project at this moment. */
  mode(root: string): Mode {
    return this.#options.settings(root).mode;
  }

  /** Which of what makes agents ask is switched on in a project. */
  guards(root: string): Pick<Settings, "shims" | "hooks" | "mcp"> {
    return this.#options.settings(root);
  }

  /** The policies of a project: the user's, the repository's as it was accepted, and as it lies there. */
  async policy(root: string): Promise<PolicySource> {
    const known = this.#policies.get(root);
    if (known !== undefined) return known;
    const repository = await findRepository(root);
    const source = new PolicySource(
      {
        userFile: join(this.configDirectory, "policy.json"),
        projectFile: join(root, "agent-policy.json"),
        repository: repository?.commonDir ?? root,
        stateDirectory: this.stateDirectory,
      },
      probe,
    );
    this.#policies.set(root, source);
    return source;
  }

  /** The same where it was asked for before, for whoever can't wait. */
  knownPolicy(root: string): PolicySource | undefined {
    return this.#policies.get(root);
  }

  /** Ends everything: sessions first, whose last words go into the record. */
  async dispose(): Promise<void> {
    await Promise.allSettled([...this.#sessions].map((session) => session.close()));
    await this.radar.dispose();
    await this.alarms.dispose();
    await this.places.dispose();
    await this.processes.dispose();
  }

  #host(): SessionHost {
    const { version, environment, files, baseline } = this.#options;
    return {
      version,
      environment,
      files,
      baseline,
      stateDirectory: this.stateDirectory,
      processes: this.processes,
      approvals: this.approvals,
      shell: this.#shell,
      inside: ({ root, cwd }) => {
        const { shims, hooks } = this.#options.settings(root);
        const routed = this.#policies.get(root)?.current().routing.programs ?? [];
        const programs = (): string[] => [...riskyPrograms(), ...this.toolchain.programs(cwd), ...routed];
        return {
          parent: runtimeDirectory(environment),
          shims: shims ? { folders: [root, ...this.#temporary], programs: programs() } : null,
          hooks: hooks ? { seconds: HOOK_SECONDS } : null,
        };
      },
      mcp: ({ root }) =>
        this.#options.settings(root).mcp
          ? { parent: runtimeDirectory(environment), relay: helperRuntime("mcp", this.#options.programs) }
          : null,
      toolchain: this.toolchain,
      restorePoints: this.restorePoints,
      alarms: this.alarms,
      limits: (place) => limitsOf(place, this.toolchain),
      told: ({ id }, program) => void this.#told.set(id, program),
      considering: (ground, signal) => this.#considering(ground, signal),
      locks: ({ project }) =>
        this.#options.settings(project).routing === "on" ? this.toolchain.locks : null,
      git: this.git,
      worktrees: this.worktrees,
      tree: async (folder) => {
        await this.policy(folder);
        return this.places.gatesOf(folder);
      },
      swaps: this.swaps,
      spend: this.#spend,
      spendLimits: (ground) => spendLimitsOf(this.#sourcesOf(ground).map((source) => source.current())),
    };
  }

  /** Also in a worktree the policy counts that lies in the project itself: it may not be committed yet. */
  #sourcesOf({ project, trees }: Pick<Ground, "project" | "trees">): readonly PolicySource[] {
    const folders = [...new Set([project, ...trees])];
    return folders.flatMap((folder) => this.#policies.get(folder) ?? []);
  }

  #considering({ project, trees, environment }: Ground, signal: AbortSignal): Considering {
    const { mode, routing, swap, tellsRoute } = this.#options.settings(project);
    const policies = this.#sourcesOf({ project, trees });
    const around: Surroundings = {
      roots: trees,
      home: this.#home,
      // What holds the person's own tree is no throw-away place, also for those who work in another one.
      temporary: this.#temporary.filter(
        (folder) => !project.startsWith(`${folder}/`) || trees.includes(project),
      ),
      own: [this.stateDirectory, this.configDirectory],
    };
    const written: WrittenRoutes = (words) =>
      this.#policies.get(project)?.current().routing.of(words) ?? null;
    const choices = this.swaps.choices(swap, { project, trees });
    const routed = (script: ShellScript, asItIs?: (root: string) => boolean): Routing =>
      this.toolchain.route(script, { swap: choices.accepts, asItIs, written });
    const route: Router = (script, asItIs) => routed(script, asItIs).route;
    return {
      git: this.git,
      mode,
      tellsRoute,
      around,
      signal,
      shell: this.#shell,
      policy: inForceAmong(policies.map((source) => source.current())),
      policyFiles: policies.flatMap(({ files }) => files),
      ...(environment === undefined ? {} : { environment }),
      route: routing === "on" ? route : () => null,
      ...(routing === "on"
        ? {
            foreign: (script: ShellScript) => this.toolchain.foreign(script, written),
            swaps: (script: ShellScript) => choices.open(routed(script).swaps),
            hints: (script: ShellScript) => routed(script).hints,
          }
        : {}),
      direct: (argv, cwd) => this.toolchain.direct(argv, cwd),
      ...(routing === "show" ? { suggest: route } : {}),
    };
  }
}

function groundOf(root: string): Ground {
  return { project: root, trees: [root], environment: undefined };
}
