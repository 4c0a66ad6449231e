import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";

import { App } from "../../../extension/app.ts";
import { type Approval } from "../../../extension/approvals/approval.ts";
import { ApprovalStore } from "../../../extension/approvals/store.ts";
import { cliGates } from "../../../extension/cli/gates.ts";
import { diskFiles } from "../../../extension/doorways/fs/disk.ts";
import type { CallPatch } from "../../../extension/events/event.ts";
import { lossProblem } from "../../../extension/restore/alarm/texts.ts";
import { ownEnvironment } from "../../../scripts/lib/environment.ts";
import { CLONE_CACHE, DIST } from "../../../scripts/lib/paths.ts";
import { tools } from "../../harness/tools.ts";
import { scriptedAgent, type ScriptedAgent } from "../../agents/start.ts";
import { agentScript, personActs, personDone } from "./acts.ts";
import { makeProject, shell } from "./projects.ts";
import type { FileChange, ScriptStep, SessionScript } from "./script.ts";

/**
 * What such a session takes in reality. Recorded conversations hold scripted models, so this is an assumption: a tool
 * call with the model's turn before it takes 25 s, a prompt that the person reads and writes a minute.
 */
const CALL_MINUTES = 25 / 60;
const PROMPT_MINUTES = 1;
/** The alarm looks once more after everything. */
const ALARM_MS = 3_000;

export interface Question {
  readonly asked: string;
  readonly rule: string;
  readonly reason: string;
}

export interface Played {
  readonly script: SessionScript;
  readonly calls: number;
  readonly minutes: number;
  readonly questions: readonly Question[];
  /** What was refused without a question. */
  readonly refused: readonly Question[];
  readonly alarms: readonly string[];
  /** Steps that didn't go as the script says: then it is the script that is off, or Interlock got in its way. */
  readonly problems: readonly string[];
}

/**
 * Plays one session with an app as `interlock run` builds it, under `careful`. Whatever is asked is allowed. `pauseMs`
 * lies between two steps: a model thinks for seconds here; the alarm needs less to look at each state.
 */
export async function play(script: SessionScript, pauseMs: number): Promise<Played> {
  await mkdir(CLONE_CACHE, { recursive: true });
  // Not in a folder for throw-away files: what a person works on isn't there either.
  const base = await realpath(await mkdtemp(join(CLONE_CACHE, "session-")));
  const tmp = await realpath(await mkdtemp(join(tmpdir(), "agent-")));
  try {
    const project = join(base, script.project);
    await makeProject(project, script);
    return await playIn(script, base, project, tmp, pauseMs);
  } finally {
    for (const folder of [base, tmp]) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function playIn(
  script: SessionScript,
  base: string,
  project: string,
  tmp: string,
  pauseMs: number,
): Promise<Played> {
  const agent = scriptedAgent(base, agentScript(script, { base, tmp, pauseMs }));
  const { command, args } = agent;
  const app = await openApp(base, project);
  const questions: Question[] = [];
  const alarms: string[] = [];
  const calls = new Map<string, CallPatch>();
  app.approvals.onChange((change) => {
    if (change.type !== "opened") return;
    questions.push(questionOf(change.approval));
    setImmediate(() => app.approvals.settle(change.approval.id, "allow-once", "person"));
  });
  app.alarms.onLoss((raised) => alarms.push(lossProblem(raised).message));
  const problems: string[] = [];
  try {
    const definition = { id: script.agent, name: script.agent, command, args: [...args], env: {} };
    const session = await app.openSession(definition, project);
    session.listen((event) => {
      if (event.type === "call") calls.set(event.call, { ...calls.get(event.call), ...event.patch });
      if (event.type === "notice" && event.level !== "info" && event.loss === undefined)
        problems.push(event.problem.message);
      if (event.type === "message") void personsTurn(event.text);
    });
    const personsTurn = async (text: string): Promise<void> => {
      const index = script.steps.findIndex((_, at) => personActs(at) === text);
      const step = script.steps[index];
      if (step === undefined) return;
      await act(app, project, step).catch((error: unknown) => problems.push(`the person: ${String(error)}`));
      await writeFile(personDone(base, index), "");
    };
    await session.start();
    for (const step of script.steps) if (step.does === "prompt") await session.prompt(step.text);
    await new Promise((resolve) => setTimeout(resolve, ALARM_MS));
    await session.close();
  } finally {
    await app.dispose();
  }
  const rows = [...calls.values()];
  problems.push(...offScript(script, agent, rows, project, tmp));
  const count = (wanted: readonly ScriptStep["does"][]): number =>
    script.steps.filter(({ does }) => wanted.includes(does)).length;
  const acted = count(["run", "read", "edit"]);
  return {
    script,
    calls: acted,
    minutes: acted * CALL_MINUTES + count(["prompt"]) * PROMPT_MINUTES,
    questions,
    refused: rows.filter(({ status }) => status === "refused").map(refusalOf),
    alarms,
    problems,
  };
}

/** As extension/cli/main.ts does it, but for the answers. */
async function openApp(base: string, project: string): Promise<App> {
  const { node24: _, ...found } = await tools();
  const env = ownEnvironment();
  const folders = [...Object.values(found).map(dirname), dirname(process.execPath), env["PATH"]];
  return new App({
    version: "0.0.0",
    environment: {
      ...env,
      PATH: folders.join(delimiter),
      INTERLOCK_STATE_DIR: join(base, "state"),
      INTERLOCK_CONFIG_DIR: join(base, "config"),
    },
    files: diskFiles,
    approvals: new ApprovalStore(),
    roots: () => [project],
    settings: () => ({
      mode: "careful",
      shims: true,
      hooks: true,
      mcp: true,
      routing: "on",
      swap: "on",
      tellsRoute: true,
      agents: [],
    }),
    gatesFor: cliGates,
    baseline: false,
    programs: DIST,
  });
}

async function act(app: App, project: string, step: ScriptStep): Promise<void> {
  if (step.does === "person runs") await shell(project, step.line);
  if (step.does !== "person edits") return;
  const path = join(project, step.path);
  await change(path, step);
  // The editor tells of what is saved in it (extension/editor/saves.ts).
  app.alarms.changed([path]);
}

async function change(path: string, { oldText, newText }: FileChange): Promise<void> {
  const text = oldText === null ? "" : await readFile(path, "utf8");
  if (oldText !== null && !text.includes(oldText)) throw new Error(`${path} doesn't have ${oldText}`);
  await writeFile(path, oldText === null ? newText : text.replace(oldText, () => newText));
}

function questionOf({ asked, rule, reason }: Approval): Question {
  return { asked, rule, reason };
}

function refusalOf({ asked = "", rule = "", reason = "" }: CallPatch): Question {
  return { asked, rule, reason };
}

/** What ended in another way than the script expects. */
function offScript(
  script: SessionScript,
  agent: ScriptedAgent,
  rows: readonly CallPatch[],
  project: string,
  tmp: string,
): readonly string[] {
  const filled = (text: string): string => text.replaceAll("${cwd}", project).replaceAll("${tmp}", tmp);
  const log = agent.log();
  const runs = log.flatMap(({ shell: run }) => (run?.code === undefined ? [] : [run]));
  const shown = (line: string, code: unknown, output = ""): string =>
    `“${line}” ended with ${String(code)}: ${output.slice(-600)}`;
  const wrong = script.steps.flatMap((step) => {
    if (step.does !== "run") return [];
    const line = filled(step.line);
    const own =
      script.agent === "host"
        ? undefined
        : runs.splice(0, 1 + runs.findIndex((run) => run.line === line)).at(-1);
    const code = script.agent === "host" ? rows.find(({ asked }) => asked === line)?.exit : own?.code;
    if (code === undefined || code === null) return [shown(line, "nothing: it did not run")];
    if (step.succeeds === null || step.succeeds === (code === 0)) return [];
    return [shown(line, code, own?.output)];
  });
  const unchanged = log.flatMap(({ unchanged: path }) =>
    path === undefined ? [] : [`${path} was not changed`],
  );
  return [...wrong, ...unchanged];
}
