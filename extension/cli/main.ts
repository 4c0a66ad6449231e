import { realpath } from "node:fs/promises";
import { resolve } from "node:path";
import * as l10n from "@vscode/l10n";
import { App } from "../app.ts";
import { ApprovalStore } from "../approvals/store.ts";
import { diskFiles } from "../doorways/fs/disk.ts";
import { InterlockError, messageOf, systemCode } from "../errors.ts";
import { findRepository } from "../git/repository.ts";
import { type Arguments, readArguments } from "./arguments.ts";
import { complain } from "./complain.ts";
import { EXIT } from "./exit.ts";
import { usageText } from "./usage.ts";

/** Replaced by the build with the version of package.json. */
declare const INTERLOCK_VERSION: string;

/** `interlock`: the same app without an editor. */
async function main(argv: readonly string[]): Promise<number | NodeJS.Signals> {
  const parsed = readArguments(argv);
  if (!parsed.ok) {
    process.stderr.write(`interlock: ${parsed.error.message} ${parsed.error.next}\n`);
    return EXIT.usage;
  }
  const args = parsed.value;
  if (args === "help" || args === "version") {
    process.stdout.write(`${args === "help" ? usageText() : INTERLOCK_VERSION}\n`);
    return EXIT.allow;
  }
  const cwd = await existingFolder(args.cwd);
  const root = (await findRepository(cwd))?.root ?? cwd;
  const app = await buildApp(args, root);
  try {
    return await dispatch(args, app, root, cwd);
  } finally {
    await app.dispose();
  }
}

async function dispatch(
  args: Arguments,
  app: App,
  root: string,
  cwd: string,
): Promise<number | NodeJS.Signals> {
  switch (args.command) {
    case "check": {
      const { check, checkLines } = await import("./check.ts");
      if (args.explain) return (await import("./explain.ts")).explainCheck(app, root, cwd, args);
      return args.stdin ? checkLines(app, cwd, process.stdin) : check(app, root, cwd, args);
    }
    case "route": {
      const { printRoute } = await import("./route.ts");
      return printRoute(app, root, cwd, args);
    }
    case "run": {
      const { runSession } = await import("./run.ts");
      return runSession(app, root, cwd, args);
    }
    case "exec": {
      const { execGuarded } = await import("./exec.ts");
      return execGuarded(app, root, cwd, args);
    }
    case "policy": {
      const { policyCommand } = await import("./policy.ts");
      return policyCommand(app, root, cwd, args);
    }
    case "doctor": {
      const { printDoctor } = await import("./doctor.ts");
      return printDoctor(app, root, cwd, args);
    }
    case "tools": {
      const { toolsCommand } = await import("./tools.ts");
      return toolsCommand(app, args);
    }
    case "agents": {
      const { agentsCommand } = await import("./agents.ts");
      return agentsCommand(app, args);
    }
    case "restore": {
      const { restore } = await import("./restore.ts");
      return restore(app, cwd, args);
    }
    case "worktrees": {
      const { worktrees } = await import("./worktrees.ts");
      return worktrees(app, root, cwd, args);
    }
  }
}

async function buildApp(args: Arguments, root: string): Promise<App> {
  const agents = await agentsFor(args);
  const { cliGates } = await import("./gates.ts");
  return new App({
    version: INTERLOCK_VERSION,
    environment: process.env,
    files: diskFiles,
    approvals: new ApprovalStore({ attended: false }),
    roots: () => [root],
    settings: () => ({
      mode: args.mode,
      shims: true,
      hooks: true,
      mcp: true,
      routing: "on",
      tellsRoute: true,
      swap: args.swap,
      agents,
    }),
    gatesFor: cliGates,
    baseline: false,
  });
}

/** The agents of the person's file, for commands that speak of agents. A doctor tells of a file that can't be read, and goes on. */
async function agentsFor(args: Arguments): Promise<unknown> {
  const { readAgentsFile } = await import("./agentsFile.ts");
  if ("agents" in args) return readAgentsFile(args.agents);
  if (args.command !== "doctor") return [];
  return readAgentsFile(undefined).catch((error: unknown) => {
    complain(messageOf(error));
    return [];
  });
}

async function existingFolder(path: string): Promise<string> {
  try {
    return await realpath(resolve(path));
  } catch (error) {
    throw new InterlockError(
      {
        code: "cli.folder",
        message: l10n.t("There is no folder “{0}”.", path),
        next: l10n.t("Name an existing folder with “--cwd”."),
      },
      { cause: error },
    );
  }
}

// Whoever read has gone, as behind a pipe to `head`: the exit status still says what became of it.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error) => {
    if (systemCode(error) !== "EPIPE") throw error;
  });
}

const argv = process.argv.slice(2);
const status = await main(argv).catch((error: unknown) => {
  const next = error instanceof InterlockError ? ` ${error.next}` : "";
  process.stderr.write(`interlock: ${messageOf(error)}${next}\n`);
  return argv[0] === "exec" ? EXIT.notStarted : EXIT.failed;
});
if (typeof status === "number") process.exitCode = status;
// Ended as its command was: who waits for it sees the same.
else process.kill(process.pid, status);
