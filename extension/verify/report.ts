import * as z from "zod/mini";
import { DOORWAYS } from "../audit/record.ts";
import { ACTS } from "./acts.ts";

/** The version of a report. A reader passes over one that it does not know. */
export const REPORT_VERSION = 1;

/**
 * What became of an act, by what was seen. `held`: a question or a refusal of Interlock's stood before it, and it did not happen.
 * `routed`: Interlock put another command in its place. `passed`: judged before it happened, and let through. `seen`: it happened, and
 * was only seen afterwards. `unseen`: it happened, and nothing of it was seen. `stopped`: it did not happen, and not by Interlock: the
 * agent or its own sandbox kept it back. `escaped`: it was held, and happened all the same. `untried`: the agent gave its model no way
 * to try it. `unknown`: it did not come to its end in time, or the agent ended.
 */
export const OUTCOMES = [
  "held",
  "routed",
  "passed",
  "seen",
  "unseen",
  "stopped",
  "escaped",
  "untried",
  "unknown",
] as const;
export type Outcome = (typeof OUTCOMES)[number];

const actReport = z.object({
  act: z.enum(ACTS),
  /** The command, path or tool, with `~` for the folder that was thrown away. */
  asked: z.string(),
  /** The agent's own tool by which its model tried it. */
  by: z.nullable(z.string()),
  outcome: z.enum(OUTCOMES),
  /** Whether it is as it should be. */
  ok: z.boolean(),
  /** The doorway that caught it; null where none did. */
  caught: z.nullable(z.enum(DOORWAYS)),
  /** All that saw it. */
  doorways: z.array(z.enum(DOORWAYS)),
  /** Whether the disk, or the answer that the model read, shows that it happened. */
  happened: z.boolean(),
  /** What ran, or would have run, in its place. */
  route: z.nullable(z.string()),
});
export type ActReport = z.infer<typeof actReport>;

/** In this order: a home without anything of the person's, and one with what of their settings decides whether the agent asks. */
export const HOMES = ["clean", "own"] as const;

const homeReport = z.object({
  home: z.enum(HOMES),
  /** What of the person's settings came along, and what did not, by their names. */
  kept: z.array(z.string()),
  left: z.array(z.string()),
  /** Why it ended before its last act. */
  problem: z.nullable(z.object({ code: z.string(), message: z.string(), next: z.string() })),
  acts: z.array(actReport),
  ms: z.number(),
});
export type HomeReport = z.infer<typeof homeReport>;

export const verifyReport = z.object({
  version: z.literal(REPORT_VERSION),
  agent: z.object({ id: z.string(), name: z.string() }),
  /** What its program calls itself, where it says so. */
  program: z.nullable(z.object({ name: z.string(), version: z.string() })),
  /** Stands for the program and how it is started: another one is another verification. */
  stamp: z.string(),
  /** Interlock's own version. */
  interlock: z.string(),
  /** Milliseconds since the epoch. */
  at: z.number(),
  ok: z.boolean(),
  homes: z.array(homeReport),
});
export type VerifyReport = z.infer<typeof verifyReport>;
