import { basename } from "node:path";
import * as l10n from "@vscode/l10n";
import { knownAgent } from "../acp/inTerminals.ts";
import type { App } from "../app.ts";
import { InterlockError, type Problem } from "../errors.ts";
import type { SessionEvent } from "../events/event.ts";
import { withVariables } from "../process/environment.ts";
import { type ForegroundRequest, runForeground } from "../process/foreground.ts";
import type { Session } from "../sessions/session.ts";
import { isGuardedPath } from "../state/runtimeFolder.ts";
import { terminalAgent } from "../sessions/terminal.ts";
import { parseArgv } from "../shell/parse.ts";
import { partsOf } from "../shell/parts.ts";
import type { ExecArguments } from "./arguments.ts";
import { complain } from "./complain.ts";
import { EXIT } from "./exit.ts";
import { refuseQuestions } from "./questions.ts";

/** Refused commands that are told by name. */
const TOLD = 5;

/**
 * Runs a command on this terminal, guarded as a session. Gives its exit status, or the signal that ended it. The terminal is the
 * command's as long as it runs: what is to be told waits until then, and questions are refused.
 */
export async function execGuarded(
  app: App,
  root: string,
  cwd: string,
  { name, words }: ExecArguments,
): Promise<number | NodeJS.Signals> {
  const [command, ...args] = words;
  // Another host inside would ask less, or with less at hand: its own git would have to ask the one around it.
  if (isGuardedPath(process.env["PATH"] ?? "")) {
    complain(l10n.t("the session around this one guards it already."));
    return runHere({ command, args, cwd, env: environment() });
  }
  const agent = terminalAgent(name ?? basename(command));
  const session = await app.openSession(agent, root, { cwd, terminal: { top: () => process.pid } });
  const refused: string[] = [];
  refuseQuestions(app, ({ asked }) => refused.push(asked));
  const news = new News();
  session.listen((event) => news.hear(event));
  try {
    const terminal = await armed(session);
    const place = session.place.cwd;
    const env = withVariables(environment(), terminal.forCommand(programsIn(words, place), place));
    news.tell();
    return await runHere({ command, args, cwd: place, env });
  } finally {
    await session.close(l10n.t("Its command has ended."));
    news.tell();
    tellRefused(refused);
  }
}

/** Throws where the session could not be armed: then nothing is run. */
async function armed(session: Session): Promise<NonNullable<Session["terminal"]>> {
  await session.start();
  const { terminal, state } = session;
  if (terminal !== undefined) return terminal;
  throw state.name === "crashed" ? new InterlockError(state.problem) : new Error("The session has ended.");
}

/** The programs that a command runs, in its wrappers (`timeout 60`); none where it starts a known agent, whichever program brings that. */
function programsIn(words: readonly string[], cwd: string): readonly string[] {
  const all = partsOf(parseArgv(words, { cwd })).map((part) => part.words.map((word) => word ?? ""));
  return all.some((each) => knownAgent(each) !== undefined) ? [] : all.map(([program = ""]) => program);
}

function environment(): Record<string, string> {
  const set = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return Object.fromEntries(set);
}

async function runHere(request: ForegroundRequest): Promise<number | NodeJS.Signals> {
  const { code, signal, failure } = await runForeground(request);
  if (failure !== undefined) return notRun(request.command, failure);
  return code ?? (signal as NodeJS.Signals | null) ?? EXIT.failed;
}

function notRun(command: string, failure: string): number {
  const missing = failure === "ENOENT";
  complain(
    missing ? l10n.t("{0} was not found.", command) : l10n.t("{0} can't be run ({1}).", command, failure),
  );
  return missing ? EXIT.notFound : EXIT.notRun;
}

function tellRefused(refused: readonly string[]): void {
  if (refused.length === 0) return;
  const said = new Set(refused);
  for (const asked of [...said].slice(0, TOLD)) complain(l10n.t("refused: {0}", asked));
  if (said.size > TOLD) complain(l10n.t("and {0} more", said.size - TOLD));
  complain(
    l10n.t(
      "Nobody can be asked while a command has this terminal. Work in a guarded terminal of VS Code to be asked, or write a rule: see “interlock policy init”.",
    ),
  );
}

/** What a person must know of the session, kept until the terminal is free. */
class News {
  #lines: string[] = [];

  hear(event: SessionEvent): void {
    if (event.type === "session.worktree")
      this.#lines.push(l10n.t("works on {0}, in {1}", event.branch, event.folder));
    if (event.type === "notice" && event.level !== "info") this.#lines.push(sentence(event.problem));
  }

  tell(): void {
    for (const line of this.#lines.splice(0)) complain(line);
  }
}

function sentence({ message, next }: Problem): string {
  return `${message} ${next}`;
}
