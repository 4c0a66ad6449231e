import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, readFile, rm } from "node:fs/promises";
import { once } from "node:events";
import { dirname, join } from "node:path";
import { test, type TestContext } from "node:test";
import { fileURLToPath } from "node:url";

import { eventually } from "../harness/processes.ts";
import { tempDir } from "../harness/temp.ts";

const HOST = fileURLToPath(new URL("support/killedHost.ts", import.meta.url));
/** Nobody is there to wait for. */
const PATIENCE_MS = 20_000;

interface Ran {
  readonly code: number | null;
  readonly output: string;
}

interface Shell {
  readonly host: ChildProcess;
  readonly project: string;
  /** The folder of the channel. */
  readonly channel: string;
  /** Runs a line as the agent's shells do. */
  readonly run: (line: string, environment?: Readonly<Record<string, string>>) => Promise<Ran>;
}

async function started(t: TestContext): Promise<Shell> {
  const folder = await tempDir(t);
  const host = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", HOST, folder], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  t.after(() => void host.kill("SIGKILL"));
  await eventually("the host has learned", () => existsSync(join(folder, "environment")));
  const text = await readFile(join(folder, "environment"), "utf8");
  const given = Object.fromEntries(
    text
      .split("\0")
      .flatMap((line) =>
        line === "" ? [] : [[line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]],
      ),
  ) as Record<string, string>;
  const project = await readFile(join(folder, "project"), "utf8");
  t.after(() => rm(dirname(project), { recursive: true, force: true }));
  const run: Shell["run"] = async (line, environment = {}) => {
    const child = spawn("/bin/bash", ["-c", `${line}\nexit $?`], {
      cwd: project,
      env: { ...given, ...environment },
      timeout: PATIENCE_MS,
      killSignal: "SIGKILL",
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (output += String(data)));
    const [code] = (await once(child, "close")) as [number | null];
    return { code, output };
  };
  const [bin = ""] = given["PATH"]?.split(":") ?? [];
  return { host, project, channel: dirname(bin), run };
}

/** Also waits for those who end what the host has started: they know it by a variable that the lines here have, too. */
async function kill({ host }: Shell): Promise<void> {
  const { pid = 0 } = host;
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, "utf8")).split(" ").filter(Boolean);
  const ended = once(host, "exit");
  host.kill("SIGKILL");
  await ended;
  await eventually("its tree has ended", () => !children.some((child) => existsSync(`/proc/${child}`)));
}

/** For what is still there when the host is killed: nobody ends it then. */
const OTHER = { INTERLOCK_GROUP: "" };

const GONE = "interlock: Interlock is not there any more, so git was not run.\n";

test("a host that was killed: what is harmless passes, and all else is refused at once", async (t) => {
  const shell = await started(t);
  const { run, project, channel } = shell;
  const waiting = run("git reset --hard", OTHER);
  assert.equal((await run("git diff --stat")).code, 0);
  await kill(shell);
  assert.deepEqual(await waiting, { code: 126, output: GONE }, "what waited for an answer");
  assert.deepEqual(await run("git status -s"), { code: 0, output: " M a.txt\n" });
  assert.deepEqual(await run("git reset --hard"), { code: 126, output: GONE });
  assert.deepEqual(await run("git status -s", { GIT_DIR: "/elsewhere" }), { code: 126, output: GONE });
  const many = await run("for i in $(seq 60); do git clean -fdx & git diff --stat >/dev/null & done; wait");
  assert.equal(many.output, GONE.repeat(60));
  assert.equal((await run(`${channel}/hook <<< '{}'`)).code, 2);
  assert.equal(await readFile(join(project, "a.txt"), "utf8"), "mine\n");
  const { output } = await run("git status -s; trap -p; bash -c 'trap -p'");
  assert.equal(output, " M a.txt\n");
});

test("a folder of the shims that went while one of them starts: it is refused", async (t) => {
  const shell = await started(t);
  const kept = join(await tempDir(t), "bin");
  await mkdir(kept);
  await cp(join(shell.channel, "bin", "git"), join(kept, "git"));
  await kill(shell);
  await rm(shell.channel, { recursive: true });
  const path = "/usr/bin:/bin";
  for (const line of ["git reset --hard", "git status -s"])
    assert.deepEqual(await shell.run(line, { PATH: `${kept}:${path}` }), { code: 126, output: GONE });
  assert.deepEqual(await shell.run(`${kept}/git status -s`), { code: 126, output: GONE });
  assert.equal(await readFile(join(shell.project, "a.txt"), "utf8"), "mine\n");
});
