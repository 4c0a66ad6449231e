/** How a language server is started. */
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

/** A language server that was started. */
export interface ServerLink {
  /** Resolves when the server is initialized, and may be asked; rejects where it fails to. */
  readonly ready: Promise<void>;
  /** Rejects when the server says no, ends, or the signal fires first. */
  request(method: string, params: unknown, signal: AbortSignal): Promise<unknown>;
  notify(method: string, params: unknown): void;
  /** Takes leave of the server, and ends what is left of it. Also one that never got ready. */
  end(): Promise<void>;
}

/** Starts a language server. The editor does so with its client library; a command line has none to keep warm. */
export type ConnectServer = (spec: ServerSpec) => ServerLink;

/**
 * What the gates want of a server, in the protocol's own words: to be told of changed files, and to offer its findings
 * for single documents right away, without registering for them first.
 */
export const GATE_CAPABILITIES = {
  workspace: { workspaceFolders: true, didChangeWatchedFiles: { dynamicRegistration: true } },
  textDocument: { synchronization: {}, diagnostic: { dynamicRegistration: false } },
} as const;
