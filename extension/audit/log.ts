import * as l10n from "@vscode/l10n";
import { createHash, randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { lstat, mkdir, open, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { fail, ok, systemCode, type Problem, type Result } from "../errors.ts";
import { PRIVATE_FILE, PRIVATE_FOLDER } from "../state/directory.ts";
import { RECORD_VERSION, type AuditRecord } from "./record.ts";

export const AUDIT_FOLDER = "agent-audit";

/** A repository may hold a link in the place of the file; Windows knows no such flag. */
const OPEN_FLAGS =
  constants.O_RDWR |
  constants.O_APPEND |
  constants.O_CREAT |
  (process.platform === "win32" ? 0 : constants.O_NOFOLLOW);

export type AuditEntry = Omit<AuditRecord, "v" | "writer" | "seq" | "ts" | "prev" | "hash">;

interface OpenFile {
  readonly path: string;
  readonly handle: FileHandle;
  readonly inode: number;
}

/** What a project's log says of itself when it can't be written. */
export type AuditState =
  | { readonly writable: true }
  | { readonly writable: false; readonly problem: Problem };

/**
 * The record of one project: `agent-audit/YYYY-MM-DD.log`, one JSON record a line. Several hosts append to the
 * same file; each chains its own records.
 */
export class AuditLog {
  readonly folder: string;
  #writer = randomUUID();
  readonly #now: () => Date;
  readonly #listeners = new Set<(state: AuditState) => void>();
  #state: AuditState = { writable: true };
  #seq = 0;
  #head = "";
  #file: OpenFile | undefined;
  #opened = false;
  /** Why the folder could not be opened: what is not written then was never there to be removed. */
  #unopened: unknown;
  /** A line that was cut off, as by a full disk: the next one starts on a line of its own. */
  #torn = false;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(projectRoot: string, now: () => Date = () => new Date()) {
    this.folder = join(projectRoot, AUDIT_FOLDER);
    this.#now = now;
  }

  get state(): AuditState {
    return this.#state;
  }

  onChange(listener: (state: AuditState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Today's file. */
  get path(): string {
    return join(this.folder, `${this.#now().toISOString().slice(0, 10)}.log`);
  }

  /** Makes the folder. A person's act (a new session, *Create it again*): a folder that vanished later is not remade. */
  open(): Promise<Result<void>> {
    return this.#serialise(async () => {
      try {
        await refuseLinkedFolder(this.folder);
        await mkdir(this.folder, { recursive: true, mode: PRIVATE_FOLDER });
        this.#opened = true;
        this.#unopened = undefined;
        await this.#current();
        return this.#report(ok(undefined));
      } catch (error) {
        if (!this.#opened) this.#unopened = error;
        return this.#report(fail(problemOf(error, this.folder)));
      }
    });
  }

  /** Appends one record. `sync`: it is on the disk before this resolves, as an act that writes must wait for. */
  append(entry: AuditEntry, options: { sync: boolean }): Promise<Result<void>> {
    return this.#serialise(async () => {
      let begun = false;
      try {
        const { handle } = await this.#current();
        const record = this.#chain(entry);
        begun = true;
        const line = Buffer.from(`${this.#torn ? "\n" : ""}${JSON.stringify(record)}\n`);
        const { bytesWritten } = await handle.write(line);
        this.#torn = bytesWritten < line.length;
        if (this.#torn) throw Object.assign(new Error("short write"), { code: "ENOSPC" });
        if (options.sync) await handle.datasync();
        this.#seq = record.seq;
        this.#head = record.hash;
        return this.#report(ok(undefined));
      } catch (error) {
        if (begun) this.#chainAnew();
        return this.#report(fail(problemOf(error, this.folder)));
      }
    });
  }

  async close(): Promise<void> {
    await this.#serialise(async () => {
      await this.#file?.handle.close();
      this.#file = undefined;
    });
  }

  /**
   * Whether the line is on the disk, and as a whole, can't be told: a write that failed, one that lacks its line end alone,
   * and a failed sync may all leave it. The chain may end with it or before it, and nothing may follow there; what comes
   * next begins a chain of its own.
   */
  #chainAnew(): void {
    this.#writer = randomUUID();
    this.#seq = 0;
    this.#head = "";
  }

  #chain(entry: AuditEntry): AuditRecord {
    // The order of the fields is part of the contract: the hash is taken over this text.
    const body = {
      v: RECORD_VERSION,
      writer: this.#writer,
      seq: this.#seq + 1,
      ts: this.#now().toISOString(),
      session: entry.session,
      turn: entry.turn,
      call: entry.call,
      phase: entry.phase,
      doorway: entry.doorway,
      enforcement: entry.enforcement,
      asked: entry.asked,
      run: entry.run,
      cwd: entry.cwd,
      effects: entry.effects,
      verdict: entry.verdict,
      rule: entry.rule,
      answeredBy: entry.answeredBy,
      allowed: entry.allowed,
      exit: entry.exit,
      ms: entry.ms,
      prev: this.#head,
    } as const;
    return { ...body, hash: hashOf(body) };
  }

  /** The open file of today. An appended line must be found again under its name: a file that was removed is noticed. */
  async #current(): Promise<OpenFile> {
    const { path } = this;
    if (this.#file?.path === path) {
      const there = await lstat(path);
      if (there.ino === this.#file.inode) return this.#file;
      throw Object.assign(new Error("replaced"), { code: "ENOENT" });
    }
    // The folder is made by `open` alone; here its absence is an error.
    if (!this.#opened) throw this.#unopened ?? Object.assign(new Error("not opened"), { code: "ENOENT" });
    await this.#file?.handle.close();
    this.#file = undefined;
    await refuseLinkedFolder(this.folder);
    const handle = await open(path, OPEN_FLAGS, PRIVATE_FILE);
    try {
      const info = await handle.stat();
      if (!info.isFile() || info.nlink !== 1) throw linked();
      // Another host may have died in the middle of a line.
      this.#torn = info.size > 0 && !(await endsLine(handle, info.size));
      this.#file = { path, handle, inode: info.ino };
      return this.#file;
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  #report(result: Result<void>): Result<void> {
    const state: AuditState = result.ok ? { writable: true } : { writable: false, problem: result.error };
    const changed = state.writable !== this.#state.writable;
    this.#state = state;
    if (!result.ok) {
      // A disk that failed the write may fail the close, too: the problem is told already.
      this.#file?.handle.close().catch(() => {});
      this.#file = undefined;
      // Whoever removed the log must not be answered by a fresh one: a person opens it again.
      if (result.error.code === "audit.removed") this.#opened = false;
    }
    if (changed) for (const listener of this.#listeners) listener(state);
    return result;
  }

  #serialise<Value>(task: () => Promise<Value>): Promise<Value> {
    const run = this.#queue.then(task);
    this.#queue = run.catch(() => {});
    return run;
  }
}

/** SHA-256 of a record's JSON without `hash`, as lower-case hexadecimal. */
export function hashOf(record: Omit<AuditRecord, "hash">): string {
  return createHash("sha256").update(JSON.stringify(record)).digest("hex");
}

/** The record stays in its own place: a link in a repository could lead appended lines into any file of the person. */
async function refuseLinkedFolder(folder: string): Promise<void> {
  const info = await lstat(folder).catch(() => null);
  if (info?.isSymbolicLink() === true) throw linked();
}

/** What `open` itself says of a link. */
function linked(): Error {
  return Object.assign(new Error("a link, or no file of its own"), { code: "ELOOP" });
}

async function endsLine(handle: FileHandle, size: number): Promise<boolean> {
  const last = Buffer.alloc(1);
  await handle.read(last, 0, 1, size - 1);
  return last.toString("latin1") === "\n";
}

function problemOf(error: unknown, folder: string): Problem {
  const code = systemCode(error);
  if (code === "ENOSPC" || code === "EDQUOT") {
    return {
      code: "audit.disk-full",
      message: l10n.t("The disk is full, so what agents do can't be recorded."),
      next: l10n.t("Free some space. Until then nothing that writes is run."),
    };
  }
  if (code === "ENOENT" || code === "ENOTDIR" || code === "EEXIST") {
    return {
      code: "audit.removed",
      message: l10n.t("The folder {0} was removed, so what agents do can't be recorded.", folder),
      next: l10n.t("Create it again to go on. Until then nothing that writes is run."),
    };
  }
  if (code === "ELOOP") {
    return {
      code: "audit.linked",
      message: l10n.t("{0}, or today's file in it, is a link, so what agents do can't be recorded.", folder),
      next: l10n.t("Remove the link. Until then nothing that writes is run."),
    };
  }
  return {
    code: "audit.unwritable",
    message: l10n.t("{0} can't be written, so what agents do can't be recorded.", folder),
    next: l10n.t("Make the folder writable. Until then nothing that writes is run."),
  };
}
