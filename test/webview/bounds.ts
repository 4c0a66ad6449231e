import type { EventBody } from "../../extension/events/event.ts";
import type { Banner } from "../../extension/panel/protocol.ts";
import { ROOT, SESSION } from "../panel/events.ts";

const BRANCH = "feature/agent/csv-export";
const FOLDER = "/home/me/.local/state/interlock/worktrees/sample-1a2b3c4d/csv-export";

const overLimit = {
  code: "spend.run",
  message: "This session has cost $5.12; the policy's limit is $5.00 a session.",
  next: "Go on for this session, or raise the limit in the policy.",
};

/** A session that was started for an environment, in a worktree, and is over its limit. */
export const bounded: readonly EventBody[] = [
  {
    type: "session.opened",
    agent: { id: "codex", name: "Codex" },
    cwd: ROOT,
    environment: "production",
  },
  { type: "session.worktree", branch: BRANCH, folder: FOLDER },
  { type: "session.tools", state: "reached", client: "codex-mcp-client 0.166.0" },
  { type: "session.usage", used: 124_000, size: 200_000, cost: { amount: 5.12, currency: "USD" } },
  { type: "session.state", state: { name: "ready" } },
  { type: "session.held", problem: overLimit },
];

export const bounds: readonly Banner[] = [
  {
    id: "held",
    level: "warning",
    problem: overLimit,
    action: { id: "go-on", label: "Go on, for this session" },
  },
  {
    id: "environment",
    level: "warning",
    problem: {
      code: "environment",
      message: "Started for production: commands may name its hosts unasked.",
      next: "Calls that programs make by themselves are not seen.",
    },
  },
];

/** A commit on a protected branch, with the way out. */
export const commitAsk: EventBody = {
  type: "approval.opened",
  approval: {
    id: "p1",
    session: SESSION,
    call: "held",
    kind: "change",
    act: "command",
    asked: "git add -A && git commit -m 'Export the report as CSV'",
    cwd: ROOT,
    rule: "git.commit.protected",
    reason: "Commits to a protected branch.",
    remedy: "Commit on a branch such as feature/agent/NAME, in a worktree of its own.",
    openedAt: Date.now() - 14_000,
    choices: ["allow-once", "allow-session", "worktree", "reject", "reject-stop"],
    covers: "git commit …",
    reasonGoes: "answer",
  },
};

export const movedOn: readonly EventBody[] = [
  { type: "approval.settled", approval: "p1", settlement: { choice: "worktree", by: "person" } },
  { type: "session.worktree", branch: BRANCH, folder: FOLDER },
  {
    type: "call",
    turn: 1,
    call: "held",
    patch: {
      status: "rejected",
      answeredBy: "person",
      problem: {
        code: "moved-to-worktree",
        message: `This goes on branch ${BRANCH}, in a worktree of its own: ${FOLDER}`,
        next: `What was changed in this session is there already (2 files). Work there from now on: begin with \`cd ${FOLDER}\`.`,
      },
    },
  },
];
