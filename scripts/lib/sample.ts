import { cp, mkdir } from "node:fs/promises";
import { devNull } from "node:os";
import { join } from "node:path";

import { Stop } from "../boot/stop.mjs";
import { ownEnvironment } from "./environment.ts";
import { findProgram } from "./programs.ts";
import { mustRun } from "./process.ts";
import { ROOT } from "./paths.ts";

const FIXTURE = join(ROOT, "test", "fixtures", "sample");
const NETWORK = "Check that the package registries can be reached, and run the same command again.";

/** What the sample has without Python too; the empty name is the folder itself. */
const NOT_PYTHON = new Set(["", "README.md", ".gitignore", ".vscode", "data", "web"]);

export interface SampleTools {
  /** Absent: the Python half is left out. */
  readonly uv?: string;
  /** Absent: the TypeScript half is copied but not installed. */
  readonly bun?: string;
}

/**
 * Makes the sample in an empty folder: a small real project with a lint error and a misspelt name in each half, one
 * failing test, a commit on `main`, and work that is not committed. The lock of its Python half is made here, since a
 * lock names the package index it was made with.
 */
export async function makeSample(folder: string, tools: SampleTools): Promise<void> {
  const python = tools.uv !== undefined;
  await copy("project", folder, python);
  const env = { ...ownEnvironment(), UV_PYTHON_DOWNLOADS: "never" };
  await Promise.all([
    tools.uv && mustRun(tools.uv, ["sync", "--quiet"], NETWORK, { cwd: folder, env }),
    tools.bun &&
      mustRun(tools.bun, ["install", "--frozen-lockfile"], NETWORK, { cwd: join(folder, "web"), env }),
  ]);
  await commitAll(folder);
  await copy("working", folder, python);
}

async function copy(part: string, folder: string, python: boolean): Promise<void> {
  await mkdir(folder, { recursive: true });
  const source = join(FIXTURE, part);
  await cp(source, folder, {
    recursive: true,
    filter: (path) => {
      const inside = path.slice(source.length + 1).split(/[/\\]/);
      if (inside.includes("node_modules") || inside.includes(".venv")) return false;
      return python || NOT_PYTHON.has(inside[0] ?? "");
    },
  });
}

/** One commit by somebody who exists in this repository alone; the person's own git settings have no say in it. */
async function commitAll(folder: string): Promise<void> {
  const git = findProgram("git");
  if (!git) throw new Stop("git was not found.", "Install git, and run the same command again.");
  const env = { ...ownEnvironment(), GIT_CONFIG_GLOBAL: devNull, GIT_CONFIG_NOSYSTEM: "1" };
  const next = "See what git says above.";
  for (const args of [
    ["init", "--quiet", "--initial-branch=main"],
    ["config", "user.name", "Sample"],
    ["config", "user.email", "sample@example.invalid"],
    ["config", "commit.gpgsign", "false"],
    ["add", "--all"],
    ["commit", "--quiet", "--message", "Split what a trip cost"],
  ]) {
    await mustRun(git, args, next, { cwd: folder, env });
  }
}
