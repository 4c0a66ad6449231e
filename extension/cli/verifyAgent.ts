import * as l10n from "@vscode/l10n";
import { findAgent } from "../acp/agents.ts";
import type { App } from "../app.ts";
import { InterlockError } from "../errors.ts";
import { isGuardedPath } from "../state/runtimeFolder.ts";
import type { AgentsArguments } from "./arguments.ts";
import { nextHere } from "./agentsFile.ts";
import { complain } from "./complain.ts";
import { EXIT } from "./exit.ts";

/** `interlock agents verify`: tells what was tried, and what became of it. Ctrl+C stops it, and nothing is kept. */
export async function verifyOnTerminal(
  app: App,
  { id, json, agents: file }: AgentsArguments,
): Promise<number> {
  // Programs on the PATH of an agent's shell ask its own session: nothing could be told apart.
  if (isGuardedPath(app.environment["PATH"] ?? "")) {
    complain(
      l10n.t(
        "This is an agent's shell. Run it in a terminal of your own, or choose “Interlock: Verify Agent…”.",
      ),
    );
    return EXIT.failed;
  }
  const agent = findAgent(app.agents().agents, id);
  if (!agent.ok) throw new InterlockError({ ...agent.error, next: nextHere(agent.error, file) });
  const [{ verifyAgent }, { progressText, reportText }] = await Promise.all([
    import("../verify/verify.ts"),
    import("../verify/text.ts"),
  ]);
  const stop = new AbortController();
  const onSignal = (): void => stop.abort();
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, onSignal);
  try {
    const verified = await verifyAgent({
      agent: agent.value,
      host: app,
      signal: stop.signal,
      onProgress: (progress) => show(progressText(progress)),
    });
    show("");
    if (!verified.ok) throw new InterlockError(verified.error);
    const { value: report } = verified;
    process.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : `${reportText(report)}\n`);
    return report.ok ? EXIT.allow : EXIT.failed;
  } finally {
    for (const signal of signals) process.off(signal, onSignal);
  }
}

/** One line that is written over, for a person who waits. */
function show(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}
