import * as l10n from "@vscode/l10n";
import { createHash } from "node:crypto";
import { open, readdir, readFile, rm, stat, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { messageOf, type Problem } from "../errors.ts";
import { EVENT_VERSION, type SessionEvent } from "../events/event.ts";
import { PRIVATE_FILE, privateFolder } from "../state/directory.ts";

/** Bytes of one transcript. A day of work of one agent was under 10 MB; what comes after is not kept. */
const MAX_BYTES = 32 * 1024 * 1024;
/** Transcripts kept for one project; the oldest go first. */
const MAX_TRANSCRIPTS = 40;
const MAX_AGE_MS = 30 * 24 * 3_600_000;
/** Events are written in batches: a streaming agent sends hundreds a second. */
const FLUSH_MS = 200;

/** The folder with those of all projects. */
export function transcriptsFolder(stateDirectory: string): string {
  return join(stateDirectory, "transcripts");
}

/** The folder with the transcripts of one project, in the user's state: prompts hold secrets, the project doesn't. */
export function transcriptFolder(stateDirectory: string, projectRoot: string): string {
  const name = createHash("sha256").update(projectRoot).digest("hex").slice(0, 16);
  return join(transcriptsFolder(stateDirectory), name);
}

/** The folder for outputs of a session's commands that are too long for the transcript. It goes with that. */
export function outputFolder(transcripts: string, session: string): string {
  return join(transcripts, session);
}

/** Keeps a session's events in a file, one JSON object a line. It never holds a session up. */
export class Transcript {
  readonly #path: string;
  readonly #folder: string;
  readonly #onProblem: (problem: Problem) => void;
  #file: FileHandle | undefined;
  #waiting: string[] = [];
  #bytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  /** Nothing more fits. */
  #full = false;
  /** It can't be written, or is closed. */
  #stopped = false;

  constructor(folder: string, session: string, onProblem: (problem: Problem) => void) {
    this.#folder = folder;
    this.#path = join(folder, `${session}.jsonl`);
    this.#onProblem = onProblem;
  }

  append(event: SessionEvent): void {
    if (this.#stopped || this.#full) return;
    const line = `${JSON.stringify(event)}\n`;
    this.#bytes += Buffer.byteLength(line);
    if (this.#bytes > MAX_BYTES) {
      this.#full = true;
      this.#onProblem({
        code: "transcript.full",
        message: l10n.t("This session's transcript is full: what follows is not kept after a reload."),
        next: l10n.t("Start a new session to keep a transcript again."),
      });
      return;
    }
    this.#waiting.push(line);
    this.#timer ??= setTimeout(() => void this.flush(), FLUSH_MS);
  }

  /** Resolves when everything that was appended is written. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const lines = this.#waiting;
    this.#waiting = [];
    if (lines.length > 0) this.#writing = this.#writing.then(() => this.#write(lines));
    return this.#writing;
  }

  async close(): Promise<void> {
    await this.flush();
    await this.#file?.close();
    this.#file = undefined;
    this.#stopped = true;
  }

  async #write(lines: readonly string[]): Promise<void> {
    if (this.#stopped) return;
    try {
      if (this.#file === undefined) {
        await privateFolder(this.#folder);
        this.#file = await open(this.#path, "a", PRIVATE_FILE);
      }
      await this.#file.appendFile(lines.join(""));
    } catch (error) {
      this.#stopped = true;
      this.#onProblem({
        code: "transcript.unwritable",
        message: l10n.t("This session's transcript can't be written: {0}", messageOf(error)),
        next: l10n.t("The session goes on, but is lost when the window is reloaded."),
      });
    }
  }
}

/** The events of a transcript that this version understands. A line that was cut off ends it. */
export async function readTranscript(path: string): Promise<readonly SessionEvent[]> {
  const events: SessionEvent[] = [];
  for (const line of (await readFile(path, "utf8")).split("\n")) {
    if (line === "") continue;
    const event = parseEvent(line);
    if (event === null) break;
    events.push(event);
  }
  return events;
}

function parseEvent(line: string): SessionEvent | null {
  try {
    const event = JSON.parse(line) as Partial<SessionEvent>;
    // Our own file: the version says whether its shape is known.
    return event.v === EVENT_VERSION && typeof event.type === "string" ? (event as SessionEvent) : null;
  } catch {
    return null;
  }
}

/** Transcripts of a folder, the newest first, by their session's id. */
export async function listTranscripts(
  folder: string,
): Promise<readonly { readonly session: string; readonly path: string; readonly modified: number }[]> {
  const names = await readdir(folder).catch(() => []);
  const found = await Promise.all(
    names
      .filter((name) => name.endsWith(".jsonl"))
      .map(async (name) => {
        const path = join(folder, name);
        const info = await stat(path).catch(() => null);
        return info === null
          ? null
          : { session: name.slice(0, -".jsonl".length), path, modified: info.mtimeMs };
      }),
  );
  return found.filter((each) => each !== null).sort((a, b) => b.modified - a.modified);
}

/** Removes what is too old or too many, and outputs that belong to no transcript any more. */
export async function pruneTranscripts(folder: string, now: number): Promise<void> {
  const all = await listTranscripts(folder);
  const expired = all.filter(
    ({ modified }, index) => index >= MAX_TRANSCRIPTS || now - modified > MAX_AGE_MS,
  );
  const kept = new Set(all.filter((each) => !expired.includes(each)).map(({ session }) => session));
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const outputs = entries.filter((entry) => entry.isDirectory() && !kept.has(entry.name));
  await Promise.allSettled([
    ...expired.map(({ path }) => rm(path, { force: true })),
    ...outputs.map(async ({ name }) => {
      const path = join(folder, name);
      const { mtimeMs } = await stat(path);
      // A session that begins just now has its folder before its transcript.
      if (now - mtimeMs > MAX_AGE_MS || expired.some(({ session }) => session === name)) {
        await rm(path, { recursive: true, force: true });
      }
    }),
  ]);
}
