import * as l10n from "@vscode/l10n";
import type { App } from "../app.ts";
import { findAgent } from "../acp/agents.ts";
import { InterlockError } from "../errors.ts";
import { visible } from "../text/visible.ts";
import type { Session } from "../sessions/session.ts";
import { complain } from "./complain.ts";
import { nextHere } from "./agentsFile.ts";
import type { RunArguments } from "./arguments.ts";
import { EXIT } from "./exit.ts";
import { refuseQuestions } from "./questions.ts";
import { TerminalView } from "./view.ts";

/** Runs one prompt with an agent. Nobody is there to ask: an ask is refused, and the agent reads so. */
export async function runSession(app: App, root: string, cwd: string, args: RunArguments): Promise<number> {
  const { agents, problems } = app.agents();
  for (const problem of problems) complain(`${problem.message} ${nextHere(problem, args.agents)}`);
  const agent = findAgent(agents, args.agent);
  if (!agent.ok) throw new InterlockError({ ...agent.error, next: nextHere(agent.error, args.agents) });
  const { prompt, environment, worktree, carry, pastLimit } = args;
  const session = await app.openSession(agent.value, root, {
    cwd,
    worktree,
    carry,
    words: prompt,
    ...(environment === undefined ? {} : { environment }),
  });
  // After the session, which tells first that it asks and then that it was refused.
  let refused = false;
  refuseQuestions(app, () => {
    refused = true;
  });
  const view = new TerminalView(process.stdout);
  session.listen((event) => {
    if (event.type === "call" && event.patch.status === "refused") refused = true;
    if (args.json) process.stdout.write(`${JSON.stringify(event)}\n`);
    else view.show(event);
  });
  const stopListening = obeySignals(session);
  try {
    await session.start();
    if (pastLimit) await session.budget.goOn();
    const status = await promptOnce(session, args);
    // The agent may say that all is done; a script must learn that something of it was not.
    return refused ? EXIT.failed : status;
  } finally {
    await session.close();
    stopListening();
  }
}

async function promptOnce(session: Session, { prompt, agents }: RunArguments): Promise<number> {
  if (session.state.name === "ready") {
    const stop = await session.prompt(prompt);
    await session.checked();
    if (stop === "cancelled") complain(l10n.t("The turn was stopped."));
    if (stop === "end_turn") return EXIT.allow;
  }
  if (session.state.name === "crashed") {
    const { problem, stderr } = session.state;
    complain(`${problem.message} ${nextHere(problem, agents)}`);
    for (const line of stderr) process.stderr.write(`  ${visible(line)}\n`);
  }
  return EXIT.failed;
}

/** The first Ctrl+C stops the turn, the second one everything. Other signals, and a reader that is gone, mean the end. */
function obeySignals(session: Session): () => void {
  let interrupts = 0;
  const onInterrupt = (): void => {
    const stops = ++interrupts === 1 && session.state.name === "working";
    void (stops ? session.cancel() : session.close());
  };
  const onEnd = (): void => void session.close();
  process.on("SIGINT", onInterrupt);
  for (const signal of ["SIGTERM", "SIGHUP"] as const) process.on(signal, onEnd);
  // Such as `| head`: nobody reads on.
  process.stdout.on("error", onEnd);
  return () => {
    process.off("SIGINT", onInterrupt);
    for (const signal of ["SIGTERM", "SIGHUP"] as const) process.off(signal, onEnd);
  };
}
