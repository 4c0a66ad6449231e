import type { EventBody } from "../../extension/events/event.ts";
import { ROOT } from "../panel/events.ts";

export const opened: readonly EventBody[] = [
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

export const gates: readonly EventBody[] = [
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

export const work: readonly EventBody[] = [
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

export const running: readonly EventBody[] = [
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

export const held: EventBody = {
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

export const crash: EventBody = {
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
