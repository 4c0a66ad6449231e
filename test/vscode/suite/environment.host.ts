import assert from "node:assert/strict";
import { test } from "node:test";

import { startedFrom, variables } from "../../harness/children.ts";
import { appInEditor, EXTENSION, openSession, projectFolder } from "./support/session.ts";

/** What steers the editor and its helpers, and would steer a program that finds it by accident. */
const STEERING =
  /^(VSCODE_|CODE_SERVER_|ELECTRON_|NODE_OPTIONS$|GIT_ASKPASS$|GIT_EDITOR$|BROWSER$|APPLICATION_INSIGHTS)/;
const SECRET = "INTERLOCK_TEST_SECRET";

const steering = (environment: object): string[] =>
  Object.keys(environment).filter((name) => STEERING.test(name));

test("a command and an agent see none of the editor's own variables, and no secret", async (t) => {
  // Where the host has none, this would prove nothing.
  assert.ok(steering(process.env).length > 3, "the extension host has variables of its own");
  process.env[SECRET] = "hidden";
  process.env["NODE_OPTIONS"] = "--no-warnings";
  process.env["GIT_ASKPASS"] = "/bin/true";
  t.after(() => {
    for (const name of [SECRET, "NODE_OPTIONS", "GIT_ASKPASS"]) delete process.env[name];
  });
  const app = await appInEditor(t);
  const [builtin] = app.agents().agents;
  assert.ok(builtin);
  const opened = await openSession(t, app, builtin, await projectFolder(t));
  const { session } = opened;
  assert.equal(session.state.name, "ready", JSON.stringify(session.state));

  const children = await startedFrom(process.pid);
  const programs = children.map(({ words }) => words[1]?.replace(`${EXTENSION}/dist/`, ""));
  assert.deepEqual(new Set(programs), new Set(["agent.js", "supervisor.js"]));
  for (const { words, environment } of children) {
    assert.deepEqual(steering(environment), [], words.join(" "));
    assert.equal(environment[SECRET], undefined);
    // The programs that ask stand in front of an agent's.
    assert.ok(environment["PATH"]?.endsWith(process.env["PATH"] ?? "none"), environment["PATH"]);
  }

  await session.prompt("/run env");
  const seen = variables(opened.output().split(/\r?\n/));
  assert.ok(seen["PATH"], opened.output());
  assert.deepEqual(steering(seen), []);
  assert.equal(seen[SECRET], undefined);
});
