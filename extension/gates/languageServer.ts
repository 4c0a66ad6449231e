import { readFileSync, statSync } from "node:fs";
import { pathToFileURL } from "node:url";
import * as z from "zod";
import type { Finding } from "./gate.ts";
import type { ServerLink, ServerSpec } from "./serverLink.ts";

/** Documents that a server keeps open: those looked at last. */
const MAX_OPEN = 64;
/** A larger file is not handed over. */
const MAX_TEXT_BYTES = 4 * 1024 * 1024;

/** `FileChangeType` of the protocol. */
export const CREATED = 1;
export const CHANGED = 2;
export const DELETED = 3;

export interface FileChange {
  readonly file: string;
  readonly type: typeof CREATED | typeof CHANGED | typeof DELETED;
}

const Place = z.object({ line: z.number(), character: z.number() });
const Report = z.object({
  kind: z.string(),
  items: z
    .array(
      z.object({
        range: z.object({ start: Place, end: Place }),
        severity: z.number().optional(),
        code: z.union([z.string(), z.number()]).optional(),
        message: z.string(),
      }),
    )
    .optional(),
});

/** `DiagnosticSeverity` of the protocol. 4 is a hint, which is a suggestion and no finding. */
const SEVERITIES: readonly (Finding["severity"] | undefined)[] = ["error", "error", "warning", "info"];

interface OpenDocument {
  version: number;
  stamp: string;
}

/** A language server that is kept warm and asked for the findings of single files, as they are on the disk. */
export class LanguageServer {
  readonly #spec: ServerSpec;
  readonly #link: ServerLink;
  readonly #open = new Map<string, OpenDocument>();

  constructor(spec: ServerSpec, link: ServerLink) {
    this.#spec = spec;
    this.#link = link;
    // The first question meets the error; until then it is nobody's.
    link.ready.catch(() => {});
  }

  /** The findings of each file, as it is on the disk now. Rejects when the server fails, or the signal fires. */
  async diagnose(
    files: readonly string[],
    changes: readonly FileChange[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, readonly Finding[]>> {
    const link = this.#link;
    await withSignal(link.ready, signal);
    if (changes.length > 0) {
      const events = changes.map(({ file, type }) => ({ uri: uriOf(file), type }));
      link.notify("workspace/didChangeWatchedFiles", { changes: events });
    }
    for (const file of this.#open.keys()) this.#sync(file);
    for (const file of files) this.#sync(file, true);
    const results = await Promise.all(
      files
        .filter((file) => this.#open.has(file))
        .map(async (file) => [file, await this.#pull(file, signal)] as const),
    );
    this.#closeOldest(files.length);
    return new Map(results);
  }

  dispose(): Promise<void> {
    return this.#link.end();
  }

  /** Hands a file's text over if it is new; a file that is gone is closed. */
  #sync(file: string, open = false): void {
    const known = this.#open.get(file);
    const stats = statSync(file, { throwIfNoEntry: false });
    const textDocument = { uri: uriOf(file) };
    if (stats === undefined || stats.size > MAX_TEXT_BYTES) {
      if (known !== undefined) this.#link.notify("textDocument/didClose", { textDocument });
      this.#open.delete(file);
      return;
    }
    const stamp = `${stats.mtimeMs} ${stats.size} ${stats.ino}`;
    if (known === undefined) {
      if (!open) return;
      const languageId = this.#spec.languageOf(file);
      const text = readFileSync(file, "utf8");
      this.#link.notify("textDocument/didOpen", {
        textDocument: { ...textDocument, languageId, version: 1, text },
      });
      this.#open.set(file, { version: 1, stamp });
      return;
    }
    // A file that is asked about is read again in any case: it may have changed within one tick of the clock.
    if (known.stamp === stamp && !open) return;
    const version = known.version + 1;
    const contentChanges = [{ text: readFileSync(file, "utf8") }];
    this.#link.notify("textDocument/didChange", {
      textDocument: { ...textDocument, version },
      contentChanges,
    });
    this.#open.delete(file);
    this.#open.set(file, { version, stamp });
  }

  async #pull(file: string, signal: AbortSignal): Promise<readonly Finding[]> {
    // No `previousResultId`: tsc refuses one that is null, and an unchanged report would say nothing.
    const params = { textDocument: { uri: uriOf(file) } };
    const report = Report.parse(await this.#link.request("textDocument/diagnostic", params, signal));
    return (report.items ?? []).flatMap(({ range, severity = 1, code, message }): Finding[] => {
      const known = SEVERITIES[severity];
      if (known === undefined) return [];
      return [
        {
          file,
          line: range.start.line + 1,
          column: range.start.character + 1,
          endLine: range.end.line + 1,
          endColumn: range.end.character + 1,
          severity: known,
          // What follows an empty line are ty's notes: the command line doesn't say them either.
          message: message.split("\n\n")[0] ?? message,
          ...this.#spec.name(String(code ?? "")),
        },
      ];
    });
  }

  #closeOldest(asked: number): void {
    for (const file of this.#open.keys()) {
      if (this.#open.size <= Math.max(MAX_OPEN, asked)) return;
      this.#link.notify("textDocument/didClose", { textDocument: { uri: uriOf(file) } });
      this.#open.delete(file);
    }
  }
}

function uriOf(file: string): string {
  return pathToFileURL(file).href;
}

function withSignal<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(new Error("cancelled")), { once: true });
    promise.then(resolve, reject);
  });
}
