import * as z from "zod/mini";
import { approvalCard } from "./approvalPart.ts";
import { projectCard } from "./projectPart.ts";

/** What both ends must compute alike; the page may import this file alone. */
export { appendOutput } from "./bounds.ts";
export { callMatches } from "./filter.ts";
export { shortHash } from "../text/shortHash.ts";
export { visible, visibleProse } from "../text/visible.ts";
export { lossLine } from "./lossLine.ts";
export { undoLine } from "./undo.ts";
export { type ApprovalCard, choice, type ShownFindings } from "./approvalPart.ts";
export type { ProjectCard, ProjectTool } from "./projectPart.ts";

/**
 * What the host and the page say to each other (docs/contracts.md, "Page protocol"). The host keeps the whole
 * conversation; the page keeps a window of it. On `ready` the host sends one bounded snapshot, then numbered
 * patches; a page that sees a gap in `n` says `ready` again. Rows are append-only: a row keeps its index for ever.
 */
export const PAGE_PROTOCOL_VERSION = 1;

/** Rows in a snapshot, at most. Older ones come by `getRange`. */
export const SNAPSHOT_ROWS = 200;
/** Rows in one answer to `getRange`, at most. */
export const RANGE_ROWS = 200;
/** Characters of text and output in one snapshot or range: older rows beyond it are left for `getRange`. */
export const MESSAGE_CHARACTERS = 1024 * 1024;
/** Characters of output, and of diffs, in one answer to `getDetails`; all of it opens in an editor. */
export const DETAILS_CHARACTERS = 64 * 1024;

const problem = z.object({ code: z.string(), message: z.string(), next: z.string() });

const diffSummary = z.object({
  path: z.string(),
  added: z.number(),
  removed: z.number(),
  /** Too large to be compared: the counts are at most. */
  coarse: z.optional(z.literal(true)),
});

const gateResult = z.object({
  gate: z.string(),
  tool: z.string(),
  state: z.enum(["unknown", "passed", "failed", "unavailable"]),
  findings: z.number(),
  ms: z.number(),
});

const callRow = z.object({
  kind: z.enum(["command", "edit", "read", "tool"]),
  title: z.string(),
  status: z.enum([
    "pending",
    "held",
    "running",
    "done",
    "failed",
    "rejected",
    "refused",
    "cancelled",
    "seen",
  ]),
  /** What a person reads of Interlock's hand: through it, checked first, or seen afterwards. */
  enforcement: z.optional(z.enum(["through", "checked", "observed"])),
  doorways: z.array(z.string()),
  asked: z.optional(z.string()),
  run: z.optional(z.string()),
  /** The folder, relative to the workspace where it lies inside. */
  cwd: z.optional(z.string()),
  /** True where a person has put `run` in place of what was asked. */
  edited: z.optional(z.literal(true)),
  /** The answer that its like had so often that a rule is proposed, and what that would cover. */
  proposes: z.optional(z.object({ answer: z.enum(["allow", "deny"]), covers: z.string() })),
  /** What would have run, where routes are only shown. */
  wouldRun: z.optional(z.string()),
  routeRule: z.optional(z.string()),
  routeReason: z.optional(z.string()),
  /** True once the person has had the agent run it again as asked. */
  asAskedNext: z.optional(z.literal(true)),
  verdict: z.optional(z.enum(["allow", "ask", "deny"])),
  rule: z.optional(z.string()),
  reason: z.optional(z.string()),
  effects: z.array(z.string()),
  answeredBy: z.optional(z.enum(["person", "grant", "nobody"])),
  diffs: z.array(diffSummary),
  gates: z.array(gateResult),
  /** The last `ROW_OUTPUT_CHARACTERS` of the output, whole lines. */
  output: z.string(),
  /** True when there was more output than the row carries. */
  outputCut: z.boolean(),
  startedAt: z.optional(z.number()),
  ms: z.optional(z.number()),
  exit: z.optional(z.number()),
  signal: z.optional(z.string()),
  problem: z.optional(problem),
});
export type CallRow = z.infer<typeof callRow>;

/** What is refused as the command of another package manager than the project's own. */
const FOREIGN_RULE = "deps.foreign";

/** True for a call that was sent elsewhere than it was asked, or refused since another manager owns the project. */
export function isRouted({ kind, asked, run, edited, routeRule, wouldRun, rule }: CallRow): boolean {
  if (kind !== "command" || edited === true || wouldRun !== undefined) return false;
  return rule === FOREIGN_RULE || (routeRule !== undefined && run !== undefined && run !== asked);
}

const row = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("user"),
    id: z.string(),
    at: z.number(),
    text: z.string(),
    /** True when the row carries less than the whole text. */
    cut: z.optional(z.boolean()),
    /** Absent where the person typed it: made from an answer to an approval. */
    origin: z.optional(z.enum(["reason", "retry", "worktree", "answer"])),
  }),
  z.object({
    type: z.literal("agent"),
    id: z.string(),
    at: z.number(),
    text: z.string(),
    cut: z.optional(z.boolean()),
  }),
  z.object({
    type: z.literal("thought"),
    id: z.string(),
    at: z.number(),
    text: z.string(),
    cut: z.optional(z.boolean()),
    /** Set when the thought has ended. */
    ms: z.optional(z.number()),
  }),
  z.object({ type: z.literal("call"), id: z.string(), at: z.number(), call: callRow }),
  z.object({
    type: z.literal("turn"),
    id: z.string(),
    at: z.number(),
    stop: z.string(),
    ms: z.number(),
    files: z.number(),
    added: z.number(),
    removed: z.number(),
    /** Some file was too large to be compared: the counts are at most. */
    coarse: z.optional(z.literal(true)),
    calls: z.number(),
    /** Steps of the turn's plan. */
    plan: z.optional(z.object({ done: z.number(), total: z.number() })),
  }),
  z.object({
    type: z.literal("notice"),
    id: z.string(),
    at: z.number(),
    level: z.enum(["info", "warning", "error"]),
    problem,
    /** True where work is gone that can be brought back. */
    restorable: z.optional(z.boolean()),
    /** What the person brought back of it, and when. */
    restored: z.optional(z.object({ at: z.number(), files: z.number() })),
    /** The row of the routed call that it is about. */
    routed: z.optional(z.string()),
  }),
]);
export type Row = z.infer<typeof row>;

const gateChip = z.object({
  gate: z.enum(["lint", "types", "tests"]),
  state: z.enum(["unknown", "running", "passed", "failed", "unavailable"]),
  findings: z.number(),
  passed: z.optional(z.number()),
  tools: z.array(z.string()),
  at: z.number(),
  ms: z.number(),
  detail: z.optional(z.string()),
});
export type GateChip = z.infer<typeof gateChip>;

const header = z.object({
  session: z.string(),
  agent: z.string(),
  title: z.optional(z.string()),
  state: z.enum(["starting", "ready", "working", "cancelling", "ended", "crashed"]),
  /** What it waits for, or why it ended. */
  detail: z.optional(z.string()),
  problem: z.optional(problem),
  /** The agent's last lines on stderr, after a crash. */
  stderr: z.array(z.string()),
  /** The environment that a person has started it for. */
  environment: z.optional(z.string()),
  /** The branch of the worktree that it works in, and its folder. */
  worktree: z.optional(z.object({ branch: z.string(), folder: z.string() })),
  /** Interlock's own tools: handed to the agent, or really reached by it. */
  tools: z.optional(z.enum(["offered", "reached"])),
  /** Its agent runs in a terminal, and takes its prompts there. */
  terminal: z.optional(z.literal(true)),
  /** Why no prompt is taken. */
  held: z.optional(problem),
  /** When the state began, milliseconds since the epoch. */
  since: z.number(),
  usage: z.optional(
    z.object({
      used: z.number(),
      size: z.number(),
      cost: z.optional(z.object({ amount: z.number(), currency: z.string() })),
    }),
  ),
});
export type Header = z.infer<typeof header>;

const slashCommand = z.object({ name: z.string(), description: z.string(), hint: z.optional(z.string()) });
export type CommandChoice = z.infer<typeof slashCommand>;

const planEntry = z.object({ text: z.string(), status: z.enum(["pending", "in_progress", "completed"]) });
export type PlanStep = z.infer<typeof planEntry>;

const bannerAction = z.object({ id: z.string(), label: z.string() });

/** A standing condition that a person must know of: no git, no project, the record can't be written. */
const banner = z.object({
  id: z.string(),
  level: z.enum(["info", "warning", "error"]),
  problem,
  /** The intent that its button sends, with a localised label. */
  action: z.optional(bannerAction),
  /** A second button, for what the first one only shows. */
  also: z.optional(bannerAction),
});
export type Banner = z.infer<typeof banner>;

/** What the page shows when there is no session: the welcome, or why there can't be one. */
const place = z.enum(["welcome", "untrusted", "no-workspace", "session"]);
export type Place = z.infer<typeof place>;

const view = z.object({
  place,
  header: z.optional(header),
  approvals: z.array(approvalCard),
  gates: z.array(gateChip),
  plan: z.array(planEntry),
  commands: z.array(slashCommand),
  banners: z.array(banner),
  /** Those of the window, whichever session is shown. */
  projects: z.array(projectCard),
  /** The index of `rows[0]`. */
  first: z.number(),
  rows: z.array(row),
  /** Rows there are in all. */
  total: z.number(),
});
export type View = z.infer<typeof view>;

const op = z.discriminatedUnion("op", [
  /** Sets the row at an index; an index equal to the total appends it. */
  z.object({ op: z.literal("row"), index: z.number(), row }),
  /** Appends to the text of a message row; `cut`: what follows is left out. */
  z.object({ op: z.literal("text"), index: z.number(), text: z.string(), cut: z.optional(z.boolean()) }),
  /** A thought has ended. */
  z.object({ op: z.literal("thought"), index: z.number(), ms: z.number() }),
  /** Appends to the output of a call row. */
  z.object({ op: z.literal("output"), index: z.number(), text: z.string() }),
  z.object({ op: z.literal("header"), header }),
  z.object({ op: z.literal("approvals"), approvals: z.array(approvalCard) }),
  z.object({ op: z.literal("gates"), gates: z.array(gateChip) }),
  z.object({ op: z.literal("plan"), plan: z.array(planEntry) }),
  z.object({ op: z.literal("commands"), commands: z.array(slashCommand) }),
  z.object({ op: z.literal("banners"), banners: z.array(banner) }),
  z.object({ op: z.literal("projects"), projects: z.array(projectCard) }),
]);
export type Op = z.infer<typeof op>;

/** Filter of the tool-call log. Empty lists mean all. */
export const logFilter = z.object({
  kinds: z.array(z.enum(["command", "edit", "read", "tool"])),
  /** `held` and `rejected` rows were asked; `refused` rows were denied; the rest was let through. */
  verdicts: z.array(z.enum(["allow", "ask", "deny"])),
  text: z.string().check(z.maxLength(500)),
});
export type LogFilter = z.infer<typeof logFilter>;

const indexedRow = z.object({ index: z.number(), row });

export const hostMessage = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("snapshot"),
    v: z.literal(PAGE_PROTOCOL_VERSION),
    n: z.number(),
    view,
    /** Translations of the page's texts (the shape of `@vscode/l10n` bundles); absent for English. */
    strings: z.optional(z.record(z.string(), z.string())),
  }),
  z.object({ type: z.literal("patch"), n: z.number(), ops: z.array(op) }),
  /** Answers `getRange`: rows in rising order of index. `more`: there are others beyond, in the direction asked. */
  z.object({ type: z.literal("range"), request: z.number(), rows: z.array(indexedRow), more: z.boolean() }),
  /** Answers `getDetails`: what a row leaves out. */
  z.object({
    type: z.literal("details"),
    row: z.string(),
    input: z.optional(z.string()),
    output: z.string(),
    /** Characters of output that were dropped before what is sent. */
    outputDropped: z.number(),
    /** Unified diffs of the files, as text. */
    diff: z.string(),
  }),
  /** The host asks the page to show something: a command of the palette was used. */
  z.object({
    type: z.literal("show"),
    what: z.enum(["prompt", "approvals", "log", "conversation", "projects"]),
  }),
  /** A key of the window answers the card in view, which the page alone knows; it comes back as an intent. */
  z.object({ type: z.literal("answer"), choice: z.enum(["allow-once", "reject"]) }),
]);
export type HostMessage = z.infer<typeof hostMessage>;
