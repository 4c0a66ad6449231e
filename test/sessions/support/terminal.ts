import { spawn } from "node:child_process";
import { once } from "node:events";

import { withVariables } from "../../../extension/process/environment.ts";
import type { TestSession } from "./session.ts";

const strings = (): Record<string, string> =>
  Object.fromEntries(Object.entries(process.env).map(([name, value]) => [name, value ?? ""]));

/** Runs a line as a terminal of that session does, whoever that starts. */
export function inTerminal(
  { session, project }: TestSession,
  args: readonly string[],
  program = "bash",
  home?: string,
) {
  const { PATH: path, ...others } = session.terminal?.forCommand([], project) ?? {};
  // A person's shell gets the programs that ask by its start, as they say it; others by their PATH.
  const variables = home === undefined ? { PATH: path ?? "", ...others } : { HOME: home, ...others };
  const env = withVariables(strings(), variables);
  const child = spawn(program, args, { cwd: project, env, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  let warned = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (said += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (warned += text));
  const ended = once(child, "close").then(([code, signal]) => ({
    status: (signal ?? code) as number | string,
    said,
    warned,
  }));
  return { child, ended };
}
