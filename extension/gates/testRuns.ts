import type { Processes } from "../process/processes.ts";
import type { Evidence } from "../toolchain/evidence.ts";
import type { Toolchain } from "../toolchain/toolchain.ts";
import { foldersWith, topmost } from "../toolchain/folders.ts";
import { pythonFolders } from "./pythonParts.ts";
import type { TestObservation } from "./tests.ts";

/** A suite that takes longer is run by hand. */
const TIMEOUT_MS = 15 * 60_000;
/** Of a suite's output the end is read: there is the summary. */
const OUTPUT_BYTES = 1024 * 1024;
/** What `npm init` writes where there are no tests. */
const PLACEHOLDER = /no test specified/;

export interface TestCommand {
  readonly argv: readonly string[];
  readonly cwd: string;
}

/** Runs a folder's own tests, each part by the command that its project means, one after another. */
export async function runTests(
  folder: string,
  toolchain: Toolchain,
  processes: Pick<Processes, "run">,
  signal: AbortSignal,
): Promise<readonly TestObservation[]> {
  const observations: TestObservation[] = [];
  for (const { argv, cwd } of await testCommands(folder, (each) => toolchain.evidence(each))) {
    const { command, args, env } = toolchain.resolve(argv, cwd);
    const result = await processes.run({
      command,
      args,
      cwd,
      timeoutMs: TIMEOUT_MS,
      maxBytes: OUTPUT_BYTES,
      signal,
      env: { NO_COLOR: "1", FORCE_COLOR: null, ...env },
    });
    if (signal.aborted) break;
    const output = `${result.stdout}\n${result.stderr}`;
    // A suite that was stopped, or could not be started, has said nothing.
    const exit = result.timedOut ? null : result.code;
    observations.push({ line: argv, cwd, exit, output, ms: result.ms });
  }
  return observations;
}

/** The commands that run a folder's own tests, as a person would type them. */
export async function testCommands(
  top: string,
  evidenceOf: (folder: string) => Evidence,
): Promise<readonly TestCommand[]> {
  const python = topmost(await pythonFolders(top)).filter((folder) => hasPytest(evidenceOf(folder)));
  const scripts = topmost(await foldersWith(top, (name) => name === "package.json")).filter((folder) => {
    const script = evidenceOf(folder).javascript.manifest?.scripts.get("test");
    return script !== undefined && !PLACEHOLDER.test(script);
  });
  return [
    ...python.map((cwd) => ({ argv: ["pytest"], cwd })),
    ...scripts.map((cwd) => ({ argv: [managerOf(evidenceOf(cwd)), "run", "test"], cwd })),
  ];
}

function hasPytest({ python }: Evidence): boolean {
  return (
    python.environment?.programs.has("pytest") === true ||
    python.lock?.versions.has("pytest") === true ||
    python.configured.has("pytest")
  );
}

function managerOf({ javascript }: Evidence): string {
  return javascript.owner.state === "owned" ? javascript.owner.manager : "npm";
}
