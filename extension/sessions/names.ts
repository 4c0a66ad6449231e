import * as l10n from "@vscode/l10n";
import { open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { transcriptsFolder } from "./transcript.ts";

/** Bytes of a transcript that are looked at: it begins with the agent and the first prompt. */
const HEAD_BYTES = 32 * 1024;
/** Sessions whose transcripts are looked at. */
const MAX_LOOKED = 50;
const PROMPT_CHARACTERS = 60;

/** How a session is told from others. */
export interface SessionName {
  /** Its agent, and its title or what it was first asked. */
  readonly name: string;
  /** When it was opened, in milliseconds since the epoch; null where its transcript is gone. */
  readonly since: number | null;
}

/** What sessions are called, by their ids, as their transcripts begin; they may have worked in any project. */
export async function sessionNames(
  stateDirectory: string,
  ids: Iterable<string>,
): Promise<ReadonlyMap<string, SessionName>> {
  const all = [...new Set(ids)];
  const parent = transcriptsFolder(stateDirectory);
  const folders = await readdir(parent).catch(() => []);
  const read = async (id: string): Promise<Partial<SessionName>> => {
    for (const folder of folders) {
      const head = await headOf(join(parent, folder, `${id}.jsonl`)).catch(() => undefined);
      if (head !== undefined) return head;
    }
    return {};
  };
  const heads = await Promise.all(all.slice(0, MAX_LOOKED).map((id) => read(id)));
  return new Map(
    all.map((id, at) => {
      const { name = l10n.t("session {0}", id.slice(0, 8)), since = null } = heads[at] ?? {};
      return [id, { name, since }];
    }),
  );
}

async function headOf(path: string): Promise<Partial<SessionName>> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    const lines = buffer.subarray(0, bytesRead).toString("utf8").split("\n");
    // The last line may be cut off.
    return nameFrom(lines.flatMap((line) => eventIn(line) ?? []));
  } finally {
    await file.close();
  }
}

interface Beginning {
  readonly type?: unknown;
  readonly at?: unknown;
  readonly agent?: { readonly name?: unknown };
  readonly title?: unknown;
  readonly prompt?: unknown;
}

function nameFrom(events: readonly Beginning[]): Partial<SessionName> {
  const opened = events.find(({ type }) => type === "session.opened");
  const title = events.findLast(({ type }) => type === "session.title")?.title;
  const prompt = events.find(({ type }) => type === "turn.started")?.prompt;
  const about = [title, prompt].find((text) => typeof text === "string" && text !== "");
  const words = typeof about === "string" ? about.split("\n")[0]?.slice(0, PROMPT_CHARACTERS) : undefined;
  const name = [opened?.agent?.name, words].filter((part) => typeof part === "string").join(": ");
  return {
    ...(name === "" ? {} : { name }),
    ...(typeof opened?.at === "number" ? { since: opened.at } : {}),
  };
}

function eventIn(line: string): Beginning | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
