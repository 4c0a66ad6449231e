import * as z from "zod/mini";

/** Projects that the page is told of: more than any window is worked in at a time. */
export const MAX_PROJECTS = 50;
/** Files and tools of each that it lists. */
export const MAX_LISTED = 20;

const tool = z.object({
  tool: z.string(),
  state: z.enum(["ok", "old", "missing"]),
  version: z.optional(z.string()),
  /** Where it was found: in the project, the person's own, or brought by Interlock. */
  source: z.optional(z.enum(["project", "yours", "interlock"])),
  purpose: z.string(),
  /** What to do about it; empty where nothing is to be done. */
  next: z.string(),
  /** The bytes that Interlock would fetch to bring it; absent where it doesn't offer to. */
  bytes: z.optional(z.number()),
});
export type ProjectTool = z.infer<typeof tool>;

/** One project of the window: who owns its packages, what says so, how its lock stands, and what works on it. */
export const projectCard = z.object({
  id: z.string(),
  language: z.enum(["python", "javascript"]),
  /** The folder as a person calls it; absent where it is the only one. */
  where: z.optional(z.string()),
  /** The one manager that owns it, two or more that claim it, or none. */
  managers: z.array(z.string()),
  lock: z.enum(["fresh", "stale", "present", "missing", "none"]),
  /** The names of the files that have to agree, where it is known which they are. */
  lockFile: z.optional(z.string()),
  manifest: z.optional(z.string()),
  environment: z.optional(z.string()),
  evidence: z.array(z.object({ what: z.string(), path: z.string(), proves: z.optional(z.string()) })),
  tools: z.array(tool),
  /** Programs that a person let answer for others in it, by the ids of their rules. */
  swaps: z.array(z.object({ rule: z.string(), tool: z.string(), by: z.string() })),
  /** True where a person said that none is to be offered. */
  noSwaps: z.boolean(),
  /** What is wrong with its files. */
  problems: z.array(z.string()),
  /** What can be done about its lock: have a manager write it, or choose one of those that claim it. */
  offer: z.optional(z.enum(["lock", "update", "choose"])),
  /** The manager that would write the lock. */
  by: z.optional(z.string()),
});
export type ProjectCard = z.infer<typeof projectCard>;
