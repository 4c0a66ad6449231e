import assert from "node:assert/strict";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import { askHook, hookOf } from "../agents/hook.ts";
import type { Step } from "../agents/script.ts";
import { openChanged, startChanged } from "./support/changed.ts";
import type { Options, TestSession } from "./support/session.ts";

const CLAUDE: Options = { hooks: { seconds: 600 }, agent: { profile: "claude-code" } };
const CODEX: Options = { hooks: { seconds: 600 }, agent: { profile: "codex" } };
const RESET = "git reset --hard";

type More = Partial<Extract<Step, { hooked: unknown }>["hooked"]>;

/** What Claude Code does with a command: the hook, a permission, the line in a shell of its own, its report. */
function asked(toolCallId: string, line: string, { after: ran = [], ...more }: More = {}): Step[] {
  const toolCall = { toolCallId, title: line, kind: "execute", rawInput: { command: line } };
  const done: Step = { toolUpdate: { toolCallId, status: "completed", rawOutput: "" } };
  const permitted = [{ shell: { line, wait: true, cwd: more.cwd } }, ...ran, done];
  const after: Step[] = [{ requestPermission: { toolCall, ifAllowed: permitted } }];
  return [{ toolCall: { ...toolCall, status: "pending" } }, { hooked: { toolCallId, line, ...more, after } }];
}

/** The line without a question of the agent's own, as where a person's rule allows it. */
function unasked(line: string, more: More = {}): Step[] {
  const after: Step[] = [{ shell: { line, wait: true } }];
  return [{ hooked: { toolCallId: "a", line, ...more, after } }];
}

const work = ({ project }: TestSession): Promise<string> => readFile(join(project, "a.txt"), "utf8");

function hooked({ agent }: TestSession) {
  return agent.log().flatMap(({ hook }) => (hook === undefined ? [] : [hook]));
}

for (const [name, options] of [
  ["Claude Code", CLAUDE],
  ["Codex", CODEX],
] as const) {
  test(`by the settings of ${name}: hook, permission and shim are one question, one row, three sightings`, async (t) => {
    const opened = await openChanged(t, asked("a", RESET), { ...options, answer: "allow-once" });
    assert.equal(opened.of("approval.opened").length, 1);
    const { status, doorways, answeredBy } = opened.row();
    assert.deepEqual([status, doorways, answeredBy], ["done", ["hook", "permission", "shim"], "grant"]);
    assert.equal(await work(opened), "one\n");
    const decisions = (await opened.records()).filter(({ phase }) => phase === "decision");
    assert.deepEqual(
      decisions.map(({ doorway, enforcement, answeredBy: by }) => [doorway, enforcement, by]),
      [
        ["hook", "checked", "person"],
        ["permission", "checked", "grant"],
        ["shim", "through", "grant"],
      ],
    );
  });
}

test("a hook never says yes: the agent asks for permission as ever", async (t) => {
  const opened = await openChanged(t, asked("a", "git status"), CLAUDE);
  const [{ output, denied } = { output: "none", denied: "none" }] = hooked(opened);
  assert.deepEqual([output, denied], ["{}\n", null]);
  assert.deepEqual(opened.row().doorways, ["hook", "permission", "shim"]);
});

test("what a person rejects at the hook goes no further, and the agent reads why", async (t) => {
  const opened = await openChanged(t, asked("a", RESET), { ...CLAUDE, answer: "reject" });
  assert.match(hooked(opened)[0]?.denied ?? "", /^interlock: The person rejected this/);
  const { status, doorways } = opened.row();
  assert.deepEqual([status, doorways], ["rejected", ["hook"]]);
  assert.equal(await work(opened), "mine\n");
});

test("a spent yes, and one to another command, ask again", async (t) => {
  const other = asked("b", RESET);
  const twice = await openChanged(t, [...asked("a", RESET), { change: MINE }, ...other], {
    ...CLAUDE,
    answer: "allow-once",
  });
  assert.equal(twice.of("approval.opened").length, 2);
  const inside: Step[] = [
    {
      hooked: { toolCallId: "a", line: RESET, after: [{ shell: { line: "git checkout -- .", wait: true } }] },
    },
  ];
  const another = await openChanged(t, inside, { ...CLAUDE, answer: "allow-once" });
  assert.deepEqual(
    another.of("approval.opened").map(({ approval }) => approval.asked),
    [RESET, "git checkout -- ."],
  );
});

const MINE = { path: "${cwd}/a.txt", oldText: null, newText: "mine\n" };

test("the folder that the hook tells is the one that the agent's question is about", async (t) => {
  const opened = await startChanged(t, [asked("a", RESET, { cwd: "${cwd}/sub" })], {
    ...CLAUDE,
    answer: "allow-once",
  });
  await mkdir(join(opened.project, "sub"));
  await opened.session.prompt("go");
  assert.equal(opened.of("approval.opened").length, 1);
  assert.equal(opened.row().cwd, join(opened.project, "sub"));
});

test("at half of its time the hook says no, and a yes that comes later holds for the next try", async (t) => {
  const steps = asked("a", RESET);
  const opened = await startChanged(t, [steps, asked("b", RESET)], {
    hooks: { seconds: 1 },
    agent: { profile: "claude-code" },
  });
  await opened.session.prompt("go");
  assert.match(hooked(opened)[0]?.denied ?? "", /has not answered yet.* Try the same command again/);
  assert.equal(await work(opened), "mine\n");
  const { id, status, problem } = opened.row();
  assert.deepEqual([status, problem?.code], ["cancelled", "gave-up"]);
  assert.equal(opened.session.again.allowed(id), true);
  await opened.until("turn.ended", ({ turn }) => turn === 2);
  assert.equal(opened.of("approval.opened").length, 1);
  assert.equal(await work(opened), "one\n");
  assert.deepEqual(opened.rows()[1]?.doorways, ["hook", "permission", "shim"]);
});

const broken: readonly (readonly [string, More])[] = [
  ["is missing", { instead: "/nowhere/hook" }],
  ["is killed", { instead: "kill -9 $$" }],
  ["hangs", { instead: "sleep 30", patience: 200 }],
  ["prints rubbish", { instead: "cat >/dev/null; echo '{\"permissionDecision\": yes'" }],
  ["says yes to everything", { instead: YES() }],
];
test("a hook that fails lets nothing through: the programs ask", async (t) => {
  for (const [what, more] of broken) {
    const opened = await openChanged(t, unasked(RESET, more), { ...CLAUDE, answer: "reject" });
    assert.equal(hooked(opened)[0]?.denied, null, what);
    assert.deepEqual(
      opened.rows().map(({ status, doorways }) => [status, doorways]),
      [["rejected", ["shim"]]],
      what,
    );
    assert.equal(await work(opened), "mine\n", what);
  }
});

function YES(): string {
  const hookSpecificOutput = { hookEventName: "PreToolUse", permissionDecision: "allow" };
  return `cat >/dev/null; echo '${JSON.stringify({ hookSpecificOutput })}'`;
}

test("a hook that is ended while it waits withdraws its question, and the next doorway asks", async (t) => {
  const opened = await startChanged(t, [unasked(RESET, { patience: 500 })], CLAUDE);
  const turn = opened.session.prompt("go");
  const { settlement, seq } = await opened.until("approval.settled");
  assert.equal(settlement.by, "gave-up");
  const { approval } = await opened.until("approval.opened", (event) => event.seq > seq);
  opened.approvals.settle(approval.id, "reject", "person");
  await turn;
  assert.deepEqual(
    opened.rows().map(({ status, doorways }) => [status, doorways]),
    [
      ["cancelled", ["hook"]],
      ["rejected", ["shim"]],
    ],
  );
  assert.equal(await work(opened), "mine\n");
});

test("a hook whose host is gone, and one of another session, say no", async (t) => {
  const one = await startChanged(t, [[]], CLAUDE);
  const other = await startChanged(t, [[]], CLAUDE);
  const ask = (hook: ReturnType<typeof given>, instead?: string) =>
    askHook(hook, { toolCallId: "a", line: "ls", cwd: one.project, instead });
  const hook = given(one);
  assert.equal((await ask(hook)).denied, null);
  const foreign = await readFile(given(other)?.command ?? "", "utf8");
  const [here, there] = [pipes(given(one)?.command), pipes(given(other)?.command)];
  assert.match((await ask(hook, foreign.replaceAll(there, here))).denied ?? "", /another session/);
  await one.session.close();
  assert.match((await ask(hook, foreign.replaceAll(there, here))).denied ?? "", /not there any more/);
});

test("what a hook is handed by another version of an agent is refused or asked about, and never passes unread", async (t) => {
  const opened = await startChanged(t, [[]], { ...CLAUDE, answer: "reject" });
  const { command = "" } = given(opened) ?? {};
  const say = (told: string) =>
    askHook(undefined, {
      toolCallId: "a",
      line: "",
      cwd: opened.project,
      instead: `printf %s '${told}' | ${command}`,
    });
  assert.match((await say("no JSON")).denied ?? "", /can't be read/);
  assert.match((await say('{"tool_name":"Bash"}')).denied ?? "", /can't be read/);
  assert.match((await say('{"tool_name":"Bash","tool_input":{}}')).denied ?? "", /person rejected/);
  assert.equal(opened.row().title, "Bash");
});

function given({ agent }: TestSession) {
  const opening = agent.log().find(({ got }) => got?.method === "session/new");
  return hookOf(opening?.got?.params, {});
}

function pipes(command = ""): string {
  return command.replace(/\/hook$/, "");
}

test("commands of any length, with quotes, line ends and other scripts, come as they are", async (t) => {
  const line = `git reset --hard # "'\\ äöü 漢字 \n${"x".repeat(100_000)}`;
  const opened = await openChanged(t, unasked(line), { ...CLAUDE, answer: "reject" });
  assert.equal(opened.row().asked, line);
});

test("an agent that nothing is known of, and a person who wants none, get no hook", async (t) => {
  for (const options of [{ hooks: { seconds: 600 } }, { agent: { profile: "claude-code" } }] as Options[]) {
    const opened = await startChanged(t, [[]], options);
    assert.equal(given(opened), undefined);
  }
  const alone = await startChanged(t, [[]], { ...CLAUDE, shims: null });
  assert.ok(given(alone));
  assert.deepEqual((await readdir(pipes(given(alone)?.command))).includes("bin"), false);
});
