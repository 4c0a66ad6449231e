import * as vscode from "vscode";
import type { PolicyProblem } from "../policy/read.ts";
import type { PolicySource } from "../policy/source.ts";
import { fileUri } from "./folders.ts";
import { RULE_SCHEME } from "./ruleDrafts.ts";

/** Typing goes quiet before a text is read: a half-written line is always wrong. */
const QUIET_MS = 300;

/** What is wrong with the policy files, among the editor's problems: as they are saved, and as they are being typed. */
export class PolicyDiagnostics implements vscode.Disposable {
  readonly #sources: () => readonly PolicySource[];
  readonly #collection = vscode.languages.createDiagnosticCollection("interlock-policy");
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #disposables: readonly vscode.Disposable[];

  /** `sources`: those that were read so far. */
  constructor(sources: () => readonly PolicySource[]) {
    this.#sources = sources;
    this.#disposables = [
      this.#collection,
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#typed(document)),
      // Closed without saving: the file on the disk counts.
      vscode.workspace.onDidCloseTextDocument((document) => this.#closed(document)),
    ];
  }

  /** The files as they lie on the disk; what is being typed has its own. */
  refresh(): void {
    for (const source of this.#sources()) {
      const { user, project } = source.current();
      for (const { path, problems } of [user, project]) {
        const uri = fileUri(path);
        const open = vscode.workspace.textDocuments.find((each) => each.uri.toString() === uri.toString());
        if (open?.isDirty !== true) this.#show(uri, problems, open);
      }
    }
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    for (const each of this.#disposables) each.dispose();
  }

  #typed(document: vscode.TextDocument): void {
    if (!this.#isPolicy(document)) return;
    const key = document.uri.toString();
    clearTimeout(this.#timers.get(key));
    this.#timers.set(
      key,
      setTimeout(() => void this.#read(document), QUIET_MS),
    );
  }

  #closed(document: vscode.TextDocument): void {
    if (document.uri.scheme === RULE_SCHEME) this.#collection.delete(document.uri);
    if (this.#isPolicy(document)) this.refresh();
  }

  async #read(document: vscode.TextDocument): Promise<void> {
    const [{ readPolicy }, { probe }] = await Promise.all([
      import("../policy/read.ts"),
      import("../door/probe.ts"),
    ]);
    if (document.isClosed) return;
    // Caught up with the file: what was marked has moved with the text.
    if (!document.isDirty && document.uri.scheme !== RULE_SCHEME) {
      this.#collection.delete(document.uri);
      return this.refresh();
    }
    const read = readPolicy(document.getText(), probe);
    this.#show(document.uri, read.ok ? [] : read.error, document);
  }

  #show(uri: vscode.Uri, problems: readonly PolicyProblem[], document?: vscode.TextDocument): void {
    this.#collection.set(
      uri,
      problems.map((problem) => diagnosticOf(problem, document)),
    );
  }

  #isPolicy({ uri }: vscode.TextDocument): boolean {
    if (uri.scheme === RULE_SCHEME) return true;
    return this.#sources().some(({ places }) =>
      [places.userFile, places.projectFile].some((path) => fileUri(path).toString() === uri.toString()),
    );
  }
}

/** A text in quotes, a word, or what else stands there. */
const TOKEN = /"(?:[^"\\\n]|\\.)*"?|[\w.-]+|\S/y;

function diagnosticOf(
  { line, column, message, code }: PolicyProblem,
  document: vscode.TextDocument | undefined,
): vscode.Diagnostic {
  const text = document !== undefined && line <= document.lineCount ? document.lineAt(line - 1).text : "";
  TOKEN.lastIndex = column - 1;
  const length = TOKEN.exec(text)?.[0].length ?? 1;
  const range = new vscode.Range(line - 1, column - 1, line - 1, column - 1 + length);
  const diagnostic = new vscode.Diagnostic(range, message, vscode.DiagnosticSeverity.Error);
  diagnostic.source = "Interlock";
  diagnostic.code = code;
  return diagnostic;
}
