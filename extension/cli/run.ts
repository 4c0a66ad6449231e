import * as l10n from "@vscode/l10n";
import type { App } from "../app.ts";
import { findAgent } from "../acp/agents.ts";
import { InterlockError } from "../errors.ts";
import type { RunArguments } from "./arguments.ts";
import { EXIT } from "./exit.ts";
import { TerminalView } from "./view.ts";

/** Runs one prompt with an agent. Nobody is there to ask: an ask is refused, and the agent reads so. */
export async function runSession(app: App, root: string, cwd: string, args: RunArguments): Promise<number> {
  const { agents, problems } = app.agents();
  for (const problem of problems) process.stderr.write(`interlock: ${problem.message} ${problem.next}\n`);
  const agent = findAgent(agents, args.agent);
  if (!agent.ok) throw new InterlockError(agent.error);
  app.approvals.onChange((change) => {
    if (change.type === "opened") app.approvals.settle(change.approval.id, "reject", "nobody-there");
  });
  const session = await app.openSession(agent.value, root, cwd);
  const view = new TerminalView(process.stdout);
  session.listen((event) => {
    if (args.json) process.stdout.write(`${JSON.stringify(event)}\n`);
    else view.show(event);
  });
  let interrupts = 0;
  const onInterrupt = (): void => {
    // The first Ctrl+C stops the turn, the second one everything.
    void (++interrupts === 1 ? session.cancel() : session.close());
  };
  process.on("SIGINT", onInterrupt);
  process.on("SIGTERM", onInterrupt);
  try {
    await session.start();
    if (session.state.name === "crashed") {
      const { problem, stderr } = session.state;
      process.stderr.write(`interlock: ${problem.message} ${problem.next}\n`);
      for (const line of stderr) process.stderr.write(`  ${line}\n`);
      return EXIT.failed;
    }
    const stop = await session.prompt(args.prompt);
    await session.checked();
    if (stop === "cancelled") process.stderr.write(`interlock: ${l10n.t("The turn was stopped.")}\n`);
    return stop === "end_turn" ? EXIT.allow : EXIT.failed;
  } finally {
    process.off("SIGINT", onInterrupt);
    process.off("SIGTERM", onInterrupt);
    await session.close();
  }
}
