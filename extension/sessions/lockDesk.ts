import { join } from "node:path";
import { setImmediate, setTimeout as sleep } from "node:timers/promises";
import type { Approval, Settlement } from "../approvals/approval.ts";
import type { Grants } from "../approvals/grants.ts";
import type { CommandAct, DoorRequest } from "../door/act.ts";
import type { Call } from "../door/calls.ts";
import type { Considered } from "../door/considered.ts";
import { type LockGate, locksOf } from "../door/lockGate.ts";
import { fileDiff } from "../doorways/fs/diffs.ts";
import { messageOf, type Problem } from "../errors.ts";
import type { FileDiff } from "../events/event.ts";
import { dependencyChange } from "../toolchain/dependencyChange.ts";
import { type LockPlan, planChange, planLock } from "../toolchain/lockPlan.ts";
import { LOCK_FILES, type LockTrouble } from "../toolchain/locks.ts";
import type { FollowUps } from "./followUps.ts";
import type { Gestures } from "./gestures.ts";
import type { Ground, SessionHost } from "./host.ts";
import {
  agentsTurn,
  answeredText,
  failedText,
  lockSentence,
  notUpdated,
  personsTurn,
  staysAsItIs,
  updateLine,
} from "./lockTexts.ts";

export interface LockDeskParts {
  readonly session: string;
  readonly host: Pick<SessionHost, "locks" | "toolchain" | "processes" | "approvals">;
  readonly ground: () => Ground;
  readonly grants: Pick<Grants, "asItIs" | "useAsItIs">;
  readonly gestures: Pick<Gestures, "record">;
  readonly followUps: Pick<FollowUps, "decided" | "withdraw">;
  readonly why: () => string | undefined;
  /** What an update would change, shown with the call that needed it. */
  readonly show: (call: string, diffs: readonly FileDiff[]) => void;
  /** Runs what the person chose, at the door. Resolves with its exit code and what it printed; throws where it was not let through. */
  readonly run: (
    request: DoorRequest & { readonly act: CommandAct },
  ) => Promise<{ readonly exit: number | null; readonly output: string }>;
  readonly onProblem: (problem: Problem) => void;
}

/** One project whose lock was in the way. */
interface Case {
  readonly trouble: LockTrouble;
  readonly answer: "open" | "updating" | "rejected" | "nobody-there" | "answered";
  /** What is still to be said to the agent. */
  readonly owed?: string;
}

/** Nobody waits for the answer who could go away: the store withdraws the question when the session ends. */
const HELD = new AbortController().signal;
/** What a change of dependencies by its owner does, which a person chooses by `update-lock`. */
const UPDATE_EFFECTS = ["deps.change", "deps.install", "network", "read", "write"];
/** The agent is answered, and the person asked, after this time at most: what an update would change may come later. */
const PLAN_WAIT_MS = 5_000;
/** Characters of what the owner says of a failure: its last lines. */
const SAID = 600;

/**
 * What becomes of locks that are stale or missing, for one session. The agent is told at once whose turn it is, and the person
 * is asked once a project: the answer holds for all further commands, by whichever doorway they come.
 */
export class LockDesk implements LockGate {
  readonly #parts: LockDeskParts;
  readonly #cases = new Map<string, Case>();

  constructor(parts: LockDeskParts) {
    this.#parts = parts;
  }

  async problemOf(considered: Considered, call: Call): Promise<Problem | null> {
    const looked = await locksOf(considered, this.#parts.host.locks(this.#parts.ground()));
    if (looked === null) return null;
    for (const root of looked.fresh) this.#over(root);
    const { trouble } = looked;
    if (trouble === null) return null;
    const { root, stamp } = trouble;
    if (this.#parts.grants.asItIs(root)) {
      this.#over(root);
      return trouble.use === "install" ? staysAsItIs(trouble) : null;
    }
    const known = this.#cases.get(root);
    if (known === undefined || !stillAnswers(known, stamp)) {
      this.#cases.set(root, { trouble, answer: "open" });
      await this.#ask(trouble, considered.asked, call);
    }
    const answer = this.#cases.get(root)?.answer;
    return answer === "rejected" || answer === "nobody-there"
      ? agentsTurn(trouble, answer)
      : personsTurn(trouble);
  }

  async changesOf({ basis }: Considered): Promise<readonly FileDiff[]> {
    const { host } = this.#parts;
    const script = basis.scripts.at(-1);
    const change = script && dependencyChange(script, (folder) => host.toolchain.evidence(folder));
    const program = change && host.toolchain.runners()[change.manager];
    if (!change || !program) return [];
    const planned = planChange(change, change.folder, { program, args: change.args }, host.processes);
    const files = await Promise.race([planned, sleep(PLAN_WAIT_MS, null, { ref: false })]);
    return (files ?? []).map(({ path, oldText, newText }) => fileDiff(path, oldText, newText));
  }

  /** Opens the question, and resolves once it is open: where nobody is there, it is answered by then. */
  async #ask(trouble: LockTrouble, asked: string, call: Call): Promise<void> {
    const { host, show } = this.#parts;
    const planned = this.#plan(trouble);
    const plan = await Promise.race([planned, sleep(PLAN_WAIT_MS, null, { ref: false })]);
    void planned.then((each) => each !== null && show(call.id, [diffOf(trouble, each)]));
    const settled = host.approvals.open(this.#question(trouble, plan, asked, call), HELD);
    const answered = settled.then((settlement) => this.#answered(trouble, asked, settlement));
    await Promise.race([answered, setImmediate()]);
  }

  async #plan(trouble: LockTrouble): Promise<LockPlan | null> {
    const { toolchain, processes } = this.#parts.host;
    const program = toolchain.runners()[trouble.manager];
    return program === null ? null : planLock(trouble, program, processes);
  }

  #question(trouble: LockTrouble, plan: LockPlan | null, asked: string, call: Call): Omit<Approval, "id"> {
    const why = this.#parts.why();
    return {
      session: this.#parts.session,
      call: call.id,
      kind: "lock",
      act: "command",
      asked,
      run: updateLine(trouble),
      cwd: trouble.root,
      rule: `lock.${trouble.state}`,
      reason: lockSentence(trouble, plan),
      ...(plan === null ? {} : { diffs: [LOCK_FILES[trouble.manager].lock] }),
      ...(why === undefined ? {} : { why }),
      openedAt: Date.now(),
      choices: ["update-lock", "as-it-is", "reject"],
      reasonGoes: "prompt",
    };
  }

  async #answered(trouble: LockTrouble, asked: string, { choice, by }: Settlement): Promise<void> {
    const { root } = trouble;
    if (by !== "person") {
      this.#cases.set(root, { trouble, answer: by === "nobody-there" ? by : "answered" });
      return;
    }
    if (choice === "as-it-is") {
      const recorded = await this.#parts.gestures.record(
        `environment as it is in ${root}`,
        "person",
        "lock.as-it-is",
      );
      if (!recorded.ok) return this.#parts.onProblem(recorded.error);
      this.#parts.grants.useAsItIs(root);
      this.#owe(trouble, answeredText(trouble, asked, "as-it-is"));
    } else if (choice === "update-lock") {
      this.#cases.set(root, { trouble, answer: "updating" });
      const problem = await this.#update(trouble);
      if (problem !== null) this.#parts.onProblem(problem);
      const text = problem === null ? answeredText(trouble, asked, "updated") : failedText(trouble);
      this.#owe(trouble, text);
    } else this.#cases.set(root, { trouble, answer: "rejected" });
  }

  async #update(trouble: LockTrouble): Promise<Problem | null> {
    const { root, manager } = trouble;
    const program = this.#parts.host.toolchain.runners()[manager] ?? manager;
    const act: CommandAct = {
      kind: "command",
      line: updateLine(trouble),
      argv: [program, ...LOCK_FILES[manager].update],
      cwd: root,
      env: {},
    };
    const request = { act, asAsked: true, chosen: UPDATE_EFFECTS, signal: HELD };
    try {
      const { exit, output } = await this.#parts.run({ doorway: "terminal", ...request });
      return exit === 0 ? null : notUpdated(trouble, output.trim().slice(-SAID));
    } catch (error) {
      return notUpdated(trouble, messageOf(error));
    }
  }

  #owe(trouble: LockTrouble, text: string): void {
    this.#cases.set(trouble.root, { trouble, answer: "answered", owed: text });
    this.#parts.followUps.decided(text);
  }

  /** The lock is well, or its state doesn't matter any more: nothing is asked, and what was to be said of it is no news. */
  #over(root: string): void {
    const { host, session, followUps } = this.#parts;
    const { owed } = this.#cases.get(root) ?? {};
    if (owed !== undefined) followUps.withdraw(owed);
    const open = host.approvals.pending(session).find(({ kind, cwd }) => kind === "lock" && cwd === root);
    if (open !== undefined) host.approvals.settle(open.id, "reject", "cancelled");
    this.#cases.delete(root);
  }
}

/** True where what was answered, or is still asked, holds for the lock as it is now. */
function stillAnswers({ answer, trouble }: Case, stamp: string): boolean {
  if (answer === "answered") return false;
  return answer !== "rejected" || trouble.stamp === stamp;
}

function diffOf({ manager, root }: LockTrouble, { oldText, newText }: LockPlan): FileDiff {
  return fileDiff(join(root, LOCK_FILES[manager].lock), oldText, newText);
}
