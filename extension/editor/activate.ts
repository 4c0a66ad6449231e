import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { ApprovalStore } from "../approvals/store.ts";
import { Answers, noticeOf } from "./answers.ts";
import type { EditorAgent } from "./editorAgent.ts";
import { SessionBook } from "./book.ts";
import { registerCommands } from "./commands.ts";
import { GateDiagnostics } from "./diagnostics.ts";
import { GuardedTerminals } from "./guardedTerminals.ts";
import { GuardOff } from "./guardOff.ts";
import { InlineApprovals } from "./inline.ts";
import { intentHandlers, openAskedDiff } from "./intents.ts";
import { plainMessage } from "./labels.ts";
import { LazyApp } from "./lazyApp.ts";
import { offerTools } from "./lmTools.ts";
import { LossDiffs } from "./lossDiffs.ts";
import { LossNotice } from "./lossNotice.ts";
import { NoticedAgents } from "./noticedAgents.ts";
import { ApprovalNotice } from "./notify.ts";
import { ProjectCards } from "./projectCards.ts";
import { PolicyCommands } from "./policyCommands.ts";
import { PolicyWatch } from "./policyWatch.ts";
import { RestoreContents } from "./restoreContents.ts";
import { RestoreCommands } from "./restorePoints.ts";
import { RoutedCalls } from "./routedCalls.ts";
import { RuleDrafts } from "./ruleDrafts.ts";
import { SessionTree } from "./sessionTree.ts";
import { watchSaves } from "./saves.ts";
import { plainStrings, SESSION_VIEW, SessionView } from "./sessionView.ts";
import { readSettings } from "./settings.ts";
import { StatusBar } from "./statusBar.ts";
import { Texts } from "./texts.ts";
import { Trust } from "./trust.ts";
import { WorktreeCommands } from "./worktrees.ts";

/**
 * Builds the app for a window and joins it to the editor. Starts no process and writes no file. What it returns ends
 * the sessions with their agents, and waits for it.
 */
export async function activateEditor(context: vscode.ExtensionContext): Promise<() => Promise<void>> {
  if (vscode.l10n.bundle !== undefined) l10n.config({ contents: plainStrings(vscode.l10n.bundle) });
  const diagnostics = new GateDiagnostics();
  const { version } = context.extension.packageJSON as { version: string };
  const approvals = new ApprovalStore();
  const trust = new Trust(
    () => readSettings().mode,
    (trusting, by) => book.noteTrust(trusting, by),
  );
  const app = new LazyApp(
    version,
    approvals,
    diagnostics,
    (mode) => trust.over(mode),
    (built) => {
      lossNotice.listen(built);
      projects.changed();
      void policies.look();
    },
  );
  const book = new SessionBook(app, context.workspaceState);
  const texts = new Texts();
  const contents = new RestoreContents(app);
  const losses = new LossDiffs(app, texts);
  const guardOff = new GuardOff(book);
  const policies = new PolicyWatch(app, book, () => {
    view.refresh();
    void approvals.recheck();
  });
  const { edits } = policies;
  const policy = new PolicyCommands({ app, book, texts, edits, onChange: () => view.refresh() });
  const restore = new RestoreCommands({ app, book, contents });
  const worktrees = new WorktreeCommands({ app, book, contents, restore });
  const lossNotice = new LossNotice({
    book,
    isVisible: () => view.visible,
    bringBack: (loss) => restore.bringBackLost(loss),
  });
  const drafts = new RuleDrafts(app, book, texts);
  const routed = new RoutedCalls({ app, book, texts, drafts });
  const terminals = new GuardedTerminals(book);
  const noticed = new NoticedAgents(terminals, context.globalState);
  const tree = new SessionTree(book, noticed);
  const projects = new ProjectCards({
    app,
    book,
    texts,
    isVisible: () => view.visible,
    show: (cards) => view.projects(cards),
  });
  const handlers = intentHandlers({
    app,
    book,
    texts,
    policy,
    restore,
    drafts,
    routed,
    terminals,
    projects,
    losses,
  });
  const view = new SessionView(context, app, book, handlers, edits);
  const status = new StatusBar(approvals, book);
  const notice = new ApprovalNotice({
    store: approvals,
    describe: (approval) => noticeOf(book, approval),
    isVisible: () => view.visible,
    tell: async (text, button) =>
      (await vscode.window.showWarningMessage(plainMessage(text), button)) === button,
    show: () => void view.reveal("approvals"),
  });
  const inline = new InlineApprovals(approvals, book, (approval) =>
    openAskedDiff(book.byId(approval.session), texts, approval),
  );
  let editorAgent: EditorAgent | undefined;
  const refresh = (): void => {
    status.refresh();
    guardOff.refresh();
    void setContext("sessionCount", book.entries.length);
    void setContext("noticedCount", noticed.list.length);
    void setContext("pendingCount", approvals.pending().length);
    void setContext("state", book.shownState);
  };
  const stopListening = approvals.onChange(() => {
    refresh();
    view.refresh();
  });
  context.subscriptions.push(
    diagnostics,
    texts,
    status,
    notice,
    inline,
    view,
    trust,
    guardOff,
    terminals,
    noticed,
    tree,
    lossNotice,
    contents,
    losses,
    drafts,
    projects,
    policies,
    vscode.window.registerWebviewViewProvider(SESSION_VIEW, view),
    vscode.window.registerTreeDataProvider("interlock.sessions", tree),
    registerCommands({
      app,
      book,
      view,
      inline,
      answers: new Answers({ store: approvals, book, view, drafts, losses, texts }),
      drafts,
      policy,
      restore,
      trust,
      guardOff,
      texts,
      routed,
      terminals,
      projects,
      worktrees,
    }),
    view.onDidShow(() => projects.seen()),
    noticed.onChange(refresh),
    watchSaves(app),
    offerTools(async () => {
      const { EditorAgent } = await import("./editorAgent.ts");
      editorAgent ??= new EditorAgent(book, `${vscode.env.appName} ${vscode.version}`);
      return editorAgent;
    }),
    view.onDidHide(() => notice.hidden()),
    book.onChange(refresh),
    book.onOpened((session) => {
      if (trust.left > 0) void session.trust.note(true, "person");
    }),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("interlock")) view.refresh();
    }),
    { dispose: stopListening },
  );
  await book.restore();
  refresh();
  void policies.begin();
  return async () => {
    await book.dispose();
    await app.dispose();
  };
}

function setContext(key: string, value: unknown): Thenable<unknown> {
  return vscode.commands.executeCommand("setContext", `interlock.${key}`, value);
}
