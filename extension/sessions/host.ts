import type { AgentDefinition } from "../acp/agents.ts";
import type { AgentProgram } from "../acp/connection.ts";
import type { ApprovalStore } from "../approvals/store.ts";
import type { AuditLog } from "../audit/log.ts";
import type { SpendLedger } from "../audit/spend.ts";
import type { Considering } from "../door/considered.ts";
import type { TextFiles } from "../doorways/fs/access.ts";
import type { Problem } from "../errors.ts";
import type { Finding, GateId, GateReport, GateResult } from "../gates/gate.ts";
import type { Git } from "../git/run.ts";
import type { NewWorktree, Worktrees } from "../git/worktrees.ts";
import type { Processes } from "../process/processes.ts";
import type { Alarms } from "../restore/alarm/alarms.ts";
import type { RestorePoints } from "../restore/points/restorePoints.ts";
import type { Locks } from "../toolchain/locks.ts";
import type { SwapConsents } from "../toolchain/swapConsents.ts";
import type { Toolchain } from "../toolchain/toolchain.ts";
import type { McpSettings } from "./mcp.ts";
import type { TerminalTree, InsideSettings } from "./inside.ts";
import type { SpendLimits } from "./budget.ts";

/** The gates of a folder, as a session needs them. */
export interface GateKeeper {
  /** Checks files that were edited; resolves with what was found in them. */
  edited(paths: readonly string[]): Promise<readonly GateResult[]>;
  /** A command ended: where it ran tests, their numbers are read from its output. */
  observe(line: string, exit: number | null, output: string): void;
  /** A command ended that may have written files, or the sources themselves: looks again at what was looked at. */
  touched(what: "files" | "sources"): Promise<unknown>;
  /** A session opened: tells how the project stands now. */
  baseline(): void;
  onReport(listener: (report: GateReport) => void): () => void;
  /** How each gate stands now. */
  reports(): readonly GateReport[];
  /** All findings that stand. */
  findings(): readonly Finding[];
  /** Looks at the whole project, by one gate or by all. */
  runAll(gate?: GateId): Promise<unknown>;
  dispose(): Promise<void>;
}

/** Where a session works. Sessions of one folder share it. */
export interface SessionPlace {
  /** The folder that the record and the transcript belong to: the project, as it was opened. */
  readonly root: string;
  /** The project as the session sees it: the same, or in a worktree of the session's own. */
  readonly tree: string;
  readonly worktree?: NewWorktree;
  /** The folder in which the agent starts. */
  readonly cwd: string;
  readonly audit: AuditLog;
  readonly gates: GateKeeper;
}

/** How a session is opened beyond its agent and its place. */
export interface SessionOptions {
  /** The environment whose hosts a person opens to it. */
  readonly environment?: string | undefined;
  /** Its agent runs in a terminal, where somebody else starts it. */
  readonly terminal?: TerminalTree | undefined;
}

/** Where a session stands when something is judged. */
export interface Ground {
  /** Whose settings count. */
  readonly project: string;
  /** The folders that the session may work in. */
  readonly trees: readonly string[];
  /** The environment that a person has started it for. */
  readonly environment: string | undefined;
}

/** What sessions share: built once by the app. */
export interface SessionHost {
  readonly version: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly stateDirectory: string;
  readonly processes: Pick<Processes, "spawn" | "run" | "claim">;
  /** What asks from inside of an agent's process tree, and where the pipes for that are made. */
  readonly inside: (place: SessionPlace) => InsideSettings;
  /** The server of Interlock's own tools that agents are handed, and where its sockets are made; null: none is. */
  readonly mcp: (place: SessionPlace) => McpSettings | null;
  readonly toolchain: Pick<Toolchain, "evidence" | "tools" | "runners">;
  readonly approvals: ApprovalStore;
  readonly files: TextFiles;
  /** The shell that runs command lines. */
  readonly shell: string;
  /** Whether a session begins with a look at how the project stands. */
  readonly baseline: boolean;
  readonly restorePoints: Pick<RestorePoints, "take" | "isPartial" | "prepare" | "prune" | "list">;
  readonly alarms: Pick<
    Alarms,
    | "attend"
    | "changed"
    | "excuse"
    | "explain"
    | "reached"
    | "check"
    | "lookAround"
    | "works"
    | "onLoss"
    | "onBlind"
  >;
  readonly git: Git;
  readonly worktrees: Pick<Worktrees, "create" | "canCreate" | "removeEmpty">;
  /** Makes a folder ready to be worked in beside the session's first one: its policy is read, its gates are built. */
  readonly tree: (folder: string) => Promise<GateKeeper>;
  readonly spend: SpendLedger;
  readonly spendLimits: (ground: Ground) => SpendLimits;
  /** What does not hold in a folder: told when a session opens there. */
  readonly limits: (place: SessionPlace) => Promise<readonly Problem[]>;
  /** Tells of locks that commands can't go by; null where commands aren't sent through their project's toolchain. */
  readonly locks: (ground: Ground) => Pick<Locks, "lookAt"> | null;
  /** What a person said of other programs that answer for those that a project doesn't have. */
  readonly swaps: Pick<SwapConsents, "of" | "accept" | "never">;
  /** What an agent's program calls itself, told as it starts. */
  readonly told: (agent: AgentDefinition, program: AgentProgram) => void;
  readonly considering: (ground: Ground, signal: AbortSignal) => Considering;
  /** Milliseconds an agent has to answer at its start; tests shorten it. */
  readonly startTimeoutMs?: number;
}
