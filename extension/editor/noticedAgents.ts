import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { KnownAgent } from "../acp/known.ts";
import type { GuardedTerminals } from "./guardedTerminals.ts";

/** An agent at work in a terminal that nothing asks in. */
export interface Noticed {
  readonly agent: KnownAgent;
  readonly terminal: vscode.Terminal;
}

/** Kept for the person, over all windows: they don't want to be told any more. */
const NOT_TOLD = "interlock.unguardedAgents.notTold";

/**
 * Notices known agents in ordinary terminals, as far as the shells of those tell the editor what they run (shell integration). They are
 * listed while they run, and a person is told once for each terminal and agent.
 */
export class NoticedAgents implements vscode.Disposable {
  readonly #guarded: Pick<GuardedTerminals, "has" | "open">;
  readonly #memory: vscode.Memento;
  readonly #running = new Map<vscode.TerminalShellExecution, Noticed>();
  readonly #told = new WeakMap<vscode.Terminal, Set<string>>();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #disposables: readonly vscode.Disposable[];
  readonly onChange = this.#changed.event;

  constructor(guarded: Pick<GuardedTerminals, "has" | "open">, memory: vscode.Memento) {
    this.#guarded = guarded;
    this.#memory = memory;
    this.#disposables = [
      this.#changed,
      vscode.window.onDidStartTerminalShellExecution((event) => void this.#started(event)),
      vscode.window.onDidEndTerminalShellExecution(({ execution }) => {
        if (this.#running.delete(execution)) this.#changed.fire();
      }),
      vscode.window.onDidCloseTerminal((closed) => this.#closed(closed)),
    ];
  }

  get list(): readonly Noticed[] {
    return [...this.#running.values()];
  }

  dispose(): void {
    for (const each of this.#disposables) each.dispose();
  }

  async #started({ terminal, execution }: vscode.TerminalShellExecutionStartEvent): Promise<void> {
    if (this.#guarded.has(terminal)) return;
    // The parser is loaded once somebody types something, not before.
    const { agentIn } = await import("./agentIn.ts");
    const agent = agentIn(execution.commandLine.value, execution.cwd?.fsPath ?? "/");
    if (agent === undefined || terminal.exitStatus !== undefined) return;
    this.#running.set(execution, { agent, terminal });
    this.#changed.fire();
    await this.#tell(terminal, agent);
  }

  #closed(closed: vscode.Terminal): void {
    const over = [...this.#running].filter(([, { terminal }]) => terminal === closed);
    for (const [execution] of over) this.#running.delete(execution);
    if (over.length > 0) this.#changed.fire();
  }

  async #tell(terminal: vscode.Terminal, { name, program }: KnownAgent): Promise<void> {
    const told = this.#told.get(terminal) ?? new Set();
    if (told.has(program) || this.#memory.get(NOT_TOLD) === true) return;
    this.#told.set(terminal, told.add(program));
    const open = l10n.t("Open a guarded terminal");
    const never = l10n.t("Don't tell me again");
    const answer = await vscode.window.showInformationMessage(
      l10n.t(
        "{0} runs in a terminal that is not guarded by Interlock: nothing is asked there before it runs.",
        name,
      ),
      open,
      never,
    );
    if (answer === open) await this.#guarded.open();
    if (answer === never) await this.#memory.update(NOT_TOLD, true);
  }
}
