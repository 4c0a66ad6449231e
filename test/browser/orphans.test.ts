import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { basename } from "node:path";
import { test, type TestContext } from "node:test";

import type { Script } from "../agents/script.ts";
import { scriptedAgent } from "../agents/start.ts";
import { allProcesses, type Child, isInterlocks } from "../harness/children.ts";
import { InterlockPanel } from "../harness/interlock.ts";
import { quickPickRow, runCommand, screenshot, workbench } from "../harness/locators.ts";
import { eventually } from "../harness/processes.ts";
import { sampleFor } from "../harness/sample.ts";
import { tempDir } from "../harness/temp.ts";
import { skipWithout } from "../harness/tools.ts";
import { startVscode, type VscodeWindow } from "../harness/window.ts";

/** Handed on to every child, as anything that begins with `XDG_`: what carries it was started in this window. */
const MARK = "XDG_TEST_WINDOW";
const LONG = "sleep 300";
/** A helper that listens is told at once; the rest is the grace of those that don't, on a machine with two cores. */
const GONE_MS = 15_000;

interface Opened {
  readonly window: VscodeWindow;
  readonly panel: InterlockPanel;
  /** The extension host's processes: one for each page that was loaded and is still there. */
  readonly hosts: () => Promise<readonly number[]>;
  /** What Interlock started in this window, by program, as long as it runs. */
  readonly running: () => Promise<Readonly<Record<string, Child>>>;
}

async function open(t: TestContext, settings: Readonly<Record<string, unknown>> = {}): Promise<Opened> {
  const mark = randomUUID();
  const marked = async (): Promise<readonly Child[]> =>
    (await allProcesses()).filter(({ environment }) => environment[MARK] === mark);
  const window = await startVscode(t, { folder: await sampleFor(t), settings, env: { [MARK]: mark } });
  // What a failing test leaves must not meet the next one.
  t.after(async () => {
    for (const child of (await marked()).filter(isInterlocks)) process.kill(child.pid, "SIGKILL");
  });
  return {
    window,
    panel: await InterlockPanel.open(window.page),
    hosts: async () =>
      (await marked())
        .filter((child) => child.words.includes("--type=extensionHost") && !isInterlocks(child))
        .map(({ pid }) => pid),
    running: async () =>
      Object.fromEntries((await marked()).filter(isInterlocks).map((child) => [nameOf(child), child])),
  };
}

/** A program written for Node is known by its script. */
function nameOf({ words }: Child): string {
  const [program = "", ...rest] = words;
  if (basename(program) !== "node") return [basename(program), ...rest].join(" ");
  return basename(rest[0] ?? "");
}

async function needed(t: TestContext): Promise<boolean> {
  if (process.platform !== "linux") t.skip("only Linux shows which process began which");
  const all = [skipWithout(t, "chromium"), skipWithout(t, "code-server"), skipWithout(t, "python")];
  return process.platform === "linux" && (await Promise.all(all)).every((found) => found !== undefined);
}

/** A session that is at work on a command that takes long. */
async function work({ panel, running }: Opened): Promise<void> {
  await panel.send(`/run ${LONG}`);
  await eventually("the command runs", async () => LONG in (await running()));
}

/** What must not outlive a session; the supervisor and the language servers belong to the window. */
const ofSession = (running: object): string[] =>
  Object.keys(running).filter((name) => name === LONG || name === "agent.js");

void test("what Interlock starts ends with what it was started for", async (t) => {
  if (!(await needed(t))) return;
  const opened = await open(t);
  const { window, panel, running, hosts } = opened;
  assert.deepEqual(await running(), {}, "nothing before a session");

  await t.test("closing a session ends its agent and the command that it waits for", async () => {
    await panel.newSession();
    await work(opened);
    assert.deepEqual(ofSession(await running()).sort(), ["agent.js", LONG]);
    await runCommand(window.page, "Interlock: Close Session");
    await window.page.locator(".monaco-dialog-box").getByRole("button", { name: "Close session" }).click();
    await eventually("both end", async () => ofSession(await running()).length === 0, GONE_MS);
  });

  await t.test("an agent that is killed takes its command along, and can be restarted", async () => {
    await panel.newSession();
    await work(opened);
    process.kill((await running())["agent.js"]?.pid ?? 0, "SIGKILL");
    await eventually("the command ends", async () => ofSession(await running()).length === 0, GONE_MS);
    await panel.button("Restart").waitFor();
    assert.match(await panel.frame.locator(".end").innerText(), /stopped \(signal SIGKILL\)/);
    await screenshot(window.page, "killed");
    await panel.button("Restart").click();
    await panel.ready();
  });

  await t.test("a supervisor that is killed is replaced", async () => {
    const before = (await running())["supervisor.js"]?.pid ?? 0;
    process.kill(before, "SIGKILL");
    await eventually("another one", async () => {
      const after = (await running())["supervisor.js"]?.pid;
      return after !== undefined && after !== before;
    });
  });

  await t.test("an extension host that is killed leaves nothing", async () => {
    await panel.turn("/fix");
    await work(opened);
    await eventually("all are there", async () => {
      const names = Object.keys(await running());
      return ["agent.js", "supervisor.js", LONG].every((name) => names.includes(name));
    });
    // It is started for single edits; a look at the whole project, which commands cause, goes without it.
    t.diagnostic(`a type server ran, too: ${"ty server" in (await running())}`);
    const [host, ...others] = await hosts();
    assert.deepEqual(others, []);
    process.kill(host ?? 0, "SIGKILL");
    await eventually("all end", async () => Object.keys(await running()).length === 0, GONE_MS);
  });
});

/** An agent that stays whatever it is told, with commands of its own and in the host's terminals. */
const STUBBORN: Script = {
  onInitialize: [{ ignoreStdinClose: true }, { ignoreTerm: true }],
  turns: [
    [
      { shell: { line: "trap '' TERM HUP; exec sleep 301", wait: false } },
      { shell: { line: "setsid sleep 302 &", wait: false } },
      { terminal: { command: "sleep", args: ["300"] } },
    ],
  ],
};

void test("an agent that does not listen ends with its session, and with the window", async (t) => {
  if (!(await needed(t))) return;
  const { command, args } = scriptedAgent(await tempDir(t), STUBBORN);
  const stubborn = { id: "stubborn", name: "Stubborn agent", command, args };
  const opened = await open(t, { "interlock.agents": [stubborn] });
  const { window, panel, running } = opened;
  const start = async (on: InterlockPanel): Promise<void> => {
    await runCommand(window.page, "Interlock: New Session With…");
    await quickPickRow(window.page, "Stubborn agent").click();
    await on.ready();
    await on.send("go");
    await eventually("all run", async () => {
      const now = await running();
      return ["sleep 300", "sleep 301", "sleep 302", "scripted.ts"].every((name) => name in now);
    });
  };
  const left = async (): Promise<string[]> =>
    Object.keys(await running()).filter((name) => name.startsWith("sleep") || name === "scripted.ts");

  await t.test("closing the session", async () => {
    await start(panel);
    await runCommand(window.page, "Interlock: Close Session");
    await window.page.locator(".monaco-dialog-box").getByRole("button", { name: "Close session" }).click();
    await eventually("all end", async () => (await left()).length === 0, GONE_MS);
  });

  await t.test("reloading the window, which ends the supervisor too", async () => {
    await start(panel);
    const before = (await running())["supervisor.js"]?.pid;
    await window.page.reload();
    await workbench(window.page).waitFor();
    await eventually("all end", async () => (await left()).length === 0, GONE_MS);
    await eventually("the supervisor too", async () => (await running())["supervisor.js"]?.pid !== before);
  });
});

void test("agents that can't be used are named above the conversation, and break nothing", async (t) => {
  if (!(await needed(t))) return;
  const broken = { id: "Not an id", name: "Broken", command: "true" };
  const gone = { id: "gone", name: "Gone agent", command: "no-such-agent" };
  const { window, panel } = await open(t, { "interlock.agents": [broken, gone] });
  await panel.button("New session").click();
  await quickPickRow(window.page, "Gone agent").click();
  await panel.button("Restart").waitFor();
  const end = await panel.frame.locator(".end").innerText();
  assert.match(end, /Gone agent could not be started: “no-such-agent” was not found.*interlock\.agents/s);
  const banner = panel.frame.locator(".banner");
  assert.match(await banner.innerText(), /Agent number 1 .*can't be used.*Correct it in the setting/s);
  await screenshot(window.page, "agents");
  await runCommand(window.page, "Interlock: New Session With…");
  await quickPickRow(window.page, "Built-in helper").click();
  await panel.ready();
});
