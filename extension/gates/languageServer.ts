import { readFileSync, statSync } from "node:fs";
import { pathToFileURL } from "node:url";
import * as z from "zod";
import type { ManagedProcess, Processes } from "../process/processes.ts";
import type { Finding } from "./gate.ts";
import { Rpc } from "./rpc.ts";

/** Documents that a server keeps open: those looked at last. */
const MAX_OPEN = 64;
/** A larger file is not handed over. */
const MAX_TEXT_BYTES = 4 * 1024 * 1024;
/** A server that doesn't take its leave within this is ended. */
const LEAVE_MS = 500;

export interface ServerSpec {
  readonly command: string;
  readonly args: readonly string[];
  /** The folder that it works on. */
  readonly root: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly languageOf: (file: string) => string;
  /** A finding's code and source, as the command line of the same tool says them. */
  readonly name: (code: string) => { readonly code: string; readonly source: string };
}

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
  readonly #process: ManagedProcess;
  readonly #rpc: Rpc;
  readonly #open = new Map<string, OpenDocument>();
  readonly #ready: Promise<unknown>;

  constructor(spec: ServerSpec, processes: Pick<Processes, "spawn">) {
    this.#spec = spec;
    this.#process = processes.spawn({
      command: spec.command,
      args: spec.args,
      cwd: spec.root,
      stdin: "pipe",
    });
    const { stdin, stdout, stderr } = this.#process;
    // What it logs is nobody's to read here, but a full pipe would stop it.
    stderr.resume();
    if (stdin === null) throw new Error("A language server needs a standard input.");
    this.#rpc = new Rpc(stdout, stdin, answerServer);
    void this.#process.exited.then(() => this.#rpc.close("The server ended."));
    this.#ready = this.#initialize();
    // The first question meets the error; until then it is nobody's.
    this.#ready.catch(() => {});
  }

  /** The findings of each file, as it is on the disk now. Rejects when the server fails, or the signal fires. */
  async diagnose(
    files: readonly string[],
    changes: readonly FileChange[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, readonly Finding[]>> {
    await withSignal(this.#ready, signal);
    if (changes.length > 0) {
      const events = changes.map(({ file, type }) => ({ uri: uriOf(file), type }));
      this.#rpc.notify("workspace/didChangeWatchedFiles", { changes: events });
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

  async dispose(): Promise<void> {
    const signal = AbortSignal.timeout(LEAVE_MS);
    await this.#rpc.request("shutdown", undefined, signal).catch(() => {});
    this.#rpc.notify("exit", undefined);
    this.#rpc.close("The server was ended.");
    await this.#process.end(0);
  }

  async #initialize(): Promise<void> {
    const { root, options } = this.#spec;
    const uri = uriOf(root);
    await this.#rpc.request(
      "initialize",
      {
        processId: process.pid,
        rootUri: uri,
        workspaceFolders: [{ uri, name: root }],
        capabilities: {
          general: { positionEncodings: ["utf-16"] },
          // Declared so that servers rely on being told; which files they would like to hear of doesn't matter.
          workspace: { workspaceFolders: true, didChangeWatchedFiles: { dynamicRegistration: true } },
          // Without dynamic registration ty offers its diagnostics right away.
          textDocument: { synchronization: {}, diagnostic: { dynamicRegistration: false } },
        },
        initializationOptions: options,
      },
      new AbortController().signal,
    );
    this.#rpc.notify("initialized", {});
  }

  /** Hands a file's text over if it is new; a file that is gone is closed. */
  #sync(file: string, open = false): void {
    const known = this.#open.get(file);
    const stats = statSync(file, { throwIfNoEntry: false });
    const textDocument = { uri: uriOf(file) };
    if (stats === undefined || stats.size > MAX_TEXT_BYTES) {
      if (known !== undefined) this.#rpc.notify("textDocument/didClose", { textDocument });
      this.#open.delete(file);
      return;
    }
    const stamp = `${stats.mtimeMs} ${stats.size} ${stats.ino}`;
    if (known === undefined) {
      if (!open) return;
      const languageId = this.#spec.languageOf(file);
      const text = readFileSync(file, "utf8");
      this.#rpc.notify("textDocument/didOpen", {
        textDocument: { ...textDocument, languageId, version: 1, text },
      });
      this.#open.set(file, { version: 1, stamp });
      return;
    }
    // A file that is asked about is read again in any case: it may have changed within one tick of the clock.
    if (known.stamp === stamp && !open) return;
    const version = known.version + 1;
    const contentChanges = [{ text: readFileSync(file, "utf8") }];
    this.#rpc.notify("textDocument/didChange", {
      textDocument: { ...textDocument, version },
      contentChanges,
    });
    this.#open.delete(file);
    this.#open.set(file, { version, stamp });
  }

  async #pull(file: string, signal: AbortSignal): Promise<readonly Finding[]> {
    // No `previousResultId`: tsc refuses one that is null, and an unchanged report would say nothing.
    const params = { textDocument: { uri: uriOf(file) } };
    const report = Report.parse(await this.#rpc.request("textDocument/diagnostic", params, signal));
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
      this.#rpc.notify("textDocument/didClose", { textDocument: { uri: uriOf(file) } });
      this.#open.delete(file);
    }
  }
}

/** What servers ask while they start: settings (there are none), and leave to register what they like. */
function answerServer(method: string, params: unknown): unknown {
  if (method === "workspace/configuration") {
    const items = z.object({ items: z.array(z.unknown()) }).safeParse(params).data?.items ?? [];
    return items.map(() => null);
  }
  return /^(client|window)\/|\/refresh$/.test(method) ? null : undefined;
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
