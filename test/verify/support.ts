import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import type { VerifyReport } from "../../extension/verify/report.ts";
import { ROOT } from "../../scripts/lib/paths.ts";
import { lastingDir, type Owner } from "../harness/temp.ts";

/** What no report, copy or log may hold. */
export const KEY = "sk-secret-Verysecret0123456789";

export interface Bench {
  /** The person's home folder, with settings and a key in it. */
  readonly home: string;
  readonly state: string;
  /** `interlock agents verify`, and what it said when it is over. */
  readonly verify: (id: string, ...more: string[]) => Running;
  /** What lies in the person's home, with its contents. */
  readonly own: () => Promise<Readonly<Record<string, string>>>;
  /** Processes that were started below the state folder, and live. */
  readonly left: () => Promise<readonly number[]>;
}

export interface Running {
  readonly kill: (signal: NodeJS.Signals) => void;
  readonly ended: Promise<{
    readonly code: number | null;
    readonly stdout: string;
    readonly stderr: string;
    /** Of `--json`. */
    readonly report: () => VerifyReport;
  }>;
}

/** A machine of a person with these agents and these files in their home. */
export async function bench(
  t: Owner,
  agents: readonly object[],
  files: Readonly<Record<string, string>> = {},
): Promise<Bench> {
  const base = await lastingDir(t);
  const [home, state] = [join(base, "home"), join(base, "state")];
  const file = join(home, "agents.json");
  for (const [path, text] of Object.entries({ ...files, "agents.json": JSON.stringify(agents) })) {
    await mkdir(dirname(join(home, path)), { recursive: true });
    await writeFile(join(home, path), text);
  }
  const env = { PATH: process.env["PATH"], HOME: home, INTERLOCK_STATE_DIR: state, MY_KEY: KEY };
  return {
    home,
    state,
    verify: (id, ...more) => {
      const words = [join(ROOT, "dist", "cli.js"), "agents", "verify", id, "--agents", file, ...more];
      const child = spawn(process.execPath, words, { cwd: home, env, stdio: ["ignore", "pipe", "pipe"] });
      t.after(() => void child.kill("SIGKILL"));
      let [stdout, stderr] = ["", ""];
      child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
      child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
      const ended = once(child, "close").then(([code]) => ({
        code: code as number | null,
        stdout,
        stderr,
        report: () => JSON.parse(stdout) as VerifyReport,
      }));
      return { kill: (signal) => void child.kill(signal), ended };
    },
    own: async () => {
      const entries = await readdir(home, { recursive: true, withFileTypes: true });
      const paths = entries
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => join(parentPath, name));
      return Object.fromEntries(
        await Promise.all(
          paths.toSorted().map(async (path) => [path, await readFile(path, "utf8")] as const),
        ),
      );
    },
    left: async () => {
      const found: number[] = [];
      for (const entry of await readdir("/proc")) {
        if (!/^\d+$/.test(entry)) continue;
        const environment = await readFile(`/proc/${entry}/environ`, "utf8").catch(() => "");
        if (environment.includes(`${state}/verify/run-`)) found.push(Number(entry));
      }
      return found;
    },
  };
}
