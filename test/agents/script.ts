import * as z from "zod/mini";

/**
 * What a scripted agent does (test/agents/scripted.ts): a JSON file, so that any test can make the agent it needs.
 *
 *     {"turns": [[{"say": "Hello"}, {"terminal": {"command": "ls"}}]]}
 *
 * Each prompt runs the next turn, the last one again and again. A step is an object with one key, described below.
 * In every text `${cwd}` is the session's folder and `${n}` the round of the innermost `repeat`. Tool calls and updates
 * are in ACP's own words, so that a script can be as odd as a real agent:
 *
 * - an update before the session's answer: put it into `onSession`
 * - an unknown update: `{"update": {"sessionUpdate": "weather_update", "sky": "blue"}}`
 * - a permission request with an id only: `{"requestPermission": {"toolCall": {"toolCallId": "a"}}}`
 * - a crash in the middle of a call: `{"toolCall": {…}}, {"stderr": "panic"}, {"exit": 101}`
 * - a child session nobody heard of: `{"requestPermission": {"sessionId": "child", …}}`
 * - an agent that needs a sign-in: `"answers": {"session/new": {"error": {"code": -32000, "message": "…"}}}`
 */
const Raw = z.record(z.string(), z.unknown());
const Call = z.looseObject({ toolCallId: z.string() });

const PermissionOption = z.strictObject({ optionId: z.string(), name: z.string(), kind: z.string() });
export type PermissionOption = z.infer<typeof PermissionOption>;

/** `usual`: once, always, no. `twoOfAKind`: two ways to allow once. `noReject`: no way to say no. */
const PermissionOptions = z.union([z.enum(["usual", "twoOfAKind", "noReject"]), z.array(PermissionOption)]);

export type Step =
  /** A message, or a thought, as one chunk with an id of its own. */
  | { say: string }
  | { thought: string }
  /** A message of so many bytes. */
  | { bigMessage: number }
  | { plan: { content: string; status: "pending" | "in_progress" | "completed" }[] }
  /** `tool_call` and `tool_call_update`. */
  | { toolCall: z.infer<typeof Call> }
  | { toolUpdate: z.infer<typeof Call> }
  /** Any other update, or one that no host knows. */
  | { update: z.infer<typeof Raw> }
  /** Asks, then goes on with `ifAllowed` if an option that allows was chosen, and with `ifNot` otherwise. */
  | {
      requestPermission: {
        toolCall: z.infer<typeof Call>;
        options?: z.infer<typeof PermissionOptions> | undefined;
        sessionId?: string | undefined;
        ifAllowed?: Step[] | undefined;
        ifNot?: Step[] | undefined;
      };
    }
  /** A command in a terminal of the host, as a tool call. `killAfter` ends it after so many ms; `keep` doesn't release. */
  | {
      terminal: {
        command: string;
        args?: string[] | undefined;
        cwd?: string | undefined;
        toolCallId?: string | undefined;
        outputByteLimit?: number | undefined;
        killAfter?: number | undefined;
        keep?: boolean | undefined;
      };
    }
  | { writeFile: { path: string; content: string } }
  | { readFile: { path: string; line?: number | undefined; limit?: number | undefined } }
  /** Any request to the host. */
  | { request: { method: string; params: z.infer<typeof Raw> } }
  /**
   * A command in a shell of the agent's own, as most real agents do it. Without `wait` it is left running. `program`: the
   * shell, instead of the system's.
   */
  | {
      shell: {
        line: string;
        cwd?: string | undefined;
        wait?: boolean | undefined;
        program?: string | undefined;
      };
    }
  /** A program that the agent's own process starts, by no shell, as agents start their servers: until it has said something. */
  | { own: { command: string; args: string[]; input: string; until: string } }
  /**
   * The line as Claude Code and Codex run it: first the hook that they were given, which they heed where it says no and go on without where
   * it fails (hook.ts). `instead`: another program in its place. `after`: what comes where the hook does not say no.
   */
  | { hooked: Hooked }
  /** A file that the agent writes by itself, as most real agents do it. */
  | { change: Change }
  /** The same through the host's files. */
  | { changeByHost: Change }
  | { repeat: { times: number; steps: Step[] } }
  | { sleep: number }
  /** A line on stdout, or on stderr, as it is. */
  | { junk: string }
  | { stderr: string }
  /** Ends the process with this code. */
  | { exit: number }
  /** Never goes on. */
  | { hang: true }
  | { ignoreCancel: true }
  | { ignoreStdinClose: true }
  | { ignoreTerm: true }
  /** Ends the turn for this reason, or with a JSON-RPC error. */
  | { stop: "end_turn" | "max_tokens" | "max_turn_requests" | "refusal" | "cancelled" }
  | { fail: { code: number; message: string } };

export interface Hooked {
  toolCallId: string;
  line: string;
  cwd?: string | undefined;
  instead?: string | undefined;
  /** Milliseconds after which the agent goes on without the hook. */
  patience?: number | undefined;
  after?: Step[] | undefined;
}

/** A whole text, or a piece of the one that is there and what takes its place. */
const Change = z.strictObject({
  path: z.string(),
  oldText: z.nullable(z.string()),
  newText: z.string(),
});
export type Change = z.infer<typeof Change>;

const Text = z.optional(z.string());
const Yes = z.literal(true);
const Step: z.ZodMiniType<Step> = z.lazy(() => z.union(STEPS));
const Steps = z.array(Step);

const STEPS = [
  z.strictObject({ say: z.string() }),
  z.strictObject({ thought: z.string() }),
  z.strictObject({ bigMessage: z.number() }),
  z.strictObject({
    plan: z.array(
      z.strictObject({ content: z.string(), status: z.enum(["pending", "in_progress", "completed"]) }),
    ),
  }),
  z.strictObject({ toolCall: Call }),
  z.strictObject({ toolUpdate: Call }),
  z.strictObject({ update: Raw }),
  z.strictObject({
    requestPermission: z.strictObject({
      toolCall: Call,
      options: z.optional(PermissionOptions),
      sessionId: Text,
      ifAllowed: z.optional(Steps),
      ifNot: z.optional(Steps),
    }),
  }),
  z.strictObject({
    terminal: z.strictObject({
      command: z.string(),
      args: z.optional(z.array(z.string())),
      cwd: Text,
      toolCallId: Text,
      outputByteLimit: z.optional(z.number()),
      killAfter: z.optional(z.number()),
      keep: z.optional(z.boolean()),
    }),
  }),
  z.strictObject({ writeFile: z.strictObject({ path: z.string(), content: z.string() }) }),
  z.strictObject({
    readFile: z.strictObject({
      path: z.string(),
      line: z.optional(z.number()),
      limit: z.optional(z.number()),
    }),
  }),
  z.strictObject({ request: z.strictObject({ method: z.string(), params: Raw }) }),
  z.strictObject({
    shell: z.strictObject({ line: z.string(), cwd: Text, wait: z.optional(z.boolean()), program: Text }),
  }),
  z.strictObject({
    own: z.strictObject({
      command: z.string(),
      args: z.array(z.string()),
      input: z.string(),
      until: z.string(),
    }),
  }),
  z.strictObject({
    hooked: z.strictObject({
      toolCallId: z.string(),
      line: z.string(),
      cwd: Text,
      instead: Text,
      patience: z.optional(z.number()),
      after: z.optional(Steps),
    }),
  }),
  z.strictObject({ change: Change }),
  z.strictObject({ changeByHost: Change }),
  z.strictObject({ repeat: z.strictObject({ times: z.number(), steps: Steps }) }),
  z.strictObject({ sleep: z.number() }),
  z.strictObject({ junk: z.string() }),
  z.strictObject({ stderr: z.string() }),
  z.strictObject({ exit: z.number() }),
  z.strictObject({ hang: Yes }),
  z.strictObject({ ignoreCancel: Yes }),
  z.strictObject({ ignoreStdinClose: Yes }),
  z.strictObject({ ignoreTerm: Yes }),
  z.strictObject({
    stop: z.enum(["end_turn", "max_tokens", "max_turn_requests", "refusal", "cancelled"]),
  }),
  z.strictObject({ fail: z.strictObject({ code: z.number(), message: z.string() }) }),
] as const;

export const Script = z.strictObject({
  /** Laid over the answer to `initialize`. */
  hello: z.optional(Raw),
  /** Laid over the answer to `session/new`: modes, config options. */
  session: z.optional(Raw),
  /** Before `initialize` is answered. */
  onInitialize: z.optional(Steps),
  /** Before `session/new` is answered. */
  onSession: z.optional(Steps),
  /** After `session/new` was answered. */
  afterSession: z.optional(Steps),
  turns: z.optional(z.array(Steps)),
  /** Answers to any other method, or instead of the usual one: `{"result": …}` or `{"error": …}`. */
  answers: z.optional(z.record(z.string(), Raw)),
});
export type Script = z.infer<typeof Script>;
