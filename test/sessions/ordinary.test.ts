import assert from "node:assert/strict";
import { test } from "node:test";

import { skipWithout } from "../harness/tools.ts";
import { play } from "../soak/support/play.ts";
import { beginning, sessionScripts } from "../soak/support/script.ts";

/** A tenth of the campaign in test/soak/sessions.soak.ts: one of each language's tools, and of two ways to act. */
const HERE = ["04-sample-refactor", "07-itsdangerous-bug"];
/** Not the hour that each lasts in the campaign: what the person asks for first and second. */
const PROMPTS = 2;
/** Shorter than in the campaign: the alarm looks at fewer states. */
const PAUSE_MS = 20;

for (const name of HERE) {
  test(`an ordinary session is neither asked nor alarmed: ${name}`, async (t) => {
    for (const need of ["python", "uv", "bun", "ruff", "git"] as const)
      if (!(await skipWithout(t, need))) return;
    const script = (await sessionScripts()).find((each) => each.name === name);
    assert.ok(script);
    const { questions, refused, alarms, problems } = await play(beginning(script, PROMPTS), PAUSE_MS);
    assert.deepEqual(
      { questions, refused, alarms, problems },
      { questions: [], refused: [], alarms: [], problems: [] },
    );
  });
}
