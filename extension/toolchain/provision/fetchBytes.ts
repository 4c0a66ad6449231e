import * as l10n from "@vscode/l10n";
import { InterlockError, messageOf, systemCode } from "../../errors.ts";
import { isSafe, type Registry } from "./registries.ts";

export interface FetchOptions {
  /** Whose login is sent to its own host, and to no other. */
  readonly registry: Registry;
  readonly accept?: string;
  /** An answer with more is cut short, and is a failure. */
  readonly maxBytes: number;
  readonly signal: AbortSignal;
  /** Bytes that have come so far. */
  readonly progress?: (received: number) => void;
}

export interface Fetched {
  readonly bytes: Buffer;
  readonly type: string;
  /** Where it came from in the end. */
  readonly at: URL;
}

/** A line that gives nothing for so long is taken for dead. */
const SILENCE_MS = 30_000;
/** bun's 40 MB over a line of 100 kB a second take seven minutes. */
const WHOLE_MS = 15 * 60_000;

/** One answer of a server, whole and bounded. Throws an `InterlockError` that says what went wrong. */
export async function fetchBytes(url: URL, options: FetchOptions): Promise<Fetched> {
  const { registry, accept = "*/*", maxBytes, signal, progress } = options;
  if (!isSafe(url)) throw insecure(url);
  const silence = new AbortController();
  const silent = (): void => silence.abort();
  let timer = setTimeout(silent, SILENCE_MS);
  const heard = (): void => {
    clearTimeout(timer);
    timer = setTimeout(silent, SILENCE_MS);
  };
  const login = url.origin === registry.url.origin ? registry.authorization : null;
  try {
    const response = await fetch(url, {
      // A file that is packed once more on the way would not be the one that is pinned.
      headers: { accept, "accept-encoding": "identity", ...(login === null ? {} : { authorization: login }) },
      signal: AbortSignal.any([signal, silence.signal, AbortSignal.timeout(WHOLE_MS)]),
    });
    const at = new URL(response.url);
    if (!isSafe(at)) throw insecure(at);
    if (!response.ok) throw refused(at, response.status);
    const chunks: Uint8Array[] = [];
    let received = 0;
    for await (const chunk of response.body ?? []) {
      heard();
      received += chunk.length;
      if (received > maxBytes) throw tooLong(url);
      chunks.push(chunk);
      progress?.(received);
    }
    const type = response.headers.get("content-type") ?? "";
    return { bytes: Buffer.concat(chunks), type, at };
  } catch (error) {
    if (error instanceof InterlockError) throw error;
    if (signal.aborted) throw cancelled();
    throw unreachable(url, error);
  } finally {
    clearTimeout(timer);
  }
}

export function cancelled(): InterlockError {
  return new InterlockError({
    code: "tool.cancelled",
    message: l10n.t("Cancelled."),
    next: l10n.t("Nothing was kept of it."),
  });
}

function insecure({ host }: URL): InterlockError {
  return new InterlockError({
    code: "tool.registry",
    message: l10n.t("The file lies at {0}, which is not asked by HTTPS.", host),
    next: l10n.t("Choose another registry in your settings, or install the tool yourself."),
  });
}

function refused({ host }: URL, status: number): InterlockError {
  const login = status === 401 || status === 403;
  return new InterlockError({
    code: "tool.status",
    message: l10n.t("{0} answered with status {1}.", host, status),
    next: login
      ? l10n.t("Log in to your registry: logins of .npmrc and of an index's address are used.")
      : l10n.t("Try again later, or install the tool yourself."),
  });
}

function tooLong({ host }: URL): InterlockError {
  return new InterlockError({
    code: "tool.hash",
    message: l10n.t("{0} sent more than the file that is pinned.", host),
    next: l10n.t("Nothing was kept of it. Ask whoever runs that registry."),
  });
}

function unreachable({ host }: URL, error: unknown): InterlockError {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const timedOut = error instanceof Error && (error.name === "TimeoutError" || error.name === "AbortError");
  const why = timedOut ? l10n.t("it stopped answering") : (systemCode(cause) ?? messageOf(cause));
  return new InterlockError(
    {
      code: "tool.unreachable",
      message: l10n.t("{0} could not be reached: {1}.", host, why),
      next: passesProxy(process.env)
        ? l10n.t(
            "HTTPS_PROXY is set: on the command line it is used from Node 22.21 on, with NODE_USE_ENV_PROXY=1.",
          )
        : l10n.t("See whether this machine is online, and try again."),
    },
    { cause: error },
  );
}

/** True where a proxy is named that this Node goes round: `fetch` knows none before it is told to. */
function passesProxy(env: NodeJS.ProcessEnv): boolean {
  const named = Object.keys(env).some((name) => /^https?_proxy$/i.test(name) && env[name]);
  return named && env["NODE_USE_ENV_PROXY"] !== "1";
}
