import * as l10n from "@vscode/l10n";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { AgentDefinition } from "../acp/agents.ts";
import { ApprovalStore } from "../approvals/store.ts";
import type { AgentProgram } from "../acp/connection.ts";
import type { TextFiles } from "../doorways/fs/access.ts";
import { diskFiles } from "../doorways/fs/disk.ts";
import { Gates, type GatesOptions } from "../gates/gates.ts";
import type { GateKeeper } from "../sessions/host.ts";
import { verifyFolder } from "./reports.ts";
import { InterlockError, type Problem } from "../errors.ts";
import type { SessionEvent } from "../events/event.ts";
import { type Git, succeeded } from "../git/run.ts";
import type { Session } from "../sessions/session.ts";
import { type ActId, ACTS, askedOf, keyOf, PLAN, promptOf, REPOSITORY, scriptOf } from "./acts.ts";
import { type AgentHome, cleanHome, type Copied, ownHome, writeHome } from "./home.ts";
import type { VerifiedId } from "./homes.ts";
import { type Evidence, judgeAct } from "./judge.ts";
import { answerOf, type Script } from "./model/script.ts";
import type { Request } from "./model/conversation.ts";
import { ScriptedModel } from "./model/server.ts";
import { makeThrowAway, removeThrowAway, type ThrowAway } from "./place.ts";
import type { HomeReport } from "./report.ts";

/** Agents answered each step of a scripted model in at most 5 s. */
const TURN_MS = 60_000;
const GIT_MS = 20_000;
const GIT_AS = [
  "-c",
  "user.name=Interlock",
  "-c",
  "user.email=interlock@example.invalid",
  "-c",
  "commit.gpgsign=false",
];

/** An app of its own: nothing of the person's windows, restore points or transcripts is touched. */
interface AppApart {
  readonly git: Pick<Git, "run">;
  openSession(agent: AgentDefinition, root: string): Promise<Session>;
  toldBy(agent: AgentDefinition): AgentProgram | null;
  dispose(): Promise<void>;
}

interface Apart {
  readonly environment: NodeJS.ProcessEnv;
  readonly files: TextFiles;
  readonly approvals: ApprovalStore;
  readonly roots: () => readonly string[];
  readonly gatesFor: (app: Pick<GatesOptions, "toolchain" | "processes">, root: string) => GateKeeper;
}

/** The app of the window or the command line. */
export interface VerifyHost {
  readonly version: string;
  readonly stateDirectory: string;
  /** The person's own: where their settings are looked for. */
  readonly environment: NodeJS.ProcessEnv;
  apart(others: Apart): AppApart;
}

export interface RunParts {
  readonly agent: AgentDefinition;
  readonly id: VerifiedId;
  readonly host: VerifyHost;
  readonly signal: AbortSignal;
  readonly onAct: (act: ActId) => void;
}

export interface HomeRun {
  readonly report: HomeReport;
  readonly program: AgentProgram | null;
}

/** Runs the plan once, in a clean home or with the person's settings. Null: they have none that would change anything. */
export async function runIn(home: HomeReport["home"], parts: RunParts): Promise<HomeRun | null> {
  const { agent, id, host } = parts;
  const { environment, stateDirectory } = host;
  const began = Date.now();
  const place = await makeThrowAway(verifyFolder(stateDirectory), environment);
  let model: ScriptedModel | undefined;
  try {
    const script = scriptOf(place);
    model = await ScriptedModel.start(script);
    const made: { readonly home: AgentHome; readonly copied: Copied } =
      home === "clean"
        ? { home: cleanHome(id, model.url, agent, environment), copied: { kept: [], left: [] } }
        : await ownHome(id, model.url, agent, environment);
    if (home === "own" && made.copied.kept.length === 0) return null;
    await writeHome(place.home, made.home);
    const tried = await tryAll(parts, { ...agent, env: made.home.env }, place, model, script);
    const { kept, left } = made.copied;
    const acts = tried.acts.map(judgeAct);
    const report = { home, kept: [...kept], left: [...left], problem: tried.problem, acts };
    return { report: { ...report, ms: Date.now() - began }, program: tried.program };
  } finally {
    await model?.stop();
    await removeThrowAway(place);
  }
}

interface Tried {
  readonly acts: readonly Evidence[];
  readonly problem: Problem | null;
  readonly program: HomeRun["program"];
}

async function tryAll(
  { host, signal, onAct }: RunParts,
  agent: AgentDefinition,
  place: ThrowAway,
  model: ScriptedModel,
  script: Script,
): Promise<Tried> {
  const approvals = new ApprovalStore();
  approvals.onChange((change) => {
    if (change.type === "opened") approvals.settle(change.approval.id, "reject", "person");
  });
  const app = host.apart({
    environment: place.environment,
    files: diskFiles,
    approvals,
    roots: () => [place.project],
    gatesFor: ({ toolchain, processes }, folder) => new Gates({ folder, toolchain, processes }),
  });
  try {
    await makeRepository(app.git, place);
    const session = await app.openSession(agent, place.project);
    const onAbort = (): void => void session.close();
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      if (signal.aborted) throw new InterlockError(stopped());
      await session.start();
      const acts = await tryEach(session, place, model, script, onAct);
      if (signal.aborted) throw new InterlockError(stopped());
      const { state } = session;
      const broken = acts.some(({ finished }) => !finished) ? unfinished(agent) : null;
      const problem = state.name === "crashed" ? state.problem : broken;
      return { acts, problem, program: app.toldBy(agent) };
    } finally {
      signal.removeEventListener("abort", onAbort);
      await session.close();
    }
  } finally {
    await app.dispose();
  }
}

async function tryEach(
  session: Session,
  place: ThrowAway,
  model: ScriptedModel,
  script: Script,
  onAct: (act: ActId) => void,
): Promise<readonly Evidence[]> {
  const acts: Evidence[] = [];
  for (const act of ACTS) {
    // One that hangs or fails once is not waited for again.
    if (session.state.name !== "ready" || acts.at(-1)?.finished === false) break;
    onAct(act);
    acts.push(await tryOne(act, session, place, model, script));
  }
  // What was done behind a turn's back is seen at the end.
  return Promise.all(acts.map((each) => seenAgain(each, place)));
}

async function seenAgain(evidence: Evidence, place: ThrowAway): Promise<Evidence> {
  const happened = await PLAN[evidence.act].happened(place, "");
  return happened ? { ...evidence, happened } : evidence;
}

async function tryOne(
  act: ActId,
  session: Session,
  place: ThrowAway,
  model: ScriptedModel,
  script: Script,
): Promise<Evidence> {
  const events: SessionEvent[] = [];
  const stopListening = session.listen((event) => events.push(event));
  try {
    const timer = new AbortController();
    const turn = session.prompt(promptOf(act)).then(
      (stop) => stop !== "failed",
      () => false,
    );
    const late = sleep(TURN_MS, "late" as const, { signal: timer.signal }).catch(() => "late" as const);
    let finished = await Promise.race([turn, late]);
    timer.abort();
    if (finished === "late") {
      await session.cancel();
      await turn;
      finished = false;
    }
    await session.checked();
    const asked = model.seen.filter((request) => isAbout(act, request));
    const used = asked.map((request) => answerOf(script, request)).find(({ kind }) => kind === "call");
    return {
      act,
      asked: shortened(askedOf(act, place), place),
      by: used?.kind === "call" ? used.tool.name : null,
      events,
      happened: await PLAN[act].happened(place, toldIn(asked.at(-1))),
      finished,
    };
  } finally {
    stopListening();
  }
}

/** Where the last prompt of the plan stands in what was said; -1 where none does. */
function lastPrompt({ said }: Request): number {
  return said.findLastIndex(
    (each) => each.by === "person" && ACTS.some((act) => each.text.includes(keyOf(act))),
  );
}

function isAbout(act: ActId, request: Request): boolean {
  const prompt = request.said[lastPrompt(request)];
  return prompt?.by === "person" && prompt.text.includes(keyOf(act));
}

/** What the agent's tools answered its model since then. */
function toldIn(request: Request | undefined): string {
  if (request === undefined) return "";
  const since = request.said.slice(lastPrompt(request) + 1);
  return since.map((each) => (each.by === "tool" ? each.text : "")).join("\n");
}

async function makeRepository(git: AppApart["git"], { project }: ThrowAway): Promise<void> {
  const steps = [
    ["init", "-q", "-b", "main"],
    ["add", "."],
    [...GIT_AS, "commit", "-q", "-m", "Verify"],
  ];
  for (const args of steps) {
    const ran = await git.run({ folder: project, args, timeoutMs: GIT_MS });
    if (!succeeded(ran)) throw new InterlockError(noRepository(ran.stderr || (ran.failure ?? "")));
  }
  for (const [name, text] of Object.entries(REPOSITORY.changed)) await writeFile(join(project, name), text);
}

/** Paths of a folder that is gone say nothing to anybody. */
function shortened(text: string, { top }: ThrowAway): string {
  return text.replaceAll(top, "~");
}

function noRepository(why: string): Problem {
  return {
    code: "verify.git",
    message: l10n.t("A repository to throw away could not be made: {0}", why.trim().split("\n")[0] ?? ""),
    next: l10n.t("Look whether git works here, with “interlock doctor”."),
  };
}

function unfinished({ name }: AgentDefinition): Problem {
  return {
    code: "verify.unfinished",
    message: l10n.t("{0} failed in a turn, or did not end it within {1} s.", name, TURN_MS / 1_000),
    next: l10n.t("Verify it again, when the machine has less to do."),
  };
}

function stopped(): Problem {
  return {
    code: "verify.stopped",
    message: l10n.t("Verifying was stopped."),
    next: l10n.t("Nothing was kept of it. Verify the agent again."),
  };
}
