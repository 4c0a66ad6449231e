import * as l10n from "@vscode/l10n";
import type {
  ReadTextFileRequest,
  ReadTextFileResponse,
  WriteTextFileRequest,
} from "@agentclientprotocol/sdk";
import { isAbsolute } from "node:path";
import type { Calls } from "../../door/calls.ts";
import { changeKey, type DoorRequest } from "../../door/act.ts";
import type { Door, Outcome } from "../../door/door.ts";
import { InterlockError } from "../../errors.ts";
import type { TextFiles } from "./access.ts";
import { fileDiff } from "./diffs.ts";
import { realTarget } from "./disk.ts";
import { KnownContents } from "./known.ts";

export interface FsParts {
  readonly door: Pick<Door, "decide" | "run">;
  readonly calls: Pick<Calls, "update">;
  readonly files: TextFiles;
  /** A file was written, by the call with that id. */
  readonly onWritten: (path: string, call: string) => void;
}

/** The `fs/*` doorway: Interlock reads and writes the file itself. */
export class FsDoorway {
  readonly #parts: FsParts;
  /** Writes to one file happen one after the other. */
  readonly #writing = new Map<string, Promise<unknown>>();
  readonly #known = new KnownContents();
  #resolving: Promise<unknown> = Promise.resolve();

  constructor(parts: FsParts) {
    this.#parts = parts;
  }

  async read(params: ReadTextFileRequest, signal: AbortSignal): Promise<ReadTextFileResponse> {
    const path = await resolvedPath(params.path);
    const request: DoorRequest = {
      doorway: "fs",
      act: { kind: "read", path },
      named: params.path,
      signal,
      carriesReason: true,
    };
    const admitted = await this.#parts.door.decide(request);
    if (!admitted.ok) throw new InterlockError(admitted.error);
    let content = "";
    let failure: unknown;
    await this.#parts.door.run(request, admitted.value, async () => {
      try {
        content = await this.#parts.files.read(path);
        this.#known.learn(path, content);
      } catch (error) {
        failure = error;
      }
      return outcomeOf(failure);
    });
    if (failure !== undefined) throw failure;
    return { content: slice(content, params.line ?? null, params.limit ?? null) };
  }

  async write(params: WriteTextFileRequest, signal: AbortSignal): Promise<void> {
    // Which file is meant is found out in the order of the requests: the last one to come has the last word.
    const resolving = this.#resolving.then(() => resolvedPath(params.path));
    this.#resolving = resolving.catch(() => {});
    const path = await resolving;
    const before = this.#writing.get(path) ?? Promise.resolve();
    const work = before.catch(() => {}).then(() => this.#write(path, params, signal));
    this.#writing.set(path, work);
    try {
      await work;
    } finally {
      if (this.#writing.get(path) === work) this.#writing.delete(path);
    }
  }

  async #write(path: string, params: WriteTextFileRequest, signal: AbortSignal): Promise<void> {
    const { door, files, calls, onWritten } = this.#parts;
    const { content } = params;
    const request: DoorRequest = {
      doorway: "fs",
      act: { kind: "write", path },
      named: params.path,
      signal,
      carriesReason: true,
      change: async () => changeKey(await this.#current(path), content),
      preview: async () => [fileDiff(path, await this.#current(path), content)],
    };
    const admitted = await door.decide(request);
    if (!admitted.ok) throw new InterlockError(admitted.error);
    const { call } = admitted.value;
    let failure: unknown;
    await door.run(request, admitted.value, async () => {
      try {
        // A person may have thought about it for long: the file must still be the one that they said yes to.
        if ((await realTarget(path)) !== path) throw moved(params.path);
        const old = await this.#current(path);
        if (this.#known.isStale(path, old)) {
          // Told once: a second try is meant.
          this.#known.told(path);
          throw changedSince(params.path);
        }
        calls.update(call, { diffs: [fileDiff(path, old, content)] });
        await files.write(path, content, (unsaved) => this.#known.hasSeen(path, unsaved));
        // As it is now: an editor may format what it saves.
        this.#known.learn(path, (await this.#current(path)) ?? content);
        onWritten(path, call.id);
      } catch (error) {
        failure = error;
      }
      return outcomeOf(failure);
    });
    if (failure !== undefined) throw failure;
  }

  /** The agent did something by itself that may have changed any file. */
  forget(): void {
    this.#known.toldAll();
  }

  /** What it has not asked for the agent does not know. Null where there is no such file. */
  #current(path: string): Promise<string | null> {
    return this.#parts.files.read(path).catch((error: unknown) => {
      if (error instanceof InterlockError && error.code === "fs.missing") return null;
      throw error;
    });
  }
}

function outcomeOf(failure: unknown): Outcome {
  if (failure === undefined) return { exit: null, failed: false };
  if (!(failure instanceof InterlockError)) return { exit: null, failed: true };
  const { code, message, next } = failure;
  return { exit: null, failed: true, problem: { code, message, next } };
}

function moved(path: string): InterlockError {
  return new InterlockError({
    code: "fs.moved",
    message: l10n.t("“{0}” has become another file since it was looked at.", path),
    next: l10n.t("Try again."),
  });
}

function changedSince(path: string): InterlockError {
  return new InterlockError({
    code: "fs.changed",
    message: l10n.t("“{0}” was changed since you read it.", path),
    next: l10n.t("Read the file again, and base your edit on what it holds now."),
  });
}

/** The file that is really meant: a link inside the project may point out of it. */
async function resolvedPath(path: string): Promise<string> {
  if (isAbsolute(path)) return realTarget(path);
  throw new InterlockError({
    code: "fs.relative",
    message: l10n.t("“{0}” is not an absolute path.", path),
    next: l10n.t("Name the file by its absolute path."),
  });
}

/** `line` counts from 1. */
function slice(content: string, line: number | null, limit: number | null): string {
  if (line === null && limit === null) return content;
  const start = Math.max(0, (line ?? 1) - 1);
  const lines = content.split(/(?<=\n)/);
  return lines.slice(start, limit === null ? undefined : start + limit).join("");
}
