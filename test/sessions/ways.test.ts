import assert from "node:assert/strict";
import { test } from "node:test";

import { waysOf } from "../../extension/sessions/ways.ts";
import { McpClient } from "../harness/mcp.ts";
import { handed, repository } from "../doorways/mcp/support.ts";
import { openSession } from "./support/session.ts";

test("what agents were given to ask, and whether they did, is read from the transcripts of the project", async (t) => {
  const project = await repository(t, { "a.txt": "one\n" });
  const given = { mcp: true, shims: ["git"], hooks: { seconds: 60 } };
  const agent = { name: "Hooked", profile: "claude-code" } as const;
  const opened = await openSession(t, {}, { project, ...given, agent });
  const none = await openSession(t, {}, { project, base: opened.base });
  const began = Date.now();
  assert.deepEqual(
    opened.of("session.inside").map(({ shims, hook }) => [shims, hook]),
    [[true, true]],
  );
  assert.deepEqual(none.of("session.inside"), []);
  const [server] = handed(opened);
  assert.ok(server);
  const client = new McpClient(t, server);
  await client.initialize();
  await Promise.all([opened.session.close(), none.session.close()]);
  const ways = await waysOf(opened.state, [project, project]);
  assert.deepEqual(
    ways.map(({ way, agent: name, client: called }) => [way, name, called]),
    [
      ["mcp", "Hooked", "tester 1.0"],
      ["hook", "Hooked", undefined],
      ["shim", "Hooked", undefined],
    ],
  );
  assert.deepEqual(
    ways.map(({ given: at, used }) => [at !== null && at <= began, used !== null]),
    [
      [true, true],
      [true, false],
      [true, false],
    ],
  );
  assert.deepEqual(await waysOf(opened.state, ["/nowhere"]), []);
});

test("what an agent did in an earlier session counts where the newest has none of it", async (t) => {
  const project = await repository(t, { "a.txt": "one\n" });
  const first = await openSession(t, {}, { project, mcp: true });
  const [server] = handed(first);
  assert.ok(server);
  await new McpClient(t, server).initialize();
  await first.session.close();
  const second = await openSession(t, {}, { project, mcp: true, base: first.base });
  await second.session.close();
  const [mcp, ...others] = await waysOf(first.state, [project]);
  assert.deepEqual(others, []);
  assert.equal(mcp?.client, "tester 1.0");
  assert.ok((mcp.given ?? 0) > (mcp.used ?? 0));
});
