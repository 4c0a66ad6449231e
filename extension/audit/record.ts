import * as z from "zod/mini";

/** The version of a record. A reader refuses a version that it does not know. */
export const RECORD_VERSION = 1;

/** The ways by which a tool call can reach Interlock (docs/architecture.md, "one door, many doorways"). */
export const DOORWAYS = ["terminal", "fs", "mcp", "shim", "hook", "permission", "observed"] as const;
export type Doorway = (typeof DOORWAYS)[number];

/**
 * How far Interlock's hand reached. `through`: it ran the act itself. `checked`: it answered before the
 * agent acted. `observed`: it saw the act afterwards.
 */
export const ENFORCEMENTS = ["through", "checked", "observed"] as const;
export type Enforcement = (typeof ENFORCEMENTS)[number];

export const ENFORCEMENT_OF: Readonly<Record<Doorway, Enforcement>> = {
  terminal: "through",
  fs: "through",
  mcp: "through",
  shim: "through",
  hook: "checked",
  permission: "checked",
  observed: "observed",
};

const verdict = z.enum(["allow", "ask", "deny"]);

/**
 * One line of `agent-audit/YYYY-MM-DD.log`. A decision is recorded before the act and an effect after it;
 * both carry the same `call`. Each writer (one per host process) chains its own records: `prev` is the
 * `hash` of its record before, and `hash` is the SHA-256 of the record's JSON without `hash`.
 */
export const auditRecord = z.strictObject({
  v: z.literal(RECORD_VERSION),
  /** Which host wrote it: random, new for each extension host and CLI run, and after a record that may not be on the disk. */
  writer: z.string(),
  /** Counts the writer's records from 1, without a gap. */
  seq: z.number(),
  /** UTC, ISO 8601 with milliseconds. */
  ts: z.string(),
  session: z.string(),
  /** Counts the session's turns from 1; 0 before the first. */
  turn: z.number(),
  call: z.string(),
  phase: z.enum(["decision", "effect"]),
  doorway: z.enum(DOORWAYS),
  enforcement: z.enum(ENFORCEMENTS),
  /** What the agent asked for: the command line, or `read PATH` / `write PATH`. */
  asked: z.string(),
  /** What ran, or would have run: differs from `asked` when it was routed. */
  run: z.string(),
  cwd: z.string(),
  /** Kinds of effect, sorted (extension/guard/effect.ts). */
  effects: z.array(z.string()),
  verdict,
  /** The id of the rule that decided. */
  rule: z.string(),
  /** Who answered an ask: `person`, `grant`, or nobody. */
  answeredBy: z.nullable(z.enum(["person", "grant", "nobody"])),
  /** Whether the act was let through in the end; null in an effect record. */
  allowed: z.nullable(z.boolean()),
  /** Exit status; null before the end, after a signal, and for what is not a process. */
  exit: z.nullable(z.number()),
  /** Duration of the act in milliseconds; null in a decision record. */
  ms: z.nullable(z.number()),
  prev: z.string(),
  hash: z.string(),
});
export type AuditRecord = z.infer<typeof auditRecord>;
