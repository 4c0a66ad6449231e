import * as vscode from "vscode";
import type { Finding } from "../gates/gate.ts";
import { fileUri } from "./folders.ts";

const SEVERITY: Readonly<Record<Finding["severity"], vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
};

/** Shows the gates' findings among the editor's problems. */
export class GateDiagnostics implements vscode.Disposable {
  readonly #collection = vscode.languages.createDiagnosticCollection("interlock");
  readonly #byRoot = new Map<string, ReadonlySet<string>>();

  /** Replaces what was shown of one folder. */
  publish(root: string, findings: readonly Finding[]): void {
    const byFile = new Map<string, vscode.Diagnostic[]>();
    for (const finding of findings) {
      const list = byFile.get(finding.file) ?? [];
      list.push(diagnosticOf(finding));
      byFile.set(finding.file, list);
    }
    for (const file of this.#byRoot.get(root) ?? []) {
      if (!byFile.has(file)) this.#collection.delete(fileUri(file));
    }
    for (const [file, list] of byFile) this.#collection.set(fileUri(file), list);
    this.#byRoot.set(root, new Set(byFile.keys()));
  }

  dispose(): void {
    this.#collection.dispose();
  }
}

function diagnosticOf(finding: Finding): vscode.Diagnostic {
  const { line, column, endLine, endColumn, severity, code, message, source } = finding;
  const range = new vscode.Range(line - 1, column - 1, endLine - 1, endColumn - 1);
  const diagnostic = new vscode.Diagnostic(range, message, SEVERITY[severity]);
  diagnostic.source = source;
  if (code !== "") diagnostic.code = code;
  return diagnostic;
}
