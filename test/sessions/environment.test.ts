import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import { AUDIT_FOLDER } from "../../extension/audit/log.ts";
import { compileLayer } from "../../extension/policy/compile.ts";
import type { PolicyInForce } from "../../extension/policy/decide.ts";
import type { Step } from "../agents/script.ts";
import { makeSession, openSession } from "./support/session.ts";

const environments = { production: ["*.prod.example.com"], staging: ["stage.example.com"] };
const policy: PolicyInForce = {
  sides: [[compileLayer("user", { version: 1, environments })]],
  unreadable: null,
};

const run = (command: string): Step => ({ terminal: { command } });
const TURNS = [
  [run("echo db.prod.example.com"), run("echo stage.example.com"), run("echo other.example.com")],
];

test("only the hosts of the environment that a person started the session for pass, and that is recorded", async (t) => {
  const opened = await openSession(t, { turns: TURNS }, { policy, environment: "staging", answer: "reject" });
  await opened.session.prompt("go");
  const asked = opened.of("approval.opened").map(({ approval }) => [approval.asked, approval.rule]);
  assert.deepEqual(asked, [["echo db.prod.example.com", "network.production"]]);
  assert.match(
    opened.of("approval.opened")[0]?.approval.reason ?? "",
    /Calls that programs make by themselves are not seen\.$/,
  );
  assert.equal(opened.of("session.opened")[0]?.environment, "staging");
  const [first] = await opened.records();
  assert.deepEqual(
    [first?.asked, first?.rule, first?.answeredBy, first?.allowed],
    ["environment staging", "session.environment", "person", true],
  );
});

test("a session that was started for none is asked about the hosts of all", async (t) => {
  const opened = await openSession(t, { turns: TURNS }, { policy, answer: "reject" });
  await opened.session.prompt("go");
  assert.equal(opened.of("approval.opened").length, 2);
  assert.equal("environment" in (opened.of("session.opened")[0] ?? {}), false);
});

test("an environment that can't be recorded is not open", async (t) => {
  const opened = await makeSession(t, { turns: TURNS }, { policy, environment: "staging", answer: "reject" });
  await writeFile(join(opened.project, AUDIT_FOLDER), "no folder");
  await opened.session.start();
  await opened.session.prompt("go");
  const row = opened.rows().find(({ asked }) => asked === "echo stage.example.com");
  assert.equal(row?.rule, "network.production");
  assert.equal(row?.status, "refused");
});

test("neither: a host that a program names by itself is not seen", async (t) => {
  const opened = await openSession(
    t,
    { turns: [[run("echo $(tr A-Z a-z < host.txt)")]] },
    { policy, answer: "reject" },
  );
  await writeFile(join(opened.project, "host.txt"), "DB.PROD.EXAMPLE.COM\n");
  await opened.session.prompt("go");
  assert.equal(opened.output(), "db.prod.example.com\n");
  assert.deepEqual(opened.of("approval.opened"), []);
});
