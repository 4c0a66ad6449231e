import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { AgentDefinition } from "../acp/agents.ts";
import { messageOf } from "../errors.ts";
import type { Answers } from "./answers.ts";
import type { Entry, SessionBook } from "./book.ts";
import { showDoctor } from "./doctor.ts";
import { chooseFolder, fileUri } from "./folders.ts";
import type { GuardedTerminals } from "./guardedTerminals.ts";
import type { GuardOff } from "./guardOff.ts";
import type { InlineApprovals } from "./inline.ts";
import { plainMessage } from "./labels.ts";
import type { LazyApp } from "./lazyApp.ts";
import type { PolicyCommands } from "./policyCommands.ts";
import type { ProjectCards } from "./projectCards.ts";
import type { RestoreCommands } from "./restorePoints.ts";
import { howToStart } from "./starting.ts";
import type { RoutedCalls } from "./routedCalls.ts";
import type { RuleDrafts } from "./ruleDrafts.ts";
import { showGrants } from "./sessionGrants.ts";
import type { SessionView } from "./sessionView.ts";
import { openMachineSetting } from "./settings.ts";
import type { Texts } from "./texts.ts";
import type { Trust } from "./trust.ts";
import { verifiedBadge, verifyChosen } from "./verifying.ts";
import type { WorktreeCommands } from "./worktrees.ts";

interface CommandParts {
  readonly app: LazyApp;
  readonly book: SessionBook;
  readonly view: SessionView;
  readonly answers: Answers;
  readonly inline: InlineApprovals;
  readonly policy: PolicyCommands;
  readonly restore: RestoreCommands;
  readonly trust: Trust;
  readonly guardOff: GuardOff;
  readonly drafts: RuleDrafts;
  readonly texts: Texts;
  readonly routed: RoutedCalls;
  readonly terminals: GuardedTerminals;
  readonly projects: ProjectCards;
  readonly worktrees: WorktreeCommands;
}

/** Registers every command of package.json; a test compares the two. */
export function registerCommands(parts: CommandParts): vscode.Disposable {
  const {
    app,
    book,
    view,
    answers,
    inline,
    policy,
    restore,
    trust,
    guardOff,
    drafts,
    texts,
    routed,
    terminals,
    projects,
    worktrees,
  } = parts;
  const commands: Readonly<Record<string, (argument?: unknown) => unknown>> = {
    newSession: () => newSession(app, book, view, "last"),
    newSessionWith: () => newSession(app, book, view, "choose"),
    newSessionInWorktree: () => newSession(app, book, view, "last", true),
    openGuardedTerminal: () => terminals.open(),
    addAgent: () => addAgent(app),
    verifyAgent: () => verifyChosen(app, texts),
    openGuardMode: () => openMachineSetting("interlock.guard.mode"),
    sendPrompt: () => sendPrompt(book, view),
    stop: () => book.shown?.session?.cancel(),
    restart: () => (isInTerminal(book.shown) ? terminals.open() : restart(book)),
    closeSession: (argument) => closeSession(book, worktrees, entryOf(book, argument)),
    showSession: (id) => {
      const entry = typeof id === "string" ? book.byId(id) : undefined;
      if (entry !== undefined) book.show(entry);
      return view.reveal("prompt");
    },
    reviewApprovals: () => answers.review(),
    allowOnce: () => answers.front("allow-once"),
    reject: () => answers.front("reject"),
    writeRule: () => answers.writeRule(),
    editCommand: () => answers.editCommand(),
    addRule: (argument) => drafts.add(argument),
    otherRule: (argument) => drafts.other(argument),
    otherPolicy: (argument) => drafts.otherPolicy(argument),
    discardRule: (argument) => drafts.discard(argument),
    runAsAsked: () => routed.choose("runAsAsked"),
    dontRoute: () => routed.choose("dontRoute"),
    whyRoute: () => routed.choose("why"),
    sessionGrants: () => showGrants(book),
    approveEdit: (argument) => inline.approve(argument),
    rejectEdit: (argument) => inline.reject(argument),
    rejectEditWithReason: (argument) => inline.reject(argument),
    diffEdit: (argument) => inline.diff(argument),
    ruleForEdit: (argument) => {
      const approval = inline.approvalOf(argument);
      return approval && drafts.open(approval.session, approval.call);
    },
    showPanel: () => view.reveal("prompt"),
    showLog: () => view.reveal("log"),
    openAuditFile: () => openAuditFile(app, book),
    showProject: () => showProject(projects, view),
    getTools: () => projects.getMissingTools(),
    runGates: () => runGates(app, book),
    openPolicy: () => policy.open(),
    explain: (line) => policy.explain(typeof line === "string" ? line : undefined),
    createPolicy: () => policy.create(),
    showPolicyChanges: () => policy.showChanges(),
    applyPolicy: () => policy.apply(),
    trust: () => trust.start(),
    endTrust: () => trust.end(),
    switchGuardOff: () => guardOff.switchOff(),
    switchGuardOn: () => guardOff.switchOn(),
    doctor: () => showDoctor(app, book, texts),
    restorePoints: () => restore.list(),
    undoRestore: () => restore.undoLast(),
    bringBackWorktree: (argument) => worktrees.bringBack(book.entries.find((entry) => entry === argument)),
    cleanUpWorktrees: () => worktrees.cleanUp(),
    openWalkthrough: () =>
      vscode.commands.executeCommand("workbench.action.openWalkthrough", "interlock.interlock#start", false),
  };
  return vscode.Disposable.from(
    ...Object.entries(commands).map(([name, run]) =>
      vscode.commands.registerCommand(`interlock.${name}`, run),
    ),
  );
}

async function showProject(projects: ProjectCards, view: SessionView): Promise<void> {
  await projects.lookAnew();
  if (projects.count === 0) {
    const text = vscode.workspace.isTrusted
      ? l10n.t("No Python or JavaScript project here")
      : l10n.t("Nothing is looked at until this folder is trusted.");
    void vscode.window.showInformationMessage(text);
  } else await view.reveal("projects");
}

/** A row of the tree hands over its entry; the title bar and the palette mean the shown session. */
function entryOf(book: SessionBook, argument: unknown): Entry | undefined {
  return book.entries.find((entry) => entry === argument) ?? book.shown;
}

async function newSession(
  app: LazyApp,
  book: SessionBook,
  view: SessionView,
  how: "last" | "choose",
  worktree = false,
): Promise<void> {
  if (!vscode.workspace.isTrusted) {
    await vscode.commands.executeCommand("workbench.trust.manage");
    return;
  }
  const folder = await chooseFolder();
  if (folder === undefined) return;
  const loaded = await app.load();
  const { agents } = loaded.agents();
  const last = agents.find((agent) => agent.id === book.shown?.agentId) ?? agents[0];
  const agent = how === "last" && agents.length === 1 ? last : await chooseAgent(app, agents, last);
  if (agent === undefined) return;
  const options = await howToStart(loaded, folder.uri.fsPath, worktree);
  if (options === undefined) return;
  await view.reveal("prompt");
  try {
    await book.open(agent, folder, options);
  } catch (error) {
    await vscode.window.showErrorMessage(
      l10n.t("Interlock could not open a session: {0}", plainMessage(messageOf(error))),
    );
  }
}

async function chooseAgent(
  app: LazyApp,
  agents: readonly AgentDefinition[],
  last: AgentDefinition | undefined,
): Promise<AgentDefinition | undefined> {
  const add = { label: `$(add) ${l10n.t("Add an agent…")}`, agent: undefined };
  const loaded = await app.load();
  const items = await Promise.all(
    agents.map(async (agent) => {
      const badge = await verifiedBadge(loaded, agent);
      return {
        label: agent.name,
        description: agent === agents[0] ? l10n.t("no key, no model") : agent.command,
        ...(badge === undefined ? {} : { detail: badge }),
        agent,
      };
    }),
  );
  items.sort((a, b) => Number(b.agent === last) - Number(a.agent === last));
  const answer = await vscode.window.showQuickPick([...items, add], { placeHolder: l10n.t("Which agent?") });
  if (answer === add) await addAgent(app);
  return answer?.agent;
}

async function addAgent(app: LazyApp): Promise<void> {
  const adding = await import("./addAgent.ts");
  await adding.addAgent(app);
}

async function sendPrompt(book: SessionBook, view: SessionView): Promise<void> {
  const session = book.shown?.session;
  if (session === undefined) return;
  const text = await vscode.window.showInputBox({
    title: l10n.t("Prompt for {0}", session.agent.name),
    placeHolder: l10n.t("Ask the agent, or type / and a command"),
  });
  if (text === undefined || text.trim() === "") return;
  await view.reveal("conversation");
  await session
    .prompt(text)
    .catch((error: unknown) => vscode.window.showWarningMessage(plainMessage(messageOf(error))));
}

async function closeSession(
  book: SessionBook,
  worktrees: WorktreeCommands,
  entry: Entry | undefined,
): Promise<void> {
  if (entry === undefined) return;
  const { state } = entry.conversation.header;
  const inTerminal = isInTerminal(entry) && state === "ready";
  if (entry.session !== undefined && (inTerminal || state === "working" || state === "cancelling")) {
    const close = l10n.t("Close session");
    const answer = await vscode.window.showWarningMessage(
      inTerminal
        ? l10n.t("Close the session with its terminal?")
        : l10n.t("The agent is still working. Close its session?"),
      { modal: true, detail: l10n.t("Its commands are ended. What it wrote so far stays.") },
      close,
    );
    if (answer !== close) return;
  }
  await book.close(entry);
  void worktrees.offer(entry).catch(() => {});
}

function isInTerminal(entry: Entry | undefined): boolean {
  return entry?.conversation.header.terminal === true;
}

async function restart(book: SessionBook): Promise<void> {
  const { shown } = book;
  if (shown === undefined) return;
  await book
    .restart(shown)
    .catch((error: unknown) => vscode.window.showErrorMessage(plainMessage(messageOf(error))));
}

async function openAuditFile(app: LazyApp, book: SessionBook): Promise<void> {
  const root = book.shown?.root ?? vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
  if (root === undefined) return;
  // Also what an earlier window recorded today, before this one has a session.
  const place = await (await app.load()).places.open(root, root).catch(() => undefined);
  const path = place?.audit.path;
  if (path === undefined || !(await fileExists(vscode.Uri.file(path)))) {
    await vscode.window.showInformationMessage(
      l10n.t("Nothing was recorded today. Records are written from the first session on."),
    );
    return;
  }
  await vscode.window.showTextDocument(fileUri(path), { preview: true });
}

async function fileExists(uri: vscode.Uri): Promise<boolean> {
  return vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
}

async function runGates(app: LazyApp, book: SessionBook): Promise<void> {
  const root = book.shown?.root ?? (await chooseFolder())?.uri.fsPath;
  if (root === undefined) return;
  const place = await (await app.load()).places.open(root, root);
  await vscode.window.withProgress({ location: { viewId: "interlock.session" } }, () => place.gates.runAll());
}
