import * as z from "zod/mini";
import { choice, logFilter } from "./protocol.ts";

/** What the page asks for: intents, never commands or paths. Everything is bounded, since the page is not trusted. */
export const pageIntent = z.discriminatedUnion("type", [
  z.object({ type: z.literal("ready") }),
  z.object({ type: z.literal("newSession") }),
  z.object({ type: z.literal("addAgent") }),
  z.object({ type: z.literal("openFolder") }),
  z.object({ type: z.literal("manageTrust") }),
  z.object({ type: z.literal("walkthrough") }),
  z.object({ type: z.literal("prompt"), text: z.string().check(z.maxLength(1_000_000)) }),
  z.object({ type: z.literal("stop") }),
  z.object({ type: z.literal("restart") }),
  /** Shows the terminal that the session's agent runs in. */
  z.object({ type: z.literal("showTerminal") }),
  z.object({ type: z.literal("copyReport") }),
  z.object({
    type: z.literal("answer"),
    approval: z.string(),
    choice,
    /** Why it is rejected, or the command in place of the one that was asked. */
    words: z.optional(z.string().check(z.maxLength(8_000))),
  }),
  /** Shows the rule that would answer a question, and others like it: of its card, or of its row once it was answered. */
  z.object({ type: z.literal("writeRule"), session: z.string(), row: z.string() }),
  /** Allows, once, what an agent had stopped waiting for, and tells it so. */
  z.object({ type: z.literal("retry"), session: z.string(), row: z.string() }),
  /** Takes away the card of a question that nobody waits for any more. */
  z.object({ type: z.literal("dismiss"), session: z.string(), approval: z.string() }),
  /** Opens the diff of one of the files that an approval would lose. */
  z.object({ type: z.literal("openLoss"), approval: z.string(), file: z.number() }),
  /** Opens what both programs of a question find, side by side. */
  z.object({ type: z.literal("compareFindings"), approval: z.string() }),
  /** Opens what one of the commits and stash entries that an approval would lose changes. */
  z.object({ type: z.literal("openLostRevision"), approval: z.string(), revision: z.number() }),
  /** Opens a call's whole output, its diff number `file`, or a message's whole text, in an editor tab. */
  z.object({ type: z.literal("openOutput"), row: z.string() }),
  z.object({ type: z.literal("openDiff"), row: z.string(), file: z.number() }),
  z.object({ type: z.literal("openText"), row: z.string() }),
  /** A link of a message was clicked; the host asks before it leaves. */
  z.object({ type: z.literal("openLink"), href: z.string().check(z.maxLength(2_000)) }),
  z.object({ type: z.literal("runGate"), gate: z.enum(["lint", "types", "tests"]) }),
  z.object({ type: z.literal("showFindings"), gate: z.enum(["lint", "types", "tests"]) }),
  z.object({
    type: z.literal("getRange"),
    request: z.number(),
    /** `older`: the nearest rows below `at`. `newer`: the nearest from `at` on. */
    direction: z.enum(["older", "newer"]),
    at: z.number(),
    count: z.number(),
    /** Set: only calls that match, for the log. */
    filter: z.optional(logFilter),
  }),
  z.object({ type: z.literal("getDetails"), row: z.string() }),
  /** Shows every step of the verdict on a call's command. */
  z.object({ type: z.literal("explain"), row: z.string() }),
  /** Has the agent run a routed call again, as it was asked. */
  z.object({ type: z.literal("runAsAsked"), session: z.string(), row: z.string() }),
  /** Shows the rule by which a call is no longer routed in its project, before it is written. */
  z.object({ type: z.literal("dontRoute"), session: z.string(), row: z.string() }),
  /** Shows which evidence and which row of the table sent a call where it went. */
  z.object({ type: z.literal("whyRoute"), row: z.string() }),
  z.object({ type: z.literal("routingSetting") }),
  /** Leads to the restore point that has what a notice says is gone. */
  z.object({ type: z.literal("bringBack"), row: z.string() }),
  z.object({ type: z.literal("undoBack"), row: z.string() }),
  /** Does what the card of a project offers about its lock. */
  z.object({ type: z.literal("projectOffer"), project: z.string() }),
  /** Has Interlock fetch a tool that a project lacks, once the person has said yes to it. */
  z.object({ type: z.literal("getTool"), project: z.string(), tool: z.string() }),
  /** Asks again from now on whether another program may answer in a project; `rule` null: whether any may. */
  z.object({ type: z.literal("revokeSwap"), project: z.string(), rule: z.nullable(z.string()) }),
  /** Opens one of the files that speak of a project. */
  z.object({ type: z.literal("openEvidence"), project: z.string(), item: z.number() }),
  z.object({ type: z.literal("banner"), action: z.string().check(z.maxLength(100)) }),
]);
export type PageIntent = z.infer<typeof pageIntent>;
