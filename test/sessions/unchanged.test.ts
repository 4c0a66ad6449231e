import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test, type TestContext } from "node:test";

import { findProgram } from "../../scripts/lib/programs.ts";
import type { Step } from "../agents/script.ts";
import { eventually } from "../harness/processes.ts";
import { tempDir } from "../harness/temp.ts";
import { openChanged, startChanged } from "./support/changed.ts";

const run = (line: string): Step => ({ shell: { line, wait: true, program: "/bin/bash" } });
const said = (opened: { readonly project: string }, name = "said"): Promise<string> =>
  readFile(join(opened.project, "..", name), "utf8");

/** Programs that ask, and are let through: with a route that changes nothing but their name, and without one. */
async function programs(t: TestContext, texts: Readonly<Record<string, string>>): Promise<string> {
  const folder = await tempDir(t);
  for (const [name, text] of Object.entries(texts))
    await writeFile(join(folder, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  return folder;
}

test("each exit status and each signal is that of the program", async (t) => {
  const path = await programs(t, { leave: 'exit "$1"', die: 'kill -s "$1" $$; sleep 5' });
  const line = `PATH=$PATH:${path}
    for code in 0 1 2 77 125 126 127 128 255; do leave $code; echo $?; done >../said 2>&1
    for name in INT TERM HUP PIPE USR1 KILL; do bash -c "die $name; exit \\$?"; echo $?; done >>../said 2>/dev/null`;
  const opened = await openChanged(t, [run(line)], { shims: ["leave", "die"], answer: "allow-once" });
  const codes = [
    0,
    1,
    2,
    77,
    125,
    126,
    127,
    128,
    255,
    128 + 2,
    128 + 15,
    128 + 1,
    128 + 13,
    128 + 10,
    128 + 9,
  ];
  assert.deepEqual((await said(opened)).trim().split("\n").map(Number), codes);
});

test("a hundred megabytes go in and out as they are", { timeout: 120_000 }, async (t) => {
  const path = await programs(t, { through: "exec cat" });
  const data = "seq 1 20000000 | head -c 100000000";
  const line = `PATH=$PATH:${path}; ${data} | through | through | sha256sum >../said; ${data} | sha256sum >>../said
    through </dev/null | wc -c >>../said; through < a.txt >>../said; echo left | { through | true; echo "\${PIPESTATUS[@]}"; } >>../said`;
  const opened = await openChanged(t, [run(line)], { shims: ["through"], answer: "allow-once" });
  const [one, other, ...rest] = (await said(opened)).split("\n");
  assert.equal(one, other);
  assert.equal(rest[0], "0");
  assert.equal(rest[1], "mine");
});

test("signals that were ignored or are handled stay so, and open files are those of the shell", async (t) => {
  const path = await programs(t, {
    looks:
      "grep -E 'SigIgn|SigBlk' /proc/self/status; ls -l /proc/self/fd | sed -n 's/.* -> //p' | grep -v '^/proc' | sort",
  });
  const line = `PATH=$PATH:${path}; exec 9>../nine </dev/null
    looks >../said; ${path}/looks >../direct; (trap '' PIPE HUP; looks >>../said; ${path}/looks >>../direct)`;
  const opened = await openChanged(t, [run(line)], { shims: ["looks"], answer: "allow-once" });
  const names = (text: string): string =>
    text.replaceAll(/(direct|said)/g, "out").replaceAll(/pipe:\[\d+\]/g, "pipe");
  assert.equal(names(await said(opened)), names(await said(opened, "direct")));
});

test("a program in a terminal has it, is stopped by Ctrl-C, and what goes on behind it goes on", async (t) => {
  const script = findProgram("script");
  if (script === undefined) return t.skip("script was not found.");
  const path = await programs(t, {
    waits: `[ -t 0 ] && [ -t 1 ] && [ -t 2 ] && echo "tty $(stty size)"; trap 'echo caught; exit 3' INT; echo ready; while :; do sleep 0.1; done`,
    plain: "echo begun; exec sleep 60",
  });
  // The agent's shell leaves what it was given; the terminal is one of the test's.
  const opened = await startChanged(t, [[run("env -0 >../new; mv ../new ../environment"), { hang: true }]], {
    shims: ["waits", "plain"],
    answer: "allow-once",
  });
  void opened.session.prompt("go").catch(() => {});
  await eventually("started", () =>
    said(opened, "environment").then(
      () => true,
      () => false,
    ),
  );
  const given = (await said(opened, "environment")).split("\0").flatMap((each) => {
    const sign = each.indexOf("=");
    return sign < 0 ? [] : [[each.slice(0, sign), each.slice(sign + 1)] as const];
  });
  const environment = Object.fromEntries(given);
  const line = "trap : INT; stty rows 33 cols 77; waits; echo status $?; plain; echo status $?; echo on";
  const child = spawn(script, ["-qec", `bash -c '${line}'`, "/dev/null"], {
    cwd: opened.project,
    env: { ...environment, PATH: `${environment["PATH"] ?? ""}:${path}`, TERM: "dumb" },
  });
  let output = "";
  child.stdout.on("data", (data) => (output += String(data)));
  await eventually("ready", () => output.includes("ready"));
  child.stdin.write("\x03");
  await eventually("begun", () => output.includes("begun"));
  child.stdin.write("\x03");
  await once(child, "close");
  assert.match(output, /tty 33 77[^]*caught[^]*status 3[^]*status 130[^]*on/);
});
