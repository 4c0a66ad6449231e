import * as z from "zod/mini";

export const choice = z.enum([
  "allow-once",
  "allow-session",
  "edit",
  "worktree",
  "update-lock",
  "as-it-is",
  "use-swap",
  "as-asked",
  "never-swap",
  "reject",
  "reject-stop",
]);

const findings = z.object({
  program: z.string(),
  lines: z.array(z.string()),
  /** Lines beyond those. */
  more: z.number(),
  /** Lines that name a place in a file. */
  count: z.number(),
  exit: z.nullable(z.number()),
  /** Why there is nothing to be seen of it. */
  missing: z.optional(z.string()),
});
export type ShownFindings = z.infer<typeof findings>;

/** A question that waits for a person, with what they need to know before they answer. */
export const approvalCard = z.object({
  id: z.string(),
  /** The session that asks: the queue is that of all sessions of the window. */
  session: z.string(),
  /** What that session is called. */
  title: z.optional(z.string()),
  /** The id of the row of its call. */
  row: z.string(),
  agent: z.string(),
  kind: z.enum(["loss", "unclear", "change", "lock", "swap"]),
  act: z.enum(["command", "read", "write", "tool"]),
  asked: z.string(),
  run: z.optional(z.string()),
  /** The command by itself, to be changed; and whether the person has changed it. */
  editable: z.optional(z.string()),
  edited: z.optional(z.literal(true)),
  cwd: z.string(),
  rule: z.string(),
  words: z.optional(z.string()),
  reason: z.string(),
  remedy: z.optional(z.string()),
  loss: z.optional(
    z.object({
      files: z.array(
        z.object({
          path: z.string(),
          state: z.enum(["modified", "staged", "untracked"]),
          added: z.nullable(z.number()),
          removed: z.nullable(z.number()),
          ignored: z.optional(z.boolean()),
        }),
      ),
      fileCount: z.number(),
      commits: z.number(),
      stashes: z.number(),
      /** The newest of both. */
      revisions: z.optional(
        z.array(z.object({ kind: z.enum(["commit", "stash"]), id: z.string(), subject: z.string() })),
      ),
      complete: z.boolean(),
    }),
  ),
  /** Whether what would be lost comes back; left out where that isn't known. */
  undo: z.optional(
    z.discriminatedUnion("can", [
      z.object({ can: z.enum(["all", "rest"]) }),
      z.object({ can: z.literal("partly"), path: z.string(), bytes: z.number() }),
      z.object({ can: z.literal("no"), why: z.enum(["outside", "leaves", "unknown"]) }),
    ]),
  ),
  /** The program that the project doesn't have, the one that would answer, and what each of them finds. */
  swap: z.optional(
    z.object({ tool: z.string(), by: z.string(), findings: z.optional(z.tuple([findings, findings])) }),
  ),
  /** The files that a yes would change, whose diffs stand with its call. */
  diffs: z.optional(z.array(z.string())),
  why: z.optional(z.string()),
  openedAt: z.number(),
  choices: z.array(choice),
  /** What an answer for the session would cover: a phrase for a person. */
  covers: z.optional(z.string()),
  /** Whether a rule of the policy could answer it; `proposes`: what its like were answered each time, and what that would cover. */
  canWriteRule: z.optional(z.literal(true)),
  proposes: z.optional(z.object({ answer: z.enum(["allow", "deny"]), covers: z.string() })),
  reasonGoes: z.enum(["answer", "prompt"]),
  /** The agent stopped waiting: it did not run, and nothing is asked any more. */
  over: z.optional(z.boolean()),
});
export type ApprovalCard = z.infer<typeof approvalCard>;
