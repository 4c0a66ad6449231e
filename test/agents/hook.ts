import { spawn } from "node:child_process";
import { once } from "node:events";

import * as z from "zod/mini";

import type { Hooked } from "./script.ts";

const Handler = z.object({ type: z.literal("command"), command: z.string(), timeout: z.number() });
const Settings = z.object({
  PreToolUse: z.tuple([z.object({ matcher: z.literal("Bash"), hooks: z.tuple([Handler]) })]),
});
const OfClaude = z.object({
  _meta: z.object({
    claudeCode: z.object({ options: z.object({ settings: z.object({ hooks: Settings }) }) }),
  }),
});
const OfCodex = z.object({ hooks: Settings });

export type Hook = z.infer<typeof Handler>;

/** The hook by the settings of Claude Code (in `session/new`), or of Codex (in a variable). */
export function hookOf(session: unknown, env: NodeJS.ProcessEnv): Hook | undefined {
  const claude = OfClaude.safeParse(session);
  if (claude.success) return claude.data._meta.claudeCode.options.settings.hooks.PreToolUse[0].hooks[0];
  const codex = OfCodex.safeParse(JSON.parse(env["CODEX_CONFIG"] ?? "null"));
  return codex.success ? codex.data.hooks.PreToolUse[0].hooks[0] : undefined;
}

const Said = z.object({
  hookSpecificOutput: z.optional(
    z.object({ permissionDecision: z.string(), permissionDecisionReason: z.string() }),
  ),
});

/**
 * Asks a hook as both agents do, seen with claude-agent-acp 0.100.0 and Codex 0.166: JSON on its input, `deny` in its output or exit 2 is a
 * no, and whatever else comes of it is none.
 */
export async function askHook(
  hook: Hook | undefined,
  { toolCallId, line, cwd, instead, patience }: Hooked,
): Promise<{ denied: string | null; exit: number | null; output: string }> {
  const { command, timeout } = hook ?? { command: "true", timeout: 1 };
  const child = spawn("/bin/sh", ["-c", instead ?? command], { cwd, stdio: "pipe", detached: true });
  const timer = setTimeout(() => process.kill(-(child.pid ?? 0), "SIGKILL"), patience ?? timeout * 1_000);
  let [output, errors] = ["", ""];
  child.stdout.on("data", (data: Buffer) => (output += data.toString()));
  child.stderr.on("data", (data: Buffer) => (errors += data.toString()));
  child.stdin.on("error", () => {
    // A hook that is gone reads nothing.
  });
  child.stdin.end(
    JSON.stringify({
      session_id: "324e3de3-e513-4c86-b8bb-4e8010fc459d",
      transcript_path: "/home/p/.claude/projects/p/324e3de3.jsonl",
      cwd,
      permission_mode: "default",
      hook_event_name: "PreToolUse",
      tool_name: "Bash",
      tool_input: { command: line, description: "x" },
      tool_use_id: toolCallId,
    }),
  );
  const [exit] = (await once(child, "close")) as [number | null];
  clearTimeout(timer);
  const said = Said.safeParse(parsed(output));
  const decided = exit === 0 && said.success ? said.data.hookSpecificOutput : undefined;
  const denied = decided?.permissionDecision === "deny" ? decided.permissionDecisionReason : null;
  return { denied: exit === 2 ? errors : denied, exit, output };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
