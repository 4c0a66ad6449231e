import type { EventBody } from "../../extension/events/event.ts";
import type { Banner, Place } from "../../extension/panel/protocol.ts";
import { ROOT } from "../panel/events.ts";
import { ask, askedAgain, depsAsk, fullAsk, gaveUp, lockAsk, longAsk, longLoss, ranEdited } from "./asks.ts";
import { banners, policyBanners } from "./banners.ts";
import { commitsLoss, lost, lostAndBack } from "./losses.ts";
import { bounded, bounds, commitAsk, movedOn } from "./bounds.ts";

/** A state of the panel as a person could meet it. */
export interface State {
  readonly name: string;
  readonly events: readonly EventBody[];
  readonly place?: Exclude<Place, "session">;
  readonly banners?: readonly Banner[];
  /** What a person did there: selectors to click, in order. */
  readonly clicks?: readonly string[];
  /** Pressed once a card takes answers. */
  readonly later?: readonly string[];
  readonly type?: string;
}

const opened: readonly EventBody[] = [
  { type: "session.opened", agent: { id: "codex", name: "Codex" }, cwd: ROOT },
  { type: "session.state", state: { name: "ready" } },
  {
    type: "session.commands",
    commands: [
      { name: "check", description: "Runs lint, types and tests" },
      { name: "lint", description: "Lints the project" },
      { name: "fix", description: "Mends what the linter can mend" },
      { name: "types", description: "Checks the types" },
      { name: "test", description: "Runs the tests" },
      { name: "install", description: "Installs the dependencies" },
      { name: "add", description: "Adds a dependency", hint: "PACKAGE" },
      { name: "run", description: "Runs a command", hint: "COMMAND" },
    ],
  },
];

const gates: readonly EventBody[] = [
  {
    type: "gate",
    report: { gate: "lint", state: "passed", findings: 0, tools: ["ruff 0.17.5"], at: 1, ms: 40 },
  },
  {
    type: "gate",
    report: { gate: "types", state: "failed", findings: 2, tools: ["ty 0.9"], at: 1, ms: 210 },
  },
  {
    type: "gate",
    report: { gate: "tests", state: "passed", findings: 0, passed: 41, tools: ["pytest"], at: 1, ms: 1_200 },
  },
];

const pytestOutput =
  "\u001b[1mtests/test_login.py\u001b[0m ....\u001b[31mF\u001b[0m..                                  [100%]\n" +
  "=================================== FAILURES ===================================\n" +
  "\u001b[31mE       assert 302 == 200\u001b[0m\n" +
  "\u001b[31m=========================== short test summary info ============================\u001b[0m\n" +
  "\u001b[31mFAILED\u001b[0m tests/test_login.py::test_redirect - assert 302 == 200\n" +
  "\u001b[31m1 failed\u001b[0m, \u001b[32m41 passed\u001b[0m in 1.02s\n";

const work: readonly EventBody[] = [
  { type: "session.title", title: "CSV export" },
  { type: "session.usage", used: 124_000, size: 200_000 },
  { type: "turn.started", turn: 1, prompt: "Make the login test stable, and export the report as CSV." },
  {
    type: "plan",
    turn: 1,
    entries: [
      { text: "Look at the fixture", status: "completed" },
      { text: "Add the test", status: "in_progress" },
      { text: "Write the exporter, with a header row and quoting as RFC 4180 has it", status: "pending" },
    ],
  },
  {
    type: "message",
    turn: 1,
    message: "t1",
    role: "thought",
    text: "The fixture makes a user with a random name.",
  },
  {
    type: "message",
    turn: 1,
    message: "m1",
    role: "agent",
    text:
      "I'll look at the fixture first. It is in `tests/conftest.py`.\n\n" +
      "Two things could be **unstable**:\n\n1. the *random* user name,\n2. the [session cookie](https://example.com/cookies), which expires.\n",
  },
  {
    type: "call",
    turn: 1,
    call: "read",
    patch: {
      kind: "read",
      title: `${ROOT}/tests/conftest.py`,
      status: "done",
      doorways: ["fs"],
      verdict: "allow",
      effects: ["read"],
    },
  },
  {
    type: "call",
    turn: 1,
    call: "edit",
    patch: {
      kind: "edit",
      title: `${ROOT}/tests/integration/accounts/test_login.py`,
      status: "done",
      doorways: ["fs"],
      verdict: "allow",
      rule: "write.project",
      effects: ["write"],
      diffs: [{ path: `${ROOT}/tests/integration/accounts/test_login.py`, added: 12, removed: 3 }],
      gates: [
        { gate: "lint", tool: "ruff", state: "passed", findings: 0, ms: 20 },
        { gate: "types", tool: "ty", state: "failed", findings: 2, ms: 90 },
      ],
    },
  },
  {
    type: "call",
    turn: 1,
    call: "pytest",
    patch: {
      kind: "command",
      title: "pytest -q",
      asked: "pytest -q",
      run: "uv run --locked pytest -q",
      cwd: ROOT,
      status: "failed",
      doorways: ["terminal"],
      verdict: "allow",
      rule: "run.project.test",
      reason: "Runs the project's own tests.",
      effects: ["run.project"],
      route: {
        kind: "same",
        rule: "uv.run.tool",
        from: "pytest -q",
        to: "uv run --locked pytest -q",
        reason: "uv.lock says that this project's environment is uv's.",
      },
      input: '{"command":"pytest -q","cwd":"/projects/sample"}',
      ms: 1_240,
      exit: 1,
    },
  },
  { type: "output", call: "pytest", text: pytestOutput },
  {
    type: "call",
    turn: 1,
    call: "reset",
    patch: {
      kind: "command",
      title: "git reset --hard",
      asked: "git reset --hard",
      status: "rejected",
      doorways: ["hook", "permission"],
      verdict: "ask",
      answeredBy: "person",
      rule: "git.reset.discard",
      reason: "Would throw away changes that are nowhere else.",
      effects: ["git.discard"],
    },
  },
  {
    type: "call",
    turn: 1,
    call: "rm",
    patch: {
      kind: "command",
      title: "rm -rf build",
      asked: "rm -rf build",
      status: "seen",
      doorways: ["observed"],
      effects: ["delete"],
    },
  },
  {
    type: "call",
    turn: 1,
    call: "push",
    patch: {
      kind: "command",
      title: "git push --force origin main",
      asked: "git push --force origin main",
      status: "refused",
      doorways: ["shim"],
      verdict: "deny",
      rule: "git.push.force",
      reason: "Would overwrite what others pushed.",
      effects: ["git.push.force"],
    },
  },
  {
    type: "message",
    turn: 1,
    message: "m2",
    role: "agent",
    text:
      'The test failed because of the redirect. This is the fix:\n\n```python\ndef login(client, user):\n    response = client.post("/login", data=user, follow_redirects=True)\n    assert response.status_code == 200\n```\n\n' +
      "| file | before | after |\n|---|---|---|\n| test_login.py | flaky | stable |\n\n- [x] fixture\n- [ ] exporter\n",
  },
  { type: "turn.ended", turn: 1, stop: "end_turn", ms: 34_000 },
];

const running: readonly EventBody[] = [
  { type: "session.state", state: { name: "working" } },
  { type: "turn.started", turn: 2, prompt: "/test" },
  {
    type: "call",
    turn: 2,
    call: "run",
    patch: {
      kind: "command",
      title: "pytest",
      asked: "pytest",
      run: "uv run --locked pytest",
      status: "running",
      doorways: ["terminal"],
      verdict: "allow",
      effects: ["run.project"],
      startedAt: Date.now() - 4_000,
    },
  },
  { type: "output", call: "run", text: "collected 42 items\n\ntests/test_login.py \u001b[32m....\u001b[0m" },
];

const held: EventBody = {
  type: "call",
  turn: 2,
  call: "held",
  patch: {
    kind: "command",
    title: "git reset --hard origin/main",
    asked: "git reset --hard origin/main",
    status: "held",
    doorways: ["terminal"],
    verdict: "ask",
  },
};

const crash: EventBody = {
  type: "session.state",
  state: {
    name: "crashed",
    problem: {
      code: "agent.exited",
      message: "Codex ended with status 101.",
      next: "Restart it, or copy a report for its makers.",
    },
    stderr: [
      "thread 'main' panicked at core/src/session.rs:412:31:",
      "called `Result::unwrap()` on an `Err` value: Disconnected",
      "note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace",
    ],
  },
};

export const STATES: readonly State[] = [
  { name: "welcome", events: [], place: "welcome" },
  { name: "untrusted", events: [], place: "untrusted" },
  { name: "no-workspace", events: [], place: "no-workspace" },
  {
    name: "starting",
    events: [
      { type: "session.opened", agent: { id: "codex", name: "Codex" }, cwd: ROOT },
      {
        type: "session.state",
        state: { name: "starting", waitsFor: "It is started, and asked what it can do." },
      },
    ],
  },
  { name: "ready", events: opened },
  { name: "worked", events: [...opened, ...gates, ...work] },
  { name: "working", events: [...opened, ...gates, ...work, ...running] },
  {
    name: "loss",
    events: [...opened, ...gates, ...work, ...running, held, ask("p1", "loss"), ask("p2", "change")],
  },
  {
    name: "loss-commits",
    events: [...opened, ...gates, ...work, ...running, held, commitsLoss],
  },
  {
    name: "loss-kept",
    events: [...opened, ...gates, ...work, ...running, held, ask("kept", "loss")],
  },
  {
    name: "loss-rest",
    events: [...opened, ...gates, ...work, ...running, held, ask("rest", "loss")],
  },
  {
    name: "loss-large",
    events: [...opened, ...gates, ...work, ...running, held, ask("large", "loss")],
  },
  {
    name: "answers",
    events: [...opened, ...gates, ...work, ...running, held, fullAsk()],
    clicks: [".more"],
  },
  {
    name: "edit",
    events: [...opened, ...gates, ...work, ...running, held, fullAsk()],
    clicks: [".more"],
    later: [".answer-line >> nth=3"],
  },
  { name: "proposed", events: [...opened, ...gates, ...work, ...running, held, fullAsk("allow")] },
  { name: "edited-again", events: [...opened, ...gates, ...work, ...running, held, askedAgain] },
  {
    name: "edited",
    events: [
      ...opened,
      ...running,
      held,
      fullAsk(),
      { type: "approval.settled", approval: "p1", settlement: { choice: "allow-once", by: "person" } },
      ranEdited,
    ],
  },
  {
    name: "reason",
    events: [...opened, ...gates, ...work, ...running, held, ask("p1", "unclear")],
    clicks: [".more", ".answer-line >> nth=0"],
  },
  { name: "long", events: [...opened, ...gates, ...work, ...running, held, longAsk] },
  { name: "long-loss", events: [...opened, ...gates, ...work, ...running, held, longLoss] },
  {
    name: "not-run",
    events: [
      ...opened,
      ...gates,
      ...work,
      ...running,
      held,
      ask("p1", "loss"),
      { type: "approval.settled", approval: "p1", settlement: { choice: "reject", by: "gave-up" } },
      gaveUp,
    ],
  },
  { name: "unclear", events: [...opened, ...gates, ...work, ...running, held, ask("p1", "unclear")] },
  { name: "change", events: [...opened, ...gates, ...work, ...running, held, ask("p1", "change")] },
  { name: "lock", events: [...opened, ...gates, ...work, ...running, held, lockAsk] },
  { name: "deps", events: [...opened, ...gates, ...work, ...running, held, depsAsk] },
  { name: "plan", events: [...opened, ...gates, ...work], clicks: [".plan-line"] },
  { name: "details", events: [...opened, ...gates, ...work], clicks: ['[data-status="failed"] .twist'] },
  { name: "log", events: [...opened, ...gates, ...work], clicks: ["#tab-log"] },
  { name: "log-empty", events: opened, clicks: ["#tab-log"] },
  { name: "choices", events: [...opened, ...gates, ...work], type: "/" },
  { name: "crashed", events: [...opened, ...gates, ...work, crash] },
  {
    name: "ended",
    events: [
      ...opened,
      ...work,
      { type: "session.state", state: { name: "ended", reason: "The session was closed." } },
    ],
  },
  {
    name: "crashed-silent",
    events: [
      ...opened,
      {
        type: "session.state",
        state: {
          name: "crashed",
          problem: {
            code: "agent.ended",
            message: "Codex stopped (exit code 9).",
            next: "Restart it. It said nothing of why.",
          },
          stderr: [],
        },
      },
    ],
  },
  { name: "banners", events: [...opened, ...gates, ...work], banners },
  { name: "policy", events: [...opened, ...gates, ...work], banners: policyBanners },
  { name: "bounded", events: [...opened, ...gates, ...work, ...bounded], banners: bounds, type: "Go on" },
  { name: "protected", events: [...opened, ...gates, ...work, ...running, held, commitAsk] },
  { name: "moved", events: [...opened, ...gates, ...work, ...running, held, commitAsk, ...movedOn] },
  { name: "lost", events: [...opened, ...gates, ...work, lost] },
  { name: "lost-back", events: [...opened, ...gates, ...work, ...lostAndBack] },
  {
    name: "terminal",
    events: [
      {
        type: "session.opened",
        agent: { id: "terminal", name: "Guarded terminal" },
        cwd: ROOT,
        terminal: true,
      },
      ...opened.slice(1, 2),
    ],
  },
];
