import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { record } from "./log.ts";
import { askHook, type Hook } from "./hook.ts";
import type { Answer, Peer } from "./peer.ts";
import type { Change, PermissionOption, Step } from "./script.ts";

/** What the steps of a script act upon. */
export interface Stage {
  readonly peer: Peer;
  readonly sessionId: string;
  readonly cwd: string;
  /** Aborts when the host cancels; steps that wait stop waiting then. */
  readonly signal: AbortSignal;
  readonly habits: Habits;
  /** The hook that it was given: a line of shell, and seconds to wait for it. */
  readonly hooks: Hook | undefined;
}

/** How the agent behaves from now on. */
export interface Habits {
  ignoreCancel: boolean;
  ignoreStdinClose: boolean;
  calls: number;
}

/** How a list of steps ended, if it said so. */
export type Ending =
  | { readonly stop: string }
  | { readonly error: { code: number; message: string } }
  | undefined;

type Permission = Extract<Step, { requestPermission: unknown }>["requestPermission"];
type Terminal = Extract<Step, { terminal: unknown }>["terminal"];
type Shell = Extract<Step, { shell: unknown }>["shell"];
type Own = Extract<Step, { own: unknown }>["own"];

const OPTIONS: Readonly<Record<"usual" | "twoOfAKind" | "noReject", readonly PermissionOption[]>> = {
  usual: [
    { optionId: "once", name: "Allow once", kind: "allow_once" },
    { optionId: "always", name: "Always allow", kind: "allow_always" },
    { optionId: "no", name: "Reject", kind: "reject_once" },
  ],
  twoOfAKind: [
    { optionId: "here", name: "Allow in this folder", kind: "allow_once" },
    { optionId: "anywhere", name: "Allow everywhere", kind: "allow_once" },
    { optionId: "no", name: "Reject", kind: "reject_once" },
  ],
  noReject: [
    { optionId: "once", name: "Allow once", kind: "allow_once" },
    { optionId: "always", name: "Always allow", kind: "allow_always" },
  ],
};

export async function perform(stage: Stage, steps: readonly Step[], round = 1): Promise<Ending> {
  for (const step of steps) {
    const ending = await act(stage, filledIn(step, stage.cwd, round));
    if (ending) {
      return ending;
    }
    if (stage.signal.aborted) {
      return { stop: "cancelled" };
    }
  }
  return undefined;
}

async function act(stage: Stage, step: Step): Promise<Ending> {
  if ("say" in step) return update(stage, text(stage, "agent_message_chunk", step.say));
  if ("thought" in step) return update(stage, text(stage, "agent_thought_chunk", step.thought));
  if ("bigMessage" in step)
    return update(stage, text(stage, "agent_message_chunk", "x".repeat(step.bigMessage)));
  if ("plan" in step) {
    const entries = step.plan.map(({ content, status }) => ({ content, status, priority: "medium" }));
    return update(stage, { sessionUpdate: "plan", entries });
  }
  if ("toolCall" in step) return update(stage, { sessionUpdate: "tool_call", ...step.toolCall });
  if ("toolUpdate" in step) return update(stage, { sessionUpdate: "tool_call_update", ...step.toolUpdate });
  if ("update" in step) return update(stage, step.update);
  if ("requestPermission" in step) return askPermission(stage, step.requestPermission);
  if ("terminal" in step) return runInTerminal(stage, step.terminal);
  if ("writeFile" in step) return ask(stage, "fs/write_text_file", step.writeFile).then(nothing);
  if ("readFile" in step) return ask(stage, "fs/read_text_file", step.readFile).then(nothing);
  if ("request" in step) return ask(stage, step.request.method, step.request.params).then(nothing);
  if ("shell" in step) return runInShell(stage, step.shell);
  if ("own" in step) return runOwn(stage, step.own);
  if ("hooked" in step) {
    const { line, cwd = stage.cwd, after = [] } = step.hooked;
    const said = await askHook(stage.hooks, { ...step.hooked, cwd });
    record({ hook: { line, ...said } });
    return said.denied === null ? perform(stage, after) : undefined;
  }
  if ("change" in step) return changeFile(step.change);
  if ("changeByHost" in step) return changeByHost(stage, step.changeByHost);
  if ("repeat" in step) return repeat(stage, step.repeat.times, step.repeat.steps);
  if ("sleep" in step) return sleep(step.sleep, undefined, { signal: stage.signal }).catch(nothing);
  if ("junk" in step) return void process.stdout.write(`${step.junk}\n`);
  if ("stderr" in step) return void process.stderr.write(`${step.stderr}\n`);
  if ("exit" in step) return exit(step.exit);
  if ("hang" in step) return untilAborted(stage.signal);
  if ("ignoreCancel" in step) return void (stage.habits.ignoreCancel = true);
  if ("ignoreStdinClose" in step) return stayAlive(stage.habits);
  if ("ignoreTerm" in step) return void process.on("SIGTERM", () => record({ event: "SIGTERM" }));
  if ("stop" in step) return { stop: step.stop };
  return { error: step.fail };
}

function nothing(): undefined {
  return undefined;
}

function update(stage: Stage, update: object): undefined {
  stage.peer.notify("session/update", { sessionId: stage.sessionId, update });
}

function text(stage: Stage, sessionUpdate: string, text: string): object {
  stage.habits.calls += 1;
  return { sessionUpdate, messageId: `message-${stage.habits.calls}`, content: { type: "text", text } };
}

/** The host's answer, or none at all once it has cancelled. */
async function ask(stage: Stage, method: string, params: object): Promise<Answer> {
  const answer = stage.peer.request(method, { sessionId: stage.sessionId, ...params });
  const cancelled = { error: { code: -32_800, message: "cancelled" } };
  return Promise.race([answer, untilAborted(stage.signal).then(() => cancelled)]);
}

async function askPermission(
  stage: Stage,
  { options = "usual", ...permission }: Permission,
): Promise<Ending> {
  const { toolCall, sessionId = stage.sessionId } = permission;
  const offered = typeof options === "string" ? OPTIONS[options] : options;
  const answer = await ask(stage, "session/request_permission", { sessionId, toolCall, options: offered });
  const outcome =
    "result" in answer ? (answer.result as { outcome?: { optionId?: string } }).outcome : undefined;
  const chosen = offered.find((option) => option.optionId === outcome?.optionId);
  const allowed = chosen?.kind.startsWith("allow") === true;
  return perform(stage, (allowed ? permission.ifAllowed : permission.ifNot) ?? []);
}

async function runInTerminal(stage: Stage, terminal: Terminal): Promise<Ending> {
  const {
    toolCallId = `call-${(stage.habits.calls += 1)}`,
    killAfter,
    keep,
    cwd = stage.cwd,
    ...command
  } = terminal;
  const title = [command.command, ...(command.args ?? [])].join(" ");
  const tell = (status: string, more: object = {}): undefined =>
    update(stage, { sessionUpdate: "tool_call_update", toolCallId, status, ...more });
  const rawInput = { command: title, cwd };
  update(stage, {
    sessionUpdate: "tool_call",
    toolCallId,
    title,
    kind: "execute",
    status: "pending",
    rawInput,
  });
  const opened = await ask(stage, "terminal/create", { cwd, ...command });
  if ("error" in opened) {
    return tell("failed");
  }
  const { terminalId } = opened.result as { terminalId: string };
  tell("in_progress", { content: [{ type: "terminal", terminalId }] });
  if (killAfter !== undefined) {
    await sleep(killAfter);
    await ask(stage, "terminal/kill", { terminalId });
  }
  const ended = await ask(stage, "terminal/wait_for_exit", { terminalId });
  await ask(stage, "terminal/output", { terminalId });
  const rawOutput = "result" in ended ? ended.result : undefined;
  tell((rawOutput as { exitCode?: number })?.exitCode === 0 ? "completed" : "failed", { rawOutput });
  return keep === true ? undefined : ask(stage, "terminal/release", { terminalId }).then(nothing);
}

async function runOwn({ cwd }: Stage, { command, args, input, until }: Own): Promise<Ending> {
  const child = spawn(command, args, { cwd, stdio: ["pipe", "pipe", "pipe"] });
  const { pid } = child;
  let output = "";
  for (const each of [child.stdout, child.stderr]) {
    each.on("data", (data: Buffer) => {
      output += data.toString();
      if (output.includes(until)) child.stdin.end();
    });
  }
  child.stdin.write(input);
  const [code] = (await once(child, "close")) as [number | null];
  record({ shell: { line: [command, ...args].join(" "), pid, code, output } });
  return undefined;
}

async function runInShell(
  stage: Stage,
  { line, cwd = stage.cwd, wait = true, program }: Shell,
): Promise<Ending> {
  const stream = wait ? "pipe" : "ignore";
  const child = spawn(line, { shell: program ?? true, cwd, stdio: ["ignore", stream, stream] });
  const { pid } = child;
  record({ shell: { line, pid } });
  if (!wait) {
    return undefined;
  }
  let output = "";
  for (const each of [child.stdout, child.stderr]) {
    each?.on("data", (data: Buffer) => (output += data.toString()));
  }
  const [code] = (await once(child, "close")) as [number | null];
  record({ shell: { line, pid, code, output } });
  return undefined;
}

async function changeFile({ path, ...change }: Change): Promise<undefined> {
  const after = change.oldText === null ? change.newText : changed(await readFile(path, "utf8"), change);
  if (after === null) return record({ unchanged: path }) as undefined;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, after);
}

async function changeByHost(stage: Stage, { path, ...change }: Change): Promise<undefined> {
  const read = change.oldText === null ? null : await ask(stage, "fs/read_text_file", { path });
  const before = read !== null && "result" in read ? (read.result as { content: string }).content : "";
  const content = read === null ? change.newText : changed(before, change);
  if (content === null) return record({ unchanged: path }) as undefined;
  const written = await ask(stage, "fs/write_text_file", { path, content });
  if ("error" in written) record({ unchanged: path });
}

/** Null where the piece isn't there. */
function changed(text: string, { oldText, newText }: Omit<Change, "path">): string | null {
  return oldText === null || !text.includes(oldText) ? null : text.replace(oldText, () => newText);
}

async function repeat(stage: Stage, times: number, steps: readonly Step[]): Promise<Ending> {
  for (let round = 1; round <= times; round += 1) {
    const ending = await perform(stage, steps, round);
    if (ending) {
      return ending;
    }
  }
  return undefined;
}

/** Only once everything written has left: what came before the end is part of the script. */
async function exit(code: number): Promise<never> {
  await new Promise((resolve) => process.stdout.write("", resolve));
  process.exit(code);
}

async function untilAborted(signal: AbortSignal): Promise<undefined> {
  if (!signal.aborted) {
    await once(signal, "abort");
  }
}

const A_DAY_MS = 86_400_000;

function stayAlive(habits: Habits): undefined {
  habits.ignoreStdinClose = true;
  setInterval(nothing, A_DAY_MS);
}

function filledIn(step: Step, cwd: string, round: number): Step {
  // The rounds of an inner `repeat` are its own.
  const own = "repeat" in step ? "${n}" : String(round);
  return JSON.parse(JSON.stringify(step), (_key, value: unknown) =>
    typeof value === "string" ? value.replaceAll("${cwd}", cwd).replaceAll("${n}", own) : value,
  ) as Step;
}
