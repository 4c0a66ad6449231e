import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test, type TestContext } from "node:test";

import type { Choice } from "../../extension/approvals/approval.ts";
import type { Step } from "../../extension/verify/model/script.ts";
import { ScriptedModel } from "../../extension/verify/model/server.ts";
import { type AgentName, AGENTS } from "../../scripts/lib/agents.ts";
import { tempDir } from "../harness/temp.ts";
import { realAgent } from "../harness/realAgents.ts";
import { startChanged } from "../sessions/support/changed.ts";
import type { Row, TestSession } from "../sessions/support/session.ts";

/** By which doorways each agent's commands come in its profile. */
const DOORWAYS: Readonly<Record<AgentName, readonly string[]>> = {
  "claude-code": ["hook", "permission", "shim"],
  codex: ["hook", "shim"],
  opencode: ["permission", "shim"],
};

const RESET = "git reset --hard";
const MARKER = "marker-of-the-project";

interface Real {
  readonly opened: TestSession;
  readonly model: ScriptedModel;
  /** A file outside of the project, which isn't there. */
  readonly outside: string;
}

/** A session of a real agent, in a repository with an uncommitted change, whose model does these commands. */
async function openReal(
  t: TestContext,
  name: AgentName,
  options: { readonly answer?: Choice; readonly allowing?: boolean },
): Promise<Real | undefined> {
  const base = await tempDir(t);
  const outside = join(base, "outside.txt");
  const model = await ScriptedModel.start(
    new Map<string, readonly Step[]>([
      ["[outside]", [{ do: "write", path: outside, text: "written\n" }]],
      [
        "[work]",
        [
          { do: "run", command: "git status --short" },
          { do: "run", command: RESET },
        ],
      ],
      ["[tools]", [{ do: "call", tool: "gates", input: {} }]],
    ]),
  );
  t.after(() => model.stop());
  const agent = await realAgent(t, name, model, options);
  if (agent === undefined) return undefined;
  const instructions = `Say ${MARKER}.\n`;
  const opened = await startChanged(t, [], {
    agent: { ...agent, profile: name },
    committed: { "AGENTS.md": instructions, "CLAUDE.md": instructions },
    hooks: { seconds: 600 },
    mcp: true,
    startTimeoutMs: 120_000,
    ...(options.answer === undefined ? {} : { answer: options.answer }),
  });
  return { opened, model, outside };
}

/** Whether the agent's own report came first is chance. */
const known = (doorways: Row["doorways"]): readonly string[] | undefined =>
  doorways?.filter((each) => each !== "observed");
/** Agents run git for themselves, too. */
const modelRows = (opened: TestSession): readonly Row[] => opened.rows().filter(({ own }) => own !== true);
const toldOf = (opened: TestSession): string =>
  JSON.stringify([modelRows(opened), opened.said(), opened.of("notice")], null, 1);
const work = ({ project }: TestSession): Promise<string> => readFile(join(project, "a.txt"), "utf8");

for (const name of AGENTS) {
  describe(name, () => {
    test("a reset is held before it happens, also where the person has allowed everything", async (t) => {
      const real = await openReal(t, name, { allowing: true, answer: "reject" });
      if (real === undefined) return;
      const { opened, model } = real;
      await opened.session.prompt("[work]");
      assert.equal(opened.of("approval.opened").length, 1, toldOf(opened));
      assert.equal(await work(opened), "mine\n");
      const rows = modelRows(opened).map(({ title, status }) => [title, status]);
      assert.deepEqual(rows, [
        ["git status --short", "done"],
        [RESET, "rejected"],
      ]);
      assert.ok(model.wasTold(MARKER), "the project's instructions reach the model");
    });

    test("what is allowed once is one question and one row, by whichever doorways", async (t) => {
      const real = await openReal(t, name, { answer: "allow-once" });
      if (real === undefined) return;
      const { opened } = real;
      await opened.session.prompt("[work]");
      assert.equal(opened.of("approval.opened").length, 1, toldOf(opened));
      const row = modelRows(opened).find(({ title }) => title === RESET);
      assert.deepEqual(known(row?.doorways), DOORWAYS[name]);
      // Codex runs commands in a sandbox of its own, where .git can't be written.
      assert.equal(await work(opened), name === "codex" ? "mine\n" : "one\n");
    });

    test("a write outside the project is held before it happens, also where the person has allowed everything", async (t) => {
      const real = await openReal(t, name, { allowing: true, answer: "reject" });
      if (real === undefined) return;
      const { opened, outside } = real;
      await opened.session.prompt("[outside]");
      assert.ok(opened.of("approval.opened").length > 0, toldOf(opened));
      assert.equal(await readFile(outside, "utf8").catch(() => null), null, toldOf(opened));
      const doorways = modelRows(opened).flatMap((row) => known(row.doorways) ?? []);
      // Codex offers this model no tool that writes: it does so by a command.
      assert.deepEqual(doorways, [name === "codex" ? "hook" : "permission"], toldOf(opened));
    });

    test("it reaches Interlock's own tools", async (t) => {
      const real = await openReal(t, name, {});
      if (real === undefined) return;
      const { opened, model } = real;
      await opened.session.prompt("[tools]");
      const answers = model.seen.flatMap(({ said }) => said.filter(({ by }) => by === "tool"));
      assert.match(JSON.stringify(answers), /For findings: lint, typecheck, test|\{\\+"gates/);
      const rows = modelRows(opened).map(({ title, status, doorways }) => [title, status, known(doorways)]);
      assert.deepEqual(rows, [["interlock gates", "done", ["mcp"]]]);
    });
  });
}
